"""Fonts, borders and page set-up that all written sheets share."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

TEXT = Font(name="Times New Roman", size=11)
TITLE = Font(name="Times New Roman", size=13, bold=True)
BOLD = Font(name="Times New Roman", size=11, bold=True)
SMALL = Font(name="Times New Roman", size=9)
CAPTION = Font(name="Times New Roman", size=9, italic=True, color="FF595959")
THIN = Side(style="thin", color="FF404040")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
BLANK_LINE = Border(bottom=THIN)
HEADING_FILL = PatternFill("solid", fgColor="FFF2F2F2")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
ON_LINE = Alignment(horizontal="left", vertical="bottom", wrap_text=True)
UNDER_LINE = Alignment(horizontal="center", vertical="top", wrap_text=True)
NUMBER = Alignment(horizontal="right", vertical="center")

LINE_HEIGHT = 15.0
"""Points for one line of body text."""


def put(
    sheet: Worksheet,
    row: int,
    first: int,
    last: int,
    value: object,
    *,
    font: Font = TEXT,
    alignment: Alignment = LEFT,
    border: Border | None = None,
    number_format: str | None = None,
) -> None:
    """Write one text over the columns first..last (1-based, merged when there are several)."""
    cell = sheet.cell(row, first)
    write_value(cell, value)
    cell.font = font
    cell.alignment = alignment
    if number_format is not None:
        cell.number_format = number_format
    if border is not None:
        for column in range(first, last + 1):
            sheet.cell(row, column).border = border
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def write_value(cell: Any, value: object) -> None:
    """Set a value so that text stays text: a text beginning with `=` is not turned into a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def page(sheet: Worksheet, *, landscape: bool) -> None:
    """A4, as wide as the sheet, page numbers below."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    sheet.page_margins.footer = 0.35
    sheet.oddFooter.center.text = "&P / &N"
    sheet.sheet_view.showGridLines = False
