"""Annex 2 (form 1-ЦМ) on a worksheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from esep.forms import annex2
from esep.forms.writing import style
from esep.forms.writing.content import Cell, FormContent
from esep.law.form_versions import HEADING, FormColumn

_LABEL_WIDTH = 3
"""Columns that a footer label takes (1-3), so that its value is in the fourth."""
_SECOND_LABEL = 6
"""Column where the second pair of the footer's first line begins."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How the cells of a column are shown; the width is in characters."""

    width: float
    alignment: Alignment = style.LEFT
    number_format: str = "@"
    """`@` keeps leading zeros, long addresses and decimals exactly as typed."""


_LOOK = {
    "row_number": _Look(12, style.CENTRE, "General"),
    "name": _Look(30),
    "identifier": _Look(15),
    "licence": _Look(24),
    "wallet": _Look(38),
    "day": _Look(13, style.CENTRE, "dd.mm.yyyy"),
    "asset": _Look(15, style.CENTRE),
    "quantity": _Look(22, style.NUMBER),
    "heading": _Look(15),
    "text": _Look(15),
}
"""By the kind of the column."""


def write_form_sheet(sheet: Worksheet, content: FormContent) -> None:
    """Write the whole form; raises ValueError for an unknown numbering or a row that has not a cell for each column."""
    numberings = annex2.numberings_of(content.columns())
    if content.numbering not in numberings:
        raise ValueError(f"numbering {content.numbering!r}: expected one of {', '.join(numberings)}")
    numbering = numberings[annex2.Way(content.numbering)]
    width = len(numbering.columns)
    for number, column in enumerate(numbering.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _LOOK[column.kind].width
    row = _write_header(sheet, content, width)
    first_heading = row
    row = _write_headings(sheet, content, numbering, row)
    sheet.print_title_rows = f"{first_heading}:{row - 1}"
    sheet.freeze_panes = f"A{row}"
    row = _write_rows(sheet, content, numbering.columns, row)
    _write_footer(sheet, content, width, row + 1)
    style.page(sheet, landscape=True)


def _write_header(sheet: Worksheet, content: FormContent, width: int) -> int:
    """The lines above the table; returns the row where the table's heading begins."""
    language = content.language
    style.put(sheet, 1, width - 2, width, annex2.ANNEX_OF[language], font=style.SMALL)
    sheet.row_dimensions[1].height = 3 * style.LINE_HEIGHT
    style.put(sheet, 2, width - 2, width, annex2.FORM_WORD[language], font=style.SMALL)
    row = 4
    for line in annex2.HEADER[language]:
        style.put(sheet, row, 1, width, line)
        row += 1
    style.put(sheet, row, 1, _LABEL_WIDTH, annex2.PERIOD_LABEL[language], font=style.BOLD)
    period = content.period_text() or annex2.PERIOD_BLANK[language]
    style.put(sheet, row, _LABEL_WIDTH + 1, width, period, font=style.BOLD)
    row += 1
    for line in annex2.HEADER_END[language]:
        style.put(sheet, row, 1, width, line)
        row += 1
    return row + 1


def _write_headings(sheet: Worksheet, content: FormContent, numbering: annex2.Numbering, row: int) -> int:
    """Two rows of headings and the number row; returns the first row below them."""
    language = content.language
    headings = [column for column in content.columns() if column.kind == HEADING]
    spanned: dict[str, list[int]] = {heading.name: [] for heading in headings}
    for number, column in enumerate(numbering.columns, start=1):
        for line in (row, row + 1):
            box = sheet.cell(line, number)
            box.border, box.fill = style.BOX, style.HEADING_FILL
        over = [heading.name for heading in headings if heading is column or heading.spans(column)]
        for name in over:
            spanned[name].append(number)
        cell = sheet.cell(row + 1 if over else row, number, column.heading[language])
        cell.font, cell.alignment = style.BOLD, style.CENTRE
        if not over:
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=number, end_column=number)
    for heading in headings:
        first, *_, last = spanned[heading.name]
        text = heading.heading[language]
        style.put(sheet, row, first, last, text, font=style.BOLD, alignment=style.CENTRE, border=style.BOX)
    sheet.row_dimensions[row].height = 2 * style.LINE_HEIGHT
    sheet.row_dimensions[row + 1].height = 3 * style.LINE_HEIGHT
    for number, text in enumerate(numbering.numbers, start=1):
        cell = sheet.cell(row + 2, number, text)
        cell.number_format = "@"
        cell.font, cell.alignment, cell.border = style.TEXT, style.CENTRE, style.BOX
    return row + 3


def _write_rows(sheet: Worksheet, content: FormContent, columns: Sequence[FormColumn], row: int) -> int:
    width = sum(column.kind != HEADING for column in columns)
    for cells in content.rows:
        if len(cells) != width:
            raise ValueError(f"a row of form 1-ЦМ has {width} cells, this one has {len(cells)}: {cells!r}")
        _write_row(sheet, columns, row, list(cells))
        row += 1
    for _ in range(content.blank_rows):
        _write_row(sheet, columns, row, [None] * width)
        row += 1
    return row


def _write_row(sheet: Worksheet, columns: Sequence[FormColumn], row: int, cells: list[Cell]) -> None:
    values = iter(cells)
    for number, column in enumerate(columns, start=1):
        value = None if column.kind == HEADING else next(values)
        look = _LOOK[column.kind]
        cell = sheet.cell(row, number)
        cell.font, cell.border = style.TEXT, style.BOX
        cell.number_format = look.number_format
        if isinstance(value, Decimal):
            value = format(value, "f")
        if isinstance(value, int | float) and cell.number_format == "@":
            cell.number_format = "General"
        style.write_value(cell, value)
        cell.alignment = look.alignment


def _write_footer(sheet: Worksheet, content: FormContent, width: int, row: int) -> None:
    """The labelled lines below the table: label left, value on the line beside it, caption under the value."""
    language = content.language
    name, address, *others = annex2.FOOTER
    style.put(sheet, row, 1, _LABEL_WIDTH - 1, name.label[language])
    _blank_line(sheet, row, _LABEL_WIDTH, _SECOND_LABEL - 1, content.pool_name)
    style.put(sheet, row, _SECOND_LABEL, _SECOND_LABEL, address.label[language])
    _blank_line(sheet, row, _SECOND_LABEL + 1, width, content.address)
    sheet.row_dimensions[row].height = 2 * style.LINE_HEIGHT
    row += 1
    for field in others:
        style.put(sheet, row, 1, _LABEL_WIDTH, field.label[language])
        _blank_line(sheet, row, _LABEL_WIDTH + 1, width, getattr(content, field.key))
        sheet.row_dimensions[row].height = 1.4 * style.LINE_HEIGHT
        row += 1
        if field.caption[language]:
            caption = f"({field.caption[language]})"
            style.put(sheet, row, _LABEL_WIDTH + 1, width, caption, font=style.CAPTION, alignment=style.UNDER_LINE)
            row += 1
    style.put(sheet, row + 1, 1, width, annex2.SEAL[language], font=style.SMALL)


def _blank_line(sheet: Worksheet, row: int, first: int, last: int, value: str | None) -> None:
    style.put(sheet, row, first, last, value, alignment=style.ON_LINE, border=style.BLANK_LINE, number_format="@")
