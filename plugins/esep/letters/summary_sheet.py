"""The sheet in front of a marked copy: what this is, how much was found, and where."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from esep.letters.cells import (
    BODY_FONT,
    CENTRED,
    FILL_OF_LANE,
    GRID,
    HEADING_FILL,
    HEADING_FONT,
    WRAPPED,
    Looks,
    height_of,
    put_text,
)
from esep.letters.phrases import phrase

LINES = 1000
"""Findings listed on the summary sheet; findings.xlsx has all."""
_LANGUAGES = ("kk", "ru", "en")
_TITLE_FONT = Font(name="Calibri", size=14, bold=True, color="1F4E5F")
_LINK_FONT = Font(name="Calibri", size=10, underline="single", color="0563C1")
_COLUMNS = (("rule", 8), ("sheet", 16), ("cell", 9), ("count", 12), ("found", 30), ("expected", 22))
_WIDTHS = (*(width for _, width in _COLUMNS), 46, 46, 46)


def write_summary(
    workbook: Any,
    name: str,
    heading: str,
    lines: list[tuple[dict[str, Any], tuple[str, str] | None]],
    general: list[dict[str, Any]],
    commented: int,
    without: int,
) -> None:
    """Put the sheet in front of `workbook`. `lines`: findings of this file with sheet and address of their cell.

    `general`: findings of the package as a whole; `commented`: cells with a comment; `without`: cases without one.
    """
    sheet = workbook.create_sheet(phrase("summary_sheet", "ru"), 0)
    workbook.active = 0
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet
    sheet.sheet_view.showGridLines = False
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    row = _write_head(sheet, len(_WIDTHS), heading, name, commented, without)
    headings = ["\n".join(phrase(key, language) for language in _LANGUAGES) for key, _ in _COLUMNS]
    headings += [phrase("remark", language) for language in _LANGUAGES]
    looks = Looks()
    for column, text in enumerate(headings, start=1):
        looks.dress(sheet.cell(row, column, text), HEADING_FONT, fill=HEADING_FILL, border=GRID, alignment=WRAPPED)
    sheet.row_dimensions[row].height = 42
    sheet.freeze_panes = f"A{row + 1}"
    sheet.print_title_rows = f"{row}:{row}"
    entries = [*((finding, None) for finding in general), *lines][:LINES]
    for offset, (finding, place) in enumerate(entries, start=1):
        _write_line(sheet, looks, row + offset, finding, place)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_head(sheet: Any, width: int, heading: str, name: str, commented: int, without: int) -> int:
    """The lines above the table; returns the row of its headings."""
    texts = [(" · ".join(phrase("summary_title", language) for language in _LANGUAGES), _TITLE_FONT, 1)]
    texts += [(heading, BODY_FONT, 1), (name, BODY_FONT, 1)]
    for language in _LANGUAGES:
        note = phrase("summary_note", language)
        texts.append((f"{note} {phrase('summary_cap', language, shown=commented, rest=without)}", BODY_FONT, 2))
    for row, (text, font, height) in enumerate(texts, start=1):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        cell = sheet.cell(row, 1)
        put_text(cell, text)
        cell.font = font
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.row_dimensions[row].height = 20 if row == 1 else 15 * height
    return len(texts) + 2


def _write_line(sheet: Any, looks: Looks, row: int, finding: dict[str, Any], place: tuple[str, str] | None) -> None:
    whole = " / ".join(phrase("whole_package", language) for language in _LANGUAGES) if not finding["file"] else None
    values = (
        finding["rule_id"],
        finding["sheet"] or whole or finding["file"],
        place[1] if place else None,
        finding["occurrences"],
        finding["found"],
        finding["expected"],
        finding["message_kk"],
        finding["message_ru"],
        finding["message_en"],
    )
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, int):
            cell.value = value
        else:
            put_text(cell, value, 2000)
        fill = FILL_OF_LANE[finding["lane"]] if column == 1 else None
        font = _LINK_FONT if place and column == 3 else BODY_FONT
        alignment = CENTRED if isinstance(value, int) else WRAPPED
        looks.dress(cell, font, fill=fill, border=GRID, alignment=alignment)
    sheet.row_dimensions[row].height = height_of(zip(values, _WIDTHS, strict=True))
    if place:
        link = sheet.cell(row, 3)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(place[0])}!{place[1]}")
