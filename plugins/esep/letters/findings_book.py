"""findings.xlsx: every listed fault on one sheet that can be filtered, and the true counts by rule on a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from esep.examination.model import Finding
from esep.letters.cells import (
    BODY_FONT,
    CENTRED,
    FILL_OF_LANE,
    GRID,
    HEADING_FILL,
    HEADING_FONT,
    WRAPPED,
    height_of,
    put_text,
)
from esep.letters.deterministic import restamp
from esep.letters.phrases import phrase
from esep.letters.remarks import Citations, Remarks
from esep.letters.wording import citation

CellOf = Callable[[Finding], str | None]
"""A1 address of a finding, where it is known."""
_LANGUAGES = ("kk", "ru", "en")
_COLUMNS = (
    # (text of the heading, width in characters)
    ("rule", 8),
    ("lane", 15),
    ("severity", 12),
    ("paragraph", 30),
    ("file", 26),
    ("sheet", 14),
    ("cell", 9),
    ("row", 8),
    ("column", 9),
    ("found", 34),
    ("expected", 26),
    ("count", 11),
)
_MESSAGE_WIDTH = 52
SHEET = "Findings"
COUNTS_SHEET = "Counts"


def write_findings_book(path: Path, remarks: Remarks, citations: Citations, cell_of: CellOf, day: date) -> None:
    """Write the workbook to `path`; the bytes depend on nothing but the arguments."""
    workbook = Workbook(write_only=True)
    _write_findings(workbook, remarks, citations, cell_of)
    _write_counts(workbook, remarks)
    unstamped = path.with_name(f"{path.name}.unstamped")
    workbook.save(unstamped)
    restamp(unstamped, path, day)
    unstamped.unlink()


def _write_findings(workbook: Workbook, remarks: Remarks, citations: Citations, cell_of: CellOf) -> None:
    sheet = workbook.create_sheet(SHEET)
    headings = [_three(key) for key, _ in _COLUMNS] + [phrase("remark", language) for language in _LANGUAGES]
    _set_up(sheet, [width for _, width in _COLUMNS] + [_MESSAGE_WIDTH] * 3, len(remarks.findings) + 1)
    sheet.append(_headings(sheet, headings))
    widths = [width for _, width in _COLUMNS] + [_MESSAGE_WIDTH] * 3
    for number, finding in enumerate(remarks.findings, start=2):
        values = (
            finding.rule_id,
            _words(finding.lane.value),
            _words(finding.severity.value),
            " / ".join(citation(citations.paragraph(finding), language) for language in _LANGUAGES),
            finding.file,
            finding.sheet,
            cell_of(finding),
            finding.row,
            finding.column_no,
            finding.found,
            finding.expected,
            finding.occurrences,
            finding.message_kk,
            finding.message_ru,
            finding.message_en,
        )
        row = [_cell(sheet, value) for value in values]
        row[0].fill = FILL_OF_LANE[finding.lane.value]
        sheet.row_dimensions[number].height = height_of(zip(values, widths, strict=True))
        sheet.append(row)


def _write_counts(workbook: Workbook, remarks: Remarks) -> None:
    sheet = workbook.create_sheet(COUNTS_SHEET)
    counts = counts_by_rule(remarks.findings)
    _set_up(sheet, [10, 24, 18, 14], len(counts) + 1)
    sheet.append(_headings(sheet, [_three(key) for key in ("rule", "lane", "severity", "count")]))
    for rule_id, entry in counts.items():
        row = (rule_id, _words(entry["lane"]), _words(entry["severity"]), entry["count"])
        sheet.append([_cell(sheet, value) for value in row])
    sheet.append([_cell(sheet, value) for value in (_three("total"), None, None, remarks.fault_count)])


def counts_by_rule(findings: Iterable[Finding]) -> dict[str, dict[str, Any]]:
    """Rule id → lane, severity (of its first finding) and the true count of its faults, by rule id."""
    counts: dict[str, dict[str, Any]] = {}
    for finding in findings:
        entry = counts.setdefault(
            finding.rule_id, {"lane": finding.lane.value, "severity": finding.severity.value, "count": 0}
        )
        entry["count"] += finding.occurrences
    return dict(sorted(counts.items()))


def _set_up(sheet: Any, widths: list[int], rows: int) -> None:
    """A write-only sheet takes these before its first row."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{rows}"
    sheet.row_dimensions[1].height = 42
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _headings(sheet: Any, texts: list[str]) -> list[Any]:
    cells = []
    for text in texts:
        cell = WriteOnlyCell(sheet, text)
        cell.font, cell.fill, cell.border, cell.alignment = HEADING_FONT, HEADING_FILL, GRID, WRAPPED
        cells.append(cell)
    return cells


def _cell(sheet: Any, value: object) -> Any:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, int):
        cell.value = value
    elif value is not None:
        put_text(cell, value)
    cell.font, cell.border = BODY_FONT, GRID
    cell.alignment = CENTRED if isinstance(value, int) else WRAPPED
    return cell


def _three(key: str) -> str:
    return "\n".join(phrase(key, language) for language in _LANGUAGES)


def _words(key: str) -> str:
    return " / ".join(phrase(key, language) for language in _LANGUAGES)


def cell_lookup(columns: Mapping[tuple[str, str], Mapping[str, str]]) -> CellOf:
    """`columns`: (file, sheet) → printed column → letter of the worksheet's column."""

    def cell_of(finding: Finding) -> str | None:
        if finding.file is None or finding.sheet is None or finding.row is None or finding.column_no is None:
            return None
        letter = columns.get((finding.file, finding.sheet), {}).get(finding.column_no)
        return f"{letter}{finding.row}" if letter else None

    return cell_of
