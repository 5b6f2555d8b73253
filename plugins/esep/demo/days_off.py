"""Kazakhstan's days off from 25 December 2023 to 31 January 2026, written down one by one.

The demo's expected figures must not depend on `esep.law.calendar`, which they check; hence this second, literal list
(public holidays of Law № 267-II, Labour Code Art. 85 for the moved days off, and the yearly transfer acts).
"""

from __future__ import annotations

from datetime import date, timedelta

FIRST_DAY = date(2023, 12, 25)
LAST_DAY = date(2026, 1, 31)

WEEKDAYS_OFF = frozenset(
    date.fromisoformat(day)
    for day in (
        # 2024
        "2024-01-01",
        "2024-01-02",
        "2024-03-08",
        "2024-03-21",
        "2024-03-22",
        "2024-03-25",  # for Saturday 23 March
        "2024-05-01",
        "2024-05-07",
        "2024-05-08",  # moved to Saturday 4 May
        "2024-05-09",
        "2024-07-08",  # for Saturday 6 July
        "2024-08-30",
        "2024-10-25",
        "2024-12-16",
        # 2025
        "2025-01-01",
        "2025-01-02",
        "2025-01-03",  # moved to Sunday 5 January
        "2025-01-07",
        "2025-03-10",  # for Saturday 8 March
        "2025-03-21",
        "2025-03-24",  # for Saturday 22 March
        "2025-03-25",  # for Sunday 23 March
        "2025-05-01",
        "2025-05-07",
        "2025-05-09",
        "2025-06-06",
        "2025-07-07",  # for Sunday 6 July
        "2025-09-01",  # for Saturday 30 August
        "2025-10-27",  # for Saturday 25 October
        "2025-12-16",
        # January 2026
        "2026-01-01",
        "2026-01-02",
        "2026-01-07",
    )
)
WORKED_WEEKENDS = frozenset({date(2024, 5, 4), date(2025, 1, 5)})


def is_day_off(day: date) -> bool:
    """Whether nobody works on that day; raises ValueError outside of the list's range."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{day}: the demo's days off are listed from {FIRST_DAY} to {LAST_DAY}")
    if day.weekday() >= 5:
        return day not in WORKED_WEEKENDS
    return day in WEEKDAYS_OFF


def working_day_before_or_on(day: date) -> date:
    """The day itself if it is worked, else the last worked day before it."""
    while is_day_off(day):
        day -= timedelta(days=1)
    return day


def working_day_after_or_on(day: date) -> date:
    """The day itself if it is worked, else the first worked day after it."""
    while is_day_off(day):
        day += timedelta(days=1)
    return day
