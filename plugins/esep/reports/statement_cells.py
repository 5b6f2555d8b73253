"""Cells of a statement's workbook: what Esep and strangers write stays text, numbers stay exact or become text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from esep.clock import TIMEZONE
from esep.letters.cells import BODY_FONT, GRID, HEADING_FILL, HEADING_FONT, WRAPPED, height_of, put_text
from esep.reports.statement_document import Cell, Kind, Plain, Words, written

SIGNIFICANT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
_BOLD = Font(name="Calibri", size=10, bold=True)
_ON_ONE_LINE = Alignment(vertical="top")
_LEFT = Alignment(vertical="top", horizontal="left", wrap_text=True)
_RIGHT = Alignment(vertical="top", horizontal="right", wrap_text=True)
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"font": Font(name="Calibri", size=14, bold=True, color="1F4E5F"), "alignment": _ON_ONE_LINE},
    "note": {"font": BODY_FONT, "alignment": _ON_ONE_LINE},
    "label": {"font": _BOLD, "alignment": WRAPPED},
    "fact": {"font": BODY_FONT, "alignment": WRAPPED},
    "heading": {"font": HEADING_FONT, "alignment": WRAPPED, "fill": HEADING_FILL, "border": GRID},
    "body left": {"font": BODY_FONT, "alignment": _LEFT, "border": GRID},
    "body right": {"font": BODY_FONT, "alignment": _RIGHT, "border": GRID},
    "sum left": {"font": _BOLD, "alignment": _LEFT, "border": GRID},
    "sum right": {"font": _BOLD, "alignment": _RIGHT, "border": GRID},
}


class Cells:
    """Makes the cells of one workbook. A look is worked out once: doing so for each cell takes most of the time."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = languages
        self._known: dict[tuple[str, str], Any] = {}

    def text(self, sheet: Worksheet, text: str, look: str) -> Any:
        """A cell that is text whatever it begins with; lines of one cell stay lines."""
        cell = WriteOnlyCell(sheet)
        lines = []
        for line in text.split("\n"):
            put_text(cell, line)
            lines.append(str(cell.value or ""))
        self._dress(cell, look, "General")
        cell.value = "\n".join(lines)
        if cell.value:
            cell.data_type = "s"
            cell.quotePrefix = cell.value[0] in "=+-@'"
        return cell

    def value(self, sheet: Worksheet, value: Cell, kind: Kind, look: str) -> Any:
        """A cell of a table; `look` is `body` or `sum`."""
        look = f"{look} {'right' if kind.is_number else 'left'}"
        number = None if isinstance(value, tuple) else _number(value, kind)
        if number is None:
            return self.text(sheet, self.worded(value, kind), look)
        cell = WriteOnlyCell(sheet, number[0])
        self._dress(cell, look, number[1])
        return cell

    def worded(self, value: Cell, kind: Kind) -> str:
        """A value as the text of a cell: words in all languages, numbers and days as digits."""
        if isinstance(value, tuple):
            return "\n".join(self.worded(part, kind) for part in value if part is not None)
        if isinstance(value, Words):
            return self.joined(value, " / ")
        if isinstance(value, Decimal):
            return _digits(value, kind)
        return written(value, kind, "en")

    def joined(self, value: Words, between: str) -> str:
        """The words in all languages, each once."""
        return between.join(dict.fromkeys(value.in_(language) for language in self._languages))

    def _dress(self, cell: Any, look: str, number_format: str) -> None:
        key = (look, number_format)
        if key not in self._known:
            for name, value in _LOOKS[look].items():
                setattr(cell, name, value)
            cell.number_format = number_format
            self._known[key] = copy(cell._style)
        cell._style = copy(self._known[key])


def height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Height in points of a row whose cells may hold several lines."""
    return max(
        sum(height_of([(line, width)]) for line in text.split("\n")) for text, width in zip(texts, widths, strict=True)
    )


def _number(value: Plain, kind: Kind) -> tuple[Any, str] | None:
    """Value and format of what a spreadsheet holds exactly; None for what is written as text."""
    if isinstance(value, datetime):
        return value.astimezone(TIMEZONE).replace(tzinfo=None, microsecond=0), "yyyy-mm-dd hh:mm"
    if isinstance(value, date):
        return value, "yyyy-mm" if kind is Kind.MONTH else "yyyy-mm-dd"
    if isinstance(value, int):
        return value, "#,##0"
    if not isinstance(value, Decimal):
        return None
    exact = Decimal(_digits(value, kind)) if kind is Kind.MONEY else value
    if len(str(exact.copy_abs()).rstrip("0").replace(".", "").lstrip("0")) > SIGNIFICANT_DIGITS:
        return None
    return exact, {Kind.MONEY: "#,##0.00", Kind.SHARE: "0.####%"}.get(kind, "#,##0.##################")


def _digits(value: Decimal, kind: Kind) -> str:
    """The number as English writes it, without marks of thousands."""
    return written(value, kind, "en").replace(",", "").replace("−", "-")
