"""The second look at blank cells: errors and uncalculated formulas, which the fast reader shows as empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from esep.forms.reading.cells import MarkedCell
from esep.forms.reading.kinds import Kind
from esep.forms.reading.merged import Range
from esep.forms.reading.second_look import ods, xls, xlsx

_LOOK = {
    Kind.WORKBOOK_XML: xlsx.hidden_cells,
    Kind.WORKBOOK_OPEN: ods.hidden_cells,
    Kind.WORKBOOK_BINARY: xls.hidden_cells,
}


class Overlay:
    """Marked cells of one sheet by 1-based row and 0-based column."""

    def __init__(self, cells: dict[int, dict[int, MarkedCell]]) -> None:
        self._cells = cells

    def __bool__(self) -> bool:
        return bool(self._cells)

    def laid_over(self, rows: Iterator[list[Any]], first_column: int) -> Iterator[list[Any]]:
        """The rows from the sheet's column A on, with the marked cells where the reader gave an empty text."""
        row, width = 0, 0
        left = [""] * first_column
        for values in rows:
            row += 1
            marked = self._cells.get(row)
            full = left + values if first_column else values
            width = max(width, len(full))
            yield _with_marks(full, marked) if marked else full
        for beyond in range(row + 1, max(self._cells, default=0) + 1):
            yield _with_marks([""] * width, self._cells.get(beyond, {}))


def _with_marks(values: list[Any], marked: dict[int, MarkedCell]) -> list[Any]:
    for column, cell in marked.items():
        if column < len(values) and values[column] == "":
            values[column] = cell
    return values


class HiddenCells:
    """Looks into the file when asked, once."""

    def __init__(self, path: Path, kind: Kind) -> None:
        self._path = path
        self._kind = kind

    def of_sheet(self, sheet: str) -> Overlay:
        """The marked cells of one sheet; none when the file's inside cannot be followed."""
        return Overlay(_LOOK[self._kind](self._path, sheet))

    def merged_over_rows(self, sheet: str) -> list[Range]:
        """Merged cells where the fast reader does not tell them (.ods); empty for the other kinds."""
        return ods.merged_over_rows(self._path, sheet) if self._kind is Kind.WORKBOOK_OPEN else []
