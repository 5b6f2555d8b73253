"""Which filings a question about quality is about: months of distribution, a pool or all, a day as which it is told.

A filing whose month nobody could read counts to the month before its arrival, for which filings were then due: so no
filing is left out of a question about months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import duckdb

from esep.answers import tables
from esep.answers.tables import records
from esep.clock import TIMEZONE

UNREAD = ""
"""The pool of filings whose pool nobody could read."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Filings of the months from `first` to `last` (both as their first day)."""

    first: date
    last: date
    pool_id: str | None = None
    """None: all pools. UNREAD: filings whose pool nobody could read."""
    as_of: date | None = None
    """The day as which it is told, knowing what was known before it began. None: as the snapshot knows it."""

    def values(self) -> dict[str, Any]:
        """The values of the macros `quality_…`: `first`, `last`, `pool`, `day` and `known_on`."""
        known_on = datetime.combine(self.as_of, time(), TIMEZONE) - timedelta(microseconds=1) if self.as_of else None
        return {
            "first": self.first,
            "last": self.last,
            "pool": self.pool_id,
            "day": self.as_of,
            "known_on": known_on.isoformat() if known_on else "infinity",
        }


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
    return list(tables.column(connection, "distinct month", "from filing_month() order by month"))


def months_to_tell(connection: duckdb.DuckDBPyConnection) -> list[date]:
    """Months that filings count to or in which a pool was to file, ascending: silence of all is worth a report, too."""
    due = tables.column(connection, "distinct period", "from filing_calendar")
    return sorted({*months_with_filings(connection), *due})


def years(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Years of distribution with filings, ascending."""
    return sorted({month.year for month in months_with_filings(connection)})


def latest_year(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The latest year with filings that has begun on the snapshot's day; None while there is no filing."""
    known = years(connection)
    this_year = tables.value(connection, "year(as_of)", "from build")
    begun = [year for year in known if this_year is None or year <= this_year]
    return begun[-1] if begun else (known[-1] if known else None)


def pools(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[Pool, ...]:
    """The pools that filed for the months, and those accredited in them, by name; UNREAD last."""
    source = "from pool_of_months($first, $last) order by pool_id = '', pool_name, pool_id"
    return records(connection, Pool, source, **scope.values())
