"""Which filings a question about quality is about: months of distribution, a pool or all, a day as which it is told.

A filing whose month nobody could read counts to the month before its arrival, for which filings were then due: so no
filing is left out of a question about months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import duckdb

from esep.clock import TIMEZONE

UNREAD = ""
"""The pool of filings whose pool nobody could read."""

FILINGS = """
    told as (
        select
            filing.*,
            coalesce(period, (date_trunc('month', registered_on) - interval 1 month)::date) as month,
            coalesce(pool_id, '') as of_pool,
            row_number() over (
                partition by
                    pool_id, period, case when pool_id is null or period is null then registration_no end
                order by received_at, filing_key
            ) = 1 as is_first
        from filing_as_known_on($known_on::timestamptz) as filing
    ),

    scoped as (
        select
            *,
            verdict is null as is_waiting,
            coalesce(verdict = 'accepted', false) as is_accepted,
            coalesce(verdict = 'refused', false) as is_refused,
            is_first and verdict is not null as is_first_examined,
            is_first and coalesce(verdict = 'accepted', false) as is_complete,
            is_first and coalesce(verdict = 'refused', false) as is_incomplete,
            is_first and coalesce(first_days_late > 0, false) as is_late,
            kind = 'refiling' as is_refiling,
            kind = 'correction' as is_correction,
            coalesce(correction_timeliness = 'late', false) as is_late_correction
        from told
        where
            month between $first::date and $last::date
            and ($pool_id::varchar is null or of_pool = $pool_id)
    )"""
"""Common table expressions: `scoped`, one row per filing in question, with what can be said of it as yes or no."""

FAULTS = """
    faults as (
        select
            registration_no, rule_id, lane, severity, file, sheet, row, column_no, found, expected, occurrences
        from examination_finding
        union all
        select
            registration_no, rule_id, lane, severity, file, sheet, row, column_no, found, expected, occurrences
        from across_finding
        where $as_of::date is null or detected_on < $as_of
    )"""
"""Findings of the latest examinations, and those across filings that were detected before the day."""


_NAMED = """
    select
        registered.filing_key,
        coalesce(examination.pool_id, '') as pool_id,
        examination.pool_name,
        coalesce(
            examination.period, (date_trunc('month', registered.registered_on) - interval 1 month)::date
        ) as month
    from registered
    left join examination on registered.filing_key = examination.filing_key and examination.is_latest
"""
"""Pool and month of every filing, from the tables alone: cheaper than `scoped`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Filings of the months from `first` to `last` (both as their first day)."""

    first: date
    last: date
    pool_id: str | None = None
    """None: all pools. UNREAD: filings whose pool nobody could read."""
    as_of: date | None = None
    """The day as which it is told, knowing what was known before it began. None: as the snapshot knows it."""

    def values(self, *names: str) -> dict[str, Any]:
        """The named values for the queries: `first`, `last`, `pool_id`, `as_of`, `known_on`."""
        known_on = datetime.combine(self.as_of, time(), TIMEZONE) - timedelta(microseconds=1) if self.as_of else None
        everything = {
            "first": self.first,
            "last": self.last,
            "pool_id": self.pool_id,
            "as_of": self.as_of,
            "known_on": known_on.isoformat() if known_on else "infinity",
        }
        return {name: everything[name] for name in names} if names else everything


def of_year(year: int, month: int | None = None, pool_id: str | None = None) -> Scope:
    """A calendar year of distribution, or one month of it."""
    return Scope(date(year, month or 1, 1), date(year, month or 12, 1), pool_id)


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool as the register names it, else as its latest filing does."""

    pool_id: str
    """UNREAD where nobody could read it."""
    pool_name: str | None


def months_with_filings(connection: duckdb.DuckDBPyConnection) -> list[date]:
    """Months of distribution that filings count to, ascending."""
    rows = connection.execute(f"select distinct month from ({_NAMED}) order by month").fetchall()  # noqa: S608 - constant
    return [month for (month,) in rows]


def months_to_tell(connection: duckdb.DuckDBPyConnection) -> list[date]:
    """Months that filings count to or in which a pool was to file, ascending: silence of all is worth a report, too."""
    due = connection.execute("select distinct period from filing_calendar").fetchall()
    return sorted({*months_with_filings(connection), *(month for (month,) in due)})


def years(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Years of distribution with filings, ascending."""
    return sorted({month.year for month in months_with_filings(connection)})


def latest_year(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The latest year with filings that has begun on the snapshot's day; None while there is no filing."""
    known = years(connection)
    row = connection.execute("select year(as_of) from build").fetchone()
    begun = [year for year in known if row is None or year <= row[0]]
    return begun[-1] if begun else (known[-1] if known else None)


def pools(connection: duckdb.DuckDBPyConnection, scope: Scope) -> list[Pool]:
    """The pools that filed for the months, and those accredited in them, by name; UNREAD last."""
    rows = connection.execute(
        f"""
        with registered_pool as (
            select
                pool_id,
                arg_max(pool_name, accredited_from) as pool_name,
                bool_or(
                    accredited_from <= last_day($last::date)
                    and coalesce(accredited_to >= $first::date, true)
                ) as is_accredited
            from pool
            group by pool_id
        ),

        filed as (
            select pool_id, arg_max(pool_name, filing_key) as pool_name
            from ({_NAMED})
            where month between $first::date and $last::date
            group by pool_id
        )

        select
            coalesce(filed.pool_id, registered_pool.pool_id) as id,
            coalesce(registered_pool.pool_name, filed.pool_name) as pool_name
        from filed
        full join registered_pool on filed.pool_id = registered_pool.pool_id
        where filed.pool_id is not null or registered_pool.is_accredited
        order by id = '', pool_name, id
        """,  # noqa: S608 - no value in the text
        scope.values("first", "last"),
    ).fetchall()
    return [Pool(*row) for row in rows]
