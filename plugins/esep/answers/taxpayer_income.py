"""One taxpayer's income of a year: by asset and month, why units have no value, the filings behind it, the doubts, and
the rows behind it down to the worksheet, each quantity with its price, rate and value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from esep.answers import UnknownError, income, tables
from esep.answers.income import AssetIncome, MonthIncome
from esep.answers.tables import records, through
from esep.answers.taxpayers import Role, check_year, years_of
from esep.exact import difference

_OF = "where year = $year and role = $role and taxpayer_id = $taxpayer"
_SELECTED = """
    where
        role = $role
        and ($month::date is null or period = $month)
        and ($asset::varchar is null or asset = $asset)
"""
_PLACE = "distributed_on, registration_no, file, sheet, row"


@dataclass(frozen=True, slots=True)
class Unvalued:
    """Units of an asset without value for one reason.

    reason: not_on_price_list, no_price, no_rate, unknown_asset, no_day (the day could not be read), beyond_value (10^14
    units or more, or worth 10^15 tenge or more, alone or with the other rows of the filing).
    """

    asset: str
    reason: str
    quantity: Decimal
    row_count: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class FilingBehind:
    """A filing in force that brings rows to the figure."""

    registration_no: str
    pool_id: str | None
    pool_name: str | None
    period: date | None
    received_at: datetime
    kind: str
    row_count: int
    income_kzt: Decimal


@dataclass(frozen=True, slots=True)
class Doubt:
    """Faults of one rule that touch rows of the figure. They change nothing in it."""

    rule_id: str
    lane: str
    severity: str
    count: int
    filings: list[str]


@dataclass(frozen=True, slots=True)
class ExcludedQuantity:
    """A quantity of the taxpayer that is in no figure: what stands in its cell, and why."""

    registration_no: str
    file: str
    sheet: str
    row: int
    column_no: str
    found: str | None
    reason: str
    asset: str | None


@dataclass(frozen=True, slots=True)
class TaxpayerYear:
    """The figure of one taxpayer, year and role; `income_kzt` is rounded to 2 decimals, everything else exact."""

    year: int
    role: Role
    taxpayer_id: str
    taxpayer_name: str | None
    taxpayer_id_state: str | None
    income_kzt: Decimal
    assets: tuple[AssetIncome, ...]
    months: tuple[MonthIncome, ...]

    @property
    def unvalued(self) -> tuple[AssetIncome, ...]:
        return tuple(one for one in self.assets if one.unvalued_quantity)


@dataclass(frozen=True, slots=True)
class ToldAsset:
    """What was told of one asset on a day, and what is told now; 0 where it was or is not told."""

    asset: str
    then_kzt: Decimal
    now_kzt: Decimal
    then_quantity: Decimal
    now_quantity: Decimal
    then_unvalued: Decimal
    now_unvalued: Decimal

    @property
    def difference_kzt(self) -> Decimal:
        """Now less then."""
        return difference(self.now_kzt, self.then_kzt)


@dataclass(frozen=True, slots=True)
class Told:
    """The figure as it was told through a day, beside the present one."""

    day: date
    then_kzt: Decimal
    now_kzt: Decimal
    assets: tuple[ToldAsset, ...]

    @property
    def difference_kzt(self) -> Decimal:
        """Now less then."""
        return difference(self.now_kzt, self.then_kzt)


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


def of_taxpayer(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> TaxpayerYear:
    """The figure; raises UnknownError for a taxpayer without figures, or for a year and role without his."""
    columns = ("taxpayer_name", "taxpayer_id_state", "income_kzt")
    source = f"from annual_income_total {_OF}"
    head = tables.rows(connection, columns, source, year=year, role=role, taxpayer=taxpayer_id)
    if not head:
        years_of(connection, taxpayer_id)
        check_year(connection, year)
        raise UnknownError("taxpayer_year", year)
    assets = income.of_assets(connection, year, role, taxpayer_id=taxpayer_id)
    months = income.of_months(connection, year, role, taxpayer_id=taxpayer_id)
    name, state, income_kzt = head[0]
    return TaxpayerYear(year, role, taxpayer_id, name, state, income_kzt, assets, months)


def table_of_months(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> pa.Table:
    """Income by month and asset, for a download."""
    columns = (
        "year", "period", "role", "taxpayer_id", "taxpayer_name", "asset", "quantity", "valued_quantity",
        "unvalued_quantity", "income_kzt", "row_count",
    )  # fmt: skip
    source = f"from monthly_income {_OF} order by period, asset"
    return tables.arrow(connection, columns, source, year=year, role=role, taxpayer=taxpayer_id)


def unvalued(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Unvalued, ...]:
    """The units without value by asset and reason; they add up to `unvalued_quantity` of the figure."""
    source = "from income_unvalued($taxpayer, $year) where role = $role order by asset, reason"
    return records(connection, Unvalued, source, year=year, role=role, taxpayer=taxpayer_id)


def filings(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[FilingBehind, ...]:
    """The filings whose rows make the figure, by month; their incomes add up to it."""
    source = "from income_filing($taxpayer, $year) where role = $role order by period, pool_name, registration_no"
    return records(connection, FilingBehind, source, year=year, role=role, taxpayer=taxpayer_id)


def doubts(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Doubt, ...]:
    """Faults that stand on rows of the figure, by rule; of a pool's figure those of day and reward alone."""
    source = "from income_doubt($taxpayer, $year) where role = $role order by severity, rule_id"
    return records(connection, Doubt, source, year=year, role=role, taxpayer=taxpayer_id)


def excluded(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str
) -> tuple[ExcludedQuantity, ...]:
    """Quantities of the taxpayer in the months of the year that are left out of the figure."""
    source = """
        from income_excluded($year)
        where role = $role and taxpayer_id = $taxpayer
        order by registration_no, file, sheet, row
    """
    return records(connection, ExcludedQuantity, source, year=year, role=role, taxpayer=taxpayer_id)


def reported_through(connection: duckdb.DuckDBPyConnection, figure: TaxpayerYear, day: date) -> Told:
    """The figure as it was told through `day` (its end, local time): with the filings, prices and rates of then."""
    values = {"year": figure.year, "role": figure.role, "taxpayer": figure.taxpayer_id, "moment": through(day)}
    then = tables.value(connection, "income_kzt", f"from annual_income_total_as_reported_on($moment) {_OF}", **values)
    source = "from income_compared($taxpayer, $year, $role, $moment) order by asset"
    return Told(day, then or Decimal(0), figure.income_kzt, records(connection, ToldAsset, source, **values))


def rows(connection: duckdb.DuckDBPyConnection, of: Selection, *, limit: int, offset: int = 0) -> IncomeRows:
    """The rows of a selection by day and place."""
    values = of.values()
    listed = f"from income_row($taxpayer, $year) {_SELECTED} order by {_PLACE} limit $limit offset $offset"
    found = records(connection, IncomeRow, listed, **values, limit=limit, offset=offset)
    ((row_count, *sums),) = tables.rows(
        connection,
        ("row_count", "value_kzt", "quantity", "figure_kzt", "figure_quantity"),
        "from income_row_proof($taxpayer, $year, $role, $month, $asset)",
        **values,
    )
    return IncomeRows(found, row_count, *sums)


def table_of_rows(connection: duckdb.DuckDBPyConnection, of: Selection) -> pa.Table:
    """All rows of a selection, for a download."""
    source = f"from income_row($taxpayer, $year) {_SELECTED} order by {_PLACE}"
    return tables.arrow(connection, IncomeRow, source, **of.values())


def count(connection: duckdb.DuckDBPyConnection, of: Selection) -> int:
    """How many rows a selection has."""
    return int(tables.value(connection, "count(*)", f"from income_row($taxpayer, $year) {_SELECTED}", **of.values()))
