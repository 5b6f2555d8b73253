"""What one unit is worth on a day, which share of it is to be sold, and how finely: chosen anew from the sources.

Facts on valuation, rules 1 to 3 and 6 (price of the working day on or before the day of receipt, the last rate up to
that day), and para 11 with the dated `sale_rule` (share by day of distribution, unbacked assets only).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal, localcontext
from typing import Any

from esep.config import Settings
from esep.law import tables
from esep.law.calendar import FIRST_YEAR, LAST_YEAR, WorkingCalendar, working_calendar
from esep.warehouse import reference

PRECISION = 120
"""Digits: a quantity (38), a price (38) and a rate (38) multiply exactly."""
FINEST = 18
"""Decimals of a quantity: an asset with more is rounded up at the last one that a quantity has."""
_END = date(9999, 12, 31)
_DAY = timedelta(days=1)


def law_of(rows: Iterable[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """The rows of a dated table that are valid on a day."""
    return [row for row in rows if row["valid_from"] <= day <= (row["valid_to"] or _END)]


@dataclass(slots=True)
class Knowledge:
    """Prices and rates in force and the law's tables. Answers are kept by day and asset."""

    prices: Mapping[tuple[date, str], tuple[Decimal, str]]
    """By day and asset: price and currency."""
    rates: Mapping[str, tuple[list[date], list[Decimal]]]
    """By currency: days in order, and tenge for one unit."""
    assets: Sequence[Mapping[str, Any]]
    sale_rules: Sequence[Mapping[str, Any]]
    price_list: Sequence[Mapping[str, Any]]
    calendar: WorkingCalendar
    _values: dict[tuple[date, str], Decimal | None] = field(default_factory=dict)
    _shares: dict[tuple[str, date, str], Decimal | None] = field(default_factory=dict)

    def unit_value(self, day: date | None, asset: str | None) -> Decimal | None:
        """Tenge for one unit received on the day, exact; None without a day, a price or a rate."""
        if day is None or asset is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        key = (day, asset)
        if key not in self._values:
            self._values[key] = self._unit_value(day, asset)
        return self._values[key]

    def _unit_value(self, day: date, asset: str) -> Decimal | None:
        worked = day
        while not self.calendar.is_working(worked):
            worked -= _DAY
        if not any(row["ticker"] == asset for row in law_of(self.price_list, day)):
            return None  # rule 6: a price for what is off the list of its day is not used
        priced = self.prices.get((worked, asset))
        rate = self._rate(priced[1], day) if priced else None
        if priced is None or rate is None:
            return None
        with localcontext(prec=PRECISION):
            return priced[0] * rate

    def _rate(self, currency: str, day: date) -> Decimal | None:
        if currency == "KZT":
            return Decimal(1)
        days, rates = self.rates.get(currency, ([], []))
        place = bisect_right(days, day)
        return rates[place - 1] if place else None

    def share(self, role: str, day: date | None, asset: str | None) -> Decimal | None:
        """The share of what a role receives on the day that is to be sold; None where no rule obliges it."""
        if day is None or asset is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        key = (role, day, asset)
        if key not in self._shares:
            self._shares[key] = self._share(role, day, asset)
        return self._shares[key]

    def _share(self, role: str, day: date, asset: str) -> Decimal | None:
        classes = {row["asset_class"] for row in law_of(self.assets, day) if row["ticker"] == asset}
        shares = [row["share"] for row in law_of(self.sale_rules, day) if row["obliged_role"] == role]
        return max(shares) if shares and "unbacked" in classes else None

    def to_sell(self, base: Decimal, share: Decimal, asset: str, last_day: date) -> Decimal:
        """The share of a base, rounded up once at the smallest unit in force on the last day of the span (para 11)."""
        unit = Decimal(1).scaleb(-min(self.decimals(asset, last_day), FINEST))
        with localcontext(prec=PRECISION):
            return (max(base, Decimal(0)) * share).quantize(unit, rounding=ROUND_CEILING)

    def decimals(self, asset: str, day: date) -> int:
        """Decimals of the asset's smallest unit: of the latest row that begins by the day, else of the first one."""
        rows = sorted((row for row in self.assets if row["ticker"] == asset), key=lambda row: row["valid_from"])
        begun = [row for row in rows if row["valid_from"] <= day]
        return int((begun[-1] if begun else rows[0])["decimals"])


def read(settings: Settings) -> Knowledge:
    """From the accepted versions in force and the tables of the law; the first of two equal days counts."""
    prices: dict[tuple[date, str], tuple[Decimal, str]] = {}
    for row in reference.rows_in_force(settings, "price"):
        prices.setdefault((row["date"], row["asset"]), (row["price"], row["currency"]))
    by_currency: dict[str, dict[date, Decimal]] = {}
    for row in reference.rows_in_force(settings, "exchange_rate"):
        by_currency.setdefault(row["currency"], {}).setdefault(row["date"], row["kzt_per_unit"])
    rates = {currency: (sorted(told), [told[day] for day in sorted(told)]) for currency, told in by_currency.items()}
    return Knowledge(
        prices, rates, tables.read("asset"), tables.read("sale_rule"), tables.read("price_list"), working_calendar()
    )
