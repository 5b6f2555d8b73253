"""What the reading of a form asks of a worksheet, whatever format it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from esep.forms.reading.merged import Range


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
