"""Cells of workbooks: what Esep and strangers write is always text, never a formula, a link or an error value; numbers
stay exact or become text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from esep.clock import TIMEZONE
from esep.documents.model import Cell, Column, Kind, Plain, Text, Words, lines, written
from esep.documents.plain import CELL_LIMIT, shown

SIGNIFICANT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
FILLS = {
    "heading": PatternFill("solid", fgColor="1F4E5F"),
    "completeness": PatternFill("solid", fgColor="F8CBAD"),
    "reliability": PatternFill("solid", fgColor="FFE699"),
}
_LINE = 13.5
_MOST_LINES = 30
"""Excel has no rows higher than 409 points."""
_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BODY, _BOLD = Font(name="Calibri", size=10), Font(name="Calibri", size=10, bold=True)
_ON_ONE_LINE, _WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
_LEFT = Alignment(vertical="top", horizontal="left", wrap_text=True)
_RIGHT = Alignment(vertical="top", horizontal="right", wrap_text=True)
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"font": Font(name="Calibri", size=14, bold=True, color="1F4E5F"), "alignment": _ON_ONE_LINE},
    "note": {"font": _BODY, "alignment": _ON_ONE_LINE},
    "label": {"font": _BOLD, "alignment": _WRAPPED},
    "fact": {"font": _BODY, "alignment": _WRAPPED},
    "heading": {
        "font": Font(name="Calibri", size=10, bold=True, color="FFFFFF"),
        "alignment": _WRAPPED,
        "fill": FILLS["heading"],
        "border": _GRID,
    },
    "body left": {"font": _BODY, "alignment": _LEFT, "border": _GRID},
    "body right": {"font": _BODY, "alignment": _RIGHT, "border": _GRID},
    "strong left": {"font": _BOLD, "alignment": _LEFT, "border": _GRID},
    "strong right": {"font": _BOLD, "alignment": _RIGHT, "border": _GRID},
    "link left": {
        "font": Font(name="Calibri", size=10, underline="single", color="0563C1"),
        "alignment": _LEFT,
        "border": _GRID,
    },
}


class Cells:
    """Makes the cells of one workbook. A look is worked out once: doing so for each cell takes most of the time."""

    def __init__(self, languages: Sequence[str] = ()) -> None:
        self._languages = languages
        self._known: dict[tuple[str, str, str], Any] = {}

    def text(self, sheet: Any, text: str, look: str, fill: str = "") -> Any:
        """A cell that is text whatever it begins with; lines of one cell stay lines."""
        cell = WriteOnlyCell(sheet)
        _put(cell, "\n".join(map(shown, text.split("\n"))))
        prefix = cell.quotePrefix
        self.dress(cell, look, fill=fill)
        cell.quotePrefix = prefix
        return cell

    def value(self, sheet: Any, value: Cell, column: Column, look: str, fill: str = "") -> Any:
        """A cell of a table; `look` is `body`, `strong` or `link`."""
        look = f"{look} {'right' if column.kind.is_number else 'left'}"
        number = None if isinstance(value, tuple) else _number(value, column.kind)
        if number is None:
            return self.text(sheet, self.worded(value, column), look, fill)
        cell = WriteOnlyCell(sheet, number[0])
        self.dress(cell, look, number[1], fill)
        return cell

    def worded(self, value: Cell, column: Column) -> str:
        """A value as the text of a cell: words in all languages, numbers and days as digits."""
        return "\n".join(self._line(part, column) for part in lines(value))

    def _line(self, value: Plain, column: Column) -> str:
        if isinstance(value, Words):
            return self.joined(value, " / ")
        if isinstance(value, Decimal):
            return _digits(value, column.kind)
        if isinstance(value, str) and column.limit >= CELL_LIMIT:
            return " ".join(value.split())  # `text` does the rest
        return written(value, column.kind, "en", column.limit)

    def joined(self, value: Text, between: str) -> str:
        """The words in all languages, each once."""
        if isinstance(value, str):
            return value
        return between.join(dict.fromkeys(value.in_(language) for language in self._languages))

    def dress(self, cell: Any, look: str, number_format: str = "General", fill: str = "") -> None:
        """Give a cell its look; it loses its own."""
        key = (look, number_format, fill)
        if key not in self._known:
            for name, value in _LOOKS[look].items():
                setattr(cell, name, value)
            if fill:
                cell.fill = FILLS[fill]
            cell.number_format = number_format
            self._known[key] = copy(cell._style)
        cell._style = copy(self._known[key])


def put_text(cell: Any, text: object, limit: int = CELL_LIMIT) -> None:
    """Set `cell` to `text` made plain. `=1+1` or `#N/A` stay words, also when somebody edits the cell later."""
    _put(cell, "" if text is None else shown(text, limit))


def _put(cell: Any, text: str) -> None:
    cell.value = text
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@'"


def height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Height in points of a row of wrapped 10-point cells; `widths` are those of the columns in characters.

    Written down because not every program fits the rows of a workbook that it did not write itself.
    """
    return min(max(map(_lines, texts, widths), default=1), _MOST_LINES) * _LINE


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(len(line) * 1.12 / width)) for line in text.split("\n"))


def _number(value: Plain, kind: Kind) -> tuple[Any, str] | None:
    """Value and format of what a spreadsheet holds exactly; None for what is written as text."""
    if isinstance(value, datetime):
        return value.astimezone(TIMEZONE).replace(tzinfo=None, microsecond=0), "yyyy-mm-dd hh:mm"
    if isinstance(value, date):
        return value, "yyyy-mm" if kind is Kind.MONTH else "yyyy-mm-dd"
    if isinstance(value, int):
        return value, "General" if kind is Kind.NUMBER else "#,##0"
    if not isinstance(value, Decimal):
        return None
    exact = Decimal(_digits(value, kind)) if kind is Kind.MONEY else value
    if len(str(exact.copy_abs()).rstrip("0").replace(".", "").lstrip("0")) > SIGNIFICANT_DIGITS:
        return None
    return exact, {Kind.MONEY: "#,##0.00", Kind.SHARE: "0.####%"}.get(kind, "#,##0.##################")


def _digits(value: Decimal, kind: Kind) -> str:
    """The number as English writes it, without marks of thousands."""
    return written(value, kind, "en").replace(",", "").replace("−", "-")
