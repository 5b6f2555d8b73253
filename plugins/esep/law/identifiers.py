"""BIN and IIN: twelve digits with a check digit.

BIN: digits 1-4 YYMM of registration, 5 kind of person (4-6), 6 unit (0-3), 7-11 serial, 12 check.
IIN: digits 1-6 YYMMDD of birth, 7 century and sex (0-6), 8-11 serial, 12 check.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

_TWELVE = re.compile(r"[0-9]{12}", re.ASCII)
_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURY = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


class IdentifierState(StrEnum):
    """State of a number, judged by its digits alone."""

    OK = "ok"
    NOT_TWELVE_DIGITS = "not_twelve_digits"
    WRONG_KIND = "wrong_kind"
    """The digits that distinguish BIN from IIN, or their subdivision, have no meaning."""
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    IMPOSSIBLE_NUMBER = "impossible_number"
    """The first eleven digits have no check digit: such a number was never issued."""
    WRONG_DATE = "wrong_date"
    """The check digit holds, but the month of registration or the day of birth does not exist."""


def check_digit(stem: str) -> int | None:
    """The check digit of eleven ASCII digits; None if the stem has none. Raises ValueError for anything else.

    Sum of dᵢ·wᵢ mod 11 with w = 1..11; on 10 once more with w = 3..11, 1, 2; on 10 again there is no such number.
    """
    if len(stem) != 11 or not (stem.isascii() and stem.isdigit()):
        raise ValueError(f"{stem!r}: eleven digits are expected")
    digits = [int(character) for character in stem]
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def state_of(text: str) -> IdentifierState:
    """The first thing wrong with a number: length, kind, check digit, then date."""
    if not _TWELVE.fullmatch(text):
        return IdentifierState.NOT_TWELVE_DIGITS
    if not _kind_is_known(text):
        return IdentifierState.WRONG_KIND
    expected = check_digit(text[:11])
    if expected is None:
        return IdentifierState.IMPOSSIBLE_NUMBER
    if expected != int(text[11]):
        return IdentifierState.WRONG_CHECK_DIGIT
    if not _date_exists(text):
        return IdentifierState.WRONG_DATE
    return IdentifierState.OK


def is_bin(text: str) -> bool:
    """Whether the text is a faultless BIN."""
    return state_of(text) is IdentifierState.OK and text[4] in "456"


def is_iin(text: str) -> bool:
    """Whether the text is a faultless IIN."""
    return state_of(text) is IdentifierState.OK and text[4] in "0123"


def _kind_is_known(text: str) -> bool:
    if text[4] in "456":
        return text[5] in "0123"
    return text[4] in "0123" and text[6] in "0123456"


def _date_exists(text: str) -> bool:
    year, month = int(text[:2]), int(text[2:4])
    if text[4] in "456":
        return 1 <= month <= 12
    # Century digit 0 names no century: a day that exists in any of them will do.
    centuries = (_CENTURY[text[6]],) if text[6] in _CENTURY else (1900, 2000)
    return any(_is_day(century + year, month, int(text[4:6])) for century in centuries)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
