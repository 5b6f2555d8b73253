"""Pools and months: has come what was due (para 5), and how late; what is known of a month in which nothing came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import duckdb

from esep.answers import UnknownError, letters, tables
from esep.answers.tables import Row, records
from esep.clock import months_before

State = Literal["on_time", "late", "refused", "registered", "waiting", "silent", "not_filed", "not_due"]
STATES: tuple[State, ...] = get_args(State)
SHOWN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Calendar:
    """A stretch of months for all pools that have anything in it."""

    year: int | None
    """The year asked for; None for the last twelve months."""
    years: tuple[int, ...]
    """Years with anything to show, the latest first."""
    months: tuple[date, ...]
    due_on: tuple[date | None, ...]
    """Of each month, the last day in time; None for a month that the calendar of due dates does not hold."""
    pools: tuple[tuple[Row, tuple[Row | None, ...]], ...]
    """A row of `known_pool` with its rows of `filing_calendar`, one a month, by name, then number; None where nothing
    was due and nothing came."""
    totals: tuple[Mapping[str, int], ...]
    """Of each month, the number of pools in each state that occurs."""
    approved: Mapping[tuple[str, date], int]
    """Pool and month → letters that are approved and not sent, where there are any."""

    @property
    def approved_totals(self) -> tuple[int, ...]:
        """Of each month, the number of letters that are approved and not sent."""
        return tuple(
            sum(self.approved.get((pool.pool_id, month), 0) for pool, _ in self.pools) for month in self.months
        )

    @property
    def sums(self) -> Mapping[str, int]:
        """Pool-months in each state over all months shown."""
        return sum((Counter(total) for total in self.totals), Counter())


def calendar(connection: duckdb.DuckDBPyConnection, today: date, year: int | None = None) -> Calendar:
    """The months of a year, or the last twelve: those that are over, and today's where anything came for it.

    Due dates are judged by `today`, what came by the warehouse. Raises UnknownError for a year without anything in it.
    """
    found = records(connection, "*", "from filing_calendar_as_of($today, 'infinity')", today=today)
    years = tuple(sorted({one.period.year for one in found}, reverse=True))
    if year is not None and year not in years:
        raise UnknownError("year", year)
    last = date(year, 12, 1) if year else _last_month(found, today)
    months = tuple(months_before(last, back) for back in reversed(range(SHOWN_MONTHS)))
    cells: dict[str, dict[date, Row]] = {}
    for one in found:
        if months[0] <= one.period <= months[-1]:
            cells.setdefault(one.pool_id, {})[one.period] = one
    pools = tuple(
        (pool, tuple(cells[pool.pool_id].get(month) for month in months)) for pool in known_pools(connection, cells)
    )
    totals = tuple(_totals(cells[index] for _, cells in pools) for index in range(len(months)))
    due = dict(tables.rows(connection, ("period", "due_effective_on"), "from period_due_date"))
    approved = Counter((one.pool_id, one.period) for one in letters.approved_on(connection, today))
    return Calendar(year, years, months, tuple(due.get(month) for month in months), pools, totals, approved)


def _last_month(found: Iterable[Row], today: date) -> date:
    this = today.replace(day=1)
    return this if any(one.period == this for one in found) else months_before(this, 1)


def known_pools(connection: duckdb.DuckDBPyConnection, pool_ids: Iterable[str]) -> tuple[Row, ...]:
    """These pools by name, with their accreditation. A name of the register goes before that of a filing."""
    source = """
        from known_pool()
        where pool_id in (select unnest($pool_ids::varchar[]))
        order by lower(coalesce(pool_name, '~')), pool_id
    """
    return records(connection, "*", source, pool_ids=list(pool_ids))


def _totals(cells: Iterable[Row | None]) -> Mapping[str, int]:
    counts = Counter(cell.state for cell in cells if cell)
    return {state: counts[state] for state in STATES if counts[state]}


@dataclass(frozen=True, slots=True)
class Silence:
    """What is known of a pool's month for the decision on its silence."""

    month: Row
    """Of `filing_calendar`, as are `months`."""
    pool: Row | None
    """Of `known_pool`; None for a pool that is not in the register and never filed."""
    question: Row | None
    """The duty to decide on the silence, of `obligation_due`."""
    decisions: tuple[Row, ...]
    """Of `silence_decision`; the last one counts."""
    messages: tuple[Row, ...]
    """Of `no_distribution_message`: the pool's own, in order of arrival."""
    months: tuple[Row, ...]
    """The pool's months within a year before and after, this one among them."""


def silence(connection: duckdb.DuckDBPyConnection, pool_id: str, period: date) -> Silence:
    """The facts for a decision; raises UnknownError where no filing is expected of the pool for the month."""
    around = """
        from filing_calendar
        where
            pool_id = $pool_id
            and period between $period::date - interval 12 months and $period::date + interval 12 months
        order by period
    """
    of = {"pool_id": pool_id, "period": period}
    months = records(connection, "*", around, **of)
    month = next((month for month in months if month.period == period), None)
    if month is None:
        raise UnknownError("pool_month", f"{pool_id} {period:%Y-%m}")
    asked = "from obligation_due where kind = 'decide_silence' and pool_id = $pool_id and period = $period"
    decided = "from silence_decision where pool_id = $pool_id and period = $period order by silence_decided_at"
    sent = "from no_distribution_message where pool_id = $pool_id and period = $period order by received_at"
    messages = records(connection, "*", sent, **of)
    pool = next(iter(known_pools(connection, [pool_id])), None)
    question = next(iter(records(connection, "*", asked, **of)), None)
    return Silence(month, pool, question, records(connection, "*", decided, **of), messages, months)
