"""A document as a workbook: a sheet for each section, headings in the chosen languages, numbers that add up.

A number of more than 15 significant digits stands as text: a spreadsheet would keep another one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from esep.documents.cells import Cells, height
from esep.documents.deterministic import restamp
from esep.documents.model import FACT, Document, Facts, Paragraph, Section, Table, Text, said

_SHEET_NAME_LIMIT = 31
_FACT_WIDTHS = (44.0, 90.0)
_TEXT_WIDTH = 110.0
_LEAST_WIDTH = 90
"""Characters of a note above a narrow table."""


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
            sheet.print_title_rows = "1:1"
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
        """A sheet with columns of these widths in characters, to be printed on A4 as wide as the page."""
        sheet = self.workbook.create_sheet(self._free_name(name), position)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
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
