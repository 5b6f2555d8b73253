"""Why did a figure change between two days: by which filing, decision, price, rate, examination or code version.

A day means its end in local time. Entries after `since` and through `until` add up to the difference between what was
told on the two days, exactly, in tenge, in units and in units to sell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb
import pyarrow as pa

from esep.answers import tables
from esep.answers.tables import Page, through
from esep.answers.taxpayers import Role, check_year, years_of
from esep.clock import local_date
from esep.exact import added, difference

DAYS = 30
"""Days of knowledge that are shown unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Span:
    """From the end of one local day to the end of another."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class AssetChange:
    """What one step changed of an asset: later less earlier, in units, tenge and units to sell."""

    asset: str
    quantity: Decimal
    unvalued_quantity: Decimal
    income_kzt: Decimal
    quantity_to_sell: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """What happened at one moment for one cause.

    cause: new, refiling, correction, overruled, reexamination, price, exchange_rate, code_version. `reference` names
    the filing, the version or the examination; `registration_no`, `pool_id` and `period` are given where it is one.
    """

    moment: datetime
    cause: str
    reference: str | None
    registration_no: str | None
    pool_id: str | None
    period: date | None
    filing_count: int
    ruleset: str | None
    code_version: str | None
    assets: tuple[AssetChange, ...]
    income_kzt: Decimal
    """By how much the step moved the income of the year."""
    running_kzt: Decimal
    """The income of the year after it, exact."""

    @property
    def version(self) -> str | None:
        """The version of prices or rates, or of the program, that it came with, as far as `reference` names one."""
        if self.cause in ("price", "exchange_rate") and self.reference:
            return self.reference.split()[-1]
        return self.reference if self.cause == "code_version" else None


@dataclass(frozen=True, slots=True)
class Change:
    """All steps of a taxpayer's year between two days, and what was told on them (exact tenge)."""

    span: Span
    since_kzt: Decimal
    until_kzt: Decimal
    steps: tuple[Step, ...]
    assets: tuple[AssetChange, ...]
    """The steps added up by asset."""

    @property
    def difference_kzt(self) -> Decimal:
        return difference(self.until_kzt, self.since_kzt)

    @property
    def holds(self) -> bool:
        """Whether the steps add up to the difference between the two figures."""
        return self.sum_kzt == self.difference_kzt

    @property
    def sum_kzt(self) -> Decimal:
        """The steps added up."""
        return added(step.income_kzt for step in self.steps)


@dataclass(frozen=True, slots=True)
class Changed:
    """A taxpayer whose figure changed between two days."""

    role: Role
    taxpayer_id: str | None
    taxpayer_name: str | None
    income_kzt: Decimal
    """Later less earlier."""
    step_count: int
    assets: str
    """Tickers of which units, tenge or units to sell changed."""


def default_span(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str | None = None
) -> Span | None:
    """The last DAYS days up to the latest change of the year's figures; None if there never was any."""
    row = connection.execute(
        """
        select max(moment) from income_entry_by_share
        where
            year = $year
            and role = $role
            and ($taxpayer::varchar is null or taxpayer_id = $taxpayer)
            and (quantity_difference <> 0 or unvalued_difference <> 0 or income_kzt_difference <> 0)
        """,
        {"year": year, "role": role, "taxpayer": taxpayer_id},
    ).fetchone()
    if row is None or row[0] is None:
        return None
    until = local_date(row[0])
    return Span(until - timedelta(days=DAYS), until)


def of_taxpayer(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str, span: Span) -> Change:
    """The steps by which a taxpayer's figures of the year changed; raises UnknownError for a year without figures.

    A taxpayer whose figures are all gone (corrected away) is known as long as any entry tells of him.
    """
    check_year(connection, year)
    values = {"year": year, "taxpayer": taxpayer_id} | _between(span)
    rows = connection.execute(_STEPS, values | {"role": role}).fetchall()
    since_kzt, until_kzt = (_told(connection, year, role, taxpayer_id, day) for day in (span.since, span.until))
    if not rows and not since_kzt and not until_kzt and not _is_told_of(connection, taxpayer_id):
        years_of(connection, taxpayer_id)
    steps = _steps(rows, since_kzt)
    return Change(span, since_kzt, until_kzt, steps, _by_asset(step.assets for step in steps))


def table_of_entries(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str, span: Span
) -> pa.Table:
    """The entries one by one, for a download: those of a version of prices by filing."""
    values = {"year": year, "taxpayer": taxpayer_id, "role": role} | _between(span)
    return tables.arrow(connection, _ENTRIES, values)


def changed(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, span: Span, *, limit: int, offset: int = 0
) -> Page[Changed]:
    """The taxpayers whose figures of the year changed between two days, by the size of the difference in tenge."""
    check_year(connection, year)
    values = {"year": year, "role": role, "limit": limit, "offset": offset} | _between(span)
    query = f"select *, count(*) over () as full_count from ({_CHANGED}) {_BY_SIZE} limit $limit offset $offset"  # noqa: S608
    found = connection.execute(query, values).fetchall()
    return Page(tuple(Changed(*row[:-1]) for row in found), found[0][-1] if found else 0)


def table_of_changed(connection: duckdb.DuckDBPyConnection, year: int, role: Role, span: Span) -> pa.Table:
    """The same list, whole, for a download."""
    return tables.arrow(connection, f"{_CHANGED} {_BY_SIZE}", {"year": year, "role": role} | _between(span))


def _between(span: Span) -> dict[str, Any]:
    return {"since": through(span.since), "until": through(span.until)}


def _told(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str, day: date) -> Decimal:
    """The exact income as told through a day."""
    row = connection.execute(
        """
        select exact_income_kzt from annual_income_total_as_told_on($moment)
        where year = $year and role = $role and taxpayer_id = $taxpayer
        """,
        {"moment": through(day), "year": year, "role": role, "taxpayer": taxpayer_id},
    ).fetchone()
    return row[0] if row else Decimal(0)


def _is_told_of(connection: duckdb.DuckDBPyConnection, taxpayer_id: str) -> bool:
    row = connection.execute("select 1 from income_entry where taxpayer_id = $id limit 1", {"id": taxpayer_id})
    return row.fetchone() is not None


def _steps(rows: list[tuple[Any, ...]], told: Decimal) -> tuple[Step, ...]:
    """Rows by asset (in order of moment, cause and reference) folded into steps with their running total."""
    steps = []
    for head, of_step in groupby(rows, key=itemgetter(slice(0, 9))):
        assets = tuple(AssetChange(*row[9:]) for row in of_step)
        income = added(asset.income_kzt for asset in assets)
        told = added((told, income))
        moment, cause, reference, number, pool_id, period, filings, ruleset, code = head
        steps.append(
            Step(moment, cause, reference, number, pool_id, period, filings, ruleset, code, assets, income, told)
        )
    return tuple(steps)


def _by_asset(steps: Iterable[tuple[AssetChange, ...]]) -> tuple[AssetChange, ...]:
    sums: dict[str, AssetChange] = {}
    for change in (change for assets in steps for change in assets):
        sum_so_far = sums.get(change.asset)
        sums[change.asset] = change if sum_so_far is None else _added(sum_so_far, change)
    return tuple(sums[asset] for asset in sorted(sums))


def _added(one: AssetChange, other: AssetChange) -> AssetChange:
    return AssetChange(
        one.asset,
        added((one.quantity, other.quantity)),
        added((one.unvalued_quantity, other.unvalued_quantity)),
        added((one.income_kzt, other.income_kzt)),
        added((one.quantity_to_sell, other.quantity_to_sell)),
    )


_STEPS = """
    with entries as (
        select *, coalesce(asset, '') as ticker
        from income_change($taxpayer, $year, $since, $until)
        where role = $role
    ),

    steps as (
        select
            moment,
            cause,
            reference,
            case when count(distinct registration_no) = 1 then any_value(registration_no) end as registration_no,
            case when count(distinct pool_id) = 1 then any_value(pool_id) end as pool_id,
            case when count(distinct period) = 1 then any_value(period) end as period,
            count(distinct registration_no) as filing_count,
            any_value(ruleset) as ruleset,
            any_value(code_version) as code_version
        from entries
        group by moment, cause, reference
    ),

    by_asset as (
        select
            moment,
            cause,
            reference,
            ticker,
            sum(quantity_difference)::decimal(38, 18) as quantity,
            sum(unvalued_difference)::decimal(38, 18) as unvalued_quantity,
            sum(income_kzt_difference)::decimal(38, 12) as income_kzt,
            sum(quantity_to_sell_difference)::decimal(38, 18) as quantity_to_sell
        from entries
        group by moment, cause, reference, ticker
    )

    select steps.*, by_asset.* exclude (moment, cause, reference)
    from steps
    inner join by_asset
        on
            steps.moment = by_asset.moment
            and steps.cause = by_asset.cause
            and steps.reference is not distinct from by_asset.reference
    order by steps.moment, steps.cause desc, steps.reference, by_asset.ticker
"""
_ENTRIES = """
    select
        moment,
        cause,
        reference,
        registration_no,
        pool_id,
        period,
        year,
        role,
        taxpayer_id,
        asset,
        quantity_difference,
        unvalued_difference,
        income_kzt_difference,
        quantity_to_sell_difference,
        ruleset,
        code_version
    from income_change($taxpayer, $year, $since, $until)
    where role = $role
    order by moment, cause desc, reference, registration_no, period, asset
"""
_CHANGED = """
    with named as (
        select taxpayer_id, taxpayer_name from annual_income_total where year = $year and role = $role
    ),

    named_then as (
        select taxpayer_id, taxpayer_name
        from annual_income_total_as_told_on($since)
        where year = $year and role = $role
    ),

    changed as (
        select
            role,
            taxpayer_id,
            sum(income_kzt_difference)::decimal(38, 12) as income_kzt,
            count(distinct (moment, cause, reference)) as step_count,
            string_agg(distinct coalesce(asset, ''), ', ' order by coalesce(asset, '')) as assets
        from income_entry
        where year = $year and role = $role and moment > $since and moment <= $until
        group by role, taxpayer_id
    )

    select
        changed.role,
        changed.taxpayer_id,
        coalesce(named.taxpayer_name, named_then.taxpayer_name) as taxpayer_name,
        changed.income_kzt,
        changed.step_count,
        changed.assets
    from changed
    left join named on changed.taxpayer_id = named.taxpayer_id
    left join named_then on changed.taxpayer_id = named_then.taxpayer_id
"""
_BY_SIZE = "order by abs(income_kzt) desc, taxpayer_id"
