"""XML Spreadsheet 2003, as 1C, Delphi programs and Excel write it under .xls or .xml.

Elements go by their local names: programs use any prefix. A cell has the type that its Data names.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from esep.forms.document import FileError, FileState, far_cell
from esep.forms.reading import limits
from esep.forms.reading.safe_xml import forget, safe_events
from esep.forms.reading.sheets import Grid, MarkedCell, Range, Sheet
from esep.forms.values.cell import CellKind

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_xml_spreadsheet(path: Path) -> list[Sheet]:
    """All worksheets, hidden ones as well. Raises FileError for a file that is damaged or declares a DTD."""
    try:
        return list(_sheets(path))
    except etree.LxmlError:
        raise FileError(FileState.UNREADABLE, "xml_damaged") from None


def _sheets(path: Path) -> Iterator[Sheet]:
    sheet = _Worksheet()
    root = None
    asides = {"remove_comments": True, "remove_pis": True}
    for event, element in safe_events(str(path), events=("start", "end"), **asides):
        name = _local(element)
        if event == "start":
            if root is None:
                root = element
                if element.getroottree().docinfo.doctype:
                    raise FileError(FileState.UNSAFE, "xml_entity")
            if name == "Worksheet":
                sheet = _Worksheet(element.get(f"{_SS}Name") or "")
        elif name == "Row":
            sheet.add_row(element)
            forget(element)
        elif name == "Visible":
            sheet.hidden = (element.text or "").strip() in ("SheetHidden", "SheetVeryHidden")
        elif name == "Worksheet":
            yield Sheet(sheet.name, sheet.hidden, Grid(sheet.rows, sheet.merged))
            forget(element)


def _local(element: Any) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


class _Worksheet:
    def __init__(self, name: str = "") -> None:
        self.name = name
        self.hidden = False
        self.rows: list[list[Any]] = []
        self.merged: list[Range] = []
        self._covered: dict[int, int] = {}
        """Column → last row covered by a cell merged downwards."""
        self._skipped = 0

    def add_row(self, element: Any) -> None:
        at = _place(element, "Index", len(self.rows) + self._skipped + 1)
        if not len(self.rows) < at <= limits.WORKSHEET_ROWS:
            raise far_cell()
        self.rows += [[]] * (at - len(self.rows) - 1)
        self._skipped = _place(element, "Span", 0)
        values: list[Any] = []
        column = 0
        for cell in element:
            if _local(cell) != "Cell":
                continue
            if cell.get(f"{_SS}Index"):
                column = _place(cell, "Index", 1) - 1
            else:
                while self._covered.get(column, 0) >= at:
                    column += 1
            across, down = _place(cell, "MergeAcross", 0), _place(cell, "MergeDown", 0)
            value = _value(cell)
            if value != "":
                if not 0 <= column <= limits.FAR_COLUMN:
                    raise far_cell()
                values += [""] * (column + 1 - len(values))
                values[column] = value
            last = column + min(across, limits.FAR_COLUMN)
            if down and column <= limits.FAR_COLUMN:
                self.merged.append(((at - 1, column), (at - 1 + down, last)))
                self._covered |= dict.fromkeys(range(column, last + 1), at + down)
            column += 1 + across
        self.rows.append(values)


def _place(element: Any, name: str, otherwise: int) -> int:
    text = element.get(f"{_SS}{name}") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else otherwise


def _value(cell: Any) -> Any:
    data = next((child for child in cell if _local(child) == "Data"), None)
    formula = cell.get(f"{_SS}Formula")
    if data is None:
        return MarkedCell(CellKind.FORMULA, formula) if formula else ""
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type")
    if kind == "Error":
        return MarkedCell(CellKind.ERROR, text or "#N/A")
    if kind == "Boolean" and text.strip() in ("0", "1"):
        return text.strip() == "1"
    if kind == "DateTime":
        return _moment(text)
    return _number(text) if kind == "Number" else text


def _moment(text: str) -> datetime | str:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return moment if moment.tzinfo is None else text  # the day of a moment with a zone is the local one


def _number(text: str) -> float | str:
    try:
        number = float(text) if "_" not in text else math.nan
    except ValueError:
        return text
    return number if math.isfinite(number) else text
