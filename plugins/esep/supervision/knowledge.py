"""What supervision knows on a day: everything received, decided or recorded before the day began (local time).

So the run of a morning and a replay of that day years later see the same; and a replay of years need not look at the
days between those on which anything new can be seen (`turning_days`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import duckdb

from esep.clock import TIMEZONE, month_after, month_before
from esep.law import calendar
from esep.warehouse.calls import column, records, rows

_DAY = timedelta(days=1)


def start_of(day: date) -> datetime:
    """The moment at which the local day begins; events of a run of that day carry it."""
    return datetime.combine(day, time(), TIMEZONE)


def known_on(as_of: date) -> datetime:
    """The last moment that a run of `as_of` knows of, for the macros `…_as_of(today, known_on)`."""
    return start_of(as_of) - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class KnownFiling:
    """What is known of a registered filing that has a pool and a period."""

    registration_no: str
    pool_id: str
    period: date
    status: str
    kind: str
    verdict: str | None
    refused_on: date | None
    """Local day from which a refused pool has to file again: of the refusal's dispatch, of the arrival for history."""
    change_date: date | None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The facts of one day from which grounds, silences and reminders follow."""

    as_of: date
    filings: Mapping[str, KnownFiling]
    """By registration number, in order of arrival."""
    waived_until: Mapping[tuple[str, str], date]
    """(registration number, rule) → last day of the waiver."""
    without_filing: Mapping[tuple[str, date], str]
    """(pool, period) → `silent` or `not_filed`, by pool and period."""


def knowledge(connection: duckdb.DuckDBPyConnection, as_of: date) -> Knowledge:
    """What is known on the day, from the warehouse."""
    moment = known_on(as_of)
    arrived = "from known_filing($moment) order by received_at, filing_key"
    waived = "from waiver where waived_at <= $moment group by registration_no, rule_id"
    months = """
        from filing_calendar_as_of($as_of, $moment)
        where state in ('silent', 'not_filed')
        order by pool_id, period
    """
    filings = records(connection, KnownFiling, arrived, moment=moment)
    waivers = rows(connection, ("registration_no", "rule_id", "max(waived_until)"), waived, moment=moment)
    without = rows(connection, ("pool_id", "period", "state"), months, as_of=as_of, moment=moment)
    return Knowledge(
        as_of,
        {filing.registration_no: filing for filing in filings},
        {(number, rule): until for number, rule, until in waivers},
        {(pool_id, period): state for pool_id, period, state in without},
    )


def turning_days(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> list[date]:
    """`first`, and the days up to `last` after which a run may find what the day before could not, in order.

    These follow an arrival, an examination, an event, the end of a waiver, of a month's time for filing or for filing
    again; and the days on which reminders are drafted.
    """
    after_news = (day + _DAY for day in _days(connection, "known"))
    refiling_over = (calendar.refile_by(day) + _DAY for day in _days(connection, "refused"))
    found = {first, *after_news, *refiling_over, *_reminders(first, last)}
    return sorted(day for day in found if first <= day <= last)


def _days(connection: duckdb.DuckDBPyConnection, kind: str) -> tuple[date, ...]:
    return column(connection, "day", "from day_of_news() where kind = $kind and day is not null", kind=kind)


def _reminders(first: date, last: date) -> Iterator[date]:
    period = month_before(first)
    while period <= last:
        yield calendar.remind_on(period)
        period = month_after(period)
