"""Sheets as every reader gives them: rows of values, merged cells spread out, cells that a second look marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from esep.forms.document import ROW_FIELDS
from esep.forms.reading.cells import MarkedCell
from esep.forms.reading.number_row import NumberRow

_SHARED = ("miner_name", "miner_id", "licence", "wallet", "distributed_on", "asset", "reward_asset")
"""Never the quantities: a quantity merged over rows is one quantity, and repeating it would multiply it."""

Range = tuple[tuple[int, int], tuple[int, int]]


def filled_down(
    rows: Iterator[list[Any]], ranges: Iterable[Range] | None, number_row: NumberRow, first_row: int, first_column: int
) -> Iterator[list[Any]]:
    """The rows with the value of a merged cell repeated below; `ranges` are 0-based ((row, column), (row, column))."""
    shared = {number_row.columns[ROW_FIELDS.index(name)] for name in _SHARED}
    last_rows: dict[int, dict[int, int]] = {}
    for (top, left), (bottom, _) in ranges or ():
        column = left - first_column
        if bottom > top and top + 1 >= first_row and column in shared:
            last_rows.setdefault(top + 1, {})[column] = bottom + 1
    return _fill(rows, last_rows, first_row) if last_rows else rows


def _fill(rows: Iterator[list[Any]], last_rows: dict[int, dict[int, int]], first_row: int) -> Iterator[list[Any]]:
    open_cells: dict[int, tuple[Any, int]] = {}
    for row, values in enumerate(rows, start=first_row):
        for column, (value, last) in list(open_cells.items()):
            if row > last:
                del open_cells[column]
            elif values[column] == "":
                values[column] = value
        for column, last in last_rows.get(row, {}).items():
            open_cells[column] = (values[column], last)
        yield values


class Cells(Protocol):
    """The cells of one sheet, as the workbook library gives them."""

    @property
    def start(self) -> tuple[int, int] | None:
        """0-based (row, column) of the first filled cell; None for a sheet without cells."""

    @property
    def merged_cell_ranges(self) -> Sequence[Range] | None:
        """0-based ((top, left), (bottom, right)) of merged cells."""

    def iter_rows(self) -> Iterator[list[Any]]:
        """Rows from the sheet's first row on; all of one length, from the column of `start` on, `""` where empty."""


def _nothing_more() -> Cells | None:
    return None


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    hidden: bool
    cells: Cells
    again: Callable[[], Cells | None] = _nothing_more
    """A second look where blanks are seen: the same cells with errors and formulas told from blanks, if there are any.

    May raise FileError.
    """
    since_1904: bool = False
    """Whether the workbook counts its days from 1904, so that a bare number in a date column means another day."""
    repeats: bool = False
    """Whether it shows a part of the file that an earlier sheet shows: read once, so that its rows count once."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in memory, from row 1 and column A on: str, float, int, bool, date, datetime or MarkedCell; `""` empty."""

    rows: Sequence[Sequence[Any]]
    merged_cell_ranges: Sequence[Range] = ()

    @property
    def start(self) -> tuple[int, int] | None:
        return (0, 0) if self.rows else None

    def iter_rows(self) -> Iterator[list[Any]]:
        width = max(map(len, self.rows), default=0)
        for row in self.rows:
            yield [*row, *[""] * (width - len(row))]


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
