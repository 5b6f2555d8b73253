"""The expected answers as CSV files: how they are written from the ledger, and how the published snapshot is held
against them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

from esep.clock import TIMEZONE, months
from esep.config import Settings
from esep.demo.ledger import (
    Entry,
    Income,
    IncomeKey,
    Ledger,
    annual_income,
    annual_total,
    calendar_states,
    due_effective_on,
    sale_obligation,
    to_decimal,
)
from esep.demo.market import Market
from esep.demo.plan import Package, Plan
from esep.warehouse import published
from esep.warehouse.calls import rows

FOLDER = "expected"
ANY = "*"
"""In a cell that the comparison leaves out, because the order does not determine it."""
KNOWN_ON = datetime(2025, 2, 28, 18, 0, tzinfo=TIMEZONE)
"""Moment for which the figures as known then are compared."""
Key = tuple[str, ...]
NOTHING = "(no such row)"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of expected values. `key` names a row, `values` are compared with the columns of the same names."""

    name: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    numbers: frozenset[str] = frozenset()
    """Columns compared as numbers, so that 1 and 1.000 are the same."""
    source: str = ""
    """What is asked in the snapshot, where it is not the relation of that name."""

    @property
    def columns(self) -> tuple[str, ...]:
        return self.key + self.values

    def file(self, home: Path) -> Path:
        return home / FOLDER / f"{self.name}.csv"


_INCOME_KEY = ("year", "role", "taxpayer_id", "asset")
_INCOME_VALUES = ("quantity", "valued_quantity", "unvalued_quantity", "income_kzt")

_FILING: Mapping[str, Callable[[Entry], object]] = {
    "registration_no": lambda entry: entry.registration_no,
    "received_at": lambda entry: entry.package.received_at,
    "registered_on": lambda entry: entry.registered_on,
    "verdict": lambda entry: "accepted" if entry.accepted else None if entry.waiting else "refused",
    "status": lambda entry: entry.status,
    "kind": lambda entry: entry.kind,
    "replaces": lambda entry: entry.replaces if entry.accepted else ANY,
    "pool_id": lambda entry: entry.package.pool.number if entry.package.pool else None,
    "period": lambda entry: entry.package.period,
    "due_effective_on": lambda entry: entry.due_effective_on,
    "days_late": lambda entry: entry.days_late,
    "row_count": lambda entry: len(entry.package.rows) if entry.accepted else ANY,
}
FILING = Sheet("filing", tuple(_FILING)[:1], tuple(_FILING)[1:], frozenset({"days_late", "row_count"}))
INCOME = Sheet("annual_income", _INCOME_KEY, _INCOME_VALUES, frozenset(_INCOME_VALUES))
INCOME_KNOWN = replace(
    INCOME,
    name="annual_income_as_known_on",
    source=f"annual_income_as_known_on(timestamptz '{KNOWN_ON.isoformat()}')",
)
TOTAL = Sheet(
    "annual_income_total",
    ("year", "role", "taxpayer_id"),
    ("taxpayer_name", "income_kzt", "unvalued_assets"),
    frozenset({"income_kzt"}),
)
OBLIGATION = Sheet(
    "sale_obligation",
    ("year", "role", "taxpayer_id", "asset", "share"),
    ("base_quantity", "quantity_to_sell", "asset_class"),
    frozenset({"share", "base_quantity", "quantity_to_sell"}),
)
CALENDAR = Sheet("filing_calendar", ("pool_id", "period"), ("due_effective_on", "state"))
EXCLUDED = Sheet("excluded_row", ("registration_no", "column_no"), ("found",))
SHEETS = (FILING, INCOME, INCOME_KNOWN, TOTAL, OBLIGATION, CALENDAR, EXCLUDED)
FINDING = Sheet("finding", ("registration_no", "lane", "column_no", "found"), ())
"""Faults that must be reported. Others may be reported too: which rules there are is not the demo's to say."""


def write(home: Path, plan: Plan, ledger: Ledger, market: Market) -> None:
    """Write all sheets below `home/expected/`."""
    in_force = ledger.in_force()
    incomes = annual_income(in_force, market)
    known = annual_income(ledger.in_force(KNOWN_ON), market)
    _write(home, FILING, (tuple(value(entry) for value in _FILING.values()) for entry in ledger.entries))
    _write(home, INCOME, _income(incomes))
    _write(home, INCOME_KNOWN, _income(known))
    _write(home, TOTAL, _totals(incomes, _names(in_force)))
    obligations = sale_obligation(incomes)
    _write(home, OBLIGATION, ((*key, *obligation) for key, obligation in obligations.items()))
    _write(home, CALENDAR, _calendar(plan, ledger))
    _write(home, EXCLUDED, _excluded(in_force))
    _write(home, FINDING, _findings(ledger.entries))
    _write_arrivals(home, plan, ledger)


def _write(home: Path, sheet: Sheet, rows: Iterable[tuple[object, ...]]) -> None:
    write_csv(sheet.file(home), sheet.columns, sorted(tuple(map(as_text, row)) for row in rows))


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a table of the demo; see `as_text`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([as_text(value) for value in row] for row in rows)


def as_text(value: object) -> str:
    """The text of one value in the sheets: nothing for None, local time to the second, numbers without exponent."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(TIMEZONE):%Y-%m-%d %H:%M:%S}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _income(incomes: Mapping[IncomeKey, Income]) -> Iterable[tuple[object, ...]]:
    for key, income in incomes.items():
        quantities = (income.quantity, income.valued_quantity, income.unvalued_quantity)
        yield *key, *quantities, to_decimal(income.income_kzt)


def _names(entries: Iterable[Entry]) -> dict[str, str]:
    names = {row.taxpayer: row.miner.name for entry in entries for row in entry.package.rows}
    names.update({pool.number: pool.name for entry in entries if (pool := entry.package.pool)})
    return names


def _totals(incomes: dict[IncomeKey, Income], names: Mapping[str, str]) -> Iterable[tuple[object, ...]]:
    for (year, role, taxpayer), total in annual_total(incomes).items():
        unvalued = ", ".join(sorted(total.unvalued_assets))
        yield year, role, taxpayer, names[taxpayer], total.rounded, unvalued


def _calendar(plan: Plan, ledger: Ledger) -> Iterable[tuple[object, ...]]:
    last = max(package.period for package in plan.packages if package.period)
    months_of = {pool.number: list(months(pool.first_period, last)) for pool in plan.pools}
    for (pool, period), state in calendar_states(plan, ledger, months_of).items():
        yield pool, period, due_effective_on(period), state


def _excluded(entries: Iterable[Entry]) -> Iterable[tuple[object, ...]]:
    for entry in entries:
        for row in entry.package.rows:
            if row.quantity is None:
                yield entry.registration_no, "8", row.cells["quantity"]


def _findings(entries: Iterable[Entry]) -> Iterable[tuple[object, ...]]:
    for entry in entries:
        if not entry.accepted:
            yield entry.registration_no, "completeness", None, None
            continue
        for row in entry.package.rows:
            for column_no, found in row.faults:
                yield entry.registration_no, "reliability", column_no, found


def _write_arrivals(home: Path, plan: Plan, ledger: Ledger) -> None:
    """For people: what is in the inbox, and what must become of it."""
    header = ("package", "received_at", "pool", "period", "outcome", "registration_no", "why")
    entries = {entry.package.name: entry for entry in ledger.entries}
    rows = (_arrival(package, entries.get(package.name), ledger) for package in plan.packages)
    write_csv(home / FOLDER / "arrivals.csv", header, rows)


def _arrival(package: Package, entry: Entry | None, ledger: Ledger) -> tuple[object, ...]:
    return (
        package.name,
        package.received_at.isoformat(),
        package.pool.name if package.pool else None,
        package.period,
        f"{entry.status} ({entry.kind})" if entry else "duplicate",
        entry.registration_no if entry else ledger.duplicates[package.name],
        package.fault,
    )


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
    with closing(published.connect(settings)) as connection:
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
    return f"{Decimal(text).normalize():f}" if text else ""


def _same(sheet: Sheet, column: str, expected: str, actual: str) -> bool:
    if expected in (ANY, actual):
        return True
    if column not in sheet.numbers or not expected or not actual:
        return False
    return Decimal(expected) == Decimal(actual)


def _missing_findings(connection: duckdb.DuckDBPyConnection, required: list[dict[str, str]]) -> list[Difference]:
    """Expected findings that were not reported. An empty column or text in the expectation is any."""
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
