"""Pools and months: has come what was due (para 5), and how late; as a day sees it by what the warehouse knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from esep.answers import UnknownError, tables
from esep.answers.tables import records

STATES = ("on_time", "late", "refused", "registered", "silent", "not_filed", "not_due")
SHOWN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class PoolPeriod:
    """A pool and month of distribution in which a filing was due or came, as the filing calendar has it."""

    pool_id: str
    period: date
    state: str
    """One of STATES."""
    due_effective_on: date | None
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
    months: tuple[PoolPeriod | None, ...]


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
    found = records(connection, PoolPeriod, "from filing_calendar_as_of($today, 'infinity')", today=today)
    years = tuple(sorted({one.period.year for one in found}, reverse=True))
    if year is not None and year not in years:
        raise UnknownError("year", year)
    begun = (one.period for one in found if one.period <= today)
    last = date(year, 12, 1) if year else max(begun, default=today.replace(day=1))
    months = tuple(_months_before(last, back) for back in reversed(range(SHOWN_MONTHS)))
    cells: dict[str, dict[date, PoolPeriod]] = {}
    for one in found:
        if months[0] <= one.period <= months[-1]:
            cells.setdefault(one.pool_id, {})[one.period] = one
    pools = tuple(
        PoolRow(pool_id, name, registered, first, last_day, tuple(cells[pool_id].get(month) for month in months))
        for pool_id, name, registered, first, last_day in _pools(connection, cells)
    )
    totals = tuple(_totals(pool.months[index] for pool in pools) for index in range(len(months)))
    terms = dict(tables.rows(connection, ("period", "due_effective_on"), "from period_due_date"))
    return Calendar(year, years, months, tuple(terms.get(month) for month in months), pools, totals)


def _totals(cells: Iterable[PoolPeriod | None]) -> Mapping[str, int]:
    counts = Counter(cell.state for cell in cells if cell)
    return {state: counts[state] for state in STATES if counts[state]}


def _months_before(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def _pools(connection: duckdb.DuckDBPyConnection, pool_ids: Iterable[str]) -> list[tuple[Any, ...]]:
    """The first fields of PoolRow for these pools, by name. A name of the register goes before that of a filing."""
    columns = ("pool_id", "pool_name", "is_registered", "accredited_from", "accredited_to")
    source = """
        from known_pool()
        where pool_id in (select unnest($pool_ids::varchar[]))
        order by lower(coalesce(pool_name, '~')), pool_id
    """
    return tables.rows(connection, columns, source, pool_ids=list(pool_ids))
