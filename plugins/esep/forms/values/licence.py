"""Number and date of a mining licence, both in one cell (column 4), in any order and wording."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from esep.forms.values import dates
from esep.forms.values.cell import CellKind, Parsed, state_without_reading
from esep.forms.values.dates import fold
from esep.forms.values.text import without_quotes

MIN_LENGTH = 4
MAX_LENGTH = 40


class LicenceState(StrEnum):
    OK = "ok"
    EMPTY = "empty"
    NO_NUMBER = "no_number"
    """A date, but no number of 4 to 40 characters."""
    NO_DATE = "no_date"
    """A number, but no day that exists."""
    UNREADABLE = "unreadable"
    ERROR_CELL = "error_cell"
    UNCALCULATED_FORMULA = "uncalculated_formula"


@dataclass(frozen=True, slots=True)
class Licence:
    """What the cell says of the licence; at least one of the two is there."""

    number: str | None
    issued_on: date | None


_NUMBER_SIGN = re.compile(r"№|\bN(?=[ .:]*[0-9])|\bN[o°º](?=[ .:]+[0-9])|#|\bномер\b|\bнөмірі\b", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s,;:()«»\"'№#]+")
_SERIES = re.compile(r"[A-ZА-ЯӘҒҚҢӨҰҮҺІ]{1,4}")
_MIXED = re.compile(r"(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*[0-9])[A-Z0-9]+")
_GROUPS = re.compile(r"(?: (?=[A-Z0-9]*[0-9])[A-Z0-9]{2,}(?![^\s,;:()/]))*")
_SHORT_YEAR = re.compile(r"(?<![0-9.])[0-3]?[0-9]\.[01]?[0-9]\.[0-9]{2}(?![0-9])")
"""A date with a year of two digits: no date (which century?), and no number either."""
_HAS_DIGIT = re.compile(r"[0-9]")


def parse(text: str | None, kind: CellKind = CellKind.TEXT) -> Parsed[Licence, LicenceState]:
    """Number and day of issue. Of several dates (issued, valid until) the earliest is the day of issue."""
    nothing = state_without_reading(text, kind)
    if nothing is not None or text is None:
        return Parsed(None, LicenceState(nothing or "empty"))
    if kind is CellKind.DATE:
        day = dates.parse(text, kind).value
        if day is None:
            return Parsed(None, LicenceState.UNREADABLE)
        return Parsed(Licence(None, day), LicenceState.NO_NUMBER, "only a date")
    if kind is CellKind.BOOLEAN:
        return Parsed(None, LicenceState.UNREADABLE, "a true/false cell")
    plain = without_quotes(text.replace("_", " "))
    folded = fold(plain)
    if len(folded) != len(plain):  # some rare letters change their length in lower case; places must agree
        plain = folded
    found = dates.find_all(folded)
    rest = plain
    for one in reversed(found):
        rest = f"{rest[: one.start]} ; {rest[one.end :]}"
    rest = _SHORT_YEAR.sub(" ; ", rest)
    issued = [one.day for one in found if one.day is not None]
    number = _number(rest)
    if number and issued:
        return Parsed(Licence(number, min(issued)), LicenceState.OK)
    if number:
        return Parsed(Licence(number, None), LicenceState.NO_DATE, "there is no such day" if found else "no date")
    if issued:
        return Parsed(Licence(None, min(issued)), LicenceState.NO_NUMBER, "no number of 4 to 40 characters")
    return Parsed(None, LicenceState.UNREADABLE, "number and date are expected, for example № 12345 от 01.02.2024")


def _number(text: str) -> str | None:
    """The first token with a figure after a number sign, else the first anywhere; with its series before it.

    A number that mixes letters and figures may be written in groups: `KZ11 DM000 00101`.
    """
    sign = _NUMBER_SIGN.search(text)
    for part in (text[sign.end() :], text) if sign else (text,):
        tokens = [(found.start(), token) for found in _TOKEN.finditer(part) if (token := found.group().strip(".-–—/"))]
        for place, (start, token) in enumerate(tokens):
            if not _HAS_DIGIT.search(token):
                continue
            series = tokens[place - 1][1] if place and _SERIES.fullmatch(tokens[place - 1][1]) else ""
            number = f"{series} {token}".strip()
            groups = _GROUPS.match(part, start + len(token)) if _MIXED.fullmatch(token) else None
            number += groups.group() if groups else ""
            if MIN_LENGTH <= len(number) <= MAX_LENGTH:
                return number
    return None
