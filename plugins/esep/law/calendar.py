"""Working days of Kazakhstan: a five-day week, the public holidays, and the transfers of each year's acts.

Both come from dated tables, so that no term moves unless a row does: `tables/holiday.csv` is a snapshot of the package
`holidays` (KZ) that `esep.law.holiday_snapshot` takes; `tables/calendar_override.csv` stands above it, because each
year's act moves days off, and Kurban Ait of future years is an estimate until it is announced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from esep.law import tables

FIRST_YEAR = 2020
LAST_YEAR = 2035
"""The years of the snapshot, which holds one more on each side for terms that reach over. A day farther away counts by
the five-day week alone: such a day is not of this procedure, and a filing that names one must still be registered."""

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

        Raises ValueError for n below 1: a term of no days has no last day.
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
            raise ValueError(f"{n} working days: a term of one day or more is expected")
        while n:
            day += step
            n -= self.is_working(day)
        return day


@cache
def working_calendar() -> WorkingCalendar:
    """The calendar in force: the snapshot of holidays under the table of overrides."""
    return WorkingCalendar(
        {
            row["date"]: CalendarDay(
                row["date"], row["working"], row["reason"], row["source"], row["reason_ru"], row["reason_kk"]
            )
            for name in ("holiday", "calendar_override")
            for row in tables.read(name)
        }
    )
