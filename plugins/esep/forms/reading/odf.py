"""OpenDocument, as LibreOffice writes it (ODF 1.3 part 3): workbooks (.ods) and text documents (.odt, .ott).

Of a workbook the fast reader gives the cells, but LibreOffice shows some otherwise: error cells, formulas without a
value, some texts, merged cells. The fast reader cuts a text at CDATA, joins what a tab or a line break parts, shows a
cell without a type as empty, and an error as the 0 that OpenOffice stores.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from lxml import etree

from esep.forms.document import damaged_document, damaged_workbook
from esep.forms.reading.document_blocks import Block, Cell, Row, Table, open_document
from esep.forms.reading.fast_reader import FastWorkbook
from esep.forms.reading.ooxml.screening import pieces
from esep.forms.reading.safe_xml import forget, safe_events, safe_parser
from esep.forms.reading.sheets import MarkedCell, MarkedSheet, Marks, Range, Sheet
from esep.forms.values.cell import CellKind

_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

_ODD = (b"<![CDATA[", b"<text:tab", b"<text:line-break", b"<text:ruby", b"<text:note", b">#", b">Err:")
_ERROR = re.compile(r"#[A-Z/0]|Err:[0-9]")
_MOST_REPEATS = 100_000
_NULL_DATE = re.compile(rb"<table:null-date[^>]*table:date-value=[\"']1904-01-01")
_HEAD_BYTES = 1 << 20


def read_open_workbook(path: Path) -> Iterator[Sheet]:
    """The worksheets in order. Raises FileError."""
    workbook = FastWorkbook(path)
    since_1904, odd = counts_from_1904(path), is_odd(path)
    for _, sheet in workbook.worksheets():
        again = partial(_marked_sheet, path, sheet, texts=odd)
        if odd:
            yield replace(sheet, cells=again(), since_1904=since_1904)
        else:
            yield replace(sheet, again=again, since_1904=since_1904)


def _marked_sheet(path: Path, sheet: Sheet, *, texts: bool) -> MarkedSheet:
    return MarkedSheet(sheet.cells, *second_look(path, sheet.name, texts=texts))


def is_odd(path: Path) -> bool:
    """Whether the file holds texts that the fast reader may read otherwise than LibreOffice, or errors."""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
        return any(mark in piece for piece in pieces(file) for mark in _ODD)


def second_look(path: Path, sheet: str, *, texts: bool = False) -> tuple[Marks, list[Range]]:
    """Marked cells of the sheet of that name, and those merged over rows, which the fast reader does not know.

    With `texts` also the texts of all cells. Raises FileError for a cell to be marked that is repeated beyond reason.
    """
    marks: Marks = {}
    ranges: list[Range] = []
    for row, column, node in _cells_of(path, sheet):
        marked = _marked(node, texts)
        if marked is not None:
            for at_row, at_column in _places(row, column, node):
                marks.setdefault(at_row + 1, {})[at_column] = marked
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
        for event, node in safe_events(file, events=("start", "end"), huge_tree=True):
            if node.tag == f"{_TABLE}table":
                inside = event == "start" and node.get(f"{_TABLE}name") == sheet
                row = 0
            elif node.tag == f"{_TABLE}table-row":
                if event == "start":
                    column = 0
                else:
                    row += int(node.get(f"{_TABLE}number-rows-repeated", "1"))
                    forget(node)
            elif event == "end" and node.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                if inside:
                    yield row, column, node
                column += int(node.get(f"{_TABLE}number-columns-repeated", "1"))


def _places(row: int, column: int, node: etree._Element) -> Iterator[tuple[int, int]]:
    """Where a cell is, repeated ones everywhere."""
    parent = node.getparent()
    rows = int(parent.get(f"{_TABLE}number-rows-repeated", "1")) if parent is not None else 1
    columns = int(node.get(f"{_TABLE}number-columns-repeated", "1"))
    if rows * columns > _MOST_REPEATS:
        raise damaged_workbook("workbook_cell_repeated")
    return product(range(row, row + rows), range(column, column + columns))


def _marked(node: etree._Element, texts: bool) -> MarkedCell | str | None:
    shown = "\n".join("".join(_pieces(part)) for part in node if part.tag == f"{_TEXT}p")
    kind, value = node.get(f"{_OFFICE}value-type"), node.get(f"{_OFFICE}value")
    if node.get(f"{_CALC}value-type") == "error" or (kind == "float" and _ERROR.match(shown)):
        return MarkedCell(CellKind.ERROR, shown or "#ERR")
    formula = node.get(f"{_TABLE}formula")
    without_value = (kind is None and value is None) or (kind == "float" and value is None)
    if formula is not None and without_value:
        return MarkedCell(CellKind.FORMULA, formula.removeprefix("of:"))
    is_text = kind == "string" and node.get(f"{_OFFICE}string-value") is None
    return shown or None if without_value or (texts and is_text) else None


_LEFT_OUT = frozenset(
    {
        f"{_TEXT}tracked-changes",  # what was deleted; insertions are in the text itself
        f"{_TEXT}note",
        f"{_TEXT}placeholder",
        f"{_TEXT}ruby-text",
        f"{_OFFICE}annotation",
        f"{_OFFICE}forms",
    }
)
_BREAKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_SPACE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES, _MOST_IN_TABLES = 1000, 200


def read_open_text(path: Path) -> tuple[list[Block], bool]:
    """The blocks, and whether the text shows a picture. Raises FileError for a document that cannot be read."""
    with open_document(path) as archive, archive.open("content.xml") as part:
        body = etree.parse(part, safe_parser()).getroot().find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise damaged_document()
        return list(_blocks(body)), next(body.iter(f"{_DRAW}image"), None) is not None


def _blocks(element: Any) -> Iterator[Block]:
    for child in element:
        tag = child.tag
        if tag in (f"{_TEXT}p", f"{_TEXT}h"):
            boxes: list[Any] = []
            yield "".join(_pieces(child, boxes))
            for box in boxes:
                yield from _blocks(box)
        elif tag == f"{_TABLE}table":
            yield Table(list(_rows(child)))
        elif isinstance(tag, str) and tag not in _LEFT_OUT:
            yield from _blocks(child)


def _pieces(element: Any, boxes: list[Any] | None = None) -> Iterator[str]:
    """The text of a paragraph (§6.1). White space counts once; `text:s` is more of it. Text boxes go into `boxes`."""
    yield _SPACE.sub(" ", element.text or "")
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}s":
            yield " " * _count(child, f"{_TEXT}c", _MOST_SPACES)
        elif tag in _BREAKS:
            yield _BREAKS[tag]
        elif boxes is not None and isinstance(tag, str) and tag.endswith("}text-box"):
            boxes.append(child)
        elif isinstance(tag, str) and tag not in _LEFT_OUT:
            yield from _pieces(child, boxes)
        yield _SPACE.sub(" ", child.tail or "")


def _rows(table: Any) -> Iterator[Row]:
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            row = Row(list(_cells(child)))
            for _ in range(_repeats(child, "number-rows-repeated")):
                yield row
        elif isinstance(child.tag, str) and child.tag.rsplit("}", 1)[-1].startswith(("table-row", "table-header-row")):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Cell]:
    """A covered cell is hidden by a wider or higher one: left out beside its like, kept below it."""
    spanned = 0
    for child in row:
        if child.tag == f"{_TABLE}table-cell":
            span = _repeats(child, "number-columns-spanned")
            for _ in range(_repeats(child, "number-columns-repeated")):
                yield Cell(list(_blocks(child)), span)
            spanned = span - 1
        elif child.tag == f"{_TABLE}covered-table-cell":
            for _ in range(_repeats(child, "number-columns-repeated")):
                if spanned:
                    spanned -= 1
                else:
                    yield Cell(continues=True)


def _repeats(element: Any, name: str) -> int:
    return _count(element, f"{_TABLE}{name}", _MOST_IN_TABLES)


def _count(element: Any, name: str, most: int) -> int:
    text = element.get(name) or "1"
    return max(1, min(int(text), most)) if text.isascii() and text.isdigit() else 1
