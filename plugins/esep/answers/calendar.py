"""Pools and months: has come what was due (para 5), and how late; as a day sees it by what the warehouse knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from esep.answers import UnknownError

STATES = ("on_time", "late", "refused", "registered", "silent", "not_filed", "not_due")
SHOWN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class PoolMonth:
    """One pool and month of distribution."""

    period: date
    state: str
    """One of STATES."""
    due_on: date | None
    """Last day in time, moved off days off; None for a month that the calendar of terms does not hold."""
    registration_no: str | None
    """The filing in force, else the latest to arrive."""
    first_arrived_on: date | None
    first_days_late: int | None
    """Calendar days after the last day in time; 0 in time, None if nothing arrived."""
    accepted_arrived_on: date | None
    accepted_days_late: int | None
    refused_count: int
    silence: str | None
    """Why a month without filings is not a question: `confirmed`, `explained`, `shown_elsewhere`; else None."""

    @property
    def judged_arrived_on(self) -> date | None:
        """The arrival by which the state is told: the first accepted one, else the first."""
        return self.accepted_arrived_on or self.first_arrived_on

    @property
    def judged_days_late(self) -> int | None:
        return self.first_days_late if self.accepted_arrived_on is None else self.accepted_days_late


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A pool with its months in the order of the calendar's; None where nothing was due and nothing came."""

    pool_id: str
    pool_name: str | None
    is_registered: bool
    """Whether it stands in the register of accredited pools."""
    accredited_from: date | None
    """First day of its first accreditation."""
    accredited_to: date | None
    """Last day of its last one; None while it has no end."""
    months: tuple[PoolMonth | None, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A stretch of months for all pools that have anything in it."""

    year: int | None
    """The year asked for; None for the last twelve months."""
    years: tuple[int, ...]
    """Years with anything to show, the latest first."""
    months: tuple[date, ...]
    due_on: tuple[date | None, ...]
    """Of each month, the last day in time; None for a month that the calendar of terms does not hold."""
    pools: tuple[PoolRow, ...]
    """By name, then number."""
    totals: tuple[Mapping[str, int], ...]
    """Of each month, the number of pools in each state that occurs."""

    @property
    def sums(self) -> Mapping[str, int]:
        """Pool-months in each state over all months shown."""
        return sum((Counter(total) for total in self.totals), Counter())


def calendar(connection: duckdb.DuckDBPyConnection, today: date, year: int | None = None) -> Calendar:
    """The months of a year, or the last twelve up to today's month.

    Terms are judged by `today`, what came by the warehouse. Raises UnknownError for a year without anything in it.
    """
    connection.execute(
        "create or replace temp table told as select * from filing_calendar_as_of(?, 'infinity')", [today]
    )
    bounds = connection.execute(
        "select distinct year(period), max(period) filter (where period <= ?) over () from told order by 1 desc",
        [today],
    ).fetchall()
    years = tuple(row[0] for row in bounds)
    if year is not None and year not in years:
        raise UnknownError("year", year)
    last = date(year, 12, 1) if year else (bounds[0][1] if bounds and bounds[0][1] else today.replace(day=1))
    months = tuple(_months_before(last, back) for back in reversed(range(SHOWN_MONTHS)))
    cells = _cells(connection, months[0], months[-1])
    pools = tuple(
        PoolRow(pool_id, name, registered, first, last_day, tuple(cells[pool_id].get(month) for month in months))
        for pool_id, name, registered, first, last_day in _pools(connection, cells)
    )
    totals = tuple(_totals(pool.months[index] for pool in pools) for index in range(len(months)))
    terms = dict(connection.execute("select period, due_effective_on from period_term").fetchall())
    return Calendar(year, years, months, tuple(terms.get(month) for month in months), pools, totals)


def _totals(cells: Iterable[PoolMonth | None]) -> Mapping[str, int]:
    counts = Counter(cell.state for cell in cells if cell)
    return {state: counts[state] for state in STATES if counts[state]}


def _months_before(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def _cells(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> dict[str, dict[date, PoolMonth]]:
    rows = connection.execute(
        """
        select
            pool_id, period, state, due_effective_on, registration_no, first_arrived_on, first_days_late,
            accepted_arrived_on, accepted_days_late, refused_count, silence
        from told
        where period between ? and ?
        """,
        [first, last],
    ).fetchall()
    found: dict[str, dict[date, PoolMonth]] = {}
    for pool_id, period, *rest in rows:
        found.setdefault(pool_id, {})[period] = PoolMonth(period, *rest)
    return found


def _pools(
    connection: duckdb.DuckDBPyConnection, pools: Iterable[str]
) -> list[tuple[str, str | None, bool, date | None, date | None]]:
    """Number, name, whether registered, first and last day of accreditation. A name of the register goes before that
    which the pool gave in its latest filing."""
    return connection.execute(
        """
        with spans as (
            select
                pool_id,
                arg_max(pool_name, accredited_from) as pool_name,
                min(accredited_from) as accredited_from,
                nullif(max(coalesce(accredited_to, date '9999-12-31')), date '9999-12-31') as accredited_to
            from pool
            group by pool_id
        ),

        named as (
            select
                pool_id,
                arg_max(pool_name, filing_key) as pool_name
            from examination
            where is_latest and pool_id is not null
            group by pool_id
        )

        select
            shown.pool_id,
            coalesce(spans.pool_name, named.pool_name) as name,
            spans.pool_id is not null as is_registered,
            spans.accredited_from,
            spans.accredited_to
        from (select unnest(?::varchar[]) as pool_id) as shown
        left join spans on shown.pool_id = spans.pool_id
        left join named on shown.pool_id = named.pool_id
        order by lower(coalesce(name, '~')), shown.pool_id
        """,
        [list(pools)],
    ).fetchall()
