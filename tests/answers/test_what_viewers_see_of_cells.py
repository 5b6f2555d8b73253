"""A viewer sees what a filer wrote into a cell only if it can be nothing of a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.answers.masking import is_impersonal


@pytest.mark.parametrize(
    "value",
    [None, "0", "-5", "1 234,5", "12.05.2025", "2025-05-12", "0.123456789012345678", "1e-5", "BTC", "Биткоин", "12:30"],
)
def test_numbers_days_and_known_assets_are_shown(value: str | None) -> None:
    assert is_impersonal(value)


@pytest.mark.parametrize(
    "value",
    ["061211600012", "0612 1160 0012", "ИП Ясная", "ДемоКоин", "bc1qgurccmqlaz07f5s3t4040gnh2zt5gdm739khhp", "5 шт"],
)
def test_anything_else_is_hidden(value: str) -> None:
    assert not is_impersonal(value)


@given(st.integers(0, 10**12 - 1), st.sampled_from(["{}", " {}", "№ {}", "{}.0", "{}; 5"]))
def test_no_twelve_digits_are_shown_however_they_are_written(number: int, written: str) -> None:
    assert not is_impersonal(written.format(f"{number:012d}"))
