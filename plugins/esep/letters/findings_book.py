"""findings.xlsx: every listed fault on one sheet that can be filtered, and the true counts by rule on a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from esep.documents.deterministic import restamp
from esep.examination.model import Finding
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
from esep.letters.remarks import Citations, DetectedFinding, Remarks, detected_on, filing_no
from esep.letters.wording import citation, day_digits, found_in_all

CellOf = Callable[[Finding], str | None]
"""A1 address of a finding, where it is known."""
_LANGUAGES = ("kk", "ru", "en")
_COLUMNS = (
    # (text of the heading, width in characters)
    ("rule", 8),
    ("lane", 26),
    ("severity", 16),
    ("paragraph", 36),
    ("file", 26),
    ("sheet", 14),
    ("cell", 9),
    ("row", 8),
    ("column", 9),
    ("found", 34),
    ("expected", 26),
    ("count", 11),
)
_DETECTED_COLUMNS = (("filing", 15), ("detected_on", 13))
"""Further columns of a notice: of which filing, and since when it is known."""
_MESSAGE_WIDTH = 52
SHEET = "Findings"
COUNTS_SHEET = "Counts"


def write_findings_book(path: Path, remarks: Remarks, citations: Citations, cell_of: CellOf, day: date) -> None:
    """Write the workbook to `path`; the bytes depend on nothing but the arguments."""
    workbook, looks = Workbook(write_only=True), Looks()
    _write_findings(workbook, looks, remarks, citations, cell_of)
    _write_counts(workbook, looks, remarks)
    unstamped = path.with_name(f"{path.name}.unstamped")
    workbook.save(unstamped)
    restamp(unstamped, path, day)
    unstamped.unlink()


def _write_findings(workbook: Workbook, looks: Looks, remarks: Remarks, citations: Citations, cell_of: CellOf) -> None:
    sheet = workbook.create_sheet(SHEET)
    told = any(isinstance(finding, DetectedFinding) for finding in remarks.findings)
    columns = (*_COLUMNS, *_DETECTED_COLUMNS) if told else _COLUMNS
    headings = [_three(key) for key, _ in columns] + [phrase("remark", language) for language in _LANGUAGES]
    widths = [width for _, width in columns] + [_MESSAGE_WIDTH] * 3
    _set_up(sheet, widths, len(remarks.findings) + 1)
    sheet.append(_headings(sheet, looks, headings))
    for number, finding in enumerate(remarks.findings, start=2):
        day = detected_on(finding)
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
            found_in_all(finding),
            finding.expected,
            finding.occurrences,
            *((filing_no(finding), day_digits(day) if day else None) if told else ()),
            finding.message_kk,
            finding.message_ru,
            finding.message_en,
        )
        fill = FILL_OF_LANE[finding.lane.value]
        row = [_cell(sheet, looks, values[0], fill), *(_cell(sheet, looks, value) for value in values[1:])]
        sheet.row_dimensions[number].height = height_of(zip(values, widths, strict=True))
        sheet.append(row)


def _write_counts(workbook: Workbook, looks: Looks, remarks: Remarks) -> None:
    sheet = workbook.create_sheet(COUNTS_SHEET)
    counts = counts_by_rule(remarks.findings)
    _set_up(sheet, [10, 24, 18, 14], len(counts) + 1)
    sheet.append(_headings(sheet, looks, [_three(key) for key in ("rule", "lane", "severity", "count")]))
    for rule_id, entry in counts.items():
        row = (rule_id, _words(entry["lane"]), _words(entry["severity"]), entry["count"])
        sheet.append([_cell(sheet, looks, value) for value in row])
    sheet.append([_cell(sheet, looks, value) for value in (_three("total"), None, None, remarks.fault_count)])


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


def _headings(sheet: Any, looks: Looks, texts: list[str]) -> list[Any]:
    cells = []
    for text in texts:
        cell = WriteOnlyCell(sheet, text)
        looks.dress(cell, HEADING_FONT, fill=HEADING_FILL, border=GRID, alignment=WRAPPED)
        cells.append(cell)
    return cells


def _cell(sheet: Any, looks: Looks, value: object, fill: PatternFill | None = None) -> Any:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, int):
        cell.value = value
    elif value is not None:
        put_text(cell, value)
    alignment = CENTRED if isinstance(value, int) else WRAPPED
    looks.dress(cell, BODY_FONT, fill=fill, border=GRID, alignment=alignment)
    return cell


def _three(key: str) -> str:
    return "\n".join(phrase(key, language) for language in _LANGUAGES)


def _words(key: str) -> str:
    return " / ".join(phrase(key, language) for language in _LANGUAGES)


def cell_lookup(columns: Mapping[tuple[str | None, str, str], Mapping[str, str]]) -> CellOf:
    """`columns`: (filing, file, sheet) → printed column → letter of the worksheet's column.

    The filing is named only where a letter may tell of several (see remarks.filing_no).
    """

    def cell_of(finding: Finding) -> str | None:
        if finding.file is None or finding.sheet is None or finding.row is None or finding.column_no is None:
            return None
        found = columns.get((filing_no(finding), finding.file, finding.sheet), {})
        letter = found.get(finding.column_no)
        return f"{letter}{finding.row}" if letter else None

    return cell_of
