"""findings.xlsx: every listed fault on one sheet that can be filtered, and the true counts by rule on a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from esep.documents.book import Book
from esep.documents.model import Cell, Column, Kind, Section, Table
from esep.documents.plain import CELL_LIMIT
from esep.examination.model import Finding, Lane
from esep.letters.remarks import PARAGRAPH_OF_LANE, Citations, DetectedFinding, Remarks, detected_on, filing_no
from esep.letters.wording import citation, found_in_all, phrase
from esep.texts import numbers, text

CellOf = Callable[[Finding], str | None]
"""A1 address of a finding, where it is known."""
_LANGUAGES = ("kk", "ru", "en")
_COLUMNS = (
    # (text of the heading, kind, width in characters)
    ("rule", Kind.TEXT, 8),
    ("lane", Kind.TEXT, 26),
    ("severity", Kind.TEXT, 16),
    ("paragraph", Kind.TEXT, 36),
    ("file", Kind.TEXT, 26),
    ("sheet", Kind.TEXT, 14),
    ("cell", Kind.TEXT, 9),
    ("row", Kind.NUMBER, 8),
    ("column", Kind.TEXT, 9),
    ("found", Kind.TEXT, 34),
    ("expected", Kind.TEXT, 26),
    ("count", Kind.NUMBER, 11),
)
_DETECTED_COLUMNS = (("filing", Kind.TEXT, 15), ("detected_on", Kind.TEXT, 13))
"""Further columns of a notice: of which filing, and since when it is known."""
_COUNTS = (("rule", Kind.TEXT, 10), ("lane", Kind.TEXT, 24), ("severity", Kind.TEXT, 18), ("count", Kind.NUMBER, 14))
_MESSAGE_WIDTH = 52
SHEET = "Findings"
COUNTS_SHEET = "Counts"


def write_findings_book(path: Path, remarks: Remarks, citations: Citations, cell_of: CellOf, day: date) -> None:
    """Write the workbook to `path`; the bytes depend on nothing but the arguments."""
    book = Book(_LANGUAGES)
    book.add_section(Section("", [_findings(remarks, citations, cell_of)], SHEET))
    book.add_section(Section("", [_counts(remarks)], COUNTS_SHEET))
    book.save(path, day)


def columns_in_all(columns: Iterable[tuple[str, Kind, int]]) -> list[Column]:
    """Columns with their headings in three languages, one below the other."""
    return [Column("\n".join(in_all(key)), kind, width, CELL_LIMIT) for key, kind, width in columns]


def message_columns(width: int) -> list[Column]:
    """A column for the message in each language."""
    return [Column(phrase("remark", language), Kind.TEXT, width, CELL_LIMIT) for language in _LANGUAGES]


def in_all(key: str) -> tuple[str, ...]:
    return tuple(phrase(key, language) for language in _LANGUAGES)


def _lane_and_severity(lane: str, severity: str) -> tuple[str, str]:
    """In all languages; the lane with the paragraph that it is of."""
    paragraph = PARAGRAPH_OF_LANE[Lane(lane)]
    lanes = (f"{text(f'state.lane_{lane}', each)} ({citation(paragraph, each)})" for each in _LANGUAGES)
    return " / ".join(lanes), " / ".join(text(f"state.severity_{severity}", each) for each in _LANGUAGES)


def _findings(remarks: Remarks, citations: Citations, cell_of: CellOf) -> Table:
    detected = any(isinstance(finding, DetectedFinding) for finding in remarks.findings)
    columns = (*_COLUMNS, *_DETECTED_COLUMNS) if detected else _COLUMNS
    rows = [_row(finding, citations, cell_of, detected=detected) for finding in remarks.findings]
    looks = {number: finding.lane.value for number, finding in enumerate(remarks.findings)}
    return Table([*columns_in_all(columns), *message_columns(_MESSAGE_WIDTH)], rows, looks=looks)


def _row(finding: Finding, citations: Citations, cell_of: CellOf, *, detected: bool) -> Sequence[Cell]:
    day = detected_on(finding)
    paragraph = citations.paragraph(finding)
    return (
        finding.rule_id,
        *_lane_and_severity(finding.lane, finding.severity),
        " / ".join(citation(paragraph, language) for language in _LANGUAGES),
        finding.file,
        finding.sheet,
        cell_of(finding),
        finding.row,
        finding.column_no,
        found_in_all(finding),
        finding.expected,
        finding.occurrences,
        *((filing_no(finding), numbers.day(day, "ru") if day else None) if detected else ()),
        finding.message_kk,
        finding.message_ru,
        finding.message_en,
    )


def _counts(remarks: Remarks) -> Table:
    rows = [
        (rule_id, *_lane_and_severity(entry["lane"], entry["severity"]), entry["count"])
        for rule_id, entry in counts_by_rule(remarks.findings).items()
    ]
    return Table(columns_in_all(_COUNTS), rows, (" ".join(in_all("total")), None, None, remarks.fault_count))


def counts_by_rule(findings: Iterable[Finding]) -> dict[str, dict[str, Any]]:
    """Rule id → lane, severity (of its first finding) and the true count of its faults, by rule id."""
    counts: dict[str, dict[str, Any]] = {}
    for finding in findings:
        entry = counts.setdefault(
            finding.rule_id, {"lane": finding.lane.value, "severity": finding.severity.value, "count": 0}
        )
        entry["count"] += finding.occurrences
    return dict(sorted(counts.items()))


def cell_lookup(columns: Mapping[tuple[str | None, str, str], Mapping[str, str]]) -> CellOf:
    """`columns`: (filing, file, sheet) → printed column → letter of the worksheet's column.

    The filing is named only where a letter may be about several (see remarks.filing_no).
    """

    def cell_of(finding: Finding) -> str | None:
        if finding.file is None or finding.sheet is None or finding.row is None or finding.column_no is None:
            return None
        found = columns.get((filing_no(finding), finding.file, finding.sheet), {})
        letter = found.get(finding.column_no)
        return f"{letter}{finding.row}" if letter else None

    return cell_of
