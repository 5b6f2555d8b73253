"""The two answers as they must come out, by plain loops over fractions (facts: orders' paras 3 and 11).

Everything here is written a second time on purpose: shares, smallest units, price days and rounding are literals of
this module, so that a mistake in the law tables or in the SQL shows as a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from esep.demo import days_off
from esep.demo.ledger import Entry
from esep.demo.market import Market

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


@dataclass(slots=True)
class Income:
    """Sums of one year × role × taxpayer × asset."""

    quantity: Decimal = Decimal(0)
    valued_quantity: Decimal = Decimal(0)
    unvalued_quantity: Decimal = Decimal(0)
    income_kzt: Fraction = Fraction(0)
    rows: int = 0


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
    """Tenge for one unit on that day; None where the market does not tell it."""
    if day is None:
        return None
    quoted = market.prices.get((days_off.working_day_before_or_on(day), asset))
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
    income.rows += 1
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
    quantity_to_sell: Decimal


def sale_obligation(incomes: dict[IncomeKey, Income]) -> dict[tuple[int, str, str, str, Decimal], Obligation]:
    """Share of what each miner received of each unbacked asset, rounded up once at the smallest unit.

    A share holds for a whole year here, so the sums by year are the bases.
    """
    result = {}
    for (year, role, taxpayer, asset), income in incomes.items():
        if role != "miner" or asset not in DECIMALS:
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
