"""Working days of Kazakhstan: a five-day week, the public holidays, and the transfers of each year's acts.

Public holidays come from the package `holidays` (KZ); `tables/calendar_override.csv` stands above it, because each
year's act moves days off, and Kurban Ait of future years is an estimate until it is announced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from esep.law import tables

FIRST_YEAR = 2020
LAST_YEAR = 2035
_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEK = "five-day working week (Labour Code)"


class CalendarDay(NamedTuple):
    """One row of the warehouse's calendar. `reason` is empty for an ordinary working day."""

    day: date
    working: bool
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked. Years are worked out when first asked for and kept."""

    overrides: Mapping[date, CalendarDay]
    _years: dict[int, tuple[CalendarDay, ...]] = field(default_factory=dict, repr=False)
    _working: dict[int, frozenset[date]] = field(default_factory=dict, repr=False)

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        year = day.year
        if year not in self._working:
            self._working[year] = frozenset(row.day for row in self._year(year) if row.working)
        return day in self._working[year]

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
        if n < 1:
            raise ValueError(f"{n} working days: a term of one day or more is expected")
        while n:
            day += _DAY
            n -= self.is_working(day)
        return day

    def rows(self, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> Iterator[CalendarDay]:
        """Every day of the years, in order, for the warehouse."""
        for year in range(first_year, last_year + 1):
            yield from self._year(year)

    def _year(self, year: int) -> tuple[CalendarDay, ...]:
        if year not in self._years:
            self._years[year] = tuple(self._days_of(year))
        return self._years[year]

    def _days_of(self, year: int) -> Iterator[CalendarDay]:
        import holidays  # loads slowly; DAG files import this module

        source = f"holidays {holidays.__version__} (KZ)"
        public = holidays.country_holidays("KZ", years=year, language="en_US")
        for number in range((date(year, 12, 31) - date(year, 1, 1)).days + 1):
            day = date(year, 1, 1) + timedelta(days=number)
            if day in self.overrides:
                yield self.overrides[day]
            elif day in public:
                yield CalendarDay(day, False, public[day], source)
            elif public.is_working_day(day):
                worked_weekend = day.weekday() >= _SATURDAY
                yield CalendarDay(
                    day, True, "Worked weekend" if worked_weekend else "", source if worked_weekend else _WEEK
                )
            else:
                yield CalendarDay(day, False, day.strftime("%A"), _WEEK)


@cache
def working_calendar() -> WorkingCalendar:
    """The calendar in force: the package's holidays under the table of overrides."""
    return WorkingCalendar(
        {
            row["date"]: CalendarDay(row["date"], row["working"], row["reason"], row["source"])
            for row in tables.read("calendar_override")
        }
    )
