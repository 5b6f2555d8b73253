"""A document as a workbook: a sheet for each section, headings in the chosen languages, numbers that add up.

What Esep and strangers write is always text, never a formula, a link or an error value. Numbers are exact: one of more
than 15 significant digits is written as text, for a spreadsheet would keep another one.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from pathlib import Path
from textwrap import wrap
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from esep.clock import TIMEZONE
from esep.documents.model import (
    FACT,
    Cell,
    Column,
    Document,
    Facts,
    Kind,
    Paragraph,
    Plain,
    Section,
    Table,
    Text,
    Words,
    lines,
    said,
    written,
)
from esep.documents.plain import CELL_LIMIT, shown
from esep.files import restamp

SIGNIFICANT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
FILLS = {
    "heading": PatternFill("solid", fgColor="1F4E5F"),
    "completeness": PatternFill("solid", fgColor="F8CBAD"),
    "reliability": PatternFill("solid", fgColor="FFE699"),
}
_LINE = 13.5
_MOST_LINES = 30
"""Excel has no rows higher than 409 points."""
_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BODY, _BOLD = Font(name="Calibri", size=10), Font(name="Calibri", size=10, bold=True)
_ON_ONE_LINE, _WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
_LEFT = Alignment(vertical="top", horizontal="left", wrap_text=True)
_RIGHT = Alignment(vertical="top", horizontal="right", wrap_text=True)
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"font": Font(name="Calibri", size=14, bold=True, color="1F4E5F"), "alignment": _ON_ONE_LINE},
    "note": {"font": _BODY, "alignment": _ON_ONE_LINE},
    "label": {"font": _BOLD, "alignment": _WRAPPED},
    "fact": {"font": _BODY, "alignment": _WRAPPED},
    "heading": {
        "font": Font(name="Calibri", size=10, bold=True, color="FFFFFF"),
        "alignment": _WRAPPED,
        "fill": FILLS["heading"],
        "border": _GRID,
    },
    "body left": {"font": _BODY, "alignment": _LEFT, "border": _GRID},
    "body right": {"font": _BODY, "alignment": _RIGHT, "border": _GRID},
    "strong left": {"font": _BOLD, "alignment": _LEFT, "border": _GRID},
    "strong right": {"font": _BOLD, "alignment": _RIGHT, "border": _GRID},
    "link left": {
        "font": Font(name="Calibri", size=10, underline="single", color="0563C1"),
        "alignment": _LEFT,
        "border": _GRID,
    },
}


class Cells:
    """Makes the cells of one workbook. A look is worked out once: doing so for each cell takes most of the time."""

    def __init__(self, languages: Sequence[str] = ()) -> None:
        self._languages = languages
        self._known: dict[tuple[str, str, str], Any] = {}

    def text(self, sheet: Any, text: str, look: str, fill: str = "") -> Any:
        """A cell that is text whatever it begins with; lines of one cell stay lines."""
        cell = WriteOnlyCell(sheet)
        _put(cell, "\n".join(map(shown, text.split("\n"))))
        prefix = cell.quotePrefix
        self.dress(cell, look, fill=fill)
        cell.quotePrefix = prefix
        return cell

    def value(self, sheet: Any, value: Cell, column: Column, look: str, fill: str = "") -> Any:
        """A cell of a table; `look` is `body`, `strong` or `link`."""
        look = f"{look} {'right' if column.kind.is_number else 'left'}"
        number = None if isinstance(value, tuple) else _number(value, column.kind)
        if number is None:
            return self.text(sheet, self.worded(value, column), look, fill)
        cell = WriteOnlyCell(sheet, number[0])
        self.dress(cell, look, number[1], fill)
        return cell

    def worded(self, value: Cell, column: Column) -> str:
        """A value as the text of a cell: words in all languages, numbers and days as digits."""
        return "\n".join(self._line(part, column) for part in lines(value))

    def _line(self, value: Plain, column: Column) -> str:
        if isinstance(value, Words):
            return self.joined(value, " / ")
        if isinstance(value, Decimal):
            return _digits(value, column.kind)
        if isinstance(value, str) and column.limit >= CELL_LIMIT:
            return " ".join(value.split())  # `text` does the rest
        return written(value, column.kind, "en", column.limit)

    def joined(self, value: Text, between: str) -> str:
        """The words in all languages, each once."""
        if isinstance(value, str):
            return value
        return between.join(dict.fromkeys(value.in_(language) for language in self._languages))

    def dress(self, cell: Any, look: str, number_format: str = "General", fill: str = "") -> None:
        """Give a cell its look; it loses its own."""
        key = (look, number_format, fill)
        if key not in self._known:
            for name, value in _LOOKS[look].items():
                setattr(cell, name, value)
            if fill:
                cell.fill = FILLS[fill]
            cell.number_format = number_format
            self._known[key] = copy(cell._style)
        cell._style = copy(self._known[key])


def put_text(cell: Any, text: object, limit: int = CELL_LIMIT) -> None:
    """Set `cell` to `text` made plain. `=1+1` or `#N/A` stay words, also when somebody edits the cell later."""
    _put(cell, "" if text is None else shown(text, limit))


def _put(cell: Any, text: str) -> None:
    cell.value = text
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@'"


def height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Height in points of a row of wrapped 10-point cells; `widths` are those of the columns in characters.

    Written down because not every program fits the rows of a workbook that it did not write itself.
    """
    return min(max(map(_lines, texts, widths), default=1), _MOST_LINES) * _LINE


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(len(line) * 1.12 / width)) for line in text.split("\n"))


def _number(value: Plain, kind: Kind) -> tuple[Any, str] | None:
    """Value and format of what a spreadsheet holds exactly; None for what is written as text."""
    if isinstance(value, datetime):
        return value.astimezone(TIMEZONE).replace(tzinfo=None, microsecond=0), "yyyy-mm-dd hh:mm"
    if isinstance(value, date):
        return value, "yyyy-mm" if kind is Kind.MONTH else "yyyy-mm-dd"
    if isinstance(value, int):
        return value, "General" if kind is Kind.NUMBER else "#,##0"
    if not isinstance(value, Decimal):
        return None
    exact = Decimal(_digits(value, kind)) if kind is Kind.MONEY else value
    if len(str(exact.copy_abs()).rstrip("0").replace(".", "").lstrip("0")) > SIGNIFICANT_DIGITS:
        return None
    return exact, {Kind.MONEY: "#,##0.00", Kind.SHARE: "0.####%"}.get(kind, "#,##0.##################")


def _digits(value: Decimal, kind: Kind) -> str:
    """The number as English writes it, without marks of thousands."""
    return written(value, kind, "en").replace(",", "").replace("−", "-")


def pages_across(widths: Sequence[float]) -> int:
    """Pages side by side that columns of these widths in characters take; the first column is on each of them."""
    first, rest = widths[0], sum(widths[1:])
    return max(1, ceil(rest / (PAGE_WIDTH - first)))


_SHEET_NAME_LIMIT = 31
_FACT_WIDTHS = (44.0, 90.0)
_TEXT_WIDTH = 110.0
_LEAST_WIDTH = 90
"""Characters of a note above a narrow table."""
PAGE_WIDTH = 190
"""Characters across a landscape A4 page of narrow margins at about 75 %, the smallest print that can be read."""
_MARGINS = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
"""Inches."""


class Book:
    """One workbook while it is written. Sheets are written from top to bottom, in any kind of workbook of openpyxl."""

    def __init__(self, languages: Sequence[str], workbook: Any = None, least: float = 0) -> None:
        """`least`: characters of the narrowest column, so that headings in several languages fit."""
        self.workbook = Workbook(write_only=True) if workbook is None else workbook
        self._languages, self._least = languages, least
        self._cells = Cells(languages)

    def save(self, path: Path, day: date) -> None:
        """Write it to `path`; the bytes depend on nothing but what was put in and the day."""
        unstamped = io.BytesIO()
        self.workbook.save(unstamped)
        restamp(unstamped, path, day)

    def add_facts(self, document: Document, name: Text, note: Text) -> None:
        """A sheet with the title and the facts of a document, and a note at its end."""
        sheet = self.sheet(name, _FACT_WIDTHS)
        head = [*self._lines(document.title, "title"), *self._lines(document.subtitle, "note")]
        self._write(sheet, head)
        sheet.append([])
        rows = [row for block in document.blocks if isinstance(block, Facts) for row in block.rows]
        for number, (label, value, *_) in enumerate(rows, start=len(head) + 2):
            texts = [self._cells.joined(label, "\n"), self._cells.worded(value, FACT)]
            sheet.row_dimensions[number].height = height(texts, _FACT_WIDTHS)
            looks = ("label", "fact")
            sheet.append([self._cells.text(sheet, text, look) for text, look in zip(texts, looks, strict=True)])
        sheet.append([])
        self._write(sheet, self._lines(note, "note"))

    def add_section(self, section: Section) -> None:
        """A sheet with heading, paragraphs and table; one that is all table is frozen below its headings."""
        table = next((block for block in section.blocks if isinstance(block, Table)), None)
        widths = self.widths(table) if table else (_TEXT_WIDTH,)
        sheet = self.sheet(section.sheet, widths)
        lines = self._lines(section.heading, "title") if section.heading else []
        for paragraph in (block for block in section.blocks if isinstance(block, Paragraph)):
            for language in self._languages:
                words = wrap(said(paragraph.text, language), int(max(sum(widths), _LEAST_WIDTH)))
                lines += [(line, "note") for line in words]
        if table and not lines:
            sheet.freeze_panes = "B2"
        self._write(sheet, lines)
        if table:
            if lines:
                sheet.append([])
            self.add_table(sheet, table, len(lines) + 2 if lines else 1)

    def add_table(self, sheet: Any, table: Table, first: int) -> None:
        """The table below what is written; `first` is the row of its headings, which comes next."""
        widths = self.widths(table)
        labels = [self._cells.joined(column.label, "\n") for column in table.columns]
        sheet.row_dimensions[first].height = height(labels, widths)
        sheet.print_title_rows = f"{first}:{first}"
        sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(widths))}{first + max(len(table.rows), 1)}"
        sheet.append([self._cells.text(sheet, label, "heading") for label in labels])
        for number, row in enumerate((*table.rows, *([table.total] if table.total else []))):
            look = "strong" if number == len(table.rows) else table.looks.get(number, "")
            texts = [self._cells.worded(value, column) for value, column in zip(row, table.columns, strict=True)]
            sheet.row_dimensions[first + 1 + number].height = height(texts, widths)
            sheet.append(self._row(sheet, table, row, look))

    def _row(self, sheet: Any, table: Table, row: Sequence[Any], look: str) -> list[Any]:
        """A row that is not strong has its look in the first cell."""
        body, fill = ("strong", "") if look == "strong" else ("body", look)
        pairs = list(zip(row, table.columns, strict=True))
        first = self._cells.value(sheet, *pairs[0], body, fill)
        return [first, *(self._cells.value(sheet, value, column, body) for value, column in pairs[1:])]

    def widths(self, table: Table) -> list[float]:
        return [max(column.width, self._least) for column in table.columns]

    def sheet(self, name: Text, widths: Sequence[float], position: int | None = None) -> Any:
        """A sheet with columns of these widths in characters, printed on landscape A4.

        It is one page wide, or as many as keep the print large enough to be read; each then repeats the first column.
        """
        sheet = self.workbook.create_sheet(self._free_name(name), position)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        pages = pages_across(widths)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
        sheet.page_margins = _MARGINS
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&F · &A", "&P / &N"
        if pages > 1:
            sheet.print_title_cols = "A:A"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        return sheet

    def _lines(self, text: Text, look: str) -> list[tuple[str, str]]:
        """The text in each language, with its look."""
        return [(said(text, language), look) for language in self._languages]

    def _write(self, sheet: Any, lines: Sequence[tuple[str, str]]) -> None:
        for text, look in lines:
            sheet.append([self._cells.text(sheet, text, look)])

    def _free_name(self, name: Text) -> str:
        """The name in all languages, cut to what a spreadsheet allows; of two equal ones the second gets a number."""
        full = self._cells.joined(name, " · ").replace(":", ",")
        taken = {sheet.title.casefold() for sheet in self.workbook.worksheets}
        number, candidate = 1, full[:_SHEET_NAME_LIMIT].rstrip(" ·,")
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{full[: _SHEET_NAME_LIMIT - 3].rstrip(' ·,')} {number}"
        return candidate
