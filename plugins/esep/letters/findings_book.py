"""findings.xlsx: every listed fault on one sheet that can be filtered, and the true counts by rule on a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from esep.documents.book import Book
from esep.documents.model import ColumnOf, Kind, Section, Table, table_of
from esep.documents.plain import CELL_LIMIT
from esep.examination.model import Finding, Lane
from esep.letters.remarks import PARAGRAPH_OF_LANE, Citations, DetectedFinding, Remarks, detected_on, filing_no
from esep.letters.wording import citation, found_in_all, phrase
from esep.texts import numbers, text

CellOf = Callable[[Finding], str | None]
"""A1 address of a finding, where it is known."""
_LANGUAGES = ("kk", "ru", "en")
_MESSAGE_WIDTH = 42
SHEET = "Findings"
COUNTS_SHEET = "Counts"


def write_findings_book(path: Path, remarks: Remarks, citations: Citations, cell_of: CellOf, day: date) -> None:
    """Write the workbook to `path`; the bytes depend on nothing but the arguments."""
    book = Book(_LANGUAGES)
    book.add_section(Section("", [_findings(remarks, citations, cell_of)], SHEET))
    book.add_section(Section("", [_counts(remarks)], COUNTS_SHEET))
    book.save(path, day)


def heading(key: str) -> str:
    """A heading in three languages, one below the other; that of `remark_<language>` in this language alone."""
    name, _, language = key.partition("_")
    return phrase(name, language) if name == "remark" else "\n".join(in_all(key))


def in_all(key: str) -> tuple[str, ...]:
    return tuple(phrase(key, language) for language in _LANGUAGES)


def _findings(remarks: Remarks, citations: Citations, cell_of: CellOf) -> Table:
    columns: list[ColumnOf[Finding]] = [
        # (key of the heading, kind, width in characters, value)
        ("rule", Kind.TEXT, 8, lambda one: one.rule_id),
        ("lane", Kind.TEXT, 26, lambda one: _lane(one.lane)),
        ("severity", Kind.TEXT, 16, lambda one: _severity(one.severity)),
        ("paragraph", Kind.TEXT, 30, lambda one: _cited(citations.paragraph(one))),
        ("file", Kind.TEXT, 26, lambda one: one.file),
        ("sheet", Kind.TEXT, 14, lambda one: one.sheet),
        ("cell", Kind.TEXT, 9, cell_of),
        ("row", Kind.NUMBER, 8, lambda one: one.row),
        ("column", Kind.TEXT, 9, lambda one: one.column_no),
        ("found", Kind.TEXT, 34, found_in_all),
        ("expected", Kind.TEXT, 26, lambda one: one.expected),
        ("count", Kind.NUMBER, 11, lambda one: one.occurrences),
    ]
    if any(isinstance(finding, DetectedFinding) for finding in remarks.findings):  # of which filing, and since when
        columns += [("filing", Kind.TEXT, 15, filing_no), ("detected_on", Kind.TEXT, 13, _detected_on)]
    columns += [
        ("remark_kk", Kind.TEXT, _MESSAGE_WIDTH, lambda one: one.message_kk),
        ("remark_ru", Kind.TEXT, _MESSAGE_WIDTH, lambda one: one.message_ru),
        ("remark_en", Kind.TEXT, _MESSAGE_WIDTH, lambda one: one.message_en),
    ]
    looks = {number: finding.lane.value for number, finding in enumerate(remarks.findings)}
    return table_of(columns, remarks.findings, heading, CELL_LIMIT, looks=looks)


def _detected_on(finding: Finding) -> str | None:
    day = detected_on(finding)
    return numbers.day(day, "ru") if day else None


def _lane(lane: Lane) -> str:
    """In all languages, with the paragraph that it is of."""
    paragraph = PARAGRAPH_OF_LANE[lane]
    return " / ".join(f"{text(f'state.lane_{lane}', one)} ({citation(paragraph, one)})" for one in _LANGUAGES)


def _severity(severity: str) -> str:
    return " / ".join(text(f"state.severity_{severity}", language) for language in _LANGUAGES)


def _cited(paragraph: str) -> str:
    return " / ".join(citation(paragraph, language) for language in _LANGUAGES)


def _counts(remarks: Remarks) -> Table:
    columns: list[ColumnOf[tuple[str, dict[str, Any]]]] = [
        ("rule", Kind.TEXT, 10, lambda row: row[0]),
        ("lane", Kind.TEXT, 24, lambda row: _lane(Lane(row[1]["lane"]))),
        ("severity", Kind.TEXT, 18, lambda row: _severity(row[1]["severity"])),
        ("count", Kind.NUMBER, 14, lambda row: row[1]["count"]),
    ]
    total = (" ".join(in_all("total")), None, None, remarks.fault_count)
    return table_of(columns, counts_by_rule(remarks.findings).items(), heading, CELL_LIMIT, total=total)


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
