"""Pictures of the pages Income and Sale obligation, each with the figures of the table beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from esep.answers import shares
from esep.answers.income import Month
from esep.answers.shares import OTHERS, ShareToSell
from esep.answers.tables import Row
from esep.answers.taxpayers import Role
from esep.documents import charts
from esep.web import seen
from esep.web.rendering import Asked


@dataclass(frozen=True, slots=True)
class Parted:
    """Months parted among assets or pools: the picture, and its table."""

    chart: object
    columns: Mapping[str | None, str]
    """What months are parted among → its heading."""
    months: Mapping[date, Mapping[Any, Decimal]]


def by_asset(asked: Asked, months: Sequence[Row], year: int) -> object:
    """Income by month, stacked by asset."""
    rows = [
        {"month": one.period, "asset": one.asset, "income": one.income_kzt}
        for one in sorted(months, key=lambda one: (one.asset, one.period))
        if one.income_kzt
    ]
    title = asked.text("income.chart", year=year)
    return asked.chart(rows, year, "income", "asset", title, "chart.income", unit="tenge")


def asset_shares(asked: Asked, months: Sequence[Month], year: int) -> Parted | None:
    """Shares of the assets in the income of each month; nothing where there is one asset alone."""
    found = shares.of_assets(months)
    names = sorted({name for parts in found.values() for name in parts})
    if len(names) < 2:
        return None
    rows = [
        {"month": month, "asset": name, "share": parts[name]}
        for name in names
        for month, parts in found.items()
        if name in parts
    ]
    title = asked.text("income.shares_chart", year=year)
    chart = asked.chart(rows, year, "share", "asset", title, "chart.share_of_income", unit="share", stack="normalized")
    return Parted(chart, {name: name for name in names}, found)


def pool_incomes(asked: Asked, year: int, role: Role, asset: str | None) -> Parted | None:
    """Income by month, stacked by pool; the smallest pools together. Nothing where nobody has an income."""
    found = shares.of_pools(asked.warehouse, year, role, asset)
    if not found.pools:
        return None
    labels: dict[str | None, str] = {
        one.pool_id: seen.shown_pool(asked.reader, one.pool_id, one.pool_name).label for one in found.pools
    }
    if found.others:
        labels[OTHERS] = asked.text("income.other_pools", number=found.others)
    rows = [
        {"month": month, "pool": labels[pool], "income": parts[pool]}
        for pool in found.columns
        for month, parts in found.months.items()
        if pool in parts
    ]
    title = asked.text("income.pools_chart", year=year)
    return Parted(asked.chart(rows, year, "income", "pool", title, "chart.income", unit="tenge"), labels, found.months)


@dataclass(frozen=True, slots=True)
class SharesToSell:
    """Which share of each asset must be sold, by year: the picture, and its table."""

    chart: object
    rows: Sequence[ShareToSell]


def shares_to_sell(asked: Asked, role: Role, asset: str | None) -> SharesToSell | None:
    """Over all years, of the assets of which anything must be sold; nothing where there is none."""
    found = shares.to_sell(asked.warehouse, role, asset)
    if not found:
        return None
    years = range(min(one.year for one in found), max(one.year for one in found) + 1)
    chart = charts.bars(
        [{"year": str(one.year), "asset": one.asset, "share": one.share} for one in found],
        asked.language,
        x="year",
        y="share",
        colour="asset",
        order=[str(year) for year in years],
        title=asked.text("obligation.shares_chart"),
        y_title=asked.text("chart.share_to_sell"),
        unit="share",
        stack="grouped",
    )
    return SharesToSell(chart, found)
