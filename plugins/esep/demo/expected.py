"""The expected answers as CSV files: what they hold, and how they are written from the ledger and the figures."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from esep.clock import TIMEZONE
from esep.demo import figures
from esep.demo.ledger import Entry, Ledger, calendar_states, due_effective_on
from esep.demo.market import Market
from esep.demo.plan import Package, Plan
from esep.demo.scenario import months

FOLDER = "expected"
ANY = "*"
"""Stands in a cell that the comparison leaves out, because the order does not determine it."""
KNOWN_ON = datetime(2025, 2, 28, 18, 0, tzinfo=TIMEZONE)
"""Moment for which the figures as known then are compared."""
MONEY_TOLERANCE = Decimal("1e-9")
"""Esep promises 12 exact decimals of a tenge per row; a thousand rows may thus differ in the ninth."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of expected values. `key` names a row, `values` are compared with the columns of the same names."""

    name: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    numbers: frozenset[str] = frozenset()
    """Columns compared as numbers, so that 1 and 1.000 are the same."""
    tolerance: Mapping[str, Decimal] = field(default_factory=dict)
    source: str = ""
    """What is asked in the snapshot, where it is not the relation of that name."""

    @property
    def columns(self) -> tuple[str, ...]:
        return self.key + self.values

    def file(self, home: Path) -> Path:
        return home / FOLDER / f"{self.name}.csv"


_INCOME_KEY = ("year", "role", "taxpayer_id", "asset")
_INCOME_VALUES = ("quantity", "valued_quantity", "unvalued_quantity", "income_kzt")

FILING = Sheet(
    "filing",
    ("registration_no",),
    (
        "received_at",
        "registered_on",
        "verdict",
        "status",
        "kind",
        "replaces",
        "pool_id",
        "period",
        "due_effective_on",
        "days_late",
        "row_count",
    ),
    frozenset({"days_late", "row_count"}),
)
INCOME = Sheet("annual_income", _INCOME_KEY, _INCOME_VALUES, frozenset(_INCOME_VALUES), {"income_kzt": MONEY_TOLERANCE})
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
    ("base_quantity", "quantity_to_sell"),
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
    incomes = figures.annual_income(in_force, market)
    known = figures.annual_income(ledger.in_force(KNOWN_ON), market)
    _write(home, FILING, (_filing(entry) for entry in ledger.entries))
    _write(home, INCOME, (_income(key, income) for key, income in incomes.items()))
    _write(home, INCOME_KNOWN, (_income(key, income) for key, income in known.items()))
    _write(home, TOTAL, _totals(incomes, _names(in_force)))
    obligations = figures.sale_obligation(incomes)
    _write(home, OBLIGATION, ((*key, o.base_quantity, o.quantity_to_sell) for key, o in obligations.items()))
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


def _filing(entry: Entry) -> tuple[object, ...]:
    package = entry.package
    return (
        entry.registration_no,
        package.received_at,
        entry.registered_on,
        "accepted" if entry.accepted else "refused",
        entry.status,
        entry.kind,
        entry.replaces if entry.accepted else ANY,
        package.pool.number if package.pool else None,
        package.period,
        entry.due_effective_on,
        entry.days_late,
        len(package.rows) if entry.accepted else ANY,
    )


def _income(key: figures.IncomeKey, income: figures.Income) -> tuple[object, ...]:
    return (
        *key,
        income.quantity,
        income.valued_quantity,
        income.unvalued_quantity,
        figures.to_decimal(income.income_kzt),
    )


def _names(entries: Iterable[Entry]) -> dict[str, str]:
    names = {row.taxpayer: row.miner.name for entry in entries for row in entry.package.rows}
    names.update({pool.number: pool.name for entry in entries if (pool := entry.package.pool)})
    return names


def _totals(incomes: dict[figures.IncomeKey, figures.Income], names: Mapping[str, str]) -> Iterable[tuple[object, ...]]:
    for (year, role, taxpayer), total in figures.annual_total(incomes).items():
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
    """For people: what lies in the inbox, and what must become of it."""
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
