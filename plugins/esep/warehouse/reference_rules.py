"""What is wrong with a reference file: in its heading, its cells, its rows, and in its rows among each other."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from esep.detail import Detail
from esep.file_names import in_one_line
from esep.law import assets, identifiers
from esep.texts import LANGUAGES, text
from esep.texts.words import detail_words
from esep.warehouse.reference_spec import (
    DAY_PAIRS,
    NUMBERS,
    QUESTIONS,
    SPECS,
    WARNINGS,
    CellError,
    Fault,
    FileSpec,
    Row,
    decimals_of,
)

_SEPARATORS = ",;\t"
Line: TypeAlias = tuple[int, list[str] | None]
"""A physical line and its cells, None where quotes are wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a reference file. `line` is the physical line, 1 for the heading, 0 for the file as a whole."""

    line: int
    fault: Fault
    column: str = ""
    found: object = ""
    expected: object = ""
    count: int = 0
    """Rows or days that it is about, where it is reported once for many."""
    file: str = ""
    """The file that it is about, where more than one was handed in."""

    @property
    def is_warning(self) -> bool:
        return self.fault in WARNINGS

    @property
    def is_question(self) -> bool:
        """Whether the file is refused until the person says that it is meant so."""
        return self.fault in QUESTIONS

    @property
    def place(self) -> str:
        """`12`, `rates.xml: 12`, or empty for the file as a whole."""
        return ": ".join(part for part in (self.file, str(self.line or "")) if part)

    def text(self, language: str) -> str:
        """What is wrong, without the line."""
        found = detail_words(self.found, language) if isinstance(self.found, Detail) else in_one_line(str(self.found))
        values = {"column": self.column, "found": found, "expected": self.expected, "count": self.count}
        return text(f"reference.fault_{self.fault}", language, **values)

    def sentence(self, language: str) -> str:
        """What is wrong, after its line if it has one."""
        words = self.text(language)
        at_line = text("reference.at_line", language, line=self.line, fault=words) if self.line else words
        return f"{self.file}: {at_line}" if self.file else at_line

    def __str__(self) -> str:
        words = self.text("en")
        return f"line {self.line}: {words}" if self.line else words

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "file": self.file or None,
            "line": self.line or None,
            "code": self.fault.value,
            "column": self.column or None,
            "found": (self.found.code if isinstance(self.found, Detail) else str(self.found)) or None,
            "expected": str(self.expected) or None,
            "count": self.count or None,
            **{f"message_{language}": self.text(language) for language in LANGUAGES},
        }


def examine(name: str, content: bytes) -> tuple[list[Row], list[Problem]]:
    """Rows of a reference file, typed, and all its faults and warnings; rows with faults are left out of the rows."""
    rows, problems = examine_lines(name, content)
    return [row for _, row in rows], problems


def examine_lines(name: str, content: bytes) -> tuple[list[tuple[int, Row]], list[Problem]]:
    """The same, each row with its line."""
    spec = SPECS[name]
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(content[: error.start].count(b"\n") + 1, Fault.NOT_UTF8)]
    lines = lines_of(written)
    heading_line, heading = next(lines, (1, []))
    problems = list(_heading_problems(heading_line, heading, spec))
    if heading is None or problems:
        return [], problems
    return rows_below(heading, lines, spec)


def rows_below(
    heading: list[str], lines: Iterable[Line], spec: FileSpec
) -> tuple[list[tuple[int, Row]], list[Problem]]:
    """The rows of lines, each with its line, and their faults, alone and among each other; the heading has none."""
    rows: list[tuple[int, Row]] = []
    problems: list[Problem] = []
    for line, cells in lines:
        row, faults = _row(line, cells, heading, spec)
        problems += faults
        if not any(not fault.is_warning for fault in faults):
            rows.append((line, row))
    problems = [*_once_per_column(problems), *_among_each_other(rows, spec)]
    return rows, sorted(problems, key=lambda problem: problem.line)


def lines_of(content: str) -> Iterator[Line]:
    """Cells of each line that is not blank, stripped, None where quotes are wrong; the heading has the separator.

    Strict, because a quotation mark without its other half would swallow the rows that follow.
    """
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator_of(content), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
            continue
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


def separator_of(content: str) -> str:
    """Comma, semicolon or tabulator: whichever is most often in the heading."""
    heading, *_ = content.strip().splitlines() or [""]
    return max(_SEPARATORS, key=heading.count)


def _heading_problems(line: int, heading: list[str] | None, spec: FileSpec) -> Iterator[Problem]:
    if heading is None:
        yield Problem(line, Fault.QUOTES)
        return
    if not heading:
        yield Problem(line, Fault.NO_HEADING, expected=",".join(spec.columns))
        return
    for column in spec.required:
        if column not in heading:
            yield Problem(line, Fault.MISSING_COLUMN, column, expected=", ".join(spec.required))
    for column in spec.columns:
        if heading.count(column) > 1:
            yield Problem(line, Fault.DOUBLED_COLUMN, column)


def _row(line: int, cells: list[str] | None, heading: list[str], spec: FileSpec) -> tuple[Row, list[Problem]]:
    if cells is None:
        return {}, [Problem(line, Fault.QUOTES)]
    if len(cells) != len(heading):
        return {}, [Problem(line, Fault.CELL_COUNT, found=len(cells), expected=len(heading))]
    written = dict(zip(heading, cells, strict=True))
    row: Row = {}
    problems: list[Problem] = []
    for column, convert in spec.columns.items():
        cell = written.get(column, "")
        try:
            row[column] = convert(cell)
        except CellError as error:
            problems.append(Problem(line, error.fault, column, cell, error.expected))
    if not problems:
        problems += _row_problems(line, written, row)
    return row, problems


def _row_problems(line: int, written: Mapping[str, str], row: Row) -> Iterator[Problem]:
    """Faults and warnings of a row whose cells are all readable."""
    if row.get("currency") == "KZT" and row.get("kzt_per_unit", 1) != 1:
        yield Problem(line, Fault.KZT_RATE, "kzt_per_unit", written["kzt_per_unit"])
    for first, last in DAY_PAIRS:
        if row.get(last) is not None and row[last] < row[first]:
            yield Problem(line, Fault.ENDS_BEFORE_START, last, row[last], f"{first} {row[first]}")
    for column, number in NUMBERS.items():
        if column in row and decimals_of(written[column]) > number.scale:
            yield Problem(line, Fault.ROUNDED, column, written[column], row[column], 1)
    if "asset" in row and assets.resolve(written["asset"]) is None:
        yield Problem(line, Fault.UNKNOWN_ASSET, "asset", written["asset"])
    for column in ("pool_id", "miner_id", "taxpayer_id"):
        if column in row and identifiers.state_of(row[column]) != "ok":
            yield Problem(line, Fault.CHECK_DIGIT, column, row[column])


def _once_per_column(problems: list[Problem]) -> list[Problem]:
    """Rounded cells are reported once for a column, at the first of them, with their count: a feed rounds every row."""
    counts = Counter(problem.column for problem in problems if problem.fault is Fault.ROUNDED)
    kept = []
    for problem in problems:
        if problem.fault is not Fault.ROUNDED:
            kept.append(problem)
        elif problem.column in counts:
            kept.append(replace(problem, count=counts.pop(problem.column)))
    return kept


def _among_each_other(rows: list[tuple[int, Row]], spec: FileSpec) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], list[tuple[int, Row]]] = {}
    for line, row in rows:
        key = tuple(row[column] for column in spec.key)
        for other_line, other in seen.setdefault(key, []):
            fault = _between(other, row, spec)
            if fault:
                yield Problem(line, fault, found=", ".join(map(str, key)), expected=other_line)
                break
        seen[key].append((line, row))


def _between(one: Row, other: Row, spec: FileSpec) -> Fault | None:
    if one == other:
        return Fault.DOUBLED
    if spec.span is None:
        return Fault.CONTRADICTORY
    first, last = spec.span
    overlap = one[first] <= (other[last] or date.max) and other[first] <= (one[last] or date.max)
    return Fault.OVERLAPPING if overlap else None
