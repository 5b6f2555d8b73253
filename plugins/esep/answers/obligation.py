"""How much of which unbacked asset must be sold through exchanges licensed in AIFC (para 11): units, never tenge.

The form holds no sales, so whether an obligation was met cannot be told from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import duckdb
import pyarrow as pa

from esep.answers import tables
from esep.answers.tables import Page, records
from esep.answers.taxpayers import Role, check_year

Order = Literal["quantity", "name"]

_WHERE = "year = $year and role = $role and ($asset::varchar is null or asset = $asset)"

_LISTED = f"""
    select
        year,
        role,
        taxpayer_id,
        taxpayer_name,
        taxpayer_id_state,
        asset,
        share,
        base_quantity,
        quantity_to_sell,
        decimals
    from sale_obligation
    where {_WHERE} and ($ids::varchar[] is null or taxpayer_id in (select unnest($ids::varchar[])))
"""  # noqa: S608 - no value in the text
_ORDER = {
    "quantity": "order by asset, share, quantity_to_sell desc, taxpayer_id",
    "name": "order by lower(taxpayer_name) nulls last, taxpayer_id, asset, share",
}


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


def of_year(connection: duckdb.DuckDBPyConnection, year: int, role: Role, asset: str | None = None) -> YearObligation:
    """The obligations of all taxpayers of a role; raises UnknownError for a year without figures."""
    check_year(connection, year)
    scope = {"year": year, "role": role, "asset": asset}
    return YearObligation(
        assets=records(connection, AssetObligation, _BY_ASSET, scope),
        outside=records(connection, Outside, _OUTSIDE, scope),
        months=records(connection, MonthObligation, _BY_MONTH, scope),
        rules=rules(connection, year, role),
        exchanges=records(connection, Exchange, _EXCHANGES, _days_of(year)),
    )


def rules(connection: duckdb.DuckDBPyConnection, year: int, role: Role) -> tuple[SaleRule, ...]:
    """The shares that hold for a role in a year, by day."""
    return records(connection, SaleRule, _RULES, _days_of(year) | {"role": role})


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
    values = _listed(year, role, asset, ids)
    row = connection.execute(f"select count(*) from ({_LISTED})", values).fetchone()  # noqa: S608
    query = f"{_LISTED} {_ORDER[order]} limit $limit offset $offset"
    found = records(connection, Obligation, query, values | {"limit": limit, "offset": offset})
    return Page(found, int(row[0]) if row else 0)


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
    return tables.arrow(connection, f"{_LISTED} {_ORDER[order]}", _listed(year, role, asset, ids))


def _listed(year: int, role: Role, asset: str | None, ids: Sequence[str] | None) -> dict[str, Any]:
    return {"year": year, "role": role, "asset": asset, "ids": None if ids is None else list(ids)}


def _days_of(year: int) -> dict[str, Any]:
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}


_IN_YEAR = "valid_from <= $last and coalesce(valid_to, date '9999-12-31') >= $first"
_RULES = f"""
    select valid_from, valid_to, obliged_role, share, venue, source, nullif(confirmed_by, '') as confirmed_by
    from sale_rule where obliged_role = $role and {_IN_YEAR} order by valid_from
"""  # noqa: S608 - no value in the text
_EXCHANGES = f"select name, licence_no, valid_from, valid_to from exchange where {_IN_YEAR} order by name"  # noqa: S608
_BY_ASSET = f"""
    with received as (
        select asset, sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity
        from annual_income
        where {_WHERE}
        group by asset
    ),

    obliged as (
        select
            asset,
            share,
            sum(base_quantity)::decimal(38, 18) as base_quantity,
            sum(quantity_to_sell)::decimal(38, 18) as quantity_to_sell,
            max(decimals) as decimals,
            count(*) as taxpayer_count
        from sale_obligation
        where {_WHERE}
        group by asset, share
    )

    select obliged.*, coalesce(received.unvalued_quantity, 0)::decimal(38, 18) as unvalued_quantity
    from obliged
    left join received on obliged.asset = received.asset
    order by obliged.asset, obliged.share
"""  # noqa: S608 - no value in the text
_BY_MONTH = f"""
    select
        period,
        asset,
        share,
        sum(base_quantity)::decimal(38, 18) as base_quantity,
        sum(quantity_to_sell)::decimal(38, 18) as quantity_to_sell
    from monthly_sale_obligation
    where {_WHERE}
    group by period, asset, share
    order by period, asset, share
"""  # noqa: S608 - no value in the text


def outside_query(where: str) -> str:
    """Received less what is a base of an obligation, by asset."""
    return f"""
        with received as (
            select asset, sum(quantity)::decimal(38, 18) as quantity
            from annual_income where {where} group by asset
        ),

        obliged as (
            select asset, sum(base_quantity)::decimal(38, 18) as quantity
            from sale_obligation where {where} group by asset
        ),

        known as (
            select ticker, bool_or(asset_class = 'unbacked') as is_unbacked from asset group by ticker
        )

        select
            coalesce(received.asset, '') as asset,
            case
                when known.ticker is null then 'unknown_asset'
                when not known.is_unbacked then 'not_unbacked'
                else 'no_rule'
            end as reason,
            (received.quantity - coalesce(obliged.quantity, 0))::decimal(38, 18) as quantity
        from received
        left join obliged on received.asset = obliged.asset
        left join known on received.asset = known.ticker
        where received.quantity - coalesce(obliged.quantity, 0) <> 0
        order by asset
    """  # noqa: S608 - no value in the text


_OUTSIDE = outside_query(_WHERE)
