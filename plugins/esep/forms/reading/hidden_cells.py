"""Errors and uncalculated formulas, which the fast reader shows as empty cells or zeros, laid over its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from esep.forms.reading.cells import MarkedCell
from esep.forms.reading.merged import Range
from esep.forms.reading.sheets import Cells

Marks = dict[int, dict[int, MarkedCell | str]]
"""By 1-based row and 0-based column; a text where the other reader would cut it."""


class MarkedSheet:
    """A sheet with marked cells in place of what another reader gave, to be asked as `sheets.Cells`."""

    def __init__(self, cells: Cells, marks: Marks, merged: Sequence[Range] = ()) -> None:
        """`merged`: merged cells, where the other reader does not know them."""
        self._cells = cells
        self._marks = marks
        self.merged_cell_ranges: Sequence[Range] | None = merged or cells.merged_cell_ranges
        self.start: tuple[int, int] | None = (0, 0) if marks or cells.start else None

    def iter_rows(self) -> Iterator[list[Any]]:
        """The rows from the sheet's column A on."""
        row = 0
        start = self._cells.start
        left = [""] * (start[1] if start else 0)
        width = max((column + 1 for marked in self._marks.values() for column in marked), default=0)
        for values in self._cells.iter_rows() if start else ():
            row += 1
            full = left + values
            full += [""] * (width - len(full))
            width = len(full)
            marked = self._marks.get(row)
            yield _with_marks(full, marked) if marked else full
        for beyond in range(row + 1, max(self._marks, default=0) + 1):
            yield _with_marks([""] * width, self._marks.get(beyond, {}))


def _with_marks(values: list[Any], marked: dict[int, MarkedCell | str]) -> list[Any]:
    for column, cell in marked.items():
        values[column] = cell
    return values
