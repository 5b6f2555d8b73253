"""How much of which unbacked asset must be sold through exchanges licensed in AIFC (para 11): units, never tenge.

An asset on no list has class `undecided`: its quantity is there, its share and its units to sell are None.
The form holds no sales, so whether an obligation was met cannot be seen from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import duckdb

from esep.answers import UnknownError, tables
from esep.answers.tables import Listed, Row, records, through
from esep.answers.taxpayers import Role, check_year, years_of

Order = Literal["quantity", "name"]

_ORDER = {
    "quantity": "asset, share, quantity_to_sell desc, taxpayer_id",
    "name": "lower(taxpayer_name) nulls last, taxpayer_id, asset, share",
}
_OF_ASSET = "($asset::varchar is null or asset = $asset)"
_OF = "where year = $year and role = $role and taxpayer_id = $taxpayer"
_BALANCE = (
    "year", "taxpayer_id", "taxpayer_name", "asset", "asset_class", "base_quantity", "obligation", "sold",
    "open_quantity", "sold_above", "trade_count", "doubt",
)  # fmt: skip
_COLUMNS = (
    "year", "role", "taxpayer_id", "taxpayer_name", "taxpayer_id_state", "asset", "share", "base_quantity",
    "quantity_to_sell", "decimals", "asset_class", "share_state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearObligation:
    """The obligations of a year and role, and on which readings of the law they rest."""

    assets: tuple[Row, ...]
    """Of `obligation_by_asset`: what all taxpayers together must sell, each rounded up by itself."""
    outside: tuple[Row, ...]
    """Of `not_obliged`: units from which nothing must be sold."""
    months: tuple[Row, ...]
    """Of `obligation_by_month`."""
    rules: tuple[Row, ...]
    """Of `sale_rule_of_year`."""
    exchanges: tuple[Row, ...]
    """Of `exchange_of_year`."""


def of_year(connection: duckdb.DuckDBPyConnection, year: int, role: Role, asset: str | None = None) -> YearObligation:
    """The obligations of all taxpayers of a role; raises UnknownError for a year without figures."""
    check_year(connection, year)
    by_asset = f"from obligation_by_asset($year, $role) where {_OF_ASSET} order by asset, share"
    return YearObligation(
        assets=records(connection, "*", by_asset, year=year, role=role, asset=asset),
        outside=outside(connection, year, role, asset=asset),
        months=months(connection, year, role, asset=asset),
        rules=rules(connection, year, role),
        exchanges=records(connection, "*", "from exchange_of_year($year) order by name", year=year),
    )


def rules(connection: duckdb.DuckDBPyConnection, year: int, role: Role) -> tuple[Row, ...]:
    """The shares that hold for a role in a year, by day."""
    source = "from sale_rule_of_year($year) where obliged_role = $role order by valid_from"
    return records(connection, "*", source, year=year, role=role)


def outside(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    taxpayer_id: str | None = None,
    *,
    asset: str | None = None,
) -> tuple[Row, ...]:
    """Units of all taxpayers, or of one, from which nothing must be sold, and why."""
    source = f"from not_obliged($year, $role, $taxpayer) where {_OF_ASSET} order by asset"
    return records(connection, "*", source, year=year, role=role, taxpayer=taxpayer_id, asset=asset)


def months(
    connection: duckdb.DuckDBPyConnection,
    year: int,
    role: Role,
    taxpayer_id: str | None = None,
    *,
    asset: str | None = None,
) -> tuple[Row, ...]:
    """The obligations of all taxpayers, or of one, by month of distribution.

    Each month is rounded up by itself, so months may add up to more than the year.
    """
    source = f"from obligation_by_month($year, $role, $taxpayer) where {_OF_ASSET} order by period, asset, share"
    return records(connection, "*", source, year=year, role=role, taxpayer=taxpayer_id, asset=asset)


@dataclass(frozen=True, slots=True)
class KnownSales:
    """What a register that the office obtained knows of sales, beside the obligations of a year (`sale_balance`).

    It never proves that more was not sold. `accepted_at` and `row_count` are None while there is no register.
    """

    accepted_at: datetime | None
    row_count: int | None
    rows: tuple[Row, ...]


def known_sales(connection: duckdb.DuckDBPyConnection, year: int, taxpayer_id: str | None = None) -> KnownSales:
    """By asset of all taxpayers (`sale_balance_by_asset`), or the rows of `sale_balance` of one; units."""
    version = tables.rows(connection, ("accepted_at", "row_count"), "from reference_version where name = 'sale'")
    accepted_at, row_count = version[0] if version else (None, None)
    if taxpayer_id is None:
        found = records(connection, "*", "from sale_balance_by_asset($year) order by asset", year=year)
    else:
        source = "from sale_balance where year = $year and taxpayer_id = $taxpayer order by asset"
        found = records(connection, _BALANCE, source, year=year, taxpayer=taxpayer_id)
    return KnownSales(accepted_at, row_count, found)


def balances(year: int) -> Listed:
    """The balance of every taxpayer and asset of a year, for a download."""
    source = "from sale_balance where year = $year"
    return Listed(source, "lower(taxpayer_name) nulls last, taxpayer_id, asset", {"year": year}, _BALANCE)


def of_taxpayers(
    year: int, role: Role, asset: str | None = None, *, ids: Sequence[str] | None = None, order: Order = "name"
) -> Listed:
    """The obligations of a year one by one, by name or largest first within each asset; `ids` keeps only these."""
    source = f"""
        from sale_obligation
        where
            year = $year
            and role = $role
            and {_OF_ASSET}
            and ($ids::varchar[] is null or taxpayer_id in (select unnest($ids::varchar[])))
    """
    values = {"year": year, "role": role, "asset": asset, "ids": ids}
    return Listed(source, _ORDER[order], values, _COLUMNS)


def of_taxpayer(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Row, ...]:
    """A taxpayer's obligations of a year; empty if there are none.

    Raises UnknownError for a taxpayer without figures, or for a year and role without his.
    """
    if (year, role) not in years_of(connection, taxpayer_id):
        check_year(connection, year)
        raise UnknownError("taxpayer_year", year)
    source = f"from sale_obligation {_OF} order by asset, share"
    return records(connection, _COLUMNS, source, year=year, role=role, taxpayer=taxpayer_id)


def table_of_months(year: int, role: Role, taxpayer_id: str) -> Listed:
    """A taxpayer's obligations by month of distribution, for a download."""
    values = {"year": year, "role": role, "taxpayer": taxpayer_id}
    return Listed(
        f"from monthly_sale_obligation {_OF}", "period, asset, share", values, "* exclude (taxpayer_id_state)"
    )


def compared(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str, day: date
) -> tuple[Row, ...]:
    """A taxpayer's units to sell by asset as reported through `day` (its end, local time), beside those of now."""
    source = "from obligation_compared($taxpayer, $year, $role, $moment) order by asset"
    return records(connection, "*", source, year=year, role=role, taxpayer=taxpayer_id, moment=through(day))
