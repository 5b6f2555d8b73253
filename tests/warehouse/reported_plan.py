"""A plan of filings, decisions and reference versions that tells by itself what the figures were at any moment.

It writes everything into an office as it happens, and works the figures out with Python's Decimal, one distribution
after the other, from what had happened by a moment.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from pathlib import Path

import duckdb

from esep.config import Settings
from esep.office import events
from esep.warehouse import reference, work
from warehouse.warehouse_office import MINER, POOL, Office, moment, row

DAYS = ("2025-01-06", "2025-01-08")
"""Working days of the distributions."""
SHARE = Decimal("0.75")
SMALLEST_UNIT = {"BTC": Decimal("1e-8"), "LTC": Decimal("1e-8"), "ETH": Decimal("1e-18")}
Key = tuple[str, str, str]
"""Role, taxpayer, asset."""
Rows = tuple[tuple[int, str, str], ...]
"""Number of the day in DAYS, asset, quantity; the reward is a tenth of it."""
Figures = dict[Key, tuple[Decimal, Decimal, Decimal, Decimal]]
"""Quantity, unvalued quantity, income in tenge, units to sell."""
NOTHING = (Decimal(0),) * 4


@dataclass
class Examined:
    counts_from: datetime | None
    verdict: str
    rows: Rows


@dataclass
class Filed:
    number: str
    received_at: datetime
    pool: str
    period: str
    examinations: list[Examined]
    overruled_at: datetime | None = None


@dataclass
class Plan:
    office: Office
    filed: list[Filed] = field(default_factory=list)
    prices: list[tuple[datetime, Mapping[tuple[int, str], str]]] = field(default_factory=list)
    """Versions: (number of the day, asset) → price in USD."""
    rates: list[tuple[datetime, Mapping[int, str]]] = field(default_factory=list)

    def file(
        self,
        at: str,
        rows: Rows,
        *,
        received: str | None = None,
        pool: str = POOL,
        period: str = "2025-01-01",
        verdict: str = "accepted",
    ) -> Filed:
        """A filing that is taken in; `received`: stamped earlier, history that is loaded late."""
        number = self.office.file(
            received or at, _lake_rows(rows), pool=pool, period=period, verdict=verdict, examined_at=moment(at)
        )
        filed = Filed(number, moment(received or at), pool, period, [Examined(None, verdict, rows)])
        self.filed.append(filed)
        return filed

    def overrule(self, at: str, filed: Filed) -> None:
        filed.overruled_at = filed.overruled_at or moment(at)
        events.append(
            self.office.folder(filed.number), "refusal_overruled", moment(at), "Омарова А.", {"reason": "complete"}
        )

    def reexamine(self, at: str, filed: Filed, rows: Rows, verdict: str = "accepted") -> None:
        filed.examinations.append(Examined(moment(at), verdict, rows))
        self.office.examine(
            filed.number,
            _lake_rows(rows),
            pool=filed.pool,
            period=filed.period,
            verdict=verdict,
            examination_no=len(filed.examinations),
            examined_at=moment(at),
        )

    def price_version(self, at: str, prices: Mapping[tuple[int, str], str]) -> None:
        lines = (f"{DAYS[day]},{asset},{price},USD" for (day, asset), price in prices.items())
        self.office.prices(*lines, file="price.replace")
        if self._accept("price.replace", at):
            self.prices.append((moment(at), prices))

    def rate_version(self, at: str, rates: Mapping[int, str]) -> None:
        self.office.rates(*(f"{DAYS[day]},USD,{rate}" for day, rate in rates.items()), file="exchange_rate.replace")
        if self._accept("exchange_rate.replace", at):
            self.rates.append((moment(at), rates))

    def _accept(self, name: str, at: str) -> bool:
        reports = {report.name: report.state for report in reference.accept(self.office.settings, moment(at))}
        assert reports[name] in ("accepted", "unchanged")
        return reports[name] == "accepted"

    def reported(self, at: datetime) -> Figures:
        """What the figures of 2025 were at a moment."""
        prices, rates = _in_force(self.prices, at), _in_force(self.rates, at)
        figures: Figures = {}
        for pool, rows in self._in_force(at):
            for day, asset, text in rows:
                published = [rates[number] for number in range(day + 1) if number in rates]
                price = prices.get((day, asset))
                for key, quantity in (
                    (("miner", MINER, asset), Decimal(text)),
                    (("pool", pool, asset), Decimal(text) / 10),
                ):
                    value = _value(quantity, price, published[-1]) if price and published else None
                    before = figures.get(key, NOTHING)
                    figures[key] = (
                        before[0] + quantity,
                        before[1] + (quantity if value is None else 0),
                        before[2] + (value or 0),
                        Decimal(0),
                    )
        return {key: (*reported[:3], _to_sell(key, reported[0])) for key, reported in figures.items()}

    def _in_force(self, at: datetime) -> Iterator[tuple[str, Rows]]:
        latest: dict[tuple[str, str], tuple[datetime, str, Rows]] = {}
        for filed in self.filed:
            counting = [e for e in filed.examinations if e.counts_from is None or e.counts_from <= at][-1]
            accepted_from = filed.received_at if counting.verdict == "accepted" else filed.overruled_at
            if filed.received_at <= at and accepted_from and accepted_from <= at:
                reported = (filed.received_at, filed.number, counting.rows)
                month = (filed.pool, filed.period)
                latest[month] = max(latest.get(month, reported), reported)
        for (pool, _), (_, _, rows) in latest.items():
            yield pool, rows


def _in_force(versions: list[tuple[datetime, Mapping[object, str]]], at: datetime) -> Mapping[object, str]:
    """The first version counts from the beginning of time."""
    reported = [content for number, (accepted_at, content) in enumerate(versions) if number == 0 or accepted_at <= at]
    return reported[-1] if reported else {}


def _value(quantity: Decimal, price: str, rate: str) -> Decimal:
    """A row's value is rounded once, at the 12th decimal of a tenge."""
    return (quantity * Decimal(price) * Decimal(rate)).quantize(Decimal("1e-12"), ROUND_HALF_UP)


def _to_sell(key: Key, quantity: Decimal) -> Decimal:
    role, _, asset = key
    return (quantity * SHARE).quantize(SMALLEST_UNIT[asset], ROUND_UP) if role == "miner" else Decimal(0)


def _lake_rows(rows: Rows) -> list[dict[str, object]]:
    return [row(DAYS[day], asset, quantity, reward=str(Decimal(quantity) / 10)) for day, asset, quantity in rows]


@contextmanager
def fresh_office(folder: Path, empty_work: Path) -> Iterator[Office]:
    """An office of its own, thrown away afterwards, for an example of a property test."""
    settings = Settings(home=folder)
    shutil.copytree(empty_work, work.folder(settings))
    try:
        yield Office(settings)
    finally:
        shutil.rmtree(folder)


def as_reported(connection: duckdb.DuckDBPyConnection, at: datetime | None = None) -> Figures:
    """What the warehouse tells of a moment; without one, what it tells now."""
    macro = f"_as_reported_on(timestamptz '{at.isoformat()}')" if at else ""
    rows = connection.execute(
        f"""
        select income.role, income.taxpayer_id, income.asset, income.quantity, income.unvalued_quantity,
            income.income_kzt, coalesce(obligation.quantity_to_sell, 0)
        from annual_income{macro} as income
        left join sale_obligation{macro} as obligation using (year, role, taxpayer_id, asset)
        where income.year = 2025
        """
    ).fetchall()
    return {line[:3]: line[3:] for line in rows}


def changes(connection: duckdb.DuckDBPyConnection, since: datetime, until: datetime) -> Figures:
    """The entries after one moment and up to another, added up; those that are 0 in all are left out."""
    rows = connection.execute(
        """
        select role, taxpayer_id, asset, sum(quantity_difference), sum(unvalued_difference),
            sum(income_kzt_difference), sum(quantity_to_sell_difference)
        from income_entry
        where year = 2025 and moment > ? and moment <= ?
        group by all
        """,
        [since, until],
    ).fetchall()
    return {line[:3]: line[3:] for line in rows if any(line[3:])}


def difference(earlier: Figures, later: Figures) -> Figures:
    """Later less earlier, without what did not change."""
    reported = {
        key: tuple(b - a for a, b in zip(earlier.get(key, NOTHING), later.get(key, NOTHING), strict=True))
        for key in earlier | later
    }
    return {key: values for key, values in reported.items() if any(values)}
