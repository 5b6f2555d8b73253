"""The lines above the table: the reporting period."""

from __future__ import annotations

import re
from collections.abc import Sequence

from esep.forms.annex2 import PERIOD_LABEL
from esep.forms.document import Text
from esep.forms.reading.cells import Line, address
from esep.forms.reading.words import any_of, clean_period, has_month_and_year

_LABEL = re.compile(any_of((*PERIOD_LABEL.values(), "Есептік кезең", "Отчётный месяц", "Есепті ай")), re.IGNORECASE)
_OTHER_LINES = re.compile(r"бұйры|приказ|№|https?:|\.kz|мерзімі|срок", re.IGNORECASE)
"""Words of lines whose dates are not the period: the order's own date, the web address, the term."""


def read_header(sheet: str, lines: Sequence[Line]) -> dict[str, Text]:
    """`period` when its label or a phrase with month and year stands above the table."""
    for index, line in enumerate(lines):
        match = _LABEL.search(line.text)
        if match is None:
            continue
        value = clean_period(line.text[match.end() :])
        row, column = line.row, _value_column(line)
        if value is None and index + 1 < len(lines) and has_month_and_year(lines[index + 1].text):
            below = lines[index + 1]
            value, row, column = clean_period(below.text), below.row, below.cells[0][0]
        return {"period": Text(value, sheet, row, address(row, column))}
    for line in lines:
        if has_month_and_year(line.text) and not _OTHER_LINES.search(line.text):
            return {"period": Text(clean_period(line.text), sheet, line.row, address(line.row, line.cells[0][0]))}
    return {}


def _value_column(line: Line) -> int:
    """Column of the period's value: the cell after the label's, or the label's own when the value is in it."""
    for position, (column, text) in enumerate(line.cells):
        match = _LABEL.search(text)
        if match is not None:
            if clean_period(text[match.end() :]) is None and position + 1 < len(line.cells):
                return line.cells[position + 1][0]
            return column
    return line.cells[0][0]
