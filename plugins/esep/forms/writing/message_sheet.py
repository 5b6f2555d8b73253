"""The voluntary message that nothing was distributed in a month, on a worksheet."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from esep.forms import message
from esep.forms.writing.content import MessageContent

_FONT = "Times New Roman"
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_WIDTHS = {"A": 42, "B": 50}
_TALL = 48.0
"""Points of a row that holds a sentence of three lines."""


def write_message_sheet(sheet: Worksheet, content: MessageContent) -> None:
    """Labels left, values right; what is None stays a blank line."""
    language = content.language
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    row = 1
    for text, font in (
        (message.TITLE[language], Font(name=_FONT, size=13, bold=True)),
        (message.VOLUNTARY[language], Font(name=_FONT, size=10)),
    ):
        _across(sheet, row, text, font)
        row += 2
    values = content.values()
    for line in message.LINES:
        if line is message.HEAD:
            _across(sheet, row, message.STATEMENT[language], Font(name=_FONT, size=12))
            row += 2
        sheet.cell(row, 1, line.label[language]).font = Font(name=_FONT, size=12)
        cell = sheet.cell(row, 2)
        cell.number_format = "@"
        if (value := values[line.key]) is not None:
            cell.value, cell.data_type = value, "s"
        cell.font, cell.border = Font(name=_FONT, size=12), Border(bottom=Side(style="thin"))
        row += 1
        if line.caption[language]:
            sheet.cell(row, 2, line.caption[language]).font = Font(name=_FONT, size=9, italic=True)
            sheet.cell(row, 2).alignment = _WRAPPED
            row += 1
    sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 9, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_view.showGridLines = False


def _across(sheet: Worksheet, row: int, text: str, font: Font) -> None:
    cell = sheet.cell(row, 1, text)
    cell.font, cell.alignment = font, _WRAPPED
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_WIDTHS))
    sheet.row_dimensions[row].height = _TALL
