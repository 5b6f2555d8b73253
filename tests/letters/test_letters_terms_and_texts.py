"""Terms as the letters count them, the catalogue, and strangers' texts made harmless."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.documents.plain import breakable, shown
from esep.letters.facts import (
    Pool,
    correction_deadline,
    examination_deadline,
    filing_deadline,
    notice_deadline,
)
from esep.letters.issuer import LETTER_LANGUAGES
from esep.letters.wording import citation, counting_words, pool_words, reading
from esep.texts.numbers import day_in_words


@pytest.mark.parametrize(
    ("registered", "ends"),
    [
        (date(2026, 10, 23), date(2026, 10, 28)),
        (date(2026, 3, 19), date(2026, 3, 26)),
        (date(2024, 5, 3), date(2024, 5, 6)),
        (date(2025, 1, 2), date(2025, 1, 6)),
    ],
)
def test_the_examination_term_names_each_day_that_was_counted(registered: date, ends: date) -> None:
    term = examination_deadline(registered)
    assert (term.working_days, term.ends_on, term.counted[-1]) == (2, ends, ends)
    words = counting_words(term, "ru")
    assert f"{registered:%d.%m.%Y} – день события" in words
    assert f"2)\u00a0{ends:%d.%m.%Y}" in words


def test_the_notice_term_is_five_working_days() -> None:
    term = notice_deadline(date(2024, 12, 13))
    assert term.ends_on == date(2024, 12, 23)
    assert len(term.counted) == 5


def test_the_term_of_a_correction_is_ten_working_days() -> None:
    term = correction_deadline(date(2026, 5, 6))
    assert (term.paragraph, term.working_days, term.ends_on) == (6, 10, date(2026, 5, 22))


def test_the_25th_moves_from_a_day_off_and_says_so() -> None:
    moved, kept = filing_deadline(date(2025, 9, 1)), filing_deadline(date(2025, 10, 1))
    assert (moved.ends_on, moved.rolled_over) == (date(2025, 10, 28), True)
    assert (kept.ends_on, kept.rolled_over) == (date(2025, 11, 25), False)
    assert "28.10.2025" in counting_words(moved, "kk")
    assert "28.10.2025" not in counting_words(kept, "kk")


def test_readings_of_open_points_are_marked_and_what_the_order_says_is_not() -> None:
    """The order names the 25th, and neither a day it moves to nor how days are counted."""
    for language in LETTER_LANGUAGES:
        moved, kept = filing_deadline(date(2025, 9, 1)), filing_deadline(date(2025, 10, 1))
        marked = [counting_words(one, language) for one in (moved, notice_deadline(date(2024, 12, 13)))]
        assert all(reading(language) in words for words in marked)
        assert reading(language) not in counting_words(kept, language)


def test_days_are_written_in_both_languages() -> None:
    assert day_in_words(date(2025, 3, 8), "kk") == "2025 жылғы 8 наурыз"
    assert day_in_words(date(2025, 3, 8), "ru") == "8 марта 2025 года"


def test_a_citation_is_translated() -> None:
    assert citation("8; Annex 2, column 9.1", "kk") == "8-тармақ, 2-қосымша, 9.1-баған"
    assert citation("8; Annex 1, BIN", "ru") == "пункт 8, приложение 1, БИН"


def test_a_filer_who_cannot_be_read_is_still_addressed() -> None:
    assert "не прочитаны" in pool_words(Pool(None), "ru")
    assert pool_words(Pool("230640000018"), "ru") == "БИН 230640000018"


@given(st.text(st.characters(codec=None), max_size=400), st.integers(2, 300))
def test_shown_text_is_one_line_of_visible_signs_within_its_limit(text: str, limit: int) -> None:
    result = shown(text, limit)
    assert len(result) <= limit
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"} for sign in result)


def test_a_mark_of_direction_is_shown_not_obeyed() -> None:
    assert shown("a\u202eb") == "a[U+202E]b"
    assert shown(None) == "–"


@given(st.text(st.characters(blacklist_characters="\u200b"), max_size=200))
def test_breakable_text_differs_only_in_places_to_break(text: str) -> None:
    result = breakable(text)
    assert result.replace("\u200b", "") == text
    assert all(len(piece) <= 18 for word in result.split(" ") for piece in word.split("\u200b"))
