"""The register and the two answers as they must come out, worked out from the plan alone.

Written from paras 3, 5-9 and 11 of the order, by plain loops over fractions, without the code of the office, the
examination or the warehouse. Shares, smallest units, price days and rounding are literals of this module, so that a
mistake in the law tables or in the SQL shows as a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from esep.clock import TIMEZONE, month_after
from esep.demo.market import Market, working_day_after_or_on, working_day_before_or_on
from esep.demo.plan import Fault, Package, Plan

SHARE_BY_YEAR = {2024: Decimal("0.50"), 2025: Decimal("0.75"), 2026: Decimal("0.75")}
DECIMALS = {
    "BTC": 8,
    "BCH": 8,
    "LTC": 8,
    "DOGE": 8,
    "DASH": 8,
    "ZEC": 8,
    "ZEN": 8,
    "ETC": 18,
    "ETH": 18,
    "XMR": 12,
    "TRX": 6,
    "SC": 18,  # 24 in the law; a quantity of the form has 18 at most
}
"""Decimals of the smallest unit of the unbacked assets."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered filing."""

    registration_no: str
    package: Package
    kind: str
    """`new`, `refiling` or `correction`."""
    status: str
    """`accepted`, `refused`, `superseded`, or `registered`: it waits for an officer."""
    replaces: str | None
    due_effective_on: date | None
    """Of a correction: from the stamped day of change; None without one, for its timeliness cannot be determined."""
    days_late: int | None

    @property
    def accepted(self) -> bool:
        return self.package.fault is None

    @property
    def waiting(self) -> bool:
        """Para 6 wants the changed data alone: a correction that lacks only application or signature is asked about."""
        return self.kind == "correction" and self.package.fault in (Fault.NO_APPLICATION, Fault.NO_SIGNATURE)

    @property
    def registered_on(self) -> date:
        return self.package.received_at.astimezone(TIMEZONE).date()


class Ledger(NamedTuple):
    """`duplicates`: package that led to no filing → registration number it got back."""

    entries: tuple[Entry, ...]
    duplicates: dict[str, str]

    def in_force(self, known_on: datetime | None = None) -> tuple[Entry, ...]:
        """The latest accepted filing of each pool and month, by the filings received by `known_on`."""
        latest: dict[object, Entry] = {}
        for entry in self.entries:
            if entry.accepted and (known_on is None or entry.package.received_at <= known_on):
                latest[_key(entry.package)] = entry
        return tuple(sorted(latest.values(), key=lambda entry: entry.registration_no))


def _key(package: Package) -> tuple[str, date | None]:
    return (package.pool.number if package.pool else "", package.period)


def due_effective_on(period: date) -> date:
    """The 25th of the following month (para 5); on a day off the next working day."""
    return working_day_after_or_on(month_after(period).replace(day=25))


def correction_due(change_date: date) -> date:
    """The tenth working day after the day of change (para 6)."""
    day = change_date
    for _ in range(10):
        day = working_day_after_or_on(day + timedelta(days=1))
    return day


def make_ledger(plan: Plan) -> Ledger:
    """Register the packages of the plan in order of arrival."""
    of_key: dict[object, list[Entry]] = defaultdict(list)
    last_number: dict[int, int] = defaultdict(int)
    entries: list[Entry] = []
    duplicates: dict[str, str] = {}
    for package in plan.packages:
        before = of_key[_key(package)] if package.pool else []
        if before and before[-1].package.content == package.content:
            duplicates[package.name] = before[-1].registration_no
            continue
        year = package.received_at.astimezone(TIMEZONE).year
        last_number[year] += 1
        entry = _entry(f"{year}-{last_number[year]:06}", package, before)
        before.append(entry)
        entries.append(entry)
    return Ledger(tuple(_with_superseded(entries)), duplicates)


def _entry(registration_no: str, package: Package, before: list[Entry]) -> Entry:
    accepted = [entry for entry in before if entry.accepted]
    kind = "correction" if accepted else "refiling" if before else "new"
    replaces = (accepted or before)[-1].registration_no if before else None
    if kind == "correction":
        due = correction_due(package.change_date) if package.change_date else None
    else:
        due = due_effective_on(package.period) if package.period else None
    late = max((package.received_at.astimezone(TIMEZONE).date() - due).days, 0) if due else None
    entry = Entry(registration_no, package, kind, "refused" if package.fault else "accepted", replaces, due, late)
    return replace(entry, status="registered") if entry.waiting else entry


def _with_superseded(entries: Iterable[Entry]) -> list[Entry]:
    """An accepted filing is superseded once a later one of its pool and month is accepted."""
    result: list[Entry] = []
    newer: set[object] = set()
    for entry in reversed(list(entries)):
        key = _key(entry.package)
        result.append(replace(entry, status="superseded") if entry.accepted and key in newer else entry)
        if entry.accepted:
            newer.add(key)
    return result[::-1]


def calendar_states(plan: Plan, ledger: Ledger, months_of: dict[str, list[date]]) -> dict[tuple[str, date], str]:
    """For each pool and month: `on_time`, `late`, `waiting`, `refused` (nothing else yet), `silent` or `not_filed`."""
    confirmed = {(silence.pool.number, silence.period) for silence in plan.confirmed}
    states = {}
    for pool in plan.pools:
        for period in months_of[pool.number]:
            filed = [e for e in ledger.entries if _key(e.package) == (pool.number, period)]
            accepted = [e for e in filed if e.accepted]
            if any(e.waiting for e in filed):
                states[pool.number, period] = "waiting"
            elif accepted:
                states[pool.number, period] = "late" if accepted[0].days_late else "on_time"
            else:
                silence = "not_filed" if (pool.number, period) in confirmed else "silent"
                states[pool.number, period] = "refused" if filed else silence
    return states


@dataclass(slots=True)
class Income:
    """Sums of one year × role × taxpayer × asset."""

    quantity: Decimal = Decimal(0)
    valued_quantity: Decimal = Decimal(0)
    unvalued_quantity: Decimal = Decimal(0)
    income_kzt: Fraction = Fraction(0)


IncomeKey = tuple[int, str, str, str]
"""Year, role, taxpayer, asset."""


@dataclass(slots=True)
class Total:
    """Sums of one year × role × taxpayer."""

    income_kzt: Fraction = Fraction(0)
    unvalued_assets: set[str] = field(default_factory=set)

    @property
    def rounded(self) -> Decimal:
        """Tenge to two decimals, half up."""
        return to_decimal(self.income_kzt).quantize(Decimal("0.01"), ROUND_HALF_UP)


def unit_price(market: Market, asset: str, day: date | None) -> Fraction | None:
    """Tenge for one unit on that day; None where the market does not have it."""
    if day is None:
        return None
    quoted = market.prices.get((working_day_before_or_on(day), asset))
    if quoted is None:
        return None
    price, currency = quoted
    if currency == "KZT":
        return Fraction(price)
    published = [known for known in market.rates if known <= day]
    return Fraction(price) * Fraction(market.rates[max(published)]) if published else None


def annual_income(entries: Iterable[Entry], market: Market) -> dict[IncomeKey, Income]:
    """Income of miners from column 8 and of pools from column 9.2, by the year of the distribution."""
    result: dict[IncomeKey, Income] = defaultdict(Income)
    prices: dict[tuple[str, date | None], Fraction | None] = {}
    for entry in entries:
        package = entry.package
        assert package.pool is not None
        assert package.period is not None
        for row in package.rows:
            year = (row.day or package.period).year
            received = [("pool", package.pool.number, row.reward_asset, row.reward)]
            if row.quantity is not None:
                received.append(("miner", row.taxpayer, row.asset, row.quantity))
            for role, taxpayer, asset, quantity in received:
                if (asset, row.day) not in prices:
                    prices[asset, row.day] = unit_price(market, asset, row.day)
                _add(result[year, role, taxpayer, asset], quantity, prices[asset, row.day])
    return dict(result)


def _add(income: Income, quantity: Decimal, price: Fraction | None) -> None:
    income.quantity += quantity
    if price is None:
        income.unvalued_quantity += quantity
    else:
        income.valued_quantity += quantity
        income.income_kzt += rounded_value(Fraction(quantity) * price)


def rounded_value(value: Fraction) -> Fraction:
    """Half away from zero at the 12th decimal of a tenge, where each row's value is rounded."""
    units = abs(value) * 10**12 + Fraction(1, 2)
    return Fraction(units.numerator // units.denominator, 10**12) * (-1 if value < 0 else 1)


def annual_total(incomes: dict[IncomeKey, Income]) -> dict[tuple[int, str, str], Total]:
    """Income of each taxpayer over all assets; what could not be valued is named beside it."""
    result: dict[tuple[int, str, str], Total] = defaultdict(Total)
    for (year, role, taxpayer, asset), income in incomes.items():
        total = result[year, role, taxpayer]
        total.income_kzt += income.income_kzt
        if income.unvalued_quantity:
            total.unvalued_assets.add(asset)
    return dict(result)


class Obligation(NamedTuple):
    """What one taxpayer has to sell of one asset."""

    base_quantity: Decimal
    quantity_to_sell: Decimal | None
    asset_class: str = "unbacked"


def sale_obligation(incomes: dict[IncomeKey, Income]) -> dict[tuple[int, str, str, str, Decimal | None], Obligation]:
    """Share of what each miner received of each unbacked asset, rounded up once at the smallest unit.

    A share holds for a whole year here, so the sums by year are the bases. An asset on no list has no share.
    """
    result: dict[tuple[int, str, str, str, Decimal | None], Obligation] = {}
    for (year, role, taxpayer, asset), income in incomes.items():
        if role != "miner":
            continue
        if asset not in DECIMALS:
            result[year, role, taxpayer, asset, None] = Obligation(income.quantity, None, "undecided")
            continue
        share = SHARE_BY_YEAR[year]
        with localcontext() as context:
            context.prec = 60
            exact = max(income.quantity, Decimal(0)) * share
            to_sell = exact.quantize(Decimal(1).scaleb(-DECIMALS[asset]), ROUND_CEILING)
        result[year, role, taxpayer, asset, share] = Obligation(income.quantity, to_sell)
    return result


def to_decimal(value: Fraction) -> Decimal:
    """A fraction that ends in decimals, exactly; raises ValueError for one that does not."""
    with localcontext() as context:
        context.prec = 80
        result = Decimal(value.numerator) / Decimal(value.denominator)
        if Fraction(result) != value:
            raise ValueError(f"{value} has no exact decimal form of 80 digits")
        return result
