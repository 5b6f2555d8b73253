"""A time of day beside a date, and the zone it may state: then the day that counts is the local one in Almaty.

Facts section 4, no. 6: `2025-02-28T20:00:00Z` is 1 March. Without a zone the date is the day as written, whatever the
time. ISO 8601, RFC 2822, RFC 9557 (`+03:00[Europe/Moscow]`), what JavaScript, Java and `date` print, and `МСК`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from esep.clock import TIMEZONE, local_date

_OFFSET = r"[-+\u2212\u2013][0-9]{1,2}(?::?[0-9]{2})?"
_PLACES: Mapping[str, tzinfo] = {
    **dict.fromkeys(("алматы", "астана", "астаны", "almaty", "astana", "almt"), TIMEZONE),
    **dict.fromkeys(("мск", "msk", "москве", "москвы"), ZoneInfo("Europe/Moscow")),
    **dict.fromkeys(("z", "utc", "gmt", "ut", "гринвичу"), UTC),
}
"""Names that mean one zone here. `EST`, `CST`, `IST` and others mean several, so they are no zone."""
_NAME = "|".join(sorted(_PLACES, key=len, reverse=True))
_ZONE = (
    r"(?: ?\(?(?:по )?(?:времени )?"
    rf"(?P<zone>(?:{_NAME}) ?{_OFFSET}|{_OFFSET}(?: (?:utc|msk|мск))?|[a-z]+/[a-z]+(?:{_OFFSET})?|{_NAME})"
    r"(?![^\W_])(?: уакыты| время| time)?\)?(?: ?\([^()]{1,60}\)| ?\[[^\[\]]{1,60}\])?)"
)
CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    rf"(?: ?(?P<half>[ap])\.?m\b\.?)?{_ZONE}?"
)
"""A time of day, over text folded by dates.fold."""
TIME = rf"(?:(?P<before>,? ?t|,| в)? ?{CLOCK}(?![0-9:]))?"
"""The same after a date, where there is one."""
DAY_ZONE = _ZONE
"""A zone beside a date without a time."""

_PARTS = re.compile(rf"(?P<name>[a-z\u0400-\u04ff/]*?) ?(?P<offset>{_OFFSET})?(?: [a-zмск]+)?")
_LARGEST_OFFSET = timedelta(hours=14)
_LONGEST_WEST = timedelta(hours=-12)
_DAY = timedelta(days=1)

NO_TIME = "there is no such time or zone"
TWO_READINGS = "two readings; write for example 05.03.2025"


def local_day(day: date, found: Mapping[str, str | None]) -> tuple[date | None, str]:
    """The day in Almaty of a date and the groups of CLOCK; None and a few words why, where that is no single day."""
    zone = found.get("zone")
    if zone is None:
        return day, ""
    clock = _clock(found)
    there = _zone(zone)
    may_be_span = (
        zone[0] in "-\u2212\u2013" and found.get("second") is None and not (found.get("before") or "").endswith("t")
    )
    if there is None and may_be_span:
        return day, ""
    if clock is None or there is None:
        return None, NO_TIME
    moment = datetime.combine(day, clock[0]) + clock[1]
    days = {local_date(moment.replace(tzinfo=there, fold=fold)) for fold in (0, 1)}
    if may_be_span:
        days.add(day)  # `10:00-12:00`
    return (days.pop(), "") if len(days) == 1 else (None, TWO_READINGS)


def whole_day(day: date, zone: str) -> tuple[date | None, str]:
    """The day in Almaty of a date that states a zone and no time: only if the whole of it is one day there."""
    there = _zone(zone)
    if there is None:
        return None, NO_TIME
    start = datetime.combine(day, time(), there)
    last = start + _DAY - timedelta(microseconds=1)
    return (day, "") if {local_date(start), local_date(last)} == {day} else (None, TWO_READINGS)


def _clock(found: Mapping[str, str | None]) -> tuple[time, timedelta] | None:
    """The time of day, and a day to add at 24:00."""
    hour, minute, second = (int(found.get(name) or 0) for name in ("hour", "minute", "second"))
    if found.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    if (hour, minute, second) == (24, 0, 0):
        return time(), _DAY
    if hour > 23 or minute > 59 or second > 60:
        return None
    return time(hour, minute, min(second, 59)), timedelta()


@cache
def _zone(text: str) -> tzinfo | None:
    parts = _PARTS.fullmatch(text)
    name = parts["name"] if parts else text
    if "/" in name:
        known = _names().get(text)
        return ZoneInfo(known) if known else None
    base = _PLACES.get(name) if name else UTC
    if base is None or parts is None or not parts["offset"]:
        return base
    offset = _offset(parts["offset"])
    if offset is None or base is UTC:
        return None if offset is None else timezone(offset)
    # `МСК+2` counts from Moscow's time of today, +3.
    return timezone(timedelta(hours=3) + offset) if name in ("мск", "msk") else None


def _offset(text: str) -> timedelta | None:
    sign = 1 if text[0] == "+" else -1
    hours, _, minutes = text[1:].partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    offset = sign * timedelta(hours=int(hours), minutes=int(minutes or 0))
    right = _LONGEST_WEST <= offset <= _LARGEST_OFFSET and int(minutes or 0) in (0, 15, 30, 45)
    return offset if right else None


@cache
def _names() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}
