"""Which numbers of a workbook are dates: number formats of `styles.xml` (ECMA-376 part 1, §18.8.30), and their days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from lxml import etree


class Shown(Enum):
    """How a style shows a number."""

    NUMBER = 0
    MOMENT = 1
    DURATION = 2


_BUILT_IN_MOMENTS = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_BUILT_IN_DURATIONS = frozenset({46})
_NOT_SHOWN = re.compile(r'\\.|_.|\*.|"[^"]*"?', re.DOTALL)
_TELLING = re.compile(r"(?P<duration>\[(?:h+|m+|s+)\])|\[[^\]]*\]|(?P<moment>[dmyhs]|a/p|am/pm)", re.IGNORECASE)
_ZERO = datetime.combine(date(1899, 12, 30), time())
_BEFORE_MARCH_1900 = _ZERO + timedelta(days=1)
_FALSE_LEAP_DAY = 60
"""Excel counts 29 February 1900, which there never was."""
DAYS_TO_1904 = 1462
_LAST_DAY = 2_958_465
"""31 December 9999."""
_DAY_MILLISECONDS = 86_400_000


def shown_by(code: str) -> Shown:
    """What a format code of the file makes of a number; its first section, for positive numbers, decides."""
    shown = _NOT_SHOWN.sub("", code).split(";", 1)[0]
    for sign in _TELLING.finditer(shown):
        if sign["duration"] or sign["moment"]:
            return Shown.DURATION if sign["duration"] else Shown.MOMENT
    return Shown.NUMBER


def read_formats(root: etree._Element | None) -> list[Shown]:
    """How each cell style (the `s` of a cell) shows a number; `root` is that of `styles.xml`."""
    if root is None:
        return []
    own = {node.get("numFmtId", ""): shown_by(node.get("formatCode", "")) for node in root.iter("{*}numFmt")}
    styles = root.find("{*}cellXfs")
    return [_shown(node.get("numFmtId", "0"), own) for node in styles] if styles is not None else []


def _shown(number: str, own: dict[str, Shown]) -> Shown:
    if number in own:
        return own[number]
    built_in = int(number) if number.isdecimal() else 0
    if built_in in _BUILT_IN_DURATIONS:
        return Shown.DURATION
    return Shown.MOMENT if built_in in _BUILT_IN_MOMENTS else Shown.NUMBER


def value_of(serial: float, shown: Shown, *, since_1904: bool) -> Any:
    """The date, moment, time of day or duration that Excel shows for a number; the number itself outside of them."""
    if shown is Shown.NUMBER:
        return serial
    if shown is Shown.DURATION:
        return timedelta(milliseconds=int(serial * _DAY_MILLISECONDS)) if abs(serial) <= _LAST_DAY else serial
    serial += DAYS_TO_1904 if since_1904 else 0
    if not 0 <= serial < _LAST_DAY + 1:
        return serial - (DAYS_TO_1904 if since_1904 else 0)
    days, part = divmod(serial, 1)
    milliseconds = int(part * _DAY_MILLISECONDS)
    if days == 0:
        return (_ZERO + timedelta(milliseconds=milliseconds)).time() if milliseconds else time()
    base = _ZERO if days >= _FALSE_LEAP_DAY else _BEFORE_MARCH_1900
    moment = base + timedelta(days=days, milliseconds=milliseconds)
    return moment if milliseconds else moment.date()


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?", re.ASCII)
_ISO_TIME = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?", re.ASCII)
_READ: Sequence[tuple[re.Pattern[str], Any]] = (
    (_ISO_DAY, date.fromisoformat),
    (_ISO_MOMENT, datetime.fromisoformat),
    (_ISO_TIME, time.fromisoformat),
)


def iso_value(text: str) -> Any:
    """A cell of type `d`: date, moment or time of day; the text itself where it is none of them, or has a zone."""
    for pattern, read in _READ:
        if pattern.fullmatch(text):
            try:
                return read(text)
            except ValueError:
                return text
    return text
