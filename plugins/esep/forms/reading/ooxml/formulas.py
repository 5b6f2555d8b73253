"""Which formulas of a sheet have no result that can be trusted.

A formula's stored result is trusted, with one exception. Programs that do not calculate (xlsxwriter, PhpSpreadsheet,
Apache POI) store 0 for every formula and ask Excel to calculate all of them on opening (`fullCalcOnLoad`). So a 0 in
such a workbook says nothing; any other number was put there by somebody who knew it. Where Excel itself saved the
workbook, `fullCalcOnLoad` is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta

from lxml import etree

from esep.forms.document import CellKind
from esep.forms.reading.cells import MarkedCell, column_of

_AREA = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})(?::([A-Za-z]{1,3})([0-9]{1,7}))?")
_ZEROS: dict[type, object] = {float: 0.0, time: time(), timedelta: timedelta()}
"""What a stored 0 is read as, by the format of its cell."""
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

    def judge(self, row: int, column: int, formula: etree._Element | None, value: object) -> object:
        """The value of a cell, 1-based row and 0-based column, or its formula where that has no result (None or 0)."""
        if formula is None:
            if not self._uncalculated:
                return value
            spilled = self._uncalculated.pop((row, column), None)
            return spilled if spilled is not None and self._is_none(value) else value
        text = self._text(formula)
        if not self._is_none(value):
            return value
        marked = MarkedCell(CellKind.FORMULA, f"={text}")
        if formula.get("t") in ("array", "dataTable"):
            self._follow(formula.get("ref", ""), row, column, marked)
        return marked

    def left(self) -> Iterator[tuple[int, int, MarkedCell]]:
        """Cells of array formulas without a result that the sheet does not even hold."""
        for (row, column), marked in self._uncalculated.items():
            yield row, column, marked

    def _is_none(self, value: object) -> bool:
        return value is None or (self._zeros_are_none and type(value) in _ZEROS and value == _ZEROS[type(value)])

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
