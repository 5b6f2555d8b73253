"""Writing strangers' texts into cells: always text, never a formula, a link or an error value."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from math import ceil
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from esep.documents.plain import CELL_LIMIT, shown

WRAPPED = Alignment(vertical="top", wrap_text=True)
CENTRED = Alignment(vertical="top", horizontal="center")
HEADING_FONT = Font(name="Calibri", size=10, bold=True, color="FFFFFF")
HEADING_FILL = PatternFill("solid", fgColor="1F4E5F")
BODY_FONT = Font(name="Calibri", size=10)
_LINE = 13.5
_MOST_LINES = 30
"""Excel has no rows higher than 409 points."""
_THIN = Side(style="thin", color="BFBFBF")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
FILL_OF_LANE = {
    "completeness": PatternFill("solid", fgColor="F8CBAD"),
    "reliability": PatternFill("solid", fgColor="FFE699"),
}


class Looks:
    """Gives cells of one workbook their looks. Each look is worked out once: openpyxl hashes every part of it anew."""

    def __init__(self) -> None:
        self._styles: dict[tuple[int, ...], Any] = {}

    def dress(
        self,
        cell: Any,
        font: Font,
        *,
        fill: PatternFill | None = None,
        border: Border | None = None,
        alignment: Alignment | None = None,
    ) -> None:
        """Set what is given; the parts must be constants of a module, for a look is known again by their identity."""
        key = (id(font), id(fill), id(border), id(alignment), bool(cell.quotePrefix))
        if key in self._styles:
            cell._style = copy(self._styles[key])
            return
        cell.font = font
        if fill:
            cell.fill = fill
        if border:
            cell.border = border
        if alignment:
            cell.alignment = alignment
        self._styles[key] = copy(cell._style)


def height_of(texts: Iterable[tuple[object, float]]) -> float:
    """Height in points of a row of wrapped 10-point cells, (text, column width in characters) each.

    Written down because not every program fits the rows of a workbook that it did not write itself.
    """
    lines = max((ceil(len(str(text)) * 1.12 / width) for text, width in texts if text is not None), default=1)
    return min(max(lines, 1), _MOST_LINES) * _LINE


def put_text(cell: Any, text: object, limit: int = CELL_LIMIT) -> None:
    """Set `cell` to `text` made plain. `=1+1` or `#N/A` stay words, also when somebody edits the cell later."""
    cell.value = "" if text is None else shown(text, limit)
    if cell.value:
        cell.data_type = "s"
        cell.quotePrefix = cell.value[0] in "=+-@'"
