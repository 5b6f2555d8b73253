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

_ORDER = {"income": "income_kzt desc, taxpayer_id", "name": "lower(taxpayer_name) nulls last, taxpayer_id"}
_LISTED = """
    from income_by_taxpayer($year, $role, $asset)
    where $ids::varchar[] is null or taxpayer_id in (select unnest($ids::varchar[]))
"""
_TOTAL = ("count(*)", "coalesce(sum(income_kzt), 0)::decimal(38, 2)")
_OF_ASSET = "($asset::varchar is null or coalesce(asset, '') = $asset)"


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
    scope: dict[str, Any] = {"year": year, "role": role, "asset": asset, "ids": None}
    ((count, total),) = tables.rows(connection, _TOTAL, _LISTED, **scope)
    excluded = f"from income_excluded($year) where role = $role and {_OF_ASSET}"
    assets = of_assets(connection, year, role, asset=asset)
    return YearIncome(
        income_kzt=total,
        taxpayer_count=count,
        assets=assets,
        months=of_months(connection, year, role, asset=asset),
        gaps=_gaps(connection, year, [one.asset for one in assets if one.unvalued_quantity]),
        excluded_count=tables.value(connection, "count(*)", excluded, **scope),
    )


def assets_of(connection: duckdb.DuckDBPyConnection, year: int, role: Role) -> tuple[str, ...]:
    """The assets of which a year has figures."""
    source = "from annual_income where year = $year and role = $role and asset is not null order by asset"
    return tables.column(connection, "distinct asset", source, year=year, role=role)


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
    values = {"year": year, "role": role, "asset": asset, "ids": ids}
    return tables.page(connection, TaxpayerIncome, _LISTED, _ORDER[order], limit=limit, offset=offset, **values)


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
    source = f"{_LISTED} order by {_ORDER[order]}"
    table = tables.arrow(connection, TaxpayerIncome, source, year=year, role=role, asset=asset, ids=ids)
    return table if asset is not None else table.drop_columns("quantity")


def of_assets(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    *,
    taxpayer_id: str | None = None,
    asset: str | None = None,
) -> tuple[AssetIncome, ...]:
    """The income of all taxpayers, or of one, by asset: the largest first."""
    source = f"from income_by_asset($year, $role, $taxpayer) where {_OF_ASSET} order by income_kzt desc, asset"
    return records(connection, AssetIncome, source, year=year, role=role, taxpayer=taxpayer_id, asset=asset)


def of_months(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    *,
    taxpayer_id: str | None = None,
    asset: str | None = None,
) -> tuple[MonthIncome, ...]:
    """The income of all taxpayers, or of one, by month of distribution and asset."""
    source = f"from income_by_month($year, $role, $taxpayer) where {_OF_ASSET} order by period, asset"
    return records(connection, MonthIncome, source, year=year, role=role, taxpayer=taxpayer_id, asset=asset)


def by_month(months: Sequence[MonthIncome]) -> tuple[Month, ...]:
    """Income by month and asset, as one record a month with all its assets, in order."""
    found: dict[date, dict[str, MonthIncome]] = {}
    for one in months:
        found.setdefault(one.period, {})[one.asset] = one
    return tuple(
        Month(period, assets, added(one.income_kzt for one in assets.values()))
        for period, assets in sorted(found.items())
    )


def _gaps(connection: duckdb.DuckDBPyConnection, year: int, assets: Sequence[str]) -> tuple[Gap, ...]:
    if not assets:
        return ()
    source = (
        "from income_gap($year) where asset in (select unnest($assets::varchar[])) order by asset, first_day, reason"
    )
    return records(connection, Gap, source, year=year, assets=assets)
