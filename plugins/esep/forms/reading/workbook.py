"""A workbook: its sheets, the 1-ЦМ tables and the application on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from esep.detail import Detail
from esep.forms.annex2 import PERIOD_LABEL, Way
from esep.forms.document import ApplicationRead, FileRead, FormRead, MessageRead, Text
from esep.forms.reading import limits
from esep.forms.reading.application import application_start, is_application, read_application
from esep.forms.reading.footer import begins_explanation, read_footer
from esep.forms.reading.message import read_message
from esep.forms.reading.number_row import NumberRow, find_number_row
from esep.forms.reading.sheets import Cells, Line, Sheet, address, letters, line_of
from esep.forms.reading.table import TableRead, TableReader
from esep.forms.reading.words import Passage, any_of, clean_period, has_month_and_year, language_of

_LABEL = re.compile(any_of((*PERIOD_LABEL.values(), "Есептік кезең", "Отчётный месяц", "Есепті ай")), re.IGNORECASE)
_OTHER_LINES = re.compile(r"бұйры|приказ|№|https?:|\.kz|мерзімі|срок", re.IGNORECASE)
"""Words of lines whose dates are not the period: the order's own date, the web address, the due date."""


def read_header(sheet: str, lines: Sequence[Line]) -> dict[str, Text]:
    """`period` when its label or a phrase with month and year is above the table."""
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
"""A line that belongs to Annex 2, where both annexes are on one sheet."""
_MINING = re.compile(r"майнинг|майнер", re.IGNORECASE)
_EXPLANATION = re.compile(r"түсініктеме|пояснени", re.IGNORECASE)
_TITLE_LINES = 4
"""Lines that the title of the explanation takes at most. With fewer above it, a sheet holds nothing else."""


@dataclass(slots=True)
class _Pass:
    """One run over a sheet."""

    head: list[Line] = field(default_factory=list)
    number_row: NumberRow | None = None
    row: int = 0
    first_column: int = 0
    table: TableRead = field(default_factory=TableRead)
    header: dict[str, Text] = field(default_factory=dict)
    footer: dict[str, Text] = field(default_factory=dict)


def read_sheets(sheets: Iterable[Sheet], file: FileRead) -> FileRead:
    """The file with what its sheets hold, hidden ones as well. Raises FileError for a sheet that cannot be parsed."""
    forms: list[FormRead] = []
    applications: list[ApplicationRead] = []
    hidden, repeated, unnumbered = [], [], []
    messages: list[MessageRead] = []
    for sheet in sheets:
        if sheet.repeats:
            repeated.append(sheet.name)
            continue
        if sheet.hidden:
            hidden.append(sheet.name)
        read = _read(sheet)
        applications += _applications(sheet.name, read, file.path)
        if read.number_row is not None:
            forms.append(_form(sheet, read, file))
        elif _lacks_number_row(read):
            unnumbered.append(f"«{sheet.name}»")
        elif message := read_message(file.path, ("\t".join(text for _, text in line.cells) for line in read.head)):
            messages.append(message)
    return replace(
        file,
        detail=Detail.of("no_number_row", sheets=", ".join(unnumbered)) if unnumbered else None,
        forms=tuple(forms),
        applications=tuple(applications),
        messages=() if forms or applications or unnumbered else tuple(messages),
        hidden_sheets=tuple(hidden),
        repeated_sheets=tuple(repeated),
    )


def _read(sheet: Sheet) -> _Pass:
    """What a sheet holds, by a second look where the first saw blanks that may be errors or formulas."""
    read = _pass_over(sheet.name, sheet.cells, since_1904=sheet.since_1904)
    if _wants_second_look(read) and (again := sheet.again()) is not None:
        return _pass_over(sheet.name, again, since_1904=sheet.since_1904)
    return read


def _lacks_number_row(read: _Pass) -> bool:
    """Whether a sheet says that it is the form, and has no number row."""
    explained = next((n for n, line in enumerate(read.head) if _EXPLANATION.search(line.text)), None)
    if explained is not None and explained < _TITLE_LINES:
        return False
    text = "\n".join(line.text for line in read.head[:explained])[: limits.DOCUMENT_CHARACTERS]
    return bool(FORM_WORDS.search(text) and not is_application(text))


def _pass_over(sheet: str, cells: Cells, *, since_1904: bool) -> _Pass:
    read, rows = _head_of(cells)
    if read.number_row is not None:
        table = TableReader(read.number_row, read.first_column, read.head, since_1904=since_1904)
        read.table = table.read(rows, read.row + 1, cells.merged_cell_ranges or ())
        read.header = read_header(sheet, _split(read.head)[1])
        read.footer = read_footer(sheet, _split(read.table.footer_lines)[1])
    return read


def _head_of(cells: Cells) -> tuple[_Pass, Iterator[list[Any]]]:
    """A sheet down to its number row, or as far as that is looked for; and the rows below."""
    read = _Pass(first_column=cells.start[1] if cells.start else 0)
    rows: Iterator[list[Any]] = cells.iter_rows() if cells.start else iter(())
    above: list[Any] = []
    for values in rows:
        read.row += 1
        if not any(values):
            continue
        number_row = find_number_row(values, above)
        if number_row is not None and _names_the_form(number_row, read.head) and not _in_explanation(read.head):
            read.number_row = number_row
            break
        above = values
        line = line_of(read.row, values, read.first_column)
        if line.cells:
            read.head.append(line)
        if len(read.head) > limits.HEAD_LINES:
            break
    return read, rows


def _names_the_form(number_row: NumberRow, head: Iterable[Line]) -> bool:
    """Columns counted on from 1 to 10 are this form's only below words that name it."""
    if number_row.numbering.way is not Way.COUNTED_ON:
        return True
    return any(_FORM_BEGINS.search(line.text) or _MINING.search(line.text) for line in head)


def _in_explanation(head: Sequence[Line]) -> bool:
    """Whether what comes next belongs to the explanation: its columns are numbered as the form's are."""
    title = next((n for n, line in enumerate(head) if begins_explanation(line)), None)
    return title is not None and not any(_FORM_BEGINS.search(line.text) for line in head[title + 1 :])


def _wants_second_look(read: _Pass) -> bool:
    if read.number_row is None:
        return False
    blank_texts = any(text.text is None for text in (*read.header.values(), *read.footer.values()))
    return blank_texts or read.table.blank_cells or read.table.blank_rows or not read.table.rows.num_rows


def _split(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """(application, form): Annex 1 may be on the same sheet, above or below the form."""
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


def _applications(sheet: str, read: _Pass, file: str) -> Iterator[ApplicationRead]:
    for lines in (read.head, read.table.footer_lines):
        part = _split(lines)[0] if read.number_row is not None else lines
        passage = Passage(
            sheet, ([(text, line.row, address(line.row, at)) for at, text in line.cells] for line in part)
        )
        if is_application(passage.text):
            yield read_application(file, passage)


def _form(sheet: Sheet, read: _Pass, file: FileRead) -> FormRead:
    assert read.number_row is not None
    words = "\n".join(line.text for line in (*read.head, *read.table.footer_lines))
    return FormRead(
        file=file.path,
        file_sha256=file.sha256,
        sheet=sheet.name,
        hidden=sheet.hidden,
        language=language_of(words),
        numbering=read.number_row.numbering.way,
        number_row=read.row,
        number_row_repeats=tuple(read.table.number_row_repeats),
        total_rows=tuple(read.table.total_rows),
        header=read.header,
        footer=read.footer,
        rows=read.table.rows,
    )


def columns_of_sheet(cells: Cells) -> dict[str, str]:
    """Letters of the worksheet's columns by the printed numbers of its number row; empty if it has none."""
    read, _ = _head_of(cells)
    if read.number_row is None:
        return {}
    return {number: letters(read.first_column + place) for number, place in read.number_row.printed.items()}
