"""One taxpayer's obligation of a year to sell (para 11): by asset and share, by month, as told on an earlier day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa

from esep.answers import UnknownError, tables
from esep.answers.obligation import MonthObligation, Obligation, Outside, outside_query
from esep.answers.tables import records, through
from esep.answers.taxpayers import Role, check_year, years_of

_OF = "year = $year and role = $role and taxpayer_id = $taxpayer"


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


def of_taxpayer(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str
) -> tuple[Obligation, ...]:
    """A taxpayer's obligations of a year; empty if there are none. Raises UnknownError as the income does."""
    _check(connection, year, role, taxpayer_id)
    return records(connection, Obligation, _OBLIGATIONS, {"year": year, "role": role, "taxpayer": taxpayer_id})


def outside(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Outside, ...]:
    """Units of a taxpayer from which nothing must be sold, and why."""
    values = {"year": year, "role": role, "taxpayer": taxpayer_id}
    return records(connection, Outside, _OUTSIDE_OF, values)


def months(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str
) -> tuple[MonthObligation, ...]:
    """A taxpayer's obligations by month of distribution."""
    query = f"""
        select period, asset, share, base_quantity, quantity_to_sell
        from monthly_sale_obligation where {_OF} order by period, asset, share
    """  # noqa: S608 - no value in the text
    return records(connection, MonthObligation, query, {"year": year, "role": role, "taxpayer": taxpayer_id})


def table_of_months(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> pa.Table:
    """The same for a download."""
    query = f"""
        select year, period, role, taxpayer_id, taxpayer_name, asset, share, base_quantity, quantity_to_sell, decimals
        from monthly_sale_obligation where {_OF} order by period, asset, share
    """  # noqa: S608 - no value in the text
    return tables.arrow(connection, query, {"year": year, "role": role, "taxpayer": taxpayer_id})


def told_through(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str, day: date
) -> tuple[ToldObligation, ...]:
    """A taxpayer's units to sell by asset as told through `day` (its end, local time), beside those of now."""
    values = {"year": year, "role": role, "taxpayer": taxpayer_id, "moment": through(day)}
    return records(connection, ToldObligation, _TOLD, values)


def _check(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> None:
    if (year, role) not in years_of(connection, taxpayer_id):
        check_year(connection, year)
        raise UnknownError("taxpayer_year", year)


_OBLIGATIONS = f"""
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
    from sale_obligation where {_OF} order by asset, share
"""  # noqa: S608 - no value in the text
_OUTSIDE_OF = outside_query(_OF)
_TOLD = f"""
    with then_told as (
        select asset, sum(quantity_to_sell)::decimal(38, 18) as quantity
        from sale_obligation_as_told_on($moment) where {_OF} group by asset
    ),

    now_told as (
        select asset, sum(quantity_to_sell)::decimal(38, 18) as quantity
        from sale_obligation where {_OF} group by asset
    )

    select
        coalesce(now_told.asset, then_told.asset) as asset,
        coalesce(then_told.quantity, 0)::decimal(38, 18) as then_to_sell,
        coalesce(now_told.quantity, 0)::decimal(38, 18) as now_to_sell
    from now_told
    full join then_told on now_told.asset = then_told.asset
    order by asset
"""  # noqa: S608 - no value in the text
