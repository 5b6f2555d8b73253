"""Annex 2 (form 1-ЦМ) on a worksheet."""

from __future__ import annotations

from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from esep.forms import annex2
from esep.forms.writing import style
from esep.forms.writing.content import Cell, FormContent

_LABEL_WIDTH = 3
"""Columns that a footer label takes (1-3), so that its value stands in the fourth."""
_SECOND_LABEL = 6
"""Column where the second pair of the footer's first line begins."""


_ALIGNMENT = {
    "row_no": style.CENTRE,
    "distributed_on": style.CENTRE,
    "asset": style.CENTRE,
    "quantity": style.NUMBER,
    "reward_asset": style.CENTRE,
    "reward_quantity": style.NUMBER,
}


def write_form_sheet(sheet: Worksheet, content: FormContent) -> None:
    """Write the whole form; raises ValueError for an unknown numbering or a row that has not ten cells."""
    if content.numbering not in annex2.NUMBERINGS:
        known = ", ".join(annex2.NUMBERINGS)
        raise ValueError(f"numbering {content.numbering!r}: expected one of {known}")
    columns = _columns(content.numbering)
    _set_widths(sheet, columns)
    row = _write_header(sheet, content, len(columns))
    first_heading = row
    row = _write_headings(sheet, content, columns, row)
    sheet.print_title_rows = f"{first_heading}:{row - 1}"
    sheet.freeze_panes = f"A{row}"
    row = _write_rows(sheet, content, columns, row)
    _write_footer(sheet, content, len(columns), row + 1)
    style.page(sheet, landscape=True)


def _columns(numbering: str) -> list[annex2.Column | None]:
    """The columns from left to right; None is the separate column 9 of the explanation."""
    columns: list[annex2.Column | None] = list(annex2.COLUMNS)
    if numbering == "9/10/11":
        columns.insert(8, None)
    return columns


def _set_widths(sheet: Worksheet, columns: list[annex2.Column | None]) -> None:
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width if column else 15


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


def _write_headings(sheet: Worksheet, content: FormContent, columns: list[annex2.Column | None], row: int) -> int:
    """Two rows of headings and the number row; returns the first row below them."""
    language = content.language
    spanning = [number for number, column in enumerate(columns, start=1) if number > 8]
    for number, column in enumerate(columns, start=1):
        heading = column.heading[language] if column else annex2.SPANNING_HEADING[language]
        lines = (row, row + 1) if number not in spanning else (row + 1,)
        for line in (row, row + 1):
            box = sheet.cell(line, number)
            box.border, box.fill = style.BOX, style.HEADING_FILL
        cell = sheet.cell(lines[0], number, heading)
        cell.font, cell.alignment = style.BOLD, style.CENTRE
        if len(lines) == 2:
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=number, end_column=number)
    style.put(
        sheet,
        row,
        spanning[0],
        spanning[-1],
        annex2.SPANNING_HEADING[language],
        font=style.BOLD,
        alignment=style.CENTRE,
        border=style.BOX,
    )
    sheet.row_dimensions[row].height = 2 * style.LINE_HEIGHT
    sheet.row_dimensions[row + 1].height = 3 * style.LINE_HEIGHT
    for number, text in enumerate(annex2.NUMBERINGS[content.numbering], start=1):
        cell = sheet.cell(row + 2, number, text)
        cell.number_format = "@"
        cell.font, cell.alignment, cell.border = style.TEXT, style.CENTRE, style.BOX
    return row + 3


def _write_rows(sheet: Worksheet, content: FormContent, columns: list[annex2.Column | None], row: int) -> int:
    for cells in content.rows:
        if len(cells) != len(annex2.COLUMNS):
            raise ValueError(
                f"a row of form 1-ЦМ has {len(annex2.COLUMNS)} cells, this one has {len(cells)}: {cells!r}"
            )
        _write_row(sheet, columns, row, list(cells))
        row += 1
    for _ in range(content.blank_rows):
        _write_row(sheet, columns, row, [None] * len(annex2.COLUMNS))
        row += 1
    return row


def _write_row(sheet: Worksheet, columns: list[annex2.Column | None], row: int, cells: list[Cell]) -> None:
    values = iter(cells)
    for number, column in enumerate(columns, start=1):
        value = next(values) if column else None
        cell = sheet.cell(row, number)
        cell.font, cell.border = style.TEXT, style.BOX
        cell.number_format = column.number_format if column else "@"
        if isinstance(value, Decimal):
            value = format(value, "f")
        if isinstance(value, int | float) and cell.number_format == "@":
            cell.number_format = "General"
        style.write_value(cell, value)
        name = column.name if column else ""
        cell.alignment = _ALIGNMENT.get(name, style.LEFT)


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
