"""Dates: Excel dates, ISO, day-month-year in figures, and worded dates in Kazakh and Russian (columns 4 and 6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from esep.forms.document import CellKind
from esep.forms.values.months import fold, month_of_short
from esep.forms.values.parsed import Parsed, state_without_reading


class DateState(StrEnum):
    OK = "ok"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    SERIAL_NUMBER = "serial_number"
    """A bare number that is a date of the 1900 system without its format; the value is that date."""
    ERROR_CELL = "error_cell"
    UNCALCULATED_FORMULA = "uncalculated_formula"


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside are slips of the keyboard, not dates."""

SERIAL_RANGE = (36526, 60000)
"""Excel serial numbers taken for dates: 2000-01-01 to 2064-04-08."""
_SERIAL_ZERO = date(1899, 12, 30)

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)?")
"""How the reader writes Excel's dates, and the commonest text; the patterns below would read it as well, slower."""

_TIME = r"(?:(?:t| )? ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?(?:z|[+-][0-9]{2}:?[0-9]{2}))?)?"
_YEAR_WORD = r"(?:жыл[а-я]{0,6}|ж|год[а-я]{0,2}|г)(?![а-я])\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_DAY = r"(?P<day>[0-9]{1,2})"
_MONTH = r"(?P<month>[0-9]{1,2})"
_WORD = r"(?P<word>[^\W\d_]+)"
_ORDINAL = r"(?:(?: ?- ?|)(?:ши|шы|го|е|ое))?"

_FORMS = tuple(
    re.compile(rf"(?<![0-9]){form}(?![0-9])")
    for form in (
        rf"{_YEAR} ?(?P<sep>[-./]) ?{_MONTH} ?(?P=sep) ?{_DAY}(?![0-9]){_TIME}",
        rf"{_DAY} ?(?P<sep>[-./]) ?{_MONTH} ?(?P=sep) ?{_YEAR}(?![0-9]){_TIME}(?: ?{_YEAR_WORD})?",
        rf"{_DAY}{_ORDINAL}[ .-]{{0,3}}{_WORD}\.?[ ,-]{{0,2}}{_YEAR}(?![0-9])(?: ?{_YEAR_WORD})?",
        rf"{_YEAR} ?{_YEAR_WORD},? {_DAY}{_ORDINAL}[ -]{{0,3}}{_WORD}",
        rf"(?<![^\W\d_]){_WORD} {_DAY},? {_YEAR}(?![0-9])",
    )
)
_SPACED = re.compile(rf"{_DAY} {_MONTH} {_YEAR}(?: ?{_YEAR_WORD})?")
"""`«10» 04 2025 ж.` in the blanks of a printed date; only as a whole text, for figures with spaces may be anything."""
_TWO_DIGIT_YEAR = re.compile(rf"[0-9]{{1,2}}([-./])[0-9]{{1,2}}\1[0-9]{{2}}(?: ?{_YEAR_WORD})?")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date inside a folded text. `day` is None where the figures name a day that does not exist."""

    day: date | None
    start: int
    end: int


def parse(text: str | None, kind: CellKind = CellKind.TEXT) -> Parsed[date, DateState]:
    """The date a cell holds; a time of day beside it is left out. Years are written with four digits."""
    nothing = state_without_reading(text, kind)
    if nothing is not None or text is None:
        return Parsed(None, DateState(nothing or "empty"))
    if kind is CellKind.NUMBER:
        return _serial(text)
    if kind is CellKind.BOOLEAN:
        return Parsed(None, DateState.UNREADABLE, "a true/false cell, not a date")
    iso = _ISO.fullmatch(text)
    if iso:
        return _existing(_date(int(iso[1]), int(iso[2]), int(iso[3])))
    folded = fold(text).rstrip(" .,;")
    for found in find_all(folded):
        if found.start == 0 and found.end == len(folded):
            return _existing(found.day)
    spaced = _SPACED.fullmatch(folded)
    if spaced:
        return _existing(_date(int(spaced["year"]), int(spaced["month"]), int(spaced["day"])))
    if _TWO_DIGIT_YEAR.fullmatch(folded):
        return Parsed(None, DateState.UNREADABLE, "the year needs four digits")
    return Parsed(None, DateState.UNREADABLE, "not a date; write for example 05.03.2025")


def _existing(day: date | None) -> Parsed[date, DateState]:
    if day is None:
        return Parsed(None, DateState.UNREADABLE, "there is no such day")
    return Parsed(day, DateState.OK)


def find_all(folded: str) -> list[FoundDate]:
    """All dates in a text folded by months.fold, in order, none inside another."""
    found: list[FoundDate] = []
    for form in _FORMS:
        for match in form.finditer(folded):
            groups = match.groupdict()
            month = month_of_short(groups["word"]) if "word" in groups else int(groups["month"])
            if month is None or _continues_figures(folded, match.start(), groups.get("sep")):
                continue
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            found.append(FoundDate(_date(int(groups["year"]), month, int(groups["day"])), match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _continues_figures(text: str, start: int, separator: str | None) -> bool:
    """Whether the figures before a date belong to it (`1.05.03.2025`), so that it is none."""
    return separator is not None and start > 1 and text[start - 1] == separator and text[start - 2].isdigit()


def _date(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


_NUMBER = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")


def _serial(text: str) -> Parsed[date, DateState]:
    number = _NUMBER.fullmatch(text.strip())
    if number and SERIAL_RANGE[0] <= int(number[1]) <= SERIAL_RANGE[1]:
        day = _SERIAL_ZERO + timedelta(days=int(number[1]))
        return Parsed(day, DateState.SERIAL_NUMBER, f"a bare number, read as {day.isoformat()}; format it as a date")
    return Parsed(None, DateState.UNREADABLE, "a number, not a date; write for example 05.03.2025")
