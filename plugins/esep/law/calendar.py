"""Working days of Kazakhstan, and the due dates of the order that are counted in them.

Days off are a five-day week, the public holidays, and the transfers of each year's acts. They come from dated tables,
so that no due date moves unless a row does: `tables/holiday.csv` is a snapshot of the package `holidays` (KZ) that
`esep.law.holiday_snapshot` takes; `tables/calendar_override.csv` is above it, because each year's act moves days off,
and Kurban Ait of future years is an estimate until it is announced.

A time limit counts from the day after its event and ends with its last day, local time (facts section 5). Limits that
the order leaves open the office sets for itself: dated rows of office_practice.csv.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from esep.clock import month_after
from esep.law import tables

FIRST_YEAR = 2020
LAST_YEAR = 2035
"""The years of the snapshot, which holds one more on each side for limits that reach over. A day farther away counts
by the five-day week alone: such a day is not of this procedure, and a filing that names one must still be registered.
"""
REMINDER = "reminder_working_days"
REFILING = "refiling_working_days"
SILENCE = "silence_working_days"
"""Names of the limits in office_practice.csv."""
FILING_DAY = 25
EXAMINATION_WORKING_DAYS = 2
NOTICE_WORKING_DAYS = 5
CORRECTION_WORKING_DAYS = 10
FIRST_PERIOD = date(2023, 5, 1)
"""First month for which an accredited pool is expected to file: the order was registered on 28.04.2023."""

_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEK = "five-day working week (Labour Code)"
_WEEKEND = {5: ("Saturday", "Суббота", "Сенбі"), 6: ("Sunday", "Воскресенье", "Жексенбі")}


class CalendarDay(NamedTuple):
    """One row of the calendar. The reason is empty for an ordinary working day."""

    day: date
    working: bool
    reason: str
    source: str
    reason_ru: str = ""
    reason_kk: str = ""

    def reason_in(self, language: str) -> str:
        """The reason in kk, ru or en; in English where nobody translated it."""
        return {"kk": self.reason_kk, "ru": self.reason_ru}.get(language) or self.reason


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked: those of a five-day week, but for `special`."""

    special: Mapping[date, CalendarDay]

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        special = self.special.get(day)
        return special.working if special else day.weekday() < _SATURDAY

    def day(self, day: date) -> CalendarDay:
        """`day` with the reason why it is worked or not."""
        special = self.special.get(day)
        if special:
            return special
        if day.weekday() < _SATURDAY:
            return CalendarDay(day, True, "", _WEEK)
        name, name_ru, name_kk = _WEEKEND[day.weekday()]
        return CalendarDay(day, False, name, _WEEK, name_ru, name_kk)

    def working_day_on_or_before(self, day: date) -> date:
        """`day` if worked, else the nearest worked day before it (the price's day, facts section 4)."""
        while not self.is_working(day):
            day -= _DAY
        return day

    def working_day_on_or_after(self, day: date) -> date:
        """`day` if worked, else the nearest worked day after it (the 25th that falls on a day off)."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`; the day of the event is day 0 whether worked or not.

        Raises ValueError for n below 1: a limit of no days has no last day.
        """
        return self._step(day, n, _DAY)

    def subtract_working_days(self, day: date, n: int) -> date:
        """The n-th working day before `day`; raises ValueError for n below 1."""
        return self._step(day, n, -_DAY)

    def rows(self, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> Iterator[CalendarDay]:
        """Every day of the years, in order, for the warehouse."""
        day = date(first_year, 1, 1)
        while day.year <= last_year:
            yield self.day(day)
            day += _DAY

    def _step(self, day: date, n: int, step: timedelta) -> date:
        if n < 1:
            raise ValueError(f"{n} working days: one day or more is expected")
        while n:
            day += step
            n -= self.is_working(day)
        return day


@cache
def working_calendar() -> WorkingCalendar:
    """The calendar in force: the snapshot of holidays under the table of overrides."""
    rows = (row for name in ("holiday", "calendar_override") for row in tables.read(name))
    return WorkingCalendar({row["date"]: CalendarDay(row.pop("date"), **row) for row in rows})


def due_on(period: date) -> date:
    """Para 5: the 25th of the month after the month of distribution. `period` is any day of that month."""
    return month_after(period).replace(day=FILING_DAY)


def due_effective_on(period: date) -> date:
    """The 25th, moved to the next working day when it is a day off (the order is silent; the usual reading)."""
    return working_calendar().working_day_on_or_after(due_on(period))


def remind_on(period: date) -> date:
    """The day of the reminder, which the order does not know: so many working days before the effective due day."""
    due = due_effective_on(period)
    days = practice_days(REMINDER, due)
    return working_calendar().subtract_working_days(due, days) if days else due


def examine_by(registered_on: date) -> date:
    """Para 8: completeness is checked within 2 working days from registration."""
    return working_calendar().add_working_days(registered_on, EXAMINATION_WORKING_DAYS)


def notice_by(detected_on: date) -> date:
    """Para 10: the notice goes out within 5 working days of detection."""
    return working_calendar().add_working_days(detected_on, NOTICE_WORKING_DAYS)


def correction_due(change_date: date) -> date:
    """Para 6: changed data are sent within 10 working days from the day of change."""
    return working_calendar().add_working_days(change_date, CORRECTION_WORKING_DAYS)


def refile_by(refused_on: date) -> date:
    """The office's own limit for filing again after a refusal was sent (para 9 names none)."""
    return working_calendar().add_working_days(refused_on, practice_days(REFILING, refused_on))


def decide_silence_by(found_on: date) -> date:
    """The office's own limit for the officer's answer about a silent month."""
    return working_calendar().add_working_days(found_on, practice_days(SILENCE, found_on))


def practice_days(name: str, day: date) -> int:
    """The number of days of the named limit in force on `day`; LookupError where no row covers it."""
    for row in tables.read("office_practice"):
        if row["name"] == name and tables.in_force(row, day):
            return int(row["value"])
    raise LookupError(f"office_practice.csv: no row {name} is in force on {day}; add one with its source")
