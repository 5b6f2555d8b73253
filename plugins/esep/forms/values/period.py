"""The month (or the quarter) that a phrase of Annex 1 or a heading of Annex 2 names.

The order prints `20__ жылғы ____ тоқсан` for a monthly form: a month written into that blank is a month. And желтоқсан
(December) ends in тоқсан (quarter), so words are compared whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from esep.forms.values import dates
from esep.forms.values.cell import CellKind, Parsed, state_without_reading
from esep.forms.values.dates import fold, month_of

FIRST_YEAR = 2020
LAST_YEAR = 2029
"""Annex 1 prints `202_`."""


class PeriodState(StrEnum):
    OK = "ok"
    """One month."""
    QUARTER = "quarter"
    """A quarter: accepted where the other annex names a month in it."""
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    ERROR_CELL = "error_cell"
    UNCALCULATED_FORMULA = "uncalculated_formula"


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or the months of a quarter, each as its first day. Equal where it is one month."""

    first: date
    last: date

    @property
    def month(self) -> date | None:
        """The month as its first day; None for a quarter."""
        return self.first if self.first == self.last else None

    def contains(self, day: date) -> bool:
        """Whether a day (or a month, as its first day) is in the period."""
        return self.first <= day.replace(day=1) <= self.last


_SPACED_YEAR = re.compile(r"(?<![0-9])20 ?2 ?([0-9])(?![0-9])")
_SPLIT_DECEMBER = re.compile(r"(?<![^\W\d_])жел[ -]{1,3}(?=токсан)")
_FIGURES = (
    re.compile(r"(?<![0-9])(?<![0-9][./-])(?P<month>0?[1-9]|1[0-2]) ?[./-] ?(?P<year>202[0-9])(?![0-9]|[./-][0-9])"),
    re.compile(r"(?<![0-9])(?<![0-9][./-])(?P<year>202[0-9]) ?[./-] ?(?P<month>0?[1-9]|1[0-2])(?![0-9]|[./-][0-9])"),
    # A month's number in the blank of a month: two figures, since `3 ай` may mean three months.
    re.compile(
        r"(?P<year>202[0-9]) ?(?:жыл[а-я]{0,6}|ж)(?![а-я])\.? ?(?P<month>0[1-9]|1[0-2])(?![0-9./-])"
        r"(?! ?-? ?(?:ши|шы)? ?токсан)"
    ),
    re.compile(r"(?<![0-9./-])(?P<month>0[1-9]|1[0-2]) (?:месяц[а-я]{0,3} |ай[а-я]{0,6} )?(?P<year>202[0-9])(?![0-9])"),
)
_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+")
_YEAR_TOKEN = re.compile(r"202[0-9]")
_FILLER = re.compile(r"жыл[а-я]{0,6}|ж|год[а-я]{0,2}|г|ай[а-я]{0,6}|месяц[а-я]{0,3}|шы|ши|й|ый|ий|го|ого|м|ом|за|в")
"""Words that may be between a month, a quarter and its year."""
_QUARTER_WORD = re.compile(r"токсан[а-я]{0,8}|квартал[а-я]{0,3}|кв")
_QUARTER_NUMBER = re.compile(
    r"(?P<q1>1|i|и|биринши|перв[а-я]{2,3})|(?P<q2>2|ii|ии|екинши|втор[а-я]{2,3})|"
    r"(?P<q3>3|iii|иии|ушинши|трет[а-я]{2,3})|(?P<q4>4|iv|иv|тортинши|четв[а-я]{4,6})"
)
_NUMBER_AND_QUARTER = re.compile(r"(?<![^\W_])q ?([1-4])(?![^\W_])")


def parse(text: str | None, kind: CellKind = CellKind.TEXT) -> Parsed[Period, PeriodState]:
    """The period named by a phrase. Where a month and the quarter around it are both named, the month counts."""
    nothing = state_without_reading(text, kind)
    if nothing is not None or text is None:
        return Parsed(None, PeriodState(nothing or "empty"))
    if kind is CellKind.NUMBER:
        day = dates.parse(text, kind).value
        if day is not None:
            return _verdict(_in_range({day}), set())
    folded = _prepared(text)
    found_dates = dates.find_all(folded)
    rest = folded
    for found in reversed(found_dates):
        rest = f"{rest[: found.start]} ; {rest[found.end :]}"
    words = _words(rest)
    months = _worded_months(words) or _months_in_figures(rest)
    quarters = _quarters(words)
    if not months and not quarters:
        months = _in_range({found.day for found in found_dates if found.day is not None})
        if not {month_of(word) for word in words} - {None} <= {month.month for month in months}:
            return _unreadable("a month without its year is named beside a date of another month")
    return _verdict(months, quarters)


def _in_range(days: set[date]) -> set[date]:
    """Months, as their first days, of those days that are in years a form can be for."""
    return {day.replace(day=1) for day in days if FIRST_YEAR <= day.year <= LAST_YEAR}


def _verdict(months: set[date], quarters: set[Period]) -> Parsed[Period, PeriodState]:
    if len(quarters) > 1:
        return _unreadable("several quarters are named; one month is expected")
    quarter = next(iter(quarters), None)
    named = months_as_period(months)
    if months and named is None:
        return _unreadable("several months are named; one is expected")
    if named and quarter and not (quarter.contains(named.first) and quarter.contains(named.last)):
        return _unreadable("the month is outside the quarter named beside it")
    period = named or quarter
    if period is None:
        return _unreadable(
            f"a month and a year {FIRST_YEAR}-{LAST_YEAR} are expected, for example 2025 жылғы наурыз, март 2025 года"
        )
    return Parsed(period, PeriodState.OK if period.month else PeriodState.QUARTER)


def _unreadable(note: str) -> Parsed[Period, PeriodState]:
    return Parsed(None, PeriodState.UNREADABLE, note)


def months_as_period(months: Iterable[date]) -> Period | None:
    """One month as itself, the first and last of a calendar quarter as the quarter, anything else as None."""
    ordered = sorted(set(months))
    if len(ordered) == 1:
        return Period(ordered[0], ordered[0])
    if ordered and ordered[0].year == ordered[-1].year:
        first, last = ordered[0], ordered[-1]
        if first.month % 3 == 1 and last.month == first.month + 2:
            return Period(first, last)
    return None


def _prepared(text: str) -> str:
    return _SPLIT_DECEMBER.sub("жел", _SPACED_YEAR.sub(r"202\1", fold(text)))


def _words(text: str) -> list[str]:
    """Words and numbers in order, without those that only link them."""
    spaced = _NUMBER_AND_QUARTER.sub(r"\1 квартал", text)
    return [word for word in _TOKEN.findall(spaced) if not _FILLER.fullmatch(word)]


def _worded_months(words: list[str]) -> set[date]:
    """Months named by words beside their year, or in a row with such a month; else all, if of one year.

    A month between two different years belongs to both, so that the phrase has no single reading.
    """
    months = {place: month for place, word in enumerate(words) if (month := month_of(word)) is not None}
    years = {place: int(word) for place, word in enumerate(words) if _YEAR_TOKEN.fullmatch(word)}
    linked = {place: {years[near] for near in (place - 1, place + 1) if near in years} for place in months}
    for order in (sorted(months), sorted(months, reverse=True)):
        for place in order:
            for near in (place - 1, place + 1):
                linked[place] = linked[place] or linked.get(near, set())
    distinct = set(years.values())
    if not any(linked.values()) and len(distinct) == 1:
        linked = dict.fromkeys(months, distinct)
    return {date(year, months[place], 1) for place, its_years in linked.items() for year in its_years}


def _months_in_figures(text: str) -> set[date]:
    return {
        date(int(match["year"]), int(match["month"]), 1) for pattern in _FIGURES for match in pattern.finditer(text)
    }


def _quarters(words: list[str]) -> set[Period]:
    """Quarters with a number before their word. `… наурыз тоқсан` names no quarter: the word is the form's own."""
    years = {place: int(word) for place, word in enumerate(words) if _YEAR_TOKEN.fullmatch(word)}
    distinct = set(years.values())
    found: set[Period] = set()
    for place, word in enumerate(words):
        if not _QUARTER_WORD.fullmatch(word):
            continue
        before = place - 1
        while before >= 0 and (match := _QUARTER_NUMBER.fullmatch(words[before])) is not None:
            number = next(index for index, group in enumerate(match.groups()) if group is not None)
            near = {years[index] for index in (before - 1, place + 1) if index in years}
            for year in near or (distinct if len(distinct) == 1 else set()):
                found.add(Period(date(year, 3 * number + 1, 1), date(year, 3 * number + 3, 1)))
            before -= 1
    return found
