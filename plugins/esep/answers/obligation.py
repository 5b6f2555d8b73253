"""How much of which unbacked asset must be sold through exchanges licensed in AIFC (para 11): units, never tenge.

The form holds no sales, so whether an obligation was met cannot be told from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb
import pyarrow as pa

from esep.answers import UnknownError, tables
from esep.answers.tables import Page, records, through
from esep.answers.taxpayers import Role, check_year, years_of

Order = Literal["quantity", "name"]

_ORDER = {
    "quantity": "asset, share, quantity_to_sell desc, taxpayer_id",
    "name": "lower(taxpayer_name) nulls last, taxpayer_id, asset, share",
}
_OF_ASSET = "($asset::varchar is null or asset = $asset)"
_LISTED = f"""
    from sale_obligation
    where
        year = $year
        and role = $role
        and {_OF_ASSET}
        and ($ids::varchar[] is null or taxpayer_id in (select unnest($ids::varchar[])))
"""
_OF = "where year = $year and role = $role and taxpayer_id = $taxpayer"


@dataclass(frozen=True, slots=True)
class SaleRule:
    """A dated reading of the law: which role must sell which share; `source` and who confirmed it, if anybody."""

    valid_from: date
    valid_to: date | None
    obliged_role: str
    share: Decimal
    venue: str
    source: str
    confirmed_by: str | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange with an AIFC licence in the year."""

    name: str
    licence_no: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AssetObligation:
    """Of one asset and share: the base and what all taxpayers together must sell, each rounded up by itself."""

    asset: str
    share: Decimal
    base_quantity: Decimal
    quantity_to_sell: Decimal
    decimals: int
    """Decimals of the smallest unit."""
    taxpayer_count: int
    unvalued_quantity: Decimal
    """Units of the asset in the year that have no price: the obligation stands all the same."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Units of an asset from which nothing must be sold.

    reason: unknown_asset (not on the list of assets), not_unbacked, no_rule (no share for the role or the days).
    """

    asset: str
    reason: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Obligation:
    """The obligation of one taxpayer for an asset and a share; `base_quantity` x `share`, rounded up."""

    year: int
    role: Role
    taxpayer_id: str | None
    taxpayer_name: str | None
    taxpayer_id_state: str | None
    asset: str
    share: Decimal
    base_quantity: Decimal
    quantity_to_sell: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class MonthObligation:
    """The same of one month; rounded up by itself, so months may add up to more than the year."""

    period: date
    asset: str
    share: Decimal
    base_quantity: Decimal
    quantity_to_sell: Decimal


@dataclass(frozen=True, slots=True)
class YearObligation:
    """The obligations of a year and role by asset, what lies outside, and on which readings of the law it rests."""

    assets: tuple[AssetObligation, ...]
    outside: tuple[Outside, ...]
    months: tuple[MonthObligation, ...]
    rules: tuple[SaleRule, ...]
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class ToldObligation:
    """Units to sell of an asset as they were told on a day, and as they are told now."""

    asset: str
    then_to_sell: Decimal
    now_to_sell: Decimal

    @property
    def difference(self) -> Decimal:
        """Now less then."""
        return self.now_to_sell - self.then_to_sell


def of_year(connection: duckdb.DuckDBPyConnection, year: int, role: Role, asset: str | None = None) -> YearObligation:
    """The obligations of all taxpayers of a role; raises UnknownError for a year without figures."""
    check_year(connection, year)
    scope = {"year": year, "role": role, "asset": asset}
    by_asset = f"from obligation_by_asset($year, $role) where {_OF_ASSET} order by asset, share"
    return YearObligation(
        assets=records(connection, AssetObligation, by_asset, **scope),
        outside=outside(connection, year, role, asset=asset),
        months=months(connection, year, role, asset=asset),
        rules=rules(connection, year, role),
        exchanges=records(connection, Exchange, "from exchange_of_year($year) order by name", year=year),
    )


def rules(connection: duckdb.DuckDBPyConnection, year: int, role: Role) -> tuple[SaleRule, ...]:
    """The shares that hold for a role in a year, by day."""
    source = "from sale_rule_of_year($year) where obliged_role = $role order by valid_from"
    return records(connection, SaleRule, source, year=year, role=role)


def outside(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    taxpayer_id: str | None = None,
    *,
    asset: str | None = None,
) -> tuple[Outside, ...]:
    """Units of all taxpayers, or of one, from which nothing must be sold, and why."""
    source = f"from not_obliged($year, $role, $taxpayer) where {_OF_ASSET} order by asset"
    return records(connection, Outside, source, year=year, role=role, taxpayer=taxpayer_id, asset=asset)


def months(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    taxpayer_id: str | None = None,
    *,
    asset: str | None = None,
) -> tuple[MonthObligation, ...]:
    """The obligations of all taxpayers, or of one, by month of distribution."""
    source = f"from obligation_by_month($year, $role, $taxpayer) where {_OF_ASSET} order by period, asset, share"
    return records(connection, MonthObligation, source, year=year, role=role, taxpayer=taxpayer_id, asset=asset)


def of_taxpayers(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    asset: str | None = None,
    *,
    ids: Sequence[str] | None = None,
    order: Order = "name",
    limit: int,
    offset: int = 0,
) -> Page[Obligation]:
    """The obligations of a year one by one, by name or largest first within each asset; `ids` keeps only these."""
    values = {"year": year, "role": role, "asset": asset, "ids": ids}
    return tables.page(connection, Obligation, _LISTED, _ORDER[order], limit=limit, offset=offset, **values)


def table_of_taxpayers(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    asset: str | None = None,
    *,
    ids: Sequence[str] | None = None,
    order: Order = "name",
) -> pa.Table:
    """The same list, whole, for a download."""
    source = f"{_LISTED} order by {_ORDER[order]}"
    return tables.arrow(connection, Obligation, source, year=year, role=role, asset=asset, ids=ids)


def of_taxpayer(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str
) -> tuple[Obligation, ...]:
    """A taxpayer's obligations of a year; empty if there are none.

    Raises UnknownError for a taxpayer without figures, or for a year and role without his.
    """
    if (year, role) not in years_of(connection, taxpayer_id):
        check_year(connection, year)
        raise UnknownError("taxpayer_year", year)
    source = f"from sale_obligation {_OF} order by asset, share"
    return records(connection, Obligation, source, year=year, role=role, taxpayer=taxpayer_id)


def table_of_months(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> pa.Table:
    """A taxpayer's obligations by month of distribution, for a download."""
    columns = (
        "year", "period", "role", "taxpayer_id", "taxpayer_name", "asset", "share", "base_quantity",
        "quantity_to_sell", "decimals",
    )  # fmt: skip
    source = f"from monthly_sale_obligation {_OF} order by period, asset, share"
    return tables.arrow(connection, columns, source, year=year, role=role, taxpayer=taxpayer_id)


def reported_through(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str, day: date
) -> tuple[ToldObligation, ...]:
    """A taxpayer's units to sell by asset as told through `day` (its end, local time), beside those of now."""
    source = "from obligation_compared($taxpayer, $year, $role, $moment) order by asset"
    values = {"year": year, "role": role, "taxpayer": taxpayer_id, "moment": through(day)}
    return records(connection, ToldObligation, source, **values)
