"""How a year's income parts by month among assets and pools, and which share of each asset must be sold, by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

import duckdb

from esep.answers.income import Month
from esep.answers.tables import Row, records
from esep.answers.taxpayers import Role
from esep.exact import PRECISION, added

MOST_POOLS = 7
"""That are told apart in a picture; all others are one part."""
OTHERS = None
"""Stands for all other pools together."""


@dataclass(frozen=True, slots=True)
class Pools:
    """Income in tenge by month and pool."""

    pools: tuple[Row, ...]
    """With `pool_id` and `pool_name`: those with the highest income of the year, the highest first."""
    others: int
    """How many more there are."""
    months: Mapping[date, Mapping[str | None, Decimal]]
    """Month → number of the pool, or OTHERS, → income; what is 0 is left out."""

    @property
    def columns(self) -> tuple[str | None, ...]:
        """The numbers of the pools, and OTHERS where there are more."""
        return (*(one.pool_id for one in self.pools), *([OTHERS] if self.others else []))


def of_pools(connection: duckdb.DuckDBPyConnection, year: int, role: Role, asset: str | None = None) -> Pools:
    """The income of a year by the pools that reported it."""
    source = "from income_by_pool_and_month($year, $role, $asset) where income_kzt <> 0 order by period, pool_id"
    found = records(connection, "*", source, year=year, role=role, asset=asset)
    of_pool: dict[str, list[Row]] = defaultdict(list)
    for one in found:
        of_pool[one.pool_id].append(one)
    highest = sorted(of_pool, key=lambda pool: (-added(one.income_kzt for one in of_pool[pool]), pool))
    shown = set(highest[:MOST_POOLS])
    months: dict[date, dict[str | None, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        months[one.period][one.pool_id if one.pool_id in shown else OTHERS].append(one.income_kzt)
    return Pools(
        tuple(of_pool[pool][-1] for pool in highest[:MOST_POOLS]),
        len(highest) - len(shown),
        {month: {pool: added(values) for pool, values in parts.items()} for month, parts in months.items()},
    )


def of_assets(months: Sequence[Month]) -> Mapping[date, Mapping[str, Decimal]]:
    """Month → asset → its share of the month's income, from 0 to 1; months and assets without income are left out."""
    return {
        month.period: {
            name: _ratio(asset.income_kzt, month.income_kzt)
            for name, asset in sorted(month.assets.items())
            if asset.income_kzt
        }
        for month in months
        if month.income_kzt
    }


@dataclass(frozen=True, slots=True)
class ShareToSell:
    """Of all units of an asset that a role received in a year, those that must be sold."""

    year: int
    asset: str
    quantity: Decimal
    quantity_to_sell: Decimal | None
    """None while the class of the asset is undecided."""

    @property
    def share(self) -> Decimal | None:
        """From 0 to 1; rounding up to smallest units may lift it above that of the rule."""
        if self.quantity_to_sell is None or not self.quantity:
            return None
        return _ratio(self.quantity_to_sell, self.quantity)


def to_sell(connection: duckdb.DuckDBPyConnection, role: Role, asset: str | None = None) -> tuple[ShareToSell, ...]:
    """By asset and year, all years; of the assets (or the one) of which something must be sold in any year."""
    columns = ("year", "coalesce(asset, '') as asset", "quantity", "quantity_to_sell")
    source = """
        from obligation_by_year($role)
        where $asset::varchar is null or coalesce(asset, '') = $asset
        order by asset, year
    """
    found = records(connection, columns, source, role=role, asset=asset)
    obliged = {one.asset for one in found if one.quantity_to_sell}
    return tuple(
        ShareToSell(one.year, one.asset, one.quantity, one.quantity_to_sell) for one in found if one.asset in obliged
    )


def _ratio(part: Decimal, whole: Decimal) -> Decimal:
    with localcontext(prec=PRECISION):
        return part / whole
