"""Silent months, which are a question to the officer first, and reminders before the due day (para 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb

from esep.law import terms
from esep.law.calendar import working_calendar
from esep.supervision.knowledge import Knowledge
from esep.supervision.memory import REMINDER, SILENCE, Memory


def find(known: Knowledge, memory: Memory) -> int:
    """Record the months of accredited pools that are silent since today; gives how many."""
    silent = [month for month, state in known.without_filing.items() if state == "silent"]
    new = [month for month in silent if month not in memory.silences]
    term = terms.practice_days(terms.SILENCE, known.as_of)
    decide_by = working_calendar().add_working_days(known.as_of, term)
    for pool_id, period in new:
        data = {"detected_on": known.as_of.isoformat(), "decide_by": decide_by.isoformat()}
        memory.record(SILENCE, pool_id, period, known.as_of, data)
    return len(new)


def remind(connection: duckdb.DuckDBPyConnection, known: Knowledge, memory: Memory) -> int:
    """Draft a reminder to accredited pools that have filed nothing, once a month before the due day; gives how many.

    From so many working days before the effective due day (office_practice.csv) until that day.
    """
    as_of = known.as_of
    period = (as_of.replace(day=1) - timedelta(days=1)).replace(day=1)
    if not terms.remind_on(period) <= as_of <= terms.due_effective_on(period):
        return 0
    filed = {filing.pool_id for filing in known.filings.values() if filing.period == period}
    new = [
        pool_id
        for pool_id in _accredited(connection, period)
        if pool_id not in filed and (pool_id, period) not in memory.reminders
    ]
    for pool_id in new:
        data = {"letter_no": f"{pool_id}-{period:%Y-%m}/M-1", "serial": 1, "dated": as_of.isoformat()}
        memory.record(REMINDER, pool_id, period, as_of, data)
    return len(new)


def _accredited(connection: duckdb.DuckDBPyConnection, period: date) -> Iterator[str]:
    """Pools of the register whose accreditation covers a part of the month."""
    rows = connection.execute(
        """
        select distinct pool_id
        from pool
        where accredited_from <= last_day(?::date) and coalesce(accredited_to, date '9999-12-31') >= ?::date
        order by pool_id
        """,
        [period, period],
    ).fetchall()
    for (pool_id,) in rows:
        yield pool_id
