"""What a cell of an Office Open XML workbook shows: number formats of days, formulas, shared formulas and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import IO, Any

from lxml import etree

from esep.forms.document import damaged_workbook
from esep.forms.reading.opc import elements
from esep.forms.reading.sheets import MarkedCell, column_of
from esep.forms.values.cell import CellKind


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


_AREA = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})(?::([A-Za-z]{1,3})([0-9]{1,7}))?")
_ZEROS: dict[type, object] = {float: 0.0, time: time(), timedelta: timedelta()}
"""What a stored 0 is read as, by the format of its cell."""
_ZERO_OF_POI = "0.0"
"""What Apache POI stores with a formula in place of a result; Excel and other programs write a 0 as `0`."""
_CELLS_OF_AREAS = 1_000_000
"""Cells of array formulas that are followed one by one; further areas are followed by their first cell only."""


def zeros_are_no_results(workbook: etree._Element) -> bool:
    """Whether the workbook says that its formulas are yet to be calculated; `workbook` is the root of its part."""
    for calculation in workbook.iter("{*}calcPr"):
        if calculation.get("fullCalcOnLoad", "0") in ("1", "true"):
            return True
        if calculation.get("calcCompleted", "1") in ("0", "false"):
            return True
    return False


class Formulas:
    """The formulas of one sheet, as its cells come by."""

    def __init__(self, *, zeros_are_no_results: bool) -> None:
        self._zeros_are_none = zeros_are_no_results
        self._shared: dict[str, str] = {}
        self._uncalculated: dict[tuple[int, int], MarkedCell] = {}
        """Cells below and beside the first one of an array formula without a result."""
        self._zeros: list[tuple[int, int, MarkedCell]] = []
        """Cells whose zero may be of a program that does not calculate: if no formula of the sheet has a result."""
        self._has_results = False

    def judge(self, row: int, column: int, formula: etree._Element | None, value: object, stored: str | None) -> object:
        """The value of a cell, 1-based row and 0-based column, or its formula where that has no result (None or 0).

        `stored`: the value as the file has it.
        """
        if formula is None:
            if not self._uncalculated:
                return value
            spilled = self._uncalculated.pop((row, column), None)
            return spilled if spilled is not None and self._is_none(value) else value
        text = self._text(formula)
        marked = MarkedCell(CellKind.FORMULA, f"={text}")
        if not self._is_none(value):
            if stored == _ZERO_OF_POI:
                self._zeros.append((row, column, marked))
            else:
                self._has_results = True
            return value
        if formula.get("t") in ("array", "dataTable"):
            self._follow(formula.get("ref", ""), row, column, marked)
        return marked

    def left(self) -> Iterator[tuple[int, int, MarkedCell]]:
        """What only the whole sheet tells: zeros that are no results, and cells of array formulas not even stored."""
        for (row, column), marked in self._uncalculated.items():
            yield row, column, marked
        if not self._has_results:
            yield from self._zeros

    def _is_none(self, value: object) -> bool:
        if not self._zeros_are_none:
            return value is None
        return value in (None, "") or (type(value) in _ZEROS and value == _ZEROS[type(value)])

    def _text(self, formula: etree._Element) -> str:
        text, shared = formula.text or "", formula.get("si")
        if shared is None or formula.get("t") != "shared":
            return text
        if text:
            self._shared.setdefault(shared, text)
        return text or self._shared.get(shared, "")

    def _follow(self, area: str, row: int, column: int, marked: MarkedCell) -> None:
        match = _AREA.fullmatch(area.replace("$", ""))
        if match is None or match[3] is None:
            return
        right, bottom = column_of(match[3]), int(match[4])
        count = (right - column + 1) * (bottom - row + 1)
        if len(self._uncalculated) + count > _CELLS_OF_AREAS:
            return
        for below in range(row, bottom + 1):
            for beside in range(column, right + 1):
                if (below, beside) != (row, column):
                    self._uncalculated[below, beside] = marked


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_SPACES = " \t\r\n"
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF


def unescaped(text: str) -> str:
    """`_x000D_` and its like as the characters they mean."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if _FIRST_SURROGATE <= code <= _LAST_SURROGATE else chr(code)


def text_of(node: etree._Element, space: str) -> str:
    """The text of a `si` or `is`: its own or that of its runs, without phonetic hints. `space`: namespace as `{…}`."""
    parts = []
    for child in node:
        if child.tag == f"{space}t":
            parts.append(_plain(child))
        elif child.tag == f"{space}r":
            parts += [_plain(run) for run in child if run.tag == f"{space}t"]
    return unescaped("".join(parts))


def _plain(node: etree._Element) -> str:
    """Without `xml:space="preserve"` outer white space does not count. FileError for a text that holds elements."""
    if len(node):
        raise damaged_workbook("workbook_text_damaged")
    text = node.text or ""
    return text if node.get(_PRESERVE) == "preserve" else text.strip(_SPACES)


def shared_strings(part: IO[bytes]) -> list[str]:
    """All shared strings in order."""
    return [text_of(node, space) for node, space in elements(part, {"si": "sst"})]
