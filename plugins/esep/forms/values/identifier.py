"""BIN and IIN in a cell (column 3, Annex 1): text of twelve digits, or a number that may have lost its zeros."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from esep.forms.values.cell import CellKind, Parsed, state_without_reading
from esep.forms.values.pairs import numbers_in
from esep.forms.values.text import clean
from esep.law import identifiers

LENGTH = 12
MOST_LOST_ZEROS = 3
"""A number of a year 2000 begins with 00 and the month's 0; one with more zeros before it was never issued."""
_CHECK_DIGIT_HOLDS = (identifiers.IdentifierState.OK, identifiers.IdentifierState.WRONG_DATE)


class IdentifierCellState(StrEnum):
    """The states of law.identifiers and those of a cell."""

    OK = "ok"
    EMPTY = "empty"
    LOST_ZEROS = "lost_zeros"
    """A number of fewer than twelve digits; the value is the padded reading, whose check digit holds."""
    NOT_TWELVE_DIGITS = "not_twelve_digits"
    WRONG_KIND = "wrong_kind"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    IMPOSSIBLE_NUMBER = "impossible_number"
    WRONG_DATE = "wrong_date"
    ERROR_CELL = "error_cell"
    UNCALCULATED_FORMULA = "uncalculated_formula"


_LABEL = re.compile(r"^(?:(?:бсн|жсн|бин|иин|bin|iin)\W{0,3}){1,2}(?=[0-9])", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE]\+?[0-9]{1,2})?")


def parse(text: str | None, kind: CellKind = CellKind.TEXT) -> Parsed[str, IdentifierCellState]:
    """The number as written, trimmed; with the zeros that a numeric cell lost, where the check digit then holds.

    For every number shorter than twelve digits `note` holds the padded reading, whether it is used or not.
    """
    nothing = state_without_reading(text, kind)
    if nothing is not None or text is None:
        return Parsed(None, IdentifierCellState(nothing or "empty"))
    written = clean(text)
    if not written:
        return Parsed(None, IdentifierCellState.EMPTY)
    if kind is CellKind.NUMBER:
        return _number(written)
    numbers = {part.text for part in numbers_in(written)}
    digits = numbers.pop() if len(numbers) == 1 else _LABEL.sub("", written.strip("'’ "))
    state = identifiers.state_of(digits)
    if state is identifiers.IdentifierState.NOT_TWELVE_DIGITS:
        return Parsed(written, IdentifierCellState(state), _padded(digits))
    return Parsed(digits, IdentifierCellState(state))


def _number(written: str) -> Parsed[str, IdentifierCellState]:
    digits = _whole(written)
    if digits is None:
        return Parsed(written, IdentifierCellState.NOT_TWELVE_DIGITS)
    padded = _padded(digits)
    if len(digits) >= LENGTH - MOST_LOST_ZEROS and identifiers.state_of(padded) in _CHECK_DIGIT_HOLDS:
        return Parsed(padded, IdentifierCellState.LOST_ZEROS, padded)
    return Parsed(digits, IdentifierCellState(identifiers.state_of(digits)), padded)


def _whole(written: str) -> str | None:
    """The digits of a numeric cell that holds a whole number; None for any other."""
    if not _NUMBER.fullmatch(written):
        return None
    number = Decimal(written)
    return str(int(number)) if number == number.to_integral_value() else None


def _padded(digits: str) -> str:
    """The number filled up with zeros on the left; empty when it is not a shorter number."""
    return digits.zfill(LENGTH) if _DIGITS.fullmatch(digits) and len(digits) < LENGTH else ""
