"""The 1-ЦМ as a table of a document: the order's annexes are Word documents, so pools fill them in there.

Each table that has the number row becomes a sheet of its own, with the text above it and below it as further rows, so
that period, footer and application are found as on a worksheet. What follows without a number row of its own (a table
split by a page, a footer laid out as a table) belongs to the table above it.

Places: the sheet is called by the table («1-кесте», «Таблица 1»: the tables of the document counted from 1), and `row`
counts the rows of that table, on through the tables that continue it. What is outside of tables has no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from esep.forms.annex2 import NUMBERINGS
from esep.forms.document import RAW_ROWS, ApplicationRead, FileRead, FormRead, Text
from esep.forms.phrases import table_name
from esep.forms.reading.document_blocks import Block, Cell, Row, Table, in_reading_order, lines_of, width_of
from esep.forms.reading.number_row import find_number_row
from esep.forms.reading.sheets import Grid, Range, Sheet
from esep.forms.reading.words import language_of
from esep.forms.reading.workbook import read_sheets

FORM_COLUMNS = min(len(numbering.numbers) for numbering in NUMBERINGS)
"""A table of fewer columns cannot be the 1-ЦМ."""


@dataclass(slots=True)
class _Part:
    """One form: the grid and, for each of its rows from 1 on, its row in the table (None outside of tables)."""

    number: int = 0
    """Of the table, from 1; 0 before the first table with a number row."""
    starts: tuple[int, ...] = ()
    """Grid columns where the cells of the number row begin."""
    rows: list[list[Any]] = field(default_factory=list)
    places: list[int | None] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    in_table: int = 0

    def add_line(self, text: str) -> None:
        if text.strip():
            self.rows.append([text])
            self.places.append(None)


def read_form(blocks: Iterable[Block], file: FileRead) -> FileRead | None:
    """The file with its forms and the application around them; None where no table has a number row."""
    ordered = list(in_reading_order(blocks, FORM_COLUMNS))
    starts = {index: found for index, block in enumerate(ordered) if (found := _starts_of(block))}
    if not starts:
        return None
    parts = _parts(ordered, starts)
    language = language_of("\n".join(lines_of(ordered[: max(starts)])))
    names = [table_name(part.number, language) for part in parts]
    sheets = [
        Sheet(title, hidden=False, cells=Grid(part.rows, part.merged)) for title, part in zip(names, parts, strict=True)
    ]
    read = read_sheets(sheets, file)
    places = {title: part.places for title, part in zip(names, parts, strict=True)}
    forms = tuple(_placed(form, places[form.sheet]) for form in read.forms)
    return replace(read, forms=forms, applications=_once(read.applications))


def _parts(blocks: Sequence[Block], starts: dict[int, tuple[int, ...]]) -> list[_Part]:
    """A part for each number row. The text between two tables may end the one above or head the one below: both."""
    parts: list[_Part] = []
    current = _Part()
    between: list[str] = []
    tables = 0
    for index, block in enumerate(blocks):
        tables += isinstance(block, Table)
        if index in starts:
            current = _Part(tables, starts[index])
            for line in between:
                current.add_line(line)
            between = []
            parts.append(current)
        if isinstance(block, Table) and current.number:
            _add_table(current, block)
            if index not in starts and width_of(block) < FORM_COLUMNS:
                between += lines_of([block])
        else:
            lines = list(lines_of([block]))
            between += lines
            for line in lines if current.number else ():
                current.add_line(line)
    return parts


def _starts_of(block: Block) -> tuple[int, ...]:
    """Where the cells of a table's number row begin; empty for a table without one."""
    if not isinstance(block, Table) or width_of(block) < FORM_COLUMNS:
        return ()
    above: list[Any] = []
    for row in block.rows:
        placed = _by_grid(row)
        values: list[Any] = [""] * (max(placed, default=-1) + 1)
        for column, cell in placed.items():
            values[column] = "" if cell.continues else cell.text
        width = max(len(above), len(values))
        above += [""] * (width - len(above))
        values += [""] * (width - len(values))
        if find_number_row(values, above):
            return tuple(sorted(placed))
        above = values
    return ()


def _by_grid(row: Row) -> dict[int, Cell]:
    """Cells by the grid column where they begin."""
    placed, column = {}, row.before
    for cell in row.cells:
        placed[column] = cell
        column += cell.span
    return placed


def _add_table(part: _Part, table: Table) -> None:
    """Rows by the columns of the number row.

    A row of as many cells goes by their order, whatever the lines between them: dragging one line makes another grid.
    Others go by the grid: each cell to the column of the number row above its left edge.
    """
    open_cells: dict[int, tuple[int, int | None]] = {}
    """By column: the row of its last cell, and the place of the range that cells below it made of it."""
    for row in table.rows:
        part.in_table += 1
        top = len(part.rows)
        if len(row.cells) == len(part.starts):
            spans = {column: (cell,) for column, cell in enumerate(row.cells)}
        else:
            spans = {}
            for start, cell in _by_grid(row).items():
                column = max((n for n, edge in enumerate(part.starts) if edge <= start), default=0)
                spans[column] = (*spans.get(column, ()), cell)
        values: list[Any] = [""] * (max(spans, default=-1) + 1)
        for column, cells in spans.items():
            values[column] = "\n".join(text for cell in cells if not cell.continues and (text := cell.text))
            _note_merge(part, open_cells, column, cells[0], top)
        for column in [open_column for open_column in open_cells if open_column not in spans]:
            del open_cells[column]
        part.rows.append(values)
        part.places.append(part.in_table)


def _note_merge(part: _Part, open_cells: dict[int, tuple[int, int | None]], column: int, cell: Cell, row: int) -> None:
    """Keep the merged ranges: each as long as cells go on below the one that began it."""
    if not cell.continues:
        open_cells[column] = row, None
    elif column in open_cells:
        first, place = open_cells[column]
        wanted: Range = ((first, column), (row, column))
        if place is None:
            open_cells[column] = first, len(part.merged)
            part.merged.append(wanted)
        else:
            part.merged[place] = wanted


def _placed(form: FormRead, places: Sequence[int | None]) -> FormRead:
    """A form with the rows of its table instead of those of the grid."""

    def place(row: int | None) -> int | None:
        return places[row - 1] if row is not None and 0 < row <= len(places) else None

    def texts(fields: dict[str, Text]) -> dict[str, Text]:
        return {key: replace(text, row=place(text.row), cell=None) for key, text in fields.items()}

    at = RAW_ROWS.get_field_index("row")
    rows = pa.array([place(row) for row in form.rows["row"].to_pylist()], pa.int32())
    placed = form.rows.set_column(at, RAW_ROWS.field(at), rows.fill_null(0))
    return replace(
        form,
        number_row=place(form.number_row) or 0,
        number_row_repeats=tuple(row for one in form.number_row_repeats if (row := place(one))),
        total_rows=tuple(row for one in form.total_rows if (row := place(one))),
        header=texts(form.header),
        footer=texts(form.footer),
        # A paragraph between two tables is no distribution, whatever it says (a page's number, for example).
        rows=placed.filter(rows.is_valid()),
        in_document=True,
    )


def _once(applications: Iterable[ApplicationRead]) -> tuple[ApplicationRead, ...]:
    """Without places and doubles: what is between two tables is read with both."""
    kept: list[ApplicationRead] = []
    for application in applications:
        fields = {key: Text(text.text) for key, text in application.fields.items()}
        plain = replace(application, sheet=None, fields=fields)
        if not any(plain.fields == other.fields for other in kept):
            kept.append(plain)
    return tuple(kept)
