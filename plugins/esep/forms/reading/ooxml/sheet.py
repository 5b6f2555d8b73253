"""The exact reader of a worksheet: each cell as Excel reads it (ECMA-376 part 1, §18.3.1).

It is three times slower than the fast one and reads the same from plain workbooks; a property test holds them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from lxml import etree

from esep.forms.document import damaged_workbook, far_cell
from esep.forms.reading import limits
from esep.forms.reading.ooxml.cell_values import Formulas, Shown, iso_value, text_of, unescaped, value_of
from esep.forms.reading.opc import elements
from esep.forms.reading.sheets import MarkedCell, Range, address, column_of
from esep.forms.values.cell import CellKind

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_INDEX = re.compile(r"[0-9]{1,10}")
_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_CELL = "workbook_cell_damaged"
_DIGITS = "0123456789"
_LARGEST_AREA = 40_000_000
"""Cells of a sheet, blank ones included, that are gone through; a form of a million rows has eleven million."""


@dataclass(frozen=True, slots=True)
class Book:
    """What a sheet's cells refer to in their workbook."""

    strings: Sequence[str]
    formats: Sequence[Shown]
    since_1904: bool
    zeros_are_no_results: bool


@dataclass(slots=True)
class ExactSheet:
    """The filled cells of a sheet in memory, to be asked as `sheets.Cells`; rows begin at column A."""

    rows: dict[int, list[Any]] = field(default_factory=dict)
    """1-based row → values from column A to its last filled cell."""
    merged_cell_ranges: list[Range] = field(default_factory=list)
    width: int = 0
    bottom: int = 0
    _filled: int = 0
    _held: int = 0
    """Cells held, with the blank ones left of the last filled one of each row."""

    @property
    def start(self) -> tuple[int, int] | None:
        return (min(self.rows) - 1, 0) if self.rows else None

    def iter_rows(self) -> Iterator[list[Any]]:
        for row in range(1, self.bottom + 1):
            values = self.rows.get(row, [])
            yield values + [""] * (self.width - len(values))

    def put(self, row: int, column: int, value: Any) -> None:
        """Set a cell, 1-based row and 0-based column; of two values of one cell the later one counts."""
        values = self.rows.setdefault(row, [])
        self._filled += 1
        if column < len(values):
            values[column] = value
            return
        self._held += column + 1 - len(values)
        if self._held > _LARGEST_AREA and self._held > limits.SPARSE * self._filled:
            raise far_cell(address(row, column))
        values.extend([""] * (column - len(values)))
        values.append(value)
        self.width = max(self.width, column + 1)
        self.bottom = max(self.bottom, row)

    def refuse_far_cells(self) -> None:
        """Raise FileError where cells far apart make more blank cells than can be gone through."""
        area = self.width * self.bottom
        if self.width > limits.FAR_COLUMN and area > _LARGEST_AREA and area > limits.SPARSE * self._filled:
            raise far_cell(address(self.bottom, self.width - 1))


def read_sheet(part: IO[bytes], book: Book) -> ExactSheet:
    """All cells of a sheet's part. Raises FileError: a damaged part, or a cell that stretches the sheet too far."""
    sheet = ExactSheet()
    formulas = Formulas(zeros_are_no_results=book.zeros_are_no_results)
    row = 0
    for node, space in elements(part, {"row": "sheetData", "mergeCell": "mergeCells"}):
        if node.tag == f"{space}mergeCell":
            if (area := range_of(node.get("ref", ""))) is not None:
                sheet.merged_cell_ranges.append(area)
            continue
        row = _row_number(node.get("r")) if node.get("r") is not None else row + 1
        for at_row, column, value in _cells(node, space, row, book, formulas):
            sheet.put(at_row, column, value)
    for at_row, column, marked in formulas.left():
        sheet.put(at_row, column, marked)
    sheet.refuse_far_cells()
    return sheet


def _cells(
    node: etree._Element, space: str, row: int, book: Book, formulas: Formulas
) -> Iterator[tuple[int, int, Any]]:
    """1-based row, 0-based column and value of the filled cells of a row."""
    cell_tag, formula_tag, value_tag, inline_tag = f"{space}c", f"{space}f", f"{space}v", f"{space}is"
    row_digits, own_row, column = str(row), row, -1
    for cell in node:
        if cell.tag != cell_tag:
            _refuse_alternatives(cell)
            continue
        reference = cell.get("r")
        if reference is None:
            column += 1
        else:
            letters = reference.rstrip(_DIGITS)
            digits = reference[len(letters) :]
            row = own_row if digits == row_digits else _row_number(digits)
            if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
                raise damaged_workbook(_CELL)
            column = column_of(letters)
        formula = stored = inline = None
        for child in cell:
            if child.tag == value_tag:
                if stored is not None:
                    raise damaged_workbook(_CELL)
                stored = child
            elif child.tag == formula_tag:
                formula = child
            elif child.tag == inline_tag:
                inline = child
        if stored is None and formula is None and inline is None:
            value = None
        else:
            value = _value(cell, stored, inline, space, book)
        judged = formulas.judge(row, column, formula, value, None if stored is None else stored.text)
        if judged is not None:
            yield row, column, judged


def _value(
    cell: etree._Element, stored: etree._Element | None, inline: etree._Element | None, space: str, book: Book
) -> Any:
    """The value of a cell; None where there is none."""
    kind = cell.get("t", "n")
    if kind == "inlineStr" or (stored is None and inline is not None):
        return text_of(inline, space) if inline is not None else None
    if stored is None:
        return None
    if len(stored):
        raise damaged_workbook(_CELL)
    text = stored.text or ""
    if kind == "str":
        return unescaped(text)
    text = text.strip()
    if kind == "e":
        return MarkedCell(CellKind.ERROR, text or "#ERR")
    if not text:
        return None
    if kind == "s":
        return _shared(text, book.strings)
    if kind == "b":
        return text not in ("0", "false")
    if kind == "d":
        return iso_value(text)
    return _number(text, cell.get("s"), book) if kind == "n" and _NUMBER.fullmatch(text) else text


def _number(text: str, style: str | None, book: Book) -> Any:
    number = float(text)
    if style is None or style == "0":
        shown = book.formats[0] if book.formats else Shown.NUMBER
    else:
        place = int(style) if style.isdecimal() else len(book.formats)
        shown = book.formats[place] if place < len(book.formats) else Shown.NUMBER
    return number if shown is Shown.NUMBER else value_of(number, shown, since_1904=book.since_1904)


def _shared(text: str, strings: Sequence[str]) -> str:
    if not _INDEX.fullmatch(text) or int(text) >= len(strings):
        raise damaged_workbook("workbook_text_missing")
    return strings[int(text)]


def _row_number(digits: str) -> int:
    if not _INDEX.fullmatch(digits) or not 0 < int(digits) <= limits.WORKSHEET_ROWS:
        raise damaged_workbook(_CELL)
    return int(digits)


def _refuse_alternatives(node: etree._Element) -> None:
    """Alternative contents, of which each program takes another, have no single reading."""
    if str(node.tag).endswith("}AlternateContent"):
        raise damaged_workbook(_CELL)


def range_of(reference: str) -> Range | None:
    """The area of merged cells that a reference names; None for a single cell, or what is no reference."""
    match = _AREA.fullmatch(reference)
    if match is None:
        return None
    return (int(match[2]) - 1, column_of(match[1])), (int(match[4]) - 1, column_of(match[3]))
