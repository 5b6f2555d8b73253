"""Dates: Excel dates, ISO, day-month-year in figures, and worded dates in Kazakh and Russian (columns 4 and 6)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from esep.forms import phrases
from esep.forms.values import zones
from esep.forms.values.cell import CellKind, Parsed, state_without_reading
from esep.forms.values.text import clean, fold_lookalikes, without_quotes

_PLAIN_LETTER = str.maketrans("ёәғқңөұүһіқ", "еагкноуухик")

_KAZAKH = {month.translate(_PLAIN_LETTER): number for number, month in enumerate(phrases.KAZAKH, 1)}
_KAZAKH["кыркуйег"] = _KAZAKH["кыркуйек"]
"""Stem → month."""
_KAZAKH_ENDING = re.compile(
    r"(?:(?:ы|и|сы|си)?(?:н?(?:ын|ин)|[днт](?:ын|ин)|[гк][ае]|н?[ае]|[днт](?:ы|и)|н|н?[днт][ае]н?|"
    r"н?[днт][ае][гк][ыи]|[мбп]ен|[гк][ыи]|лык|лик)?(?:ай\w{0,6})?)"
)
_RUSSIAN = re.compile(
    r"(январ(?:[ьяюе]|ем|ский|ские|ского|ская))"
    r"|(феврал(?:[ьяюе]|ем|ьский|ьские|ьского|ьская))"
    r"|(март(?:[ауе]|ом|овский|овские|овского|овская)?)"
    r"|(апрел(?:[ьяюе]|ем|ьский|ьские|ьского|ьская))"
    r"|(ма(?:[йяюе]|ем|йский|йские|йского|йская))"
    r"|(июн(?:[ьяюе]|ем|ьский|ьские|ьского|ьская))"
    r"|(июл(?:[ьяюе]|ем|ьский|ьские|ьского|ьская))"
    r"|(август(?:[ауе]|ом|овский|овские|овского|овская)?)"
    r"|(сентябр(?:[ьяюе]|ем|ьский|ьские|ьского|ьская))"
    r"|(октябр(?:[ьяюе]|ем|ьский|ьские|ьского|ьская))"
    r"|(ноябр(?:[ьяюе]|ем|ьский|ьские|ьского|ьская))"
    r"|(декабр(?:[ьяюе]|ем|ьский|ьские|ьского|ьская))"
)
"""A group for each month."""
_SHORT = {
    name: number
    for number, names in enumerate(
        (
            "янв jan january кан канг",
            "фев февр feb february акп",
            "мар mar march нау",
            "апр apr april сау",
            "may мам",
            "jun june мау",
            "jul july шил",
            "авг aug august там",
            "сен сент sep sept september кыр",
            "окт oct october каз",
            "ноя нояб nov november кар",
            "дек dec december жел желт",
        ),
        1,
    )
    for name in names.split()
}


def fold(text: str) -> str:
    """Lower case, single spaces, no quotes or blanks to fill, Kazakh letters without their marks.

    So months typed on a keyboard without Kazakh letters (`желтоксан`) are read as well.
    """
    plain = fold_lookalikes(clean(text.replace("_", " ").replace("İ", "I"))).lower()
    return without_quotes(plain).translate(_PLAIN_LETTER)


@lru_cache(maxsize=4096)
def month_of(word: str) -> int | None:
    """1-12 for one folded word that is a month's name in Kazakh or Russian, in any case form; else None."""
    for stem, number in _KAZAKH.items():
        if word.startswith(stem) and _KAZAKH_ENDING.fullmatch(word, len(stem)):
            return number
    russian = _RUSSIAN.fullmatch(word)
    return russian.lastindex if russian else None


def month_of_short(word: str) -> int | None:
    """As month_of; common abbreviations and English names too. For dates, where the place in the text is certain."""
    return month_of(word) or _SHORT.get(word)


class DateState(StrEnum):
    OK = "ok"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    SERIAL_NUMBER = "serial_number"
    """A bare number that is a date of its workbook's epoch without its format; the value is that date."""
    ERROR_CELL = "error_cell"
    UNCALCULATED_FORMULA = "uncalculated_formula"


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside are slips of the keyboard, not dates."""

SERIAL_DAYS = (date(2000, 1, 1), date(2064, 4, 8))
"""Days for which a bare serial number of Excel is taken."""
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL_ZERO_1904 = date(1904, 1, 1)

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)?")
"""How the reader writes Excel's dates, and the commonest text; the patterns below would read it as well, slower."""

_BASIC = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})?(?![0-9])", re.IGNORECASE)
"""A moment in the basic format of ISO 8601."""

_AROUND = " .,;'’‘`´"
"""Marks at the ends of a cell that belong to no date: an apostrophe typed to make it text, separators."""

_YEAR_WORD = r"(?:жыл[а-я]{0,6}|ж|год[а-я]{0,2}|г)(?![а-я])\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_DAY = r"(?P<day>[0-9]{1,2})"
_MONTH = r"(?P<month>[0-9]{1,2})"
_WORD = r"(?P<word>[^\W\d_]+)"
_ORDINAL = r"(?:(?: ?- ?|)(?:ши|шы|го|е|ое))?"

_FORMS = tuple(
    re.compile(rf"(?<![0-9]){form}(?![0-9])")
    for form in (
        rf"{_YEAR} ?(?P<sep>[-./]) ?{_MONTH} ?(?P=sep) ?{_DAY}(?![0-9]){zones.TIME}",
        rf"{_DAY} ?(?P<sep>[-./]) ?{_MONTH} ?(?P=sep) ?{_YEAR}(?![0-9])(?: ?{_YEAR_WORD})?{zones.TIME}",
        rf"{_DAY}{_ORDINAL}[ .-]{{0,3}}{_WORD}\.?[ ,-]{{0,2}}{_YEAR}(?![0-9])(?: ?{_YEAR_WORD})?{zones.TIME}",
        rf"{_YEAR} ?{_YEAR_WORD},? {_DAY}{_ORDINAL}[ -]{{0,3}}{_WORD}{zones.TIME}",
        rf"(?<![^\W\d_]){_WORD} {_DAY},? {_YEAR}(?![0-9]){zones.TIME}",
        rf"(?<![^\W\d_]){_WORD} {{1,2}}{_DAY} {zones.CLOCK} {_YEAR}(?![0-9])",
    )
)
_SPACED = re.compile(rf"{_DAY} {_MONTH} {_YEAR}(?: ?{_YEAR_WORD})?")
"""`«10» 04 2025 ж.` in the blanks of a printed date; only as a whole text, for figures with spaces may be anything."""
_WEEKDAY = re.compile(
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    r"дс|сс|бс|жм|жс|дуйсенби|сейсенби|сарсенби|бейсенби|жума|сенби|жексенби)\.?,? +"
)
"""Before a date, as RFC 2822 and JavaScript write it; the date is what counts."""
_ONLY_ZONE = re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}{zones.DAY_ZONE}")
_TWO_DIGIT_YEAR = re.compile(rf"[0-9]{{1,2}}([-./])[0-9]{{1,2}}\1[0-9]{{2}}(?: ?{_YEAR_WORD})?")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date inside a folded text. `day` is None where the text names no single day that exists; `note` says why."""

    day: date | None
    start: int
    end: int
    note: str = ""


def parse(text: str | None, kind: CellKind = CellKind.TEXT) -> Parsed[date, DateState]:
    """The day a cell holds, in Almaty if the text states a zone. Years are written with four digits.

    A time of day without a zone does not count.
    """
    nothing = state_without_reading(text, kind)
    if nothing is not None or text is None:
        return Parsed(None, DateState(nothing or "empty"))
    if kind in (CellKind.NUMBER, CellKind.SERIAL_1904):
        return _serial(text, _SERIAL_ZERO_1904 if kind is CellKind.SERIAL_1904 else _SERIAL_ZERO)
    if kind is CellKind.BOOLEAN:
        return Parsed(None, DateState.UNREADABLE, "a true/false cell, not a date")
    iso = _ISO.fullmatch(text)
    if iso:
        return _existing(_date(int(iso[1]), int(iso[2]), int(iso[3])))
    folded = _WEEKDAY.sub("", fold(_BASIC.sub(_extended, text)).strip(_AROUND), count=1)
    for found in find_all(folded):
        if found.start == 0 and found.end == len(folded):
            return _existing(found.day, found.note)
    only_zone = _ONLY_ZONE.fullmatch(folded)
    if only_zone:
        day = _date(int(only_zone["year"]), int(only_zone["month"]), int(only_zone["day"]))
        return _existing(*zones.whole_day(day, only_zone["zone"])) if day else _existing(None)
    spaced = _SPACED.fullmatch(folded)
    if spaced:
        return _existing(_date(int(spaced["year"]), int(spaced["month"]), int(spaced["day"])))
    if _TWO_DIGIT_YEAR.fullmatch(folded):
        return Parsed(None, DateState.UNREADABLE, "the year needs four digits")
    return Parsed(None, DateState.UNREADABLE, "not a date; write for example 05.03.2025")


def _extended(basic: re.Match[str]) -> str:
    year, month, day, hour, minute, second = basic.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}"


def _existing(day: date | None, note: str = "") -> Parsed[date, DateState]:
    if day is None:
        return Parsed(None, DateState.UNREADABLE, note or "there is no such day")
    return Parsed(day, DateState.OK)


def find_all(folded: str) -> list[FoundDate]:
    """All dates in a text folded by dates.fold, in order, none inside another."""
    found: list[FoundDate] = []
    for form in _FORMS:
        for match in form.finditer(folded):
            groups = match.groupdict()
            month = month_of_short(groups["word"]) if "word" in groups else int(groups["month"])
            if month is None or _continues_figures(folded, match.start(), groups.get("sep")):
                continue
            place = bisect_left(found, match.start(), key=lambda one: one.start)
            beside = found[max(place - 1, 0) : place + 1]  # none overlaps another, so no other can be met
            if any(match.start() < one.end and one.start < match.end() for one in beside):
                continue
            day, note = _day(groups, month)
            found.insert(place, FoundDate(day, match.start(), match.end(), note))
    return found


def _day(groups: Mapping[str, str | None], month: int) -> tuple[date | None, str]:
    """The day of a match, and why there is none."""
    day_of_month = int(groups["day"] or 0)
    if groups.get("half") and groups.get("sep") == "/" and day_of_month <= 12 and day_of_month != month:
        return None, zones.TWO_READINGS  # with am and pm the month is often written first
    day = _date(int(groups["year"] or 0), month, day_of_month)
    return (None, "") if day is None else zones.local_day(day, groups)


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


def _serial(text: str, zero: date) -> Parsed[date, DateState]:
    number = _NUMBER.fullmatch(text.strip())
    day = zero + timedelta(days=int(number[1])) if number else None
    if day is not None and SERIAL_DAYS[0] <= day <= SERIAL_DAYS[1]:
        return Parsed(day, DateState.SERIAL_NUMBER, f"a bare number, read as {day.isoformat()}; format it as a date")
    return Parsed(None, DateState.UNREADABLE, "a number, not a date; write for example 05.03.2025")
