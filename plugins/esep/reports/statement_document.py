"""A statement as a document without a language: facts, sections and tables, which PDF and workbook both print.

What Esep says is `Words` (all languages at once); a plain `str` was written by strangers and is shown as such. Numbers
and days stay values; the column says how they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from enum import StrEnum

from esep.documents.plain import shown
from esep.exact import PRECISION
from esep.texts import LANGUAGES, numbers, text

NAME_LIMIT = 160
"""Signs of a stranger's text that a statement prints."""


class Kind(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    MONEY = "money"
    """Tenge, shown with 2 decimals."""
    QUANTITY = "quantity"
    """Units, with all decimals they have."""
    COUNT = "count"
    SHARE = "share"
    DAY = "day"
    MONTH = "month"
    MOMENT = "moment"

    @property
    def is_number(self) -> bool:
        return self in (Kind.MONEY, Kind.QUANTITY, Kind.COUNT, Kind.SHARE)


@dataclass(frozen=True, slots=True)
class Words:
    """What Esep says, in all languages."""

    texts: Mapping[str, str]

    def in_(self, language: str) -> str:
        return self.texts[language]


Plain = Words | str | Decimal | int | date | datetime | None
Cell = Plain | tuple[Plain, ...]
"""A tuple is one cell of several lines."""


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is that of its heading and values in characters: shared out on paper, taken as it is by the workbook."""

    label: Words
    kind: Kind
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    strong: frozenset[int] = frozenset()
    """Rows that are sums of those before them."""


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs, then a table, then a chart of tenge by month; `marked` sections are set off from the others."""

    title: Words
    sheet: Words
    paragraphs: tuple[Words, ...] = ()
    table: Table | None = None
    bars: tuple[tuple[date, Decimal | None], ...] = ()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One statement. `day` is the date in the properties of its files."""

    title: Words
    subtitle: Words
    footer: Words
    facts: tuple[tuple[Words, Cell], ...]
    sections: tuple[Section, ...]
    day: date


@dataclass(frozen=True, slots=True)
class Amount:
    """A number inside a sentence, written by its kind."""

    value: Decimal | int | date
    kind: Kind


def words(key: str, **values: object) -> Words:
    """A text of the catalogue `statement`; values may be Amount, Words, or text of a stranger."""
    return Words(
        {
            language: text(
                f"statement.{key}", language, **{name: _inside(value, language) for name, value in values.items()}
            )
            for language in LANGUAGES
        }
    )


def listed(entries: Iterable[Words]) -> Words:
    """Several of them in one line."""
    found = tuple(entries)
    return Words({language: "; ".join(entry.in_(language) for entry in found) for language in LANGUAGES})


def _inside(value: object, language: str) -> str:
    if isinstance(value, Amount):
        return written(value.value, value.kind, language)
    if isinstance(value, Words):
        return value.in_(language)
    return shown(value, NAME_LIMIT)


def written(value: Plain, kind: Kind, language: str) -> str:
    """One value as people read it."""
    if value is None:
        return ""
    if isinstance(value, Words):
        return value.in_(language)
    if isinstance(value, datetime):
        return numbers.moment(value, language)
    if isinstance(value, date):
        return numbers.month(value, language) if kind is Kind.MONTH else numbers.day(value, language)
    if isinstance(value, Decimal):
        return _number(value, kind, language)
    if isinstance(value, int):
        return numbers.count(value, language)
    return shown(value, NAME_LIMIT)


def _number(value: Decimal, kind: Kind, language: str) -> str:
    if kind is Kind.MONEY:
        with localcontext(prec=PRECISION):
            return numbers.tenge(value, language)
    if kind is Kind.SHARE:
        return numbers.percent(value, language, decimals=0 if value * 100 == (value * 100).to_integral_value() else 4)
    return numbers.quantity(value, language)
