"""Cells merged over several data rows: what one cell shows for a miner holds for each of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from esep.forms.document import ROW_FIELDS
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
