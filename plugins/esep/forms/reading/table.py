"""The table of a 1-ЦМ sheet: raw rows as Arrow batches, and which worksheet rows are not data.

Rows are converted column by column. Only rows that look unlike data (few cells, a word where a number belongs, no
wallet) are looked at one by one, so that the cost of a clean million rows stays small.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.forms.document import RAW_ROWS, ROW_FIELDS
from esep.forms.reading import limits
from esep.forms.reading.footer import begins_explanation, starts_with_label
from esep.forms.reading.number_row import NumberRow, is_lower_part
from esep.forms.reading.sheets import Line, Mask, Range, column_texts, line_of
from esep.forms.reading.table_batch import (
    FEW,
    Batch,
    equal,
    is_group_caption,
    is_heading,
    is_note,
    is_unused,
    looks_like_data,
    record_batch,
)
from esep.forms.reading.total_candidate import TOTAL, Candidate, may_be_totals
from esep.forms.reading.totals import Totals
from esep.forms.values.cell import CellKind

_CELLS_IN_BATCH = 400_000
_MANY = 8
_WALLET = ROW_FIELDS.index("wallet")
_DISTRIBUTED_ON = ROW_FIELDS.index("distributed_on")
_LICENCE = ROW_FIELDS.index("licence")
_SHARED = ("miner_name", "miner_id", "licence", "wallet", "distributed_on", "asset", "reward_asset")
"""Never the quantities: a quantity merged over rows is one quantity, and repeating it would multiply it."""
_LETTER_FIRST = r"^\s*[^\d\s№]"


@dataclass(slots=True)
class TableRead:
    """What the table of one sheet came to."""

    rows: pa.Table = field(default_factory=RAW_ROWS.empty_table)
    """Its data, of the schema RAW_ROWS."""
    number_row_repeats: list[int] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    footer_lines: list[Line] = field(default_factory=list)
    blank_cells: bool = False
    """Whether a data row has an empty cell."""
    blank_rows: bool = False
    """Whether a row between the first and the last data row is empty."""


class TableReader:
    """Takes the rows below the number row, top to bottom, and separates data from everything else."""

    def __init__(
        self, number_row: NumberRow, first_column: int, head: Iterable[Line], *, since_1904: bool = False
    ) -> None:
        """`first_column`: 0-based worksheet column of a row's first value; `head`: the lines above the table.

        `since_1904`: whether a bare number in a date column counts from 1904.
        """
        self._since_1904 = since_1904
        self._columns = number_row.columns
        self._texts = number_row.texts
        self._first_column = first_column
        absolute = [first_column + column for column in number_row.columns]
        self._heading = {self._ten_of(line, absolute) for line in head} - {(None,) * len(ROW_FIELDS)}
        self._batches: list[Batch] = []
        self._in_footer = False
        self._in_explanation = False
        self._total_words: dict[int, int] = {}
        """Rows that say "total" → in how many cells."""
        self._read = TableRead()

    @staticmethod
    def _ten_of(line: Line, columns: list[int]) -> tuple[str | None, ...]:
        cells = dict(line.cells)
        return tuple(cells.get(column) for column in columns)

    def read(self, rows: Iterator[list[Any]], first_row: int, merged: Iterable[Range] = ()) -> TableRead:
        """Read all of `rows`; `first_row` is the 1-based worksheet row of the first of them."""
        row = first_row
        rows = self._filled_down(rows, first_row, merged)
        for first in rows:
            width = len(first)
            # One after the other in one list, so that the rows' own lists are gone before the next are made.
            cells = [*first, *chain.from_iterable(islice(rows, max(1, _CELLS_IN_BATCH // width) - 1))]
            self._take(cells, width, row)
            row += len(cells) // width
        self._drop_repeated_headings()
        self._find_totals()
        self._drop_what_follows_the_data()
        self._finish()
        return self._read

    def _filled_down(self, rows: Iterator[list[Any]], first_row: int, merged: Iterable[Range]) -> Iterator[list[Any]]:
        """The rows with the value of a merged cell repeated below it."""
        shared = {self._columns[ROW_FIELDS.index(name)] for name in _SHARED}
        last_rows: dict[int, dict[int, int]] = {}
        for (top, left), (bottom, _) in merged:
            column = left - self._first_column
            if bottom > top and top + 1 >= first_row and column in shared:
                last_rows.setdefault(top + 1, {})[column] = bottom + 1
        return _fill(rows, last_rows, first_row) if last_rows else rows

    def _take(self, cells: list[Any], width: int, first_row: int) -> None:
        """`cells`: those of rows that are `width` cells long, row by row."""
        pairs = [column_texts(cells[column::width]) for column in self._columns]
        kinds = np.stack([kind for _, kind in pairs])
        if self._since_1904:
            days = kinds[_DISTRIBUTED_ON]
            days[days == CellKind.NUMBER] = CellKind.SERIAL_1904
        filled = (kinds != CellKind.EMPTY).sum(axis=0)
        beside = {name: column_texts(cells[place::width])[0] for name, place in self._texts.items()}
        texts = [text for text, _ in pairs]
        batch = Batch(first_row, texts, kinds, beside, filled, filled > 0, may_be_totals(texts) & (filled > 0))
        self._batches.append(batch)
        repeats = equal(batch.texts[1], "2") & equal(batch.texts[2], "3") & equal(batch.texts[3], "4")
        odd = self._odd_rows(batch) | repeats
        short = (batch.filled <= FEW) & ~repeats
        for position in np.flatnonzero(odd).tolist():
            if short[position] and self._in_footer and len(self._read.footer_lines) > limits.FOOTER_LINES:
                batch.keep[position] = False
                continue
            values = cells[position * width : (position + 1) * width]
            if batch.filled[position] or any(values):
                self._judge(batch, position, values, repeats[position])

    def _odd_rows(self, batch: Batch) -> Mask:
        """Rows that may be footer, total or anything else but data."""
        row_no_kind = batch.kinds[0]
        odd: Mask = (batch.filled <= FEW) | ((row_no_kind == CellKind.EMPTY) & (batch.filled <= _MANY))
        if (is_text := row_no_kind == CellKind.TEXT).any():
            worded = pc.match_substring_regex(batch.texts[0], _LETTER_FIRST).fill_null(False)
            odd |= worded.to_numpy(zero_copy_only=False) & is_text
        odd |= (batch.kinds[_WALLET] == CellKind.EMPTY) & (batch.kinds[_LICENCE] == CellKind.EMPTY)
        return odd | batch.lacking

    def _judge(self, batch: Batch, position: int, values: list[Any], is_number_row: bool) -> None:
        row = batch.first_row + position
        if is_number_row:
            batch.keep[position] = False
            if not self._in_explanation:
                self._in_footer = False
                self._read.number_row_repeats.append(row)
            return
        line = line_of(row, values, self._first_column)
        if not line.cells:
            return
        if self._read.number_row_repeats[-1:] == [row - 1] and is_lower_part(batch.ten(position)):
            batch.keep[position] = False
            return
        if begins_explanation(line) and batch.filled[position] <= FEW:
            self._in_footer = self._in_explanation = True
        if not self._in_footer:
            self._in_footer = self._begins_footer(line, batch, position)
        if self._in_footer:
            if looks_like_data(batch, position):
                self._in_footer = self._in_explanation = False
                return
            batch.keep[position] = False
            self._read.footer_lines.append(line)
        elif words := sum(bool(TOTAL.search(text)) for _, text in line.cells):
            self._total_words[row] = words
        elif len(line.cells) == 1 and is_group_caption(batch, position):
            batch.keep[position] = False

    def _begins_footer(self, line: Line, batch: Batch, position: int) -> bool:
        if not starts_with_label(line.cells[0][1]):
            return False
        ten = batch.ten(position)
        if ten in self._heading:
            return False
        if batch.filled[position] <= FEW:
            return not (ten[0] or "").strip(" .").isdigit()
        return not looks_like_data(batch, position)

    def _drop_repeated_headings(self) -> None:
        """Heading rows right above a repeated number row: those above the first one again, or words alone.

        Above the number row before it nothing is left to be done, so that each row is looked at once at most.
        """
        before = 0
        for repeat in self._read.number_row_repeats:
            for batch, position in self._upwards_from(repeat - 1):
                if batch.first_row + position <= before:
                    break
                if not batch.keep[position]:
                    continue
                ten = batch.ten(position)
                if ten not in self._heading and not is_heading(ten, batch.kinds[:, position]):
                    break
                batch.keep[position] = False
            before = repeat

    def _find_totals(self) -> None:
        """Totals are no data; a row that only looks like one is marked. A clean table has no row to look at."""
        found = [
            (batch, position)
            for batch in self._batches
            for position in np.flatnonzero(batch.keep & batch.lacking).tolist()
        ]
        if not found:
            return
        batches = [record_batch(batch, np.flatnonzero(batch.keep)) for batch in self._batches]
        kept = pa.Table.from_batches(batches, RAW_ROWS)
        rows = kept["row"].to_numpy()
        kinds = np.stack([kept[f"{name}_kind"].to_numpy() for name in ROW_FIELDS])
        candidates = [
            Candidate(
                int(np.searchsorted(rows, batch.first_row + position)),
                batch.ten(position),
                tuple(map(CellKind, batch.kinds[:, position].tolist())),
                self._total_words.get(batch.first_row + position, 0),
            )
            for batch, position in found
        ]
        totals = Totals([kept[name].combine_chunks() for name in ROW_FIELDS], kinds, candidates)
        pages = iter((*np.searchsorted(rows, self._read.number_row_repeats).tolist(), len(rows)))
        page = next(pages)
        for (batch, position), candidate in zip(found, candidates, strict=True):
            while page <= candidate.place and page < len(rows):
                totals.page_begins(page)
                page = next(pages)
            judgement = totals.judge(candidate)
            if judgement is None:
                continue
            if judgement.is_total:
                self._read.total_rows.append(batch.first_row + position)
            if judgement.expected or not judgement.is_total:
                batch.total_expected[position] = judgement.expected
            else:
                batch.keep[position] = False

    def _drop_what_follows_the_data(self) -> None:
        """Below the last row that holds data there are notes, pre-printed numbers and unused lines, but no data.

        Where no row holds data, lines that look unused are what was filed.
        """
        unused: list[tuple[Batch, int]] = []
        last = self._batches[-1].first_row + len(self._batches[-1].keep) - 1 if self._batches else 0
        for batch, position in self._upwards_from(last):
            if not batch.keep[position] or position in batch.total_expected:
                continue
            ten, kinds = batch.ten(position), batch.kinds[:, position]
            if is_note(ten, kinds):
                batch.keep[position] = False
            elif is_unused(ten, kinds):
                unused.append((batch, position))
            else:
                for other, place in unused:
                    other.keep[place] = False
                return

    def _upwards_from(self, row: int) -> Iterator[tuple[Batch, int]]:
        last = bisect_right(self._batches, row, key=lambda batch: batch.first_row)
        for batch in reversed(self._batches[:last]):
            for position in range(min(row - batch.first_row, len(batch.keep) - 1), -1, -1):
                yield batch, position

    def _finish(self) -> None:
        rows_seen = None
        batches = []
        for batch in self._batches:
            kept = np.flatnonzero(batch.keep)
            if not kept.size:
                continue
            self._read.blank_cells |= bool((batch.filled[kept] < len(ROW_FIELDS)).any())
            first, last = batch.first_row + int(kept[0]), batch.first_row + int(kept[-1])
            self._read.blank_rows |= bool((batch.filled[kept[0] : kept[-1]] == 0).any())
            self._read.blank_rows |= rows_seen is not None and first - rows_seen > 1
            rows_seen = last
            batches.append(record_batch(batch, kept))
        self._read.rows = pa.Table.from_batches(batches, RAW_ROWS)


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
