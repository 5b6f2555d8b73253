"""The sheet in front of a marked copy: what this is, how much was found, and where."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment
from openpyxl.utils.cell import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from esep.documents.book import Book
from esep.documents.cells import Cells, put_text
from esep.documents.model import Cell, Kind, Table
from esep.letters.findings_book import columns_in_all, in_all, message_columns
from esep.letters.phrases import phrase

LINES = 1000
"""Findings listed on the summary sheet; findings.xlsx has all."""
_COLUMNS = (
    ("rule", Kind.TEXT, 8),
    ("sheet", Kind.TEXT, 16),
    ("cell", Kind.TEXT, 9),
    ("count", Kind.NUMBER, 12),
    ("found", Kind.TEXT, 30),
    ("expected", Kind.TEXT, 22),
)
_MESSAGE_WIDTH = 46


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
    entries = [*((finding, None) for finding in general), *lines][:LINES]
    table = Table(
        [*columns_in_all(_COLUMNS), *message_columns(_MESSAGE_WIDTH)],
        [_row(finding, place) for finding, place in entries],
        looks={number: finding["lane"] for number, (finding, _) in enumerate(entries)},
    )
    book = Book((), workbook)
    sheet = book.sheet(phrase("summary_sheet", "ru"), book.widths(table), position=0)
    workbook.active = 0
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet
    sheet.sheet_view.showGridLines = False
    first = _write_head(sheet, len(table.columns), heading, name, commented, without)
    sheet.freeze_panes = f"A{first + 1}"
    sheet.print_title_rows = f"{first}:{first}"
    book.add_table(sheet, table, first)
    cells = Cells()
    for row, (_, place) in enumerate(entries, start=first + 1):
        if place:
            link = sheet.cell(row, 3)
            cells.dress(link, "link left")
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(place[0])}!{place[1]}")


def _write_head(sheet: Any, width: int, heading: str, name: str, commented: int, without: int) -> int:
    """The lines above the table, each as wide as it; returns the row of its headings."""
    caps = (phrase("summary_cap", language, shown=commented, rest=without) for language in ("kk", "ru", "en"))
    notes = [" ".join(pair) for pair in zip(in_all("summary_note"), caps, strict=True)]
    texts = [" · ".join(in_all("summary_title")), heading, name, *notes]
    for row, text in enumerate(texts, start=1):
        cell = sheet.cell(row, 1)
        Cells().dress(cell, "title" if row == 1 else "note")
        put_text(cell, text)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        sheet.row_dimensions[row].height = 20 if row == 1 else 15 if text not in notes else 30
    sheet.append([])
    return len(texts) + 2


def _row(finding: dict[str, Any], place: tuple[str, str] | None) -> tuple[Cell, ...]:
    whole = " / ".join(in_all("whole_package")) if not finding["file"] else None
    return (
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
