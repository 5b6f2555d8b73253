"""Error cells, formulas without a value and merged cells in an .ods sheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from esep.forms.document import CellKind
from esep.forms.reading.cells import MarkedCell
from esep.forms.reading.hidden_cells import Marks
from esep.forms.reading.merged import Range

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

_NULL_DATE = re.compile(rb"<table:null-date[^>]*table:date-value=[\"']1904-01-01")
_HEAD_BYTES = 1 << 20


def second_look(path: Path, sheet: str) -> tuple[Marks, list[Range]]:
    """Marked cells of the sheet of that name, and those merged over rows, which the fast reader does not tell."""
    marks: Marks = {}
    ranges: list[Range] = []
    for row, column, node in _cells_of(path, sheet):
        marked = _marked(node)
        if marked is not None:
            marks.setdefault(row + 1, {})[column] = marked
        rows = int(node.get(f"{_TABLE}number-rows-spanned", "1"))
        if rows > 1:
            columns = int(node.get(f"{_TABLE}number-columns-spanned", "1"))
            ranges.append(((row, column), (row + rows - 1, column + columns - 1)))
    return marks, ranges


def counts_from_1904(path: Path) -> bool:
    """Whether the file counts its days from 1904 (ODF 1.3 part 3, §9.4.2); it says so before its first table."""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
        return _NULL_DATE.search(file.read(_HEAD_BYTES)) is not None


def _cells_of(path: Path, sheet: str) -> Iterator[tuple[int, int, etree._Element]]:
    """0-based row and column and the node of each stored cell of a sheet; a node lives until the next is asked for."""
    row = column = 0
    inside = False
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
        events = etree.iterparse(
            file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        for event, node in events:
            if node.tag == f"{_TABLE}table":
                inside = event == "start" and node.get(f"{_TABLE}name") == sheet
                row = 0
            elif node.tag == f"{_TABLE}table-row":
                if event == "start":
                    column = 0
                else:
                    row += int(node.get(f"{_TABLE}number-rows-repeated", "1"))
                    node.clear()
                    while node.getprevious() is not None:
                        del node.getparent()[0]
            elif event == "end" and node.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                if inside:
                    yield row, column, node
                column += int(node.get(f"{_TABLE}number-columns-repeated", "1"))


def _marked(node: etree._Element) -> MarkedCell | None:
    shown = "".join(node.find(f"{_TEXT}p").itertext()) if node.find(f"{_TEXT}p") is not None else ""
    if node.get(f"{_CALC}value-type") == "error":
        return MarkedCell(CellKind.ERROR, shown or "#ERR")
    formula = node.get(f"{_TABLE}formula")
    kind = node.get(f"{_OFFICE}value-type")
    without_value = kind is None or (kind == "float" and node.get(f"{_OFFICE}value") is None)
    if formula is not None and without_value and not shown:
        return MarkedCell(CellKind.FORMULA, formula.removeprefix("of:"))
    return None
