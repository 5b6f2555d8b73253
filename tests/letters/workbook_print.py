"""How a sheet of a workbook comes out on paper, worked out from its settings."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_A4_LANDSCAPE = 11.69
"""Inches."""
_CHARACTER = 7 / 96
"""Inches of a digit in Calibri 11, the unit of a column's width."""
_SMALLEST = 7.0
"""Points of the smallest print that is read without a glass."""
_SIZE = 10.0
"""Points of the cells' text."""


def complaints(sheet: Worksheet) -> list[str]:
    """What keeps a print of this sheet from being read; one with a table repeats the row of its headings."""
    found = []
    setup, margins = sheet.page_setup, sheet.page_margins
    if (setup.orientation, int(setup.paperSize), setup.fitToHeight) != ("landscape", 9, 0):
        found.append("no landscape A4 with as many pages below each other as it takes")
    if not sheet.sheet_properties.pageSetUpPr.fitToPage:
        found.append("not fitted")
    widths = [sheet.column_dimensions[get_column_letter(at)].width for at in range(1, sheet.max_column + 1)]
    across = int(setup.fitToWidth)
    repeated = widths[0] * (across - 1)
    points = _SIZE * across * (_A4_LANDSCAPE - margins.left - margins.right) / ((sum(widths) + repeated) * _CHARACTER)
    if points < _SMALLEST:
        found.append(f"print of {points:.1f} points")
    if across > 1 and sheet.print_title_cols != "$A:$A":
        found.append("the first column is not on each page")
    if sheet.auto_filter.ref and not sheet.print_title_rows:
        found.append("the headings are not on each page")
    if "&P" not in (sheet.oddFooter.right.text or ""):
        found.append("no number of the page")
    return found
