"""What a document says, apart from how it looks: a few kinds of blocks, which every renderer prints.

A text is a `str` in the language of the document, or `Words`, the same in all languages, of which a renderer takes one
or several. In a table a `str` may be a stranger's and is shown as such; numbers and days stay values, and the column
says how they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any, TypeVar

from esep.documents.plain import shown
from esep.exact import PRECISION
from esep.texts import LANGUAGES, numbers, text

NAME_LIMIT = 160
"""Signs of a stranger's text that a cell shows unless its column says otherwise."""


class Kind(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    SAID = "said"
    """Text in the language of the document that is shown as it is: no stranger's, or made plain already."""
    CODE = "code"
    """Text that stays on one line: a number of a filing or rule."""
    MONEY = "money"
    """Tenge, shown with 2 decimals."""
    QUANTITY = "quantity"
    """Units, with all decimals they have."""
    COUNT = "count"
    NUMBER = "number"
    """The same to the right, or digits without marks of thousands."""
    SHARE = "share"
    DAY = "day"
    MONTH = "month"
    MOMENT = "moment"

    @property
    def is_number(self) -> bool:
        return self in (Kind.MONEY, Kind.QUANTITY, Kind.COUNT, Kind.NUMBER, Kind.SHARE)


@dataclass(frozen=True, slots=True)
class Words:
    """What Esep says, in all languages."""

    texts: Mapping[str, str]

    def in_(self, language: str) -> str:
        return self.texts[language]


Text = str | Words
Plain = Words | str | Decimal | int | date | datetime | None
Cell = Plain | tuple[Plain, ...]
"""A tuple is one cell of several lines."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number inside a sentence, written by its kind."""

    value: Decimal | int | date
    kind: Kind


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or more. `look` is the name of a style of the renderers; `label` begins it, set off from the rest."""

    text: Text
    look: str = "text"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values (of Kind.SAID), each with a note or none; as a list, or as `cards` side by side."""

    rows: Sequence[tuple[Text, Cell] | tuple[Text, Cell, Text]]
    look: str = "list"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences; `empty` is shown instead of none."""

    items: Sequence[Text]
    empty: Text = ""


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is that of heading and values in characters: shared out on paper, taken as it is by a workbook."""

    label: Text
    kind: Kind = Kind.TEXT
    width: float = 1.0
    limit: int = NAME_LIMIT
    """Signs of a stranger's text that are shown."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below their columns. `looks`: row → its style (`strong` is a sum of those before it)."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    caption: Text = ""
    empty: Text = ""
    """What is shown instead of rows."""
    look: str = "plain"
    looks: Mapping[int, str] = field(default_factory=dict)


One = TypeVar("One")
ColumnOf = tuple[str, Kind, float, Callable[[One], Cell]]
"""A column: key of its heading, how its values are written, its width, and its value in a row."""


def table_of(
    columns: Iterable[ColumnOf[One]],
    rows: Iterable[One],
    heading: Callable[[str], Text],
    limit: int = NAME_LIMIT,
    **more: Any,
) -> Table:
    """The table of the rows; `heading` gives the words of a key, `more` the other fields of Table."""
    of_columns = list(columns)
    made = [Column(heading(key), kind, width, limit) for key, kind, width, _ in of_columns]
    return Table(made, [tuple(value(row) for *_, value in of_columns) for row in rows], **more)


def titled(
    title: str,
    columns: Iterable[tuple[str, Kind]],
    rows: Iterable[Sequence[Cell]],
    language: str,
    *,
    look: str = "plain",
    looks: Mapping[int, str] | None = None,
    limit: int = NAME_LIMIT,
    **values: object,
) -> Table:
    """A table of (key of the heading, kind) columns below the title of a key, or none."""
    made = [Column(text(key, language), kind, limit=limit) for key, kind in columns]
    caption = text(title, language, **values) if title else ""
    return Table(made, list(rows), caption=caption, look=look, looks=looks or {})


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as SVG; `alt` says what it shows."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Tenge by month as bars; None where nothing has a value."""

    months: Sequence[tuple[date, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Beside:
    """Paragraphs in columns beside each other: the head of a letter."""

    columns: Sequence[Sequence[Paragraph]]


@dataclass(frozen=True, slots=True)
class Signature:
    """Where somebody signs: who, and what is below each line."""

    signer: str
    captions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that belong together, below a heading or none. `sheet` names the sheet of a workbook that it becomes."""

    heading: Text
    blocks: Sequence[Block]
    sheet: Text = ""
    look: str = "plain"


Block = Paragraph | Facts | Items | Table | Chart | Bars | Beside | Signature | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `day` is the date in the properties of its files."""

    title: Text
    subtitle: Text
    footer: Text
    blocks: Sequence[Block]
    day: date


def words(key: str, **values: object) -> Words:
    """A text of the catalogue in all languages; values may be Amount, Words, or text of a stranger."""
    return Words(
        {
            language: text(key, language, **{name: _inside(value, language) for name, value in values.items()})
            for language in LANGUAGES
        }
    )


def listed(entries: Iterable[Words]) -> Words:
    """Several of them in one line."""
    found = tuple(entries)
    return Words({language: "; ".join(entry.in_(language) for entry in found) for language in LANGUAGES})


FACT = Column("", Kind.SAID)
"""How the values of facts are written."""


def said(value: Text, language: str) -> str:
    """A text in one language."""
    return value.in_(language) if isinstance(value, Words) else value


def _inside(value: object, language: str) -> str:
    if isinstance(value, Amount):
        return written(value.value, value.kind, language)
    return value.in_(language) if isinstance(value, Words) else shown(value, NAME_LIMIT)


def written(value: Plain, kind: Kind, language: str, limit: int = NAME_LIMIT) -> str:
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
    if kind in (Kind.SAID, Kind.NUMBER):
        return str(value)
    if isinstance(value, int):
        return numbers.count(value, language)
    return shown(value, limit)


def _number(value: Decimal, kind: Kind, language: str) -> str:
    if kind is Kind.MONEY:
        with localcontext(prec=PRECISION):
            return numbers.tenge(value, language)
    if kind is Kind.SHARE:
        return numbers.percent(value, language, decimals=0 if value * 100 == (value * 100).to_integral_value() else 4)
    return numbers.quantity(value, language)


def lines(value: Cell) -> tuple[Plain, ...]:
    """The lines of a cell."""
    return tuple(part for part in value if part is not None) if isinstance(value, tuple) else (value,)
