"""Marking one workbook: values instead of formulas, comments on the faulty cells, a summary sheet in front."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from esep.documents.book import FILLS, Book, Cells, put_text
from esep.documents.model import ColumnOf, Kind, table_of
from esep.documents.plain import CELL_LIMIT, shown
from esep.forms.reading.number_row import find_number_row
from esep.letters.findings_book import heading as heading_of
from esep.letters.findings_book import in_all
from esep.letters.wording import phrase

COMMENTED_CELLS = 1000
"""Cells of a workbook that get a comment; the summary sheet says how many cases have none."""
_FINDINGS_IN_COMMENT = 3
_COMMENT_LIMIT = 400
"""Characters of one message in a comment."""
_HEAD_ROWS = 200
"""Worksheet rows searched for the number row."""
_AUTHOR = "Esep"
LINES = 1000
"""Findings listed on the summary sheet; findings.xlsx has all."""
_MESSAGE_WIDTH = 30
Entry = tuple[dict[str, Any], tuple[str, str] | None]
"""A finding as Finding.as_dict gives it, with sheet and address of its cell."""
_SUMMARY: tuple[ColumnOf[Entry], ...] = (
    # (key of the heading, kind, width in characters, value)
    ("rule", Kind.TEXT, 8, lambda entry: entry[0]["rule_id"]),
    ("sheet", Kind.TEXT, 16, lambda entry: _where(entry[0])),
    ("cell", Kind.TEXT, 9, lambda entry: entry[1][1] if entry[1] else None),
    ("count", Kind.NUMBER, 12, lambda entry: entry[0]["occurrences"]),
    ("found", Kind.TEXT, 30, lambda entry: entry[0]["found"]),
    ("expected", Kind.TEXT, 22, lambda entry: entry[0]["expected"]),
    ("remark_kk", Kind.TEXT, _MESSAGE_WIDTH, lambda entry: entry[0]["message_kk"]),
    ("remark_ru", Kind.TEXT, _MESSAGE_WIDTH, lambda entry: entry[0]["message_ru"]),
    ("remark_en", Kind.TEXT, _MESSAGE_WIDTH, lambda entry: entry[0]["message_en"]),
)


def mark(
    source: Path, target: Path, name: str, findings: list[dict[str, Any]], general: list[dict[str, Any]], heading: str
) -> tuple[int, dict[str, dict[str, str]]]:
    """Write the marked copy of the workbook `source` to `target`.

    Gives how many cells have a comment, and sheet → printed column → letter.

    `findings` are those of this file, `general` those of the package; both as Finding.as_dict gives them. Raises what
    openpyxl raises for a workbook that it cannot read.
    """
    # The path may be no UTF-8 and end in anything; openpyxl goes by the name only when it is given one.
    with source.open("rb") as file:
        workbook = load_workbook(file, data_only=True, keep_links=False)
    columns = {sheet.title: found for sheet in workbook.worksheets if (found := _columns(sheet))}
    workbook.defined_names.clear()
    for sheet in workbook.worksheets:
        _disarm(sheet)
    cells = _cells_of(workbook, findings, columns)
    for (title, address), about in list(cells.items())[:COMMENTED_CELLS]:
        _comment(workbook[title][address], about)
    commented = min(len(cells), COMMENTED_CELLS)
    addresses = {id(finding): place for place, about in cells.items() for finding in about}
    covered = sum(one["occurrences"] for about in list(cells.values())[:COMMENTED_CELLS] for one in about)
    total = sum(finding["occurrences"] for finding in findings)
    lines = [(finding, addresses.get(id(finding))) for finding in findings]
    _write_summary(workbook, name, heading, lines, general, commented, total - covered)
    workbook.save(target)
    return commented, columns


def _columns(sheet: Any) -> dict[str, str]:
    """Where the form's columns are, by the sheet's number row; empty if it has none."""
    for row in sheet.iter_rows(max_row=_HEAD_ROWS, values_only=True):
        number_row = find_number_row(["" if value is None else value for value in row])
        if number_row:
            printed = number_row.printed.items()
            return {number: get_column_letter(sheet.min_column + position) for number, position in printed}
    return {}


def _disarm(sheet: Any) -> None:
    """Only values and their look go back: no formula, link, picture, validation or protection of a stranger."""
    for cell in sheet._cells.values():
        if cell.data_type == "f":
            cell.data_type = "s"
        if cell.hyperlink is not None:
            cell._hyperlink = None
    sheet._hyperlinks = []
    sheet._images, sheet._charts, sheet._pivots = [], [], []
    sheet.tables.clear()
    sheet.defined_names.clear()
    sheet.data_validations.dataValidation = []
    sheet.conditional_formatting = ConditionalFormattingList()
    sheet.protection.sheet = False


def _cells_of(
    workbook: Any, findings: list[dict[str, Any]], columns: dict[str, dict[str, str]]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """(sheet, A1 address) → findings of that cell, in the order of the findings."""
    cells: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    for finding in findings:
        sheet, row = sheets.get(finding["sheet"]), finding["row"]
        if sheet is None or row is None:
            continue
        letter = columns.get(sheet.title, {}).get(finding["column_no"])
        address = f"{letter}{row}" if letter else _first_filled(sheet, row)
        cells[sheet.title, _unmerged(sheet, address)].append(finding)
    return cells


def _first_filled(sheet: Any, row: int) -> str:
    """The first cell of a row with anything in it: where a line of the heading or the footer begins."""
    for column in range(1, min(sheet.max_column, 200) + 1):
        if (row, column) in sheet._cells and sheet._cells[row, column].value is not None:
            return f"{get_column_letter(column)}{row}"
    return f"A{row}"


def _unmerged(sheet: Any, address: str) -> str:
    """The upper left cell of the merged range that holds `address`, else `address`: only it can carry a comment."""
    if isinstance(sheet[address], MergedCell):
        for merged in sheet.merged_cells.ranges:
            if address in merged:
                return f"{get_column_letter(merged.min_col)}{merged.min_row}"
    return address


def _comment(cell: Any, findings: list[dict[str, Any]]) -> None:
    if cell.value is None and findings[0]["found"]:
        put_text(cell, findings[0]["found"])  # a formula without a result: its text, as the examination saw it
    own = f"\n\n{shown(cell.comment.text, _COMMENT_LIMIT)}" if cell.comment else ""
    texts = []
    for finding in findings[:_FINDINGS_IN_COMMENT]:
        messages = (shown(finding[f"message_{language}"], _COMMENT_LIMIT) for language in ("kk", "ru", "en"))
        texts.append("\n".join((f"{finding['rule_id']}", *messages)))
    rest = len(findings) - _FINDINGS_IN_COMMENT
    if rest > 0:
        texts.append(f"+ {rest}")
    comment = Comment("\n\n".join(texts) + own, _AUTHOR, width=420, height=150 * min(len(findings), 3) + 30)
    cell.comment = comment
    cell.fill = FILLS[findings[0]["lane"]]


def _write_summary(
    workbook: Any,
    name: str,
    heading: str,
    lines: list[Entry],
    general: list[dict[str, Any]],
    commented: int,
    without: int,
) -> None:
    """Put the sheet in front of `workbook`. `lines`: findings of this file with sheet and address of their cell.

    `general`: findings of the package as a whole; `commented`: cells with a comment; `without`: cases without one.
    """
    entries = [*((finding, None) for finding in general), *lines][:LINES]
    looks = {number: finding["lane"] for number, (finding, _) in enumerate(entries)}
    table = table_of(_SUMMARY, entries, heading_of, CELL_LIMIT, looks=looks)
    book = Book((), workbook)
    sheet = book.sheet(phrase("summary_sheet", "ru"), book.widths(table), position=0)
    workbook.active = 0
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet
    sheet.sheet_view.showGridLines = False
    first = _write_head(sheet, len(table.columns), heading, name, commented, without)
    sheet.freeze_panes = f"A{first + 1}"
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


def _where(finding: dict[str, Any]) -> str:
    """The sheet, else the file, else the package as a whole."""
    return finding["sheet"] or finding["file"] or " / ".join(in_all("whole_package"))
