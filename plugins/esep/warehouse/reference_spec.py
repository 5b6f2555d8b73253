"""The columns of each reference file, how their cells are read, which rows belong together; and the kinds of faults.

The words are in `texts/reference.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

import pyarrow as pa

from esep.law import assets
from esep.texts import text

Row = dict[str, Any]
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_IDENTIFIER = re.compile(r"[0-9]{12}")
PRICE_DECIMALS, RATE_DECIMALS = 12, 6
"""Decimals that are kept; what is published with more is rounded half up, its raw text stays in the version's file."""
PRICE, RATE = pa.decimal128(38, PRICE_DECIMALS), pa.decimal128(38, RATE_DECIMALS)
QUANTITY_DECIMALS = 18
QUANTITY = pa.decimal128(38, QUANTITY_DECIMALS)
NUMBERS = {"price": PRICE, "kzt_per_unit": RATE, "quantity": QUANTITY}
"""Columns of numbers, which are rounded at the last decimal of their type."""
DAY_PAIRS = (("accredited_from", "accredited_to"), ("issued_on", "expires_on"), ("from", "to"))


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
    TRADES_LOST = "trades_lost"
    FUTURE_DAY = "future_day"
    UNKNOWN_EXCHANGE = "unknown_exchange"
    UNKNOWN_TAXPAYER = "unknown_taxpayer"
    SOLD_ABOVE = "sold_above"
    TOO_LARGE = "too_large"
    XML_DAMAGED = "xml_damaged"
    XML_DTD = "xml_dtd"
    OTHER_XML = "other_xml"
    FEED_DATE = "feed_date"
    FEED_NUMBER = "feed_number"
    QUANT = "quant"
    OTHER_DAY = "other_day"
    NO_RATES = "no_rates"
    PRICE_JUMP = "price_jump"
    PRICE_JUMPED = "price_jumped"
    UNREADABLE_TABLE = "unreadable_table"
    NO_MAPPING = "no_mapping"
    MISSING_HEADING = "missing_heading"
    DOUBLED_HEADING = "doubled_heading"
    OTHER_SHEET = "other_sheet"
    MANY_SHEETS = "many_sheets"
    NO_ASSETS = "no_assets"
    MAPPED_DATE = "mapped_date"
    MAPPED_NUMBER = "mapped_number"
    CELL_WITHOUT_VALUE = "cell_without_value"
    UNUSED_HEADINGS = "unused_headings"


QUESTIONS = frozenset({Fault.DAYS_LOST, Fault.NO_ROWS, Fault.VALUES_DIFFER, Fault.TRADES_LOST, Fault.PRICE_JUMP})
WARNINGS = frozenset(
    {
        Fault.ROUNDED,
        Fault.UNKNOWN_ASSET,
        Fault.NOT_ON_PRICE_LIST,
        Fault.CHECK_DIGIT,
        Fault.ROWS_LOST,
        Fault.UNKNOWN_EXCHANGE,
        Fault.UNKNOWN_TAXPAYER,
        Fault.SOLD_ABOVE,
        Fault.OTHER_DAY,
        Fault.NO_RATES,
        Fault.UNUSED_HEADINGS,
        Fault.PRICE_JUMPED,
    }
)


_HINTS: Mapping[Fault, str] = {
    Fault.NO_MAPPING: "columns",
    Fault.MISSING_HEADING: "columns",
    Fault.OTHER_SHEET: "sheet",
    Fault.MANY_SHEETS: "sheet",
    Fault.NO_ASSETS: "assets",
    Fault.MAPPED_DATE: "dates",
}
"""Faults that may be put right by saying how the list is to be read: what is to be said."""


def hints(faults: Iterable[Fault]) -> tuple[list[str], bool]:
    """What is to be said of how a list is read, and whether the file itself is to be corrected."""
    found = set(faults) - QUESTIONS
    said = dict.fromkeys(hint for fault, hint in _HINTS.items() if fault in found)
    return list(said), not found <= set(_HINTS)


def todo(faults: Iterable[Fault], name: str, file: str, language: str) -> list[str]:
    """What a person may do about a refused file: a line for each kind of answer, the first ones on top.

    `name` is the reference file that it belongs to (`price`), `file` its path below the home or as it was given.
    """
    found = set(faults)
    if Fault.UNKNOWN_NAME in found:
        return [text("reference.todo_unknown_name", language)]
    if found - QUESTIONS:
        said, is_corrected = hints(found)
        lines = [text(f"reference.todo_{hint}", language) for hint in said]
        return [*lines, text("reference.todo_correct", language, file=file)] if is_corrected else lines
    return [text(f"reference.todo_{fault}", language, name=name, file=file) for fault in Fault if fault in found]


class CellError(ValueError):
    """A cell that cannot be meant as written."""

    def __init__(self, fault: Fault, expected: object = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.expected = expected


def _text(cell: str) -> str:
    if not cell:
        raise CellError(Fault.EMPTY)
    return cell


def _name(cell: str) -> str:
    return " ".join(_text(cell).split())


def _optional(cell: str) -> str | None:
    return cell or None


def _day(cell: str) -> date:
    if not _DATE.fullmatch(_text(cell)):
        raise CellError(Fault.DATE)
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise CellError(Fault.DATE) from None


def _optional_day(cell: str) -> date | None:
    return _day(cell) if cell else None


def _positive(whole_digits: int, decimals: int) -> Callable[[str], Decimal]:
    """A number above 0 with at most so many digits before the decimal point, rounded half up at the last decimal."""

    def convert(cell: str) -> Decimal:
        match = _NUMBER.fullmatch(_text(cell))
        if not match or len(match[1].lstrip("0")) > whole_digits:
            raise CellError(Fault.NUMBER, f"{whole_digits} / {decimals}")
        number = Decimal(f"{match[1]}.{(match[2] or '').rstrip('0')}")
        if cell.startswith("-") or not number:
            raise CellError(Fault.NOT_POSITIVE)
        if decimals_of(cell) <= decimals:
            return number
        rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if not rounded:
            raise CellError(Fault.ROUNDED_TO_ZERO, decimals)
        return rounded

    return convert


def decimals_of(cell: str) -> int:
    """Decimals of a number as written, without trailing zeros."""
    return len(cell.partition(".")[2].rstrip("0"))


def _currency(cell: str) -> str:
    if not _CURRENCY.fullmatch(_text(cell).upper()):
        raise CellError(Fault.CURRENCY)
    return cell.upper()


def _identifier(cell: str) -> str:
    if not _IDENTIFIER.fullmatch(_text(cell)):
        raise CellError(Fault.IDENTIFIER)
    return cell


def _asset(cell: str) -> str:
    return assets.resolve(_text(cell)) or cell


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One reference file. Columns whose cells may be empty may be left out of the heading.

    `key` identifies a row; more than one row of a key is allowed only if `span` (first day, last day) is given and
    their days do not overlap.
    """

    columns: Mapping[str, Callable[[str], object]]
    key: tuple[str, ...]
    span: tuple[str, str] | None = None
    days_of: str | None = None
    """Of a file with a row a day, the column that says whose day it is."""
    keeps_rows: bool = False
    """Whether a whole file that lacks rows of the version in force is refused until the person says that they go."""

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column for column, convert in self.columns.items() if convert not in (_optional, _optional_day))

    @property
    def values(self) -> tuple[str, ...]:
        """Columns that a row is there for: neither its key nor its source."""
        return tuple(column for column in self.columns if column not in (*self.row_key, "source"))

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that identify one row; where rows have spans, the first day is one of them."""
        return (*self.key, self.span[0]) if self.span else self.key

    def key_of(self, row: Row) -> tuple[str, ...]:
        return tuple(str(row[column]) for column in self.row_key)


SPECS: Mapping[str, FileSpec] = {
    "price": FileSpec(
        {
            "date": _day,
            "asset": _asset,
            "price": _positive(12, PRICE_DECIMALS),
            "currency": _currency,
            "source": _optional,
        },
        ("date", "asset"),
        days_of="asset",
    ),
    "exchange_rate": FileSpec(
        {"date": _day, "currency": _currency, "kzt_per_unit": _positive(6, RATE_DECIMALS), "source": _optional},
        ("date", "currency"),
        days_of="currency",
    ),
    "pool": FileSpec(
        {
            "pool_id": _identifier,
            "pool_name": _text,
            "accredited_from": _day,
            "accredited_to": _optional_day,
            "email": _optional,
        },
        ("pool_id",),
        ("accredited_from", "accredited_to"),
    ),
    "licence": FileSpec(
        {"licence_no": _text, "miner_id": _identifier, "issued_on": _day, "expires_on": _optional_day},
        ("licence_no",),
    ),
    "exchange": FileSpec(
        {"name": _text, "licence": _text, "from": _day, "to": _optional_day},
        ("licence",),
        ("from", "to"),
    ),
    "sale": FileSpec(
        {
            "sold_on": _day,
            "taxpayer_id": _identifier,
            "exchange": _name,
            "asset": _asset,
            "quantity": _positive(15, QUANTITY_DECIMALS),
            "trade_no": _text,
            "source": _optional,
        },
        ("exchange", "trade_no"),
        keeps_rows=True,
    ),
}
NAMES = tuple(SPECS)
