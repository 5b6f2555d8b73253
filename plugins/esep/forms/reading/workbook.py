"""A workbook: its sheets, the 1-ЦМ tables and the application on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from esep.forms.annex2 import PERIOD_LABEL, Way
from esep.forms.document import RAW_ROWS, ApplicationRead, FormRead, Text
from esep.forms.reading import limits
from esep.forms.reading.application import application_start, is_application, read_application
from esep.forms.reading.cells import Line, address, line_of
from esep.forms.reading.footer import read_footer
from esep.forms.reading.kinds import Kind
from esep.forms.reading.number_row import NumberRow, find_number_row, find_number_row_over_two
from esep.forms.reading.open_workbook import sheets_of
from esep.forms.reading.passage import Passage
from esep.forms.reading.sheets import Cells, Sheet, filled_down
from esep.forms.reading.table import TableRead, TableReader
from esep.forms.reading.words import any_of, clean_period, has_month_and_year, language_of

_LABEL = re.compile(any_of((*PERIOD_LABEL.values(), "Есептік кезең", "Отчётный месяц", "Есепті ай")), re.IGNORECASE)
_OTHER_LINES = re.compile(r"бұйры|приказ|№|https?:|\.kz|мерзімі|срок", re.IGNORECASE)
"""Words of lines whose dates are not the period: the order's own date, the web address, the term."""


def read_header(sheet: str, lines: Sequence[Line]) -> dict[str, Text]:
    """`period` when its label or a phrase with month and year stands above the table."""
    for index, line in enumerate(lines):
        match = _LABEL.search(line.text)
        if match is None:
            continue
        value = clean_period(line.text[match.end() :])
        row, column = line.row, _value_column(line)
        if value is None and index + 1 < len(lines) and has_month_and_year(lines[index + 1].text):
            below = lines[index + 1]
            value, row, column = clean_period(below.text), below.row, below.cells[0][0]
        return {"period": Text(value, sheet, row, address(row, column))}
    for line in lines:
        if has_month_and_year(line.text) and not _OTHER_LINES.search(line.text):
            return {"period": Text(clean_period(line.text), sheet, line.row, address(line.row, line.cells[0][0]))}
    return {}


def _value_column(line: Line) -> int:
    """Column of the period's value: the cell after the label's, or the label's own when the value is in it."""
    for position, (column, text) in enumerate(line.cells):
        match = _LABEL.search(text)
        if match is not None:
            if clean_period(text[match.end() :]) is None and position + 1 < len(line.cells):
                return line.cells[position + 1][0]
            return column
    return line.cells[0][0]


FORM_WORDS = re.compile(r"(?<!\w)1\s*-?\s*[ЦC][МM](?!\w)|индексі|индекс\s+формы", re.IGNORECASE)
_FORM_BEGINS = re.compile(
    rf"{FORM_WORDS.pattern}|ұсынылады:|әкімшілік\s+деректер|есепті\s+кезең|представляется:"
    r"|формы?\s+административных\s+данных|отч[её]тный\s+период",
    re.IGNORECASE,
)
"""A line that belongs to Annex 2, where both annexes stand on one sheet."""
_MINING = re.compile(r"майнинг|майнер", re.IGNORECASE)
_EXPLANATION = re.compile(r"түсініктеме|пояснени", re.IGNORECASE)


@dataclass(slots=True)
class SheetForm:
    """A form and its rows, before they are written to their file."""

    form: FormRead
    batches: list[pa.RecordBatch]


@dataclass(slots=True)
class WorkbookRead:
    forms: list[SheetForm] = field(default_factory=list)
    applications: list[ApplicationRead] = field(default_factory=list)
    hidden_sheets: list[str] = field(default_factory=list)
    without_number_row: list[str] = field(default_factory=list)
    """Sheets that say 1-ЦМ but have no number row."""
    repeated_sheets: list[str] = field(default_factory=list)
    """Sheets that show again what another sheet of the workbook shows (see Sheet.repeats)."""


@dataclass(slots=True)
class _Pass:
    """One run over a sheet."""

    head: list[Line] = field(default_factory=list)
    number_row: NumberRow | None = None
    row: int = 0
    first_column: int = 0
    table: TableRead = field(default_factory=TableRead)


def read_workbook(path: Path, name: str, sha256: str, kind: Kind) -> WorkbookRead:
    """Read all sheets, hidden ones as well. Raises FileError for a workbook that cannot be parsed."""
    return read_sheets(sheets_of(path, kind), name, sha256)


def read_sheets(sheets: Iterable[Sheet], name: str, sha256: str) -> WorkbookRead:
    """Read the sheets of a file called `name`."""
    result = WorkbookRead()
    for sheet in sheets:
        if sheet.repeats:
            result.repeated_sheets.append(sheet.name)
            continue
        if sheet.hidden:
            result.hidden_sheets.append(sheet.name)
        _read_sheet(sheet, _Source(name, sha256, sheet.name, sheet.hidden), result)
    return result


@dataclass(frozen=True, slots=True)
class _Source:
    file: str
    sha256: str
    sheet: str
    hidden: bool


def _read_sheet(sheet: Sheet, source: _Source, result: WorkbookRead) -> None:
    read = _pass_over(sheet.cells, since_1904=sheet.since_1904)
    if read.number_row is not None:
        header, footer = _header_and_footer(source.sheet, read)
        if _wants_second_look(read, header, footer):
            again = sheet.again()
            if again is not None:
                read = _pass_over(again, since_1904=sheet.since_1904)
                header, footer = _header_and_footer(source.sheet, read)
    _read_application(source, read, result)
    if read.number_row is None:
        text = "\n".join(line.text for line in read.head)[: limits.DOCUMENT_CHARACTERS]
        if FORM_WORDS.search(text) and not _EXPLANATION.search(text) and not is_application(text):
            result.without_number_row.append(source.sheet)
        return
    result.forms.append(SheetForm(_form(source, read, header, footer), read.table.batches))


def _pass_over(sheet: Cells, *, since_1904: bool) -> _Pass:
    read = _Pass(first_column=sheet.start[1] if sheet.start else 0)
    rows: Iterator[list[Any]] = sheet.iter_rows() if sheet.start else iter(())
    above: list[Any] = []
    for values in rows:
        read.row += 1
        if not any(values):
            continue
        read.number_row = find_number_row(values) or (find_number_row_over_two(above, values) if above else None)
        if read.number_row is not None and not _names_the_form(read.number_row, read.head):
            read.number_row = None
        if read.number_row is not None:
            break
        above = values
        line = line_of(read.row, values, read.first_column)
        if line.cells:
            read.head.append(line)
        if len(read.head) > limits.HEAD_LINES:
            break
    if read.number_row is not None:
        rows = filled_down(rows, sheet.merged_cell_ranges, read.number_row, read.row + 1, read.first_column)
        table = TableReader(read.number_row, read.first_column, read.head, since_1904=since_1904)
        read.table = table.read(rows, read.row + 1)
    return read


def _names_the_form(number_row: NumberRow, head: Iterable[Line]) -> bool:
    """Columns counted on from 1 to 10 are this form's only below words that name it."""
    if number_row.numbering.way is not Way.COUNTED_ON:
        return True
    return any(_FORM_BEGINS.search(line.text) or _MINING.search(line.text) for line in head)


def _header_and_footer(sheet: str, read: _Pass) -> tuple[dict[str, Text], dict[str, Text]]:
    return read_header(sheet, _split(read.head)[1]), read_footer(sheet, _split(read.table.footer_lines)[1])


def _wants_second_look(read: _Pass, header: dict[str, Text], footer: dict[str, Text]) -> bool:
    blank_texts = any(text.text is None for text in (*header.values(), *footer.values()))
    return blank_texts or read.table.blank_cells or read.table.blank_rows or not read.table.row_count


def _split(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """(application, form): Annex 1 may stand on the same sheet, above or below the form."""
    lines = list(lines)
    start = _application_line(lines)
    if start is None:
        return [], lines
    end = next((n for n in range(start + 1, len(lines)) if _FORM_BEGINS.search(lines[n].text)), len(lines))
    return lines[:end], lines[end:] if end < len(lines) else lines[:start]


def _application_line(lines: list[Line]) -> int | None:
    text = "\n".join(" ".join(line.text.split()) for line in lines)[: limits.DOCUMENT_CHARACTERS]
    if not is_application(text):
        return None
    start = application_start(text)
    return text[:start].count("\n") if start is not None else None


def _read_application(source: _Source, read: _Pass, result: WorkbookRead) -> None:
    for lines in (read.head, read.table.footer_lines):
        part = _split(lines)[0] if read.number_row is not None else lines
        passage = Passage.of_sheet(source.sheet, part)
        if is_application(passage.text):
            result.applications.append(read_application(source.file, passage))


def _form(source: _Source, read: _Pass, header: dict[str, Text], footer: dict[str, Text]) -> FormRead:
    assert read.number_row is not None
    words = "\n".join(line.text for line in (*read.head, *read.table.footer_lines))
    return FormRead(
        file=source.file,
        file_sha256=source.sha256,
        sheet=source.sheet,
        hidden=source.hidden,
        language=language_of(words),
        numbering=read.number_row.numbering.way,
        number_row=read.row,
        number_row_repeats=tuple(read.table.number_row_repeats),
        total_rows=tuple(read.table.total_rows),
        header=header,
        footer=footer,
        rows=RAW_ROWS.empty_table(),
    )
