"""One clock, and months. Only commands and DAG tasks call `now`; everything below takes the moment as a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

TIMEZONE = ZoneInfo("Asia/Almaty")
"""Local time of the order's terms (UTC+5 in the whole country since 2024-03-01)."""


def now() -> datetime:
    """This moment in local time, to the microsecond."""
    return datetime.now(TIMEZONE)


def month_before(day: date) -> date:
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_after(day: date) -> date:
    """The first day of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_before(month: date, count: int) -> date:
    """The first day of the month so many months earlier."""
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def months(first: date, last: date) -> Iterator[date]:
    """First days of the months from `first` to `last`."""
    while first <= last:
        yield first
        first = month_after(first)


def moment_of(written: str) -> datetime:
    """A moment as people and programs write it (ISO 8601), in local time; without an offset it is local time.

    Raises ValueError for anything else, for a moment too that has no local time among the years 1 to 9999.
    """
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=TIMEZONE)
    try:
        return moment.astimezone(TIMEZONE)
    except OverflowError as error:
        raise ValueError(f"{written!r}: {error}") from None


def local_date(moment: datetime) -> date:
    """The local calendar date of an aware moment; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()}: a moment needs its time zone")
    return moment.astimezone(TIMEZONE).date()
