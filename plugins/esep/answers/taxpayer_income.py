"""One taxpayer's income of a year: by asset and month, why units have no value, the filings behind it, the doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa

from esep.answers import UnknownError, tables
from esep.answers.income import AssetIncome, MonthIncome
from esep.answers.income_rows import REASON
from esep.answers.tables import records, through
from esep.answers.taxpayers import Role, check_year, years_of
from esep.exact import difference

_OF = "year = $year and role = $role and taxpayer_id = $taxpayer"


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


def of_taxpayer(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> TaxpayerYear:
    """The figure; raises UnknownError for a taxpayer without figures, or for a year and role without his."""
    values = {"year": year, "role": role, "taxpayer": taxpayer_id}
    head = connection.execute(
        f"select taxpayer_name, taxpayer_id_state, income_kzt from annual_income_total where {_OF}",  # noqa: S608
        values,
    ).fetchone()
    if head is None:
        years_of(connection, taxpayer_id)
        check_year(connection, year)
        raise UnknownError("taxpayer_year", year)
    name, state, income_kzt = head
    assets = records(connection, AssetIncome, _ASSETS, values)
    months = records(connection, MonthIncome, _MONTHS, values)
    return TaxpayerYear(year, role, taxpayer_id, name, state, income_kzt, assets, months)


def table_of_months(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> pa.Table:
    """Income by month and asset, for a download."""
    query = f"""
        select year, period, role, taxpayer_id, taxpayer_name, asset, quantity, valued_quantity, unvalued_quantity,
            income_kzt, row_count
        from monthly_income where {_OF} order by period, asset
    """  # noqa: S608 - no value in the text
    return tables.arrow(connection, query, {"year": year, "role": role, "taxpayer": taxpayer_id})


def unvalued(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Unvalued, ...]:
    """The units without value by asset and reason; they add up to `unvalued_quantity` of the figure."""
    return records(connection, Unvalued, _UNVALUED, {"year": year, "role": role, "taxpayer": taxpayer_id})


def filings(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[FilingBehind, ...]:
    """The filings whose rows make the figure, by month; their incomes add up to it."""
    return records(connection, FilingBehind, _FILINGS, {"year": year, "role": role, "taxpayer": taxpayer_id})


def doubts(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> tuple[Doubt, ...]:
    """Faults that stand on rows of the figure, by rule; of a pool's figure those of day and reward alone."""
    columns: Sequence[str] | None = ("6", "9.1", "9.2") if role == "pool" else None
    values = {"year": year, "role": role, "taxpayer": taxpayer_id, "columns": columns}
    return records(connection, Doubt, _DOUBTS, values)


def excluded(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str
) -> tuple[ExcludedQuantity, ...]:
    """Quantities of the taxpayer in the months of the year that are left out of the figure."""
    return records(connection, ExcludedQuantity, _EXCLUDED, {"year": year, "role": role, "taxpayer": taxpayer_id})


def told_through(connection: duckdb.DuckDBPyConnection, figure: TaxpayerYear, day: date) -> Told:
    """The figure as it was told through `day` (its end, local time): with the filings, prices and rates of then."""
    values = {"year": figure.year, "role": figure.role, "taxpayer": figure.taxpayer_id, "moment": through(day)}
    then = connection.execute(
        f"select income_kzt from annual_income_total_as_told_on($moment) where {_OF}",  # noqa: S608
        values,
    ).fetchone()
    return Told(day, then[0] if then else Decimal(0), figure.income_kzt, records(connection, ToldAsset, _TOLD, values))


_ASSETS = f"""
    select coalesce(asset, '') as asset, quantity, valued_quantity, unvalued_quantity, income_kzt, row_count
    from annual_income where {_OF} order by income_kzt desc, asset
"""  # noqa: S608 - no value in the text
_MONTHS = f"""
    select period, coalesce(asset, '') as asset, quantity, unvalued_quantity, income_kzt
    from monthly_income where {_OF} order by period, asset
"""  # noqa: S608 - no value in the text
_UNVALUED = f"""
    select
        coalesce(asset, '') as asset,
        {REASON} as reason,
        sum(quantity)::decimal(38, 18) as quantity,
        count(*) as row_count,
        min(distributed_on) as first_day,
        max(distributed_on) as last_day
    from trace_income($taxpayer, $year) as traced
    where role = $role and value_kzt is null and quantity <> 0
    group by all
    order by asset, reason
"""  # noqa: S608 - no value in the text
_FILINGS = """
    with traced as (
        select
            registration_no,
            count(*) as row_count,
            coalesce(sum(value_kzt), 0)::decimal(38, 12) as income_kzt
        from trace_income($taxpayer, $year)
        where role = $role
        group by registration_no
    )

    select
        traced.registration_no,
        filing.pool_id,
        filing.pool_name,
        filing.period,
        filing.received_at,
        filing.kind,
        traced.row_count,
        traced.income_kzt
    from traced
    inner join filing on traced.registration_no = filing.registration_no
    order by filing.period, filing.pool_name, traced.registration_no
"""
_DOUBTS = """
    with traced as (
        select registration_no, file, sheet, row
        from trace_income($taxpayer, $year)
        where role = $role
    )

    select
        finding.rule_id,
        finding.lane,
        finding.severity,
        sum(finding.occurrences)::bigint as count,
        list(distinct finding.registration_no order by finding.registration_no) as filings
    from finding
    inner join traced
        on
            finding.registration_no = traced.registration_no
            and finding.file = traced.file
            and finding.sheet = traced.sheet
            and finding.row = traced.row
    where $columns::varchar[] is null or finding.column_no in (select unnest($columns::varchar[]))
    group by finding.rule_id, finding.lane, finding.severity
    order by finding.severity, finding.rule_id
"""
_EXCLUDED = """
    select registration_no, file, sheet, row, column_no, found, reason, asset
    from excluded_row
    where
        year(period) = $year
        and ($role = 'miner' and column_no = '8' and taxpayer_id = $taxpayer
            or $role = 'pool' and column_no = '9.2' and pool_id = $taxpayer)
    order by registration_no, file, sheet, row
"""
_TOLD = f"""
    with then_told as (
        select asset, quantity, unvalued_quantity, income_kzt from annual_income_as_told_on($moment) where {_OF}
    ),

    now_told as (
        select asset, quantity, unvalued_quantity, income_kzt from annual_income where {_OF}
    )

    select
        coalesce(now_told.asset, then_told.asset, '') as asset,
        coalesce(then_told.income_kzt, 0)::decimal(38, 12) as then_kzt,
        coalesce(now_told.income_kzt, 0)::decimal(38, 12) as now_kzt,
        coalesce(then_told.quantity, 0)::decimal(38, 18) as then_quantity,
        coalesce(now_told.quantity, 0)::decimal(38, 18) as now_quantity,
        coalesce(then_told.unvalued_quantity, 0)::decimal(38, 18) as then_unvalued,
        coalesce(now_told.unvalued_quantity, 0)::decimal(38, 18) as now_unvalued
    from now_told
    full join then_told on now_told.asset is not distinct from then_told.asset
    order by asset
"""  # noqa: S608 - no value in the text
