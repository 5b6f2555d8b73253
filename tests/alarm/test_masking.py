"""What of a reason may leave the office."""

from __future__ import annotations

import pytest

from esep.alarm.masking import LONGEST, MASK, masked

PERSONAL = [
    "790107300609",
    "Жаңабергенова",
    "Шолпан",
    "Иванов",
    "Ivanov",
    "ivanov",
    "akhmetov",
    "ivanov.zip",
    "0x71c7aa",
]
"""What is in the reasons below and is, or may be, a person's."""


@pytest.mark.parametrize(
    "reason",
    [
        "ValueError: '790107300609' is no BIN",
        "ValueError: 790107300609 is no BIN",
        "StepError: 2 of 3 packages could not be taken from /data/inbox: Иванов.zip: OSError: no; ivanov: TypeError: x",
        "StepError: 1 of 1 packages could not be taken from /home/ivanov/inbox: akhmetov ivanov: OSError: denied",
        "KeyError: «ЖК Жаңабергенова Шолпан»",
        "Ivanov cannot be read; ivanov.zip cannot be read. See /srv/Ivanov/x",
        "sent to ivanov@example.kz by Ivanov from 0x71c7aa",
        "first line\nsecond Иванов 790107300609",
    ],
)
def test_what_may_be_a_persons_is_left_out(reason: str) -> None:
    left = masked(reason)
    assert not [one for one in PERSONAL if one in left], left
    assert any(one in reason for one in PERSONAL)


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("CheckError: 2 checks failed", "CheckError: 2 checks failed"),
        ("no space left on device", "no space left on device"),
        ("2025-000017 failed: ValueError: no verdict", "2025-000017 failed: ValueError: no verdict"),
        ("LettersError: 2025-000017/R-1 could not be written", "LettersError: 2025-000017/R-1 could not be written"),
        ("ESEP_RATES_URL is not set. Set it right.", f"ESEP_RATES_URL is not set. {MASK} it right."),
        ("", ""),
        ("\n\nthe reason\nmore", "the reason"),
    ],
)
def test_what_is_esep_s_own_stays(reason: str, left: str) -> None:
    assert masked(reason) == left


def test_a_reason_is_short() -> None:
    assert len(masked("word " * 1000)) == LONGEST
