"""Days on which supervision can see anything new, so that a replay of years need not look at every day between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb

from esep.law import terms
from esep.law.calendar import working_calendar

_DAY = timedelta(days=1)
_KNOWN_NEXT_DAY = """
select (received_at at time zone 'Asia/Almaty')::date from registered
union
select (examined_at at time zone 'Asia/Almaty')::date from examination
union
select (happened_at at time zone 'Asia/Almaty')::date from event
union
select waived_until from waiver
union
select due_effective_on from period_term
"""
_REFUSED = """
select registered_on from filing where examined_verdict = 'refused'
union
select sent_on from dispatch where letter_kind = 'refusal'
"""


def turning_days(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> list[date]:
    """`first`, and the days up to `last` after which a run may find what the day before could not, in order.

    These follow an arrival, an examination, an event, the end of a waiver, of a month's term or of the term for filing
    again; and the days on which reminders are drafted.
    """
    found = {first, *_after(connection, _KNOWN_NEXT_DAY), *_refiling_terms(connection), *_reminders(first, last)}
    return sorted(day for day in found if first <= day <= last)


def _after(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[date]:
    for (day,) in connection.execute(query).fetchall():
        if day is not None:
            yield day + _DAY


def _refiling_terms(connection: duckdb.DuckDBPyConnection) -> Iterator[date]:
    for (day,) in connection.execute(_REFUSED).fetchall():
        if day is not None:
            term = terms.practice_days(terms.REFILING, day)
            yield working_calendar().add_working_days(day, term) + _DAY


def _reminders(first: date, last: date) -> Iterator[date]:
    period = (first.replace(day=1) - 2 * _DAY).replace(day=1)
    while period <= last:
        yield terms.remind_on(period)
        period = (period + 32 * _DAY).replace(day=1)
