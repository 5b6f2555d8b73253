"""What a reference file must look like: its columns, the faults of its cells, and of its rows among each other."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from esep.law import assets, identifiers
from esep.warehouse.reference_texts import ENGLISH, KAZAKH, RUSSIAN, WARNINGS, Fault

Row = dict[str, Any]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_IDENTIFIER = re.compile(r"[0-9]{12}")
_DECIMALS = 20
_SEPARATORS = ",;"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a reference file. `line` is the physical line, 1 for the heading."""

    line: int
    fault: Fault
    column: str = ""
    found: object = ""
    expected: object = ""

    @property
    def is_warning(self) -> bool:
        return self.fault in WARNINGS

    def text(self, texts: Mapping[Fault, str]) -> str:
        return texts[self.fault].format(column=self.column, found=self.found, expected=self.expected)

    def __str__(self) -> str:
        return f"line {self.line}: {self.text(ENGLISH)}"

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "line": self.line,
            "code": self.fault.value,
            "column": self.column or None,
            "found": str(self.found) or None,
            "expected": str(self.expected) or None,
            "message_kk": self.text(KAZAKH),
            "message_ru": self.text(RUSSIAN),
            "message_en": self.text(ENGLISH),
        }


class CellError(ValueError):
    """A cell that cannot be meant as written."""

    def __init__(self, fault: Fault, expected: object = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.expected = expected


def _text(cell: str) -> str:
    if not cell:
        raise CellError(Fault.EMPTY)
    return cell


def _optional(cell: str) -> str | None:
    return cell or None


def _day(cell: str) -> date:
    try:
        if _DATE.fullmatch(_text(cell)):
            return date.fromisoformat(cell)
    except CellError:
        raise
    except ValueError:
        pass
    raise CellError(Fault.DATE)


def _optional_day(cell: str) -> date | None:
    return _day(cell) if cell else None


def _positive(whole_digits: int) -> Callable[[str], Decimal]:
    """A number above 0 with at most so many digits before the decimal point and 20 after it."""

    def convert(cell: str) -> Decimal:
        match = _NUMBER.fullmatch(_text(cell))
        if not match or len(match[1].lstrip("0")) > whole_digits or len((match[2] or "").rstrip("0")) > _DECIMALS:
            raise CellError(Fault.NUMBER, f"{whole_digits}.{_DECIMALS}")
        # Without trailing zeros, which would not fit into the 20 decimals that are kept.
        number = Decimal(f"{match[1]}.{(match[2] or '').rstrip('0')}")
        if cell.startswith("-") or not number:
            raise CellError(Fault.NOT_POSITIVE)
        return number

    return convert


def _currency(cell: str) -> str:
    if not _CURRENCY.fullmatch(_text(cell).upper()):
        raise CellError(Fault.CURRENCY)
    return cell.upper()


def _identifier(cell: str) -> str:
    if not _IDENTIFIER.fullmatch(_text(cell)):
        raise CellError(Fault.IDENTIFIER)
    return cell


def _asset(cell: str) -> str:
    return assets.resolve(_text(cell)) or cell


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One reference file. Columns named in `optional` may be left out of the heading.

    `key` tells rows apart; rows of one key may stand beside each other only if `span` (first day, last day) is given
    and their days do not overlap.
    """

    columns: Mapping[str, Callable[[str], object]]
    optional: frozenset[str]
    key: tuple[str, ...]
    span: tuple[str, str] | None = None

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column for column in self.columns if column not in self.optional)


SPECS: Mapping[str, FileSpec] = {
    "price": FileSpec(
        {"date": _day, "asset": _asset, "price": _positive(12), "currency": _currency, "source": _optional},
        frozenset({"source"}),
        ("date", "asset"),
    ),
    "exchange_rate": FileSpec(
        {"date": _day, "currency": _currency, "kzt_per_unit": _positive(6), "source": _optional},
        frozenset({"source"}),
        ("date", "currency"),
    ),
    "pool": FileSpec(
        {
            "pool_id": _identifier,
            "pool_name": _text,
            "accredited_from": _day,
            "accredited_to": _optional_day,
            "email": _optional,
        },
        frozenset({"accredited_to", "email"}),
        ("pool_id",),
        ("accredited_from", "accredited_to"),
    ),
    "licence": FileSpec(
        {"licence_no": _text, "miner_id": _identifier, "issued_on": _day, "expires_on": _optional_day},
        frozenset({"expires_on"}),
        ("licence_no",),
    ),
    "exchange": FileSpec(
        {"name": _text, "licence": _text, "from": _day, "to": _optional_day},
        frozenset({"to"}),
        ("licence",),
        ("from", "to"),
    ),
}
_DAY_PAIRS = (("accredited_from", "accredited_to"), ("issued_on", "expires_on"), ("from", "to"))


def examine(name: str, content: bytes) -> tuple[list[Row], list[Problem]]:
    """Rows of a reference file, typed, and all its faults and warnings; rows with faults are left out of the rows."""
    rows, problems = examine_lines(name, content)
    return [row for _, row in rows], problems


def examine_lines(name: str, content: bytes) -> tuple[list[tuple[int, Row]], list[Problem]]:
    """The same, each row with its line."""
    spec = SPECS[name]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(content[: error.start].count(b"\n") + 1, Fault.NOT_UTF8)]
    lines = _lines(text)
    heading_line, heading = next(lines, (1, []))
    problems = list(_heading_problems(heading_line, heading, spec))
    if heading is None or problems:
        return [], problems
    rows: list[tuple[int, Row]] = []
    for line, cells in lines:
        row, faults = _row(line, cells, heading, spec)
        problems += faults
        if not any(not fault.is_warning for fault in faults):
            rows.append((line, row))
    problems += _among_each_other(rows, spec)
    return rows, sorted(problems, key=lambda problem: problem.line)


def _lines(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Cells of each line that is not blank, stripped, None where quotes are wrong; the heading tells the separator.

    Strict, because a quotation mark without its other half would swallow the rows that follow.
    """
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
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
    for first, last in _DAY_PAIRS:
        if row.get(last) is not None and row[last] < row[first]:
            yield Problem(line, Fault.ENDS_BEFORE_START, last, row[last], f"{first} {row[first]}")
    if "asset" in row and assets.resolve(written["asset"]) is None:
        yield Problem(line, Fault.UNKNOWN_ASSET, "asset", written["asset"])
    for column in ("pool_id", "miner_id"):
        if column in row and identifiers.state_of(row[column]) != "ok":
            yield Problem(line, Fault.CHECK_DIGIT, column, row[column])


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
