"""What was the income from mining in a year, as reported by pools (para 3): in total, by asset, month and taxpayer.

Income is exact; only a taxpayer's total of the year is rounded, half up to 2 decimals. The total of several taxpayers
is the sum of their totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import duckdb
import pyarrow as pa

from esep.answers import tables, taxpayers
from esep.answers.tables import Page, records
from esep.answers.taxpayers import Role
from esep.exact import added

Order = Literal["income", "name"]

_WHERE = "year = $year and role = $role and ($asset::varchar is null or coalesce(asset, '') = $asset)"

_TAXPAYERS = f"""
    select
        year,
        role,
        taxpayer_id,
        any_value(taxpayer_name) as taxpayer_name,
        max(taxpayer_id_state) as taxpayer_id_state,
        round(sum(income_kzt), 2)::decimal(38, 2) as income_kzt,
        case when $asset::varchar is not null then sum(quantity) end::decimal(38, 18) as quantity,
        string_agg(asset, ', ' order by asset) as assets,
        string_agg(asset, ', ' order by asset) filter (where unvalued_quantity <> 0) as unvalued_assets
    from annual_income
    where {_WHERE} and ($ids::varchar[] is null or taxpayer_id in (select unnest($ids::varchar[])))
    group by year, role, taxpayer_id
"""  # noqa: S608 - no value in the text
_ORDER = {
    "income": "order by income_kzt desc, taxpayer_id",
    "name": "order by lower(any_value(taxpayer_name)) nulls last, taxpayer_id",
}
_EXCLUDED_COLUMN = {"miner": "8", "pool": "9.2"}


@dataclass(frozen=True, slots=True)
class AssetIncome:
    """Of one asset: units and tenge. What has no value is 0 in `income_kzt`, and told as `unvalued_quantity`."""

    asset: str
    quantity: Decimal
    valued_quantity: Decimal
    unvalued_quantity: Decimal
    income_kzt: Decimal
    row_count: int


@dataclass(frozen=True, slots=True)
class MonthIncome:
    """Of one asset in one month of distribution (its first day)."""

    period: date
    asset: str
    quantity: Decimal
    unvalued_quantity: Decimal
    income_kzt: Decimal


@dataclass(frozen=True, slots=True)
class Month:
    """A month of distribution with its assets, and the income of all of them."""

    period: date
    assets: Mapping[str, MonthIncome]
    income_kzt: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """Why units of an asset have no value, and between which days: a gap of the reference data that filings meet.

    reason: not_on_price_list, no_price, no_rate, unknown_asset, outside_calendar, beyond_value.
    """

    asset: str
    reason: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class TaxpayerIncome:
    """A taxpayer's total of the year (of one asset if asked so, then with its units)."""

    year: int
    role: Role
    taxpayer_id: str | None
    taxpayer_name: str | None
    taxpayer_id_state: str | None
    income_kzt: Decimal
    quantity: Decimal | None
    assets: str
    unvalued_assets: str | None


@dataclass(frozen=True, slots=True)
class YearIncome:
    """The figure of a year and role: `income_kzt` in tenge, what has no value apart from it."""

    income_kzt: Decimal
    taxpayer_count: int
    assets: tuple[AssetIncome, ...]
    months: tuple[MonthIncome, ...]
    gaps: tuple[Gap, ...]
    excluded_count: int
    """Quantities that could not be read; they are in no figure."""

    @property
    def unvalued(self) -> tuple[AssetIncome, ...]:
        return tuple(one for one in self.assets if one.unvalued_quantity)

    def reasons(self, asset: str) -> tuple[Gap, ...]:
        """Why units of the asset have no value; empty where the row itself is the reason (no day, an absurd size)."""
        return tuple(gap for gap in self.gaps if gap.asset == asset)


def of_year(connection: duckdb.DuckDBPyConnection, year: int, role: Role, asset: str | None = None) -> YearIncome:
    """The income of all taxpayers of a role (of one asset); raises UnknownError for a year without figures."""
    taxpayers.check_year(connection, year)
    scope = {"year": year, "role": role, "asset": asset}
    count, total = _total(connection, _listed(scope, None))
    assets = records(connection, AssetIncome, _BY_ASSET, scope)
    return YearIncome(
        income_kzt=total,
        taxpayer_count=count,
        assets=assets,
        months=records(connection, MonthIncome, _BY_MONTH, scope),
        gaps=_gaps(connection, year, [one.asset for one in assets if one.unvalued_quantity]),
        excluded_count=_excluded_count(connection, scope),
    )


def assets_of(connection: duckdb.DuckDBPyConnection, year: int, role: Role) -> tuple[str, ...]:
    """The assets of which a year has figures."""
    rows = connection.execute(
        "select distinct asset from annual_income where year = $year and role = $role and asset is not null order by 1",
        {"year": year, "role": role},
    ).fetchall()
    return tuple(asset for (asset,) in rows)


def of_taxpayers(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    asset: str | None = None,
    *,
    ids: Sequence[str] | None = None,
    order: Order = "income",
    limit: int,
    offset: int = 0,
) -> Page[TaxpayerIncome]:
    """The taxpayers of a year, largest income first or by name; `ids` keeps only these."""
    values = _listed({"year": year, "role": role, "asset": asset}, ids)
    count, _ = _total(connection, values)
    query = f"{_TAXPAYERS} {_ORDER[order]} limit $limit offset $offset"
    rows = records(connection, TaxpayerIncome, query, values | {"limit": limit, "offset": offset})
    return Page(rows, count)


def table_of_taxpayers(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    asset: str | None = None,
    *,
    ids: Sequence[str] | None = None,
    order: Order = "income",
) -> pa.Table:
    """The same list, whole, for a download; units only where one asset was asked for."""
    values = _listed({"year": year, "role": role, "asset": asset}, ids)
    table = tables.arrow(connection, f"{_TAXPAYERS} {_ORDER[order]}", values)
    return table if asset is not None else table.drop_columns("quantity")


def by_month(months: Sequence[MonthIncome]) -> tuple[Month, ...]:
    """The same months, each with all its assets, in order."""
    found: dict[date, dict[str, MonthIncome]] = {}
    for one in months:
        found.setdefault(one.period, {})[one.asset] = one
    return tuple(
        Month(period, assets, added(one.income_kzt for one in assets.values()))
        for period, assets in sorted(found.items())
    )


def _listed(scope: dict[str, Any], ids: Sequence[str] | None) -> dict[str, Any]:
    return scope | {"ids": None if ids is None else list(ids)}


def _total(connection: duckdb.DuckDBPyConnection, values: dict[str, Any]) -> tuple[int, Decimal]:
    query = f"select count(*), coalesce(sum(income_kzt), 0)::decimal(38, 2) from ({_TAXPAYERS})"  # noqa: S608
    row = connection.execute(query, values).fetchone()
    return row or (0, Decimal(0))


def _gaps(connection: duckdb.DuckDBPyConnection, year: int, assets: Sequence[str]) -> tuple[Gap, ...]:
    if not assets:
        return ()
    return records(connection, Gap, _GAPS, {"first": date(year, 1, 1), "last": date(year, 12, 31), "assets": assets})


def _excluded_count(connection: duckdb.DuckDBPyConnection, scope: dict[str, Any]) -> int:
    query = """
        select count(*) from excluded_row
        where year(period) = $year and column_no = $column and ($asset::varchar is null or coalesce(asset, '') = $asset)
    """
    values = {"year": scope["year"], "asset": scope["asset"], "column": _EXCLUDED_COLUMN[scope["role"]]}
    row = connection.execute(query, values).fetchone()
    return int(row[0]) if row else 0


_BY_ASSET = f"""
    select
        coalesce(asset, '') as asset,
        sum(quantity)::decimal(38, 18) as quantity,
        sum(valued_quantity)::decimal(38, 18) as valued_quantity,
        sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity,
        sum(income_kzt)::decimal(38, 12) as income_kzt,
        sum(row_count)::bigint as row_count
    from annual_income
    where {_WHERE}
    group by asset
    order by income_kzt desc, asset
"""  # noqa: S608 - no value in the text
_BY_MONTH = f"""
    select
        period,
        coalesce(asset, '') as asset,
        sum(quantity)::decimal(38, 18) as quantity,
        sum(unvalued_quantity)::decimal(38, 18) as unvalued_quantity,
        sum(income_kzt)::decimal(38, 12) as income_kzt
    from monthly_income
    where {_WHERE}
    group by period, asset
    order by period, asset
"""  # noqa: S608 - no value in the text
_GAPS = """
    select
        asset,
        reason,
        greatest(min(first_day), $first::date) as first_day,
        least(max(last_day), $last::date) as last_day
    from reference_gap
    where asset in (select unnest($assets::varchar[])) and first_day <= $last and last_day >= $first
    group by asset, reason
    order by asset, first_day, reason
"""
