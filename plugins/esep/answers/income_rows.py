"""The rows behind a taxpayer's income, down to the worksheet row: each quantity with its price, rate and value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from esep.answers import tables
from esep.answers.tables import records
from esep.answers.taxpayers import Role

COLUMN = {"miner": "8", "pool": "9.2"}
"""The printed column of Annex 2 in which the quantity of a role stands."""

REASON = """
    case
        when value_kzt is not null then null
        when distributed_on is null then 'no_day'
        when price is null and asset not in (select ticker from asset) then 'unknown_asset'
        when price is null and not on_price_list(traced.asset, traced.distributed_on) then 'not_on_price_list'
        when price is null then 'no_price'
        when rate is null then 'no_rate'
        else 'beyond_value'
    end"""
"""Why a traced row has no value, as reference_gap says it; of a relation `traced`."""

_ROWS = f"""
    select
        registration_no,
        file,
        file_sha256,
        sheet,
        row,
        $column as column_no,
        pool_id,
        period,
        wallet,
        distributed_on,
        coalesce(asset, '') as asset,
        quantity,
        price,
        currency,
        price_date,
        rate,
        rate_date,
        value_kzt,
        {REASON} as reason
    from trace_income($taxpayer, $year) as traced
    where
        role = $role
        and ($month::date is null or period = $month)
        and ($asset::varchar is null or coalesce(asset, '') = $asset)
"""  # noqa: S608 - no value in the text
_ORDERED = "order by distributed_on, registration_no, file, sheet, row"


@dataclass(frozen=True, slots=True)
class IncomeRow:
    """One distribution in force: quantity x price x rate = value, all exact; `reason` says why there is no value."""

    registration_no: str
    file: str
    file_sha256: str
    sheet: str
    row: int
    column_no: str
    pool_id: str | None
    period: date | None
    wallet: str | None
    distributed_on: date | None
    asset: str
    quantity: Decimal
    price: Decimal | None
    currency: str | None
    price_date: date | None
    rate: Decimal | None
    rate_date: date | None
    value_kzt: Decimal | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class IncomeRows:
    """A page of rows, what all of them add up to, and what the figure says: both must be the same."""

    rows: tuple[IncomeRow, ...]
    count: int
    value_kzt: Decimal
    quantity: Decimal
    figure_kzt: Decimal
    figure_quantity: Decimal

    @property
    def holds(self) -> bool:
        return (self.value_kzt, self.quantity) == (self.figure_kzt, self.figure_quantity)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of one taxpayer, year and role; of one month (its first day) and asset if given."""

    year: int
    role: Role
    taxpayer_id: str
    month: date | None = None
    asset: str | None = None

    def values(self) -> dict[str, Any]:
        """The parameters of the queries."""
        return {
            "year": self.year,
            "role": self.role,
            "taxpayer": self.taxpayer_id,
            "month": self.month,
            "asset": self.asset,
        }


def rows(connection: duckdb.DuckDBPyConnection, of: Selection, *, limit: int, offset: int = 0) -> IncomeRows:
    """The rows of a selection by day and place."""
    values = of.values() | {"column": COLUMN[of.role]}
    told = connection.execute(_SUMS, of.values()).fetchone()
    figure = connection.execute(_FIGURE, of.values()).fetchone()
    listed = records(
        connection,
        IncomeRow,
        f"{_ROWS} {_ORDERED} limit $limit offset $offset",
        values | {"limit": limit, "offset": offset},
    )
    return IncomeRows(listed, *(told or (0, Decimal(0), Decimal(0))), *(figure or (Decimal(0), Decimal(0))))


def table_of_rows(connection: duckdb.DuckDBPyConnection, of: Selection) -> pa.Table:
    """All rows of a selection, for a download."""
    return tables.arrow(connection, f"{_ROWS} {_ORDERED}", of.values() | {"column": COLUMN[of.role]})


def count(connection: duckdb.DuckDBPyConnection, of: Selection) -> int:
    """How many rows a selection has."""
    row = connection.execute(_SUMS, of.values()).fetchone()
    return int(row[0]) if row else 0


_SUMS = """
    select
        count(*) as row_count,
        coalesce(sum(value_kzt), 0)::decimal(38, 12) as value_kzt,
        coalesce(sum(quantity), 0)::decimal(38, 18) as quantity
    from trace_income($taxpayer, $year)
    where
        role = $role
        and ($month::date is null or period = $month)
        and ($asset::varchar is null or coalesce(asset, '') = $asset)
"""
_FIGURE = """
    select
        coalesce(sum(income_kzt), 0)::decimal(38, 12) as income_kzt,
        coalesce(sum(quantity), 0)::decimal(38, 18) as quantity
    from monthly_income
    where
        year = $year
        and role = $role
        and taxpayer_id = $taxpayer
        and ($month::date is null or period = $month)
        and ($asset::varchar is null or coalesce(asset, '') = $asset)
"""
