"""One clock. Only commands and DAG tasks call `now`; everything below takes the moment as a parameter."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

TIMEZONE = ZoneInfo("Asia/Almaty")
"""Local time of the order's terms (UTC+5 in the whole country since 2024-03-01)."""


def now() -> datetime:
    """This moment in local time, to the microsecond."""
    return datetime.now(TIMEZONE)


def local_date(moment: datetime) -> date:
    """The local calendar date of an aware moment; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()}: a moment needs its time zone")
    return moment.astimezone(TIMEZONE).date()
