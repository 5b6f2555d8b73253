"""Hold the published snapshot against the expected figures."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

from esep.config import Settings
from esep.demo.expected import ANY, FINDING, SHEETS, Sheet, as_text
from esep.warehouse import read
from esep.warehouse.calls import rows

Key = tuple[str, ...]
NOTHING = "(no such row)"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not as expected."""

    sheet: str
    key: Key
    column: str
    expected: str
    actual: str


class Comparison(NamedTuple):
    """`compared`: number of expected rows by sheet."""

    compared: dict[str, int]
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def compare(settings: Settings) -> Comparison:
    """Compare every sheet of `home/expected/` with the snapshot, and ask the reconciliation whether it holds.

    Raises FileNotFoundError if the home has no expected figures; errors of `read.connect` if there is no snapshot.
    """
    compared: dict[str, int] = {}
    differences: list[Difference] = []
    connection = read.connect(settings)
    try:
        for sheet in SHEETS:
            expected = read_expected(sheet, settings.home)
            compared[sheet.name] = len(expected)
            differences += differences_of(sheet, expected, _actual(connection, sheet))
        required = read_expected(FINDING, settings.home)
        compared[FINDING.name] = len(required)
        differences += _missing_findings(connection, required)
        identities, broken = _reconciliation(connection)
        compared["reconciliation"] = identities
        differences += broken
    finally:
        connection.close()
    return Comparison(compared, tuple(differences))


def read_expected(sheet: Sheet, home: Path) -> list[dict[str, str]]:
    with sheet.file(home).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _actual(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> list[dict[str, str]]:
    found = rows(connection, sheet.columns, f"from {sheet.source or sheet.name}")
    return [dict(zip(sheet.columns, map(as_text, row), strict=True)) for row in found]


def differences_of(sheet: Sheet, expected: list[dict[str, str]], actual: list[dict[str, str]]) -> list[Difference]:
    """Rows that are missing, rows too many, and values that differ; a key that occurs twice counts as too many."""
    found: dict[Key, dict[str, str]] = {}
    differences = []
    for row in actual:
        key = _key(sheet, row)
        if key in found:
            differences.append(Difference(sheet.name, key, "(row)", "once", "more than once"))
        found[key] = row
    for row in expected:
        key = _key(sheet, row)
        other = found.pop(key, None)
        if other is None:
            differences.append(Difference(sheet.name, key, "(row)", "present", NOTHING))
            continue
        for column in sheet.values:
            if not _same(sheet, column, row[column], other[column]):
                differences.append(Difference(sheet.name, key, column, row[column], other[column]))
    differences += [Difference(sheet.name, key, "(row)", NOTHING, "present") for key in found]
    return differences


def _key(sheet: Sheet, row: dict[str, str]) -> Key:
    return tuple(_plain(row[column]) if column in sheet.numbers else row[column] for column in sheet.key)


def _plain(text: str) -> str:
    return f"{Decimal(text).normalize():f}"


def _same(sheet: Sheet, column: str, expected: str, actual: str) -> bool:
    if expected in (ANY, actual):
        return True
    if column not in sheet.numbers or not expected or not actual:
        return False
    return abs(Decimal(expected) - Decimal(actual)) <= sheet.tolerance.get(column, Decimal(0))


def _missing_findings(connection: duckdb.DuckDBPyConnection, required: list[dict[str, str]]) -> list[Difference]:
    """Expected findings that were not reported. An empty column or text in the expectation stands for any."""
    reported: dict[tuple[str, str], list[tuple[str, str]]] = {}
    columns = ("registration_no", "lane", "coalesce(column_no, '')", "coalesce(found, '')")
    for number, lane, column_no, found in rows(connection, columns, "from finding"):
        reported.setdefault((number, lane), []).append((column_no, found))
    missing = []
    for row in required:
        column_no, text = row["column_no"], row["found"]
        candidates = reported.get((row["registration_no"], row["lane"]), [])
        if not any(column_no in ("", column) and text in found for column, found in candidates):
            key = (row["registration_no"], row["lane"], column_no)
            missing.append(Difference(FINDING.name, key, "found", text or "a finding", NOTHING))
    return missing


def _reconciliation(connection: duckdb.DuckDBPyConnection) -> tuple[int, list[Difference]]:
    identities = rows(connection, ("identity", "left_value", "right_value", "holds"), "from reconciliation")
    broken = [
        Difference("reconciliation", (identity,), "left = right", as_text(left), as_text(right))
        for identity, left, right, holds in identities
        if not holds
    ]
    return len(identities), broken
