"""Kinds of faults of a reference file, and what to do about a refused one; the words are in `texts/reference.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from esep.texts import text


class Fault(StrEnum):
    """Kinds of faults. `WARNINGS` do not refuse a file, `QUESTIONS` refuse it unless the person answers them."""

    UNREADABLE = "unreadable"
    UNKNOWN_NAME = "unknown_name"
    NOT_UTF8 = "not_utf8"
    NO_HEADING = "no_heading"
    MISSING_COLUMN = "missing_column"
    DOUBLED_COLUMN = "doubled_column"
    QUOTES = "quotes"
    CELL_COUNT = "cell_count"
    EMPTY = "empty"
    DATE = "date"
    NUMBER = "number"
    NOT_POSITIVE = "not_positive"
    ROUNDED = "rounded"
    ROUNDED_TO_ZERO = "rounded_to_zero"
    CURRENCY = "currency"
    IDENTIFIER = "identifier"
    KZT_RATE = "kzt_rate"
    SOURCE_IS_NUMBER = "source_is_number"
    CUT_OFF = "cut_off"
    ENDS_BEFORE_START = "ends_before_start"
    DOUBLED = "doubled"
    CONTRADICTORY = "contradictory"
    OVERLAPPING = "overlapping"
    DAYS_LOST = "days_lost"
    NO_ROWS = "no_rows"
    VALUES_DIFFER = "values_differ"
    UNKNOWN_ASSET = "unknown_asset"
    NOT_ON_PRICE_LIST = "not_on_price_list"
    CHECK_DIGIT = "check_digit"
    ROWS_LOST = "rows_lost"


QUESTIONS = frozenset({Fault.DAYS_LOST, Fault.NO_ROWS, Fault.VALUES_DIFFER})
WARNINGS = frozenset({Fault.ROUNDED, Fault.UNKNOWN_ASSET, Fault.NOT_ON_PRICE_LIST, Fault.CHECK_DIGIT, Fault.ROWS_LOST})


def todo(faults: Iterable[Fault], name: str, file: str, language: str) -> list[str]:
    """What a person may do about a refused file: a line for each kind of answer, those that come first on top.

    `name` is the reference file that it belongs to (`price`), `file` its path below the home or as it was given.
    """
    found = set(faults)
    if Fault.UNKNOWN_NAME in found:
        return [text("reference.todo_unknown_name", language)]
    if found - QUESTIONS:
        return [text("reference.todo_correct", language, file=file)]
    return [text(f"reference.todo_{fault}", language, name=name, file=file) for fault in Fault if fault in found]
