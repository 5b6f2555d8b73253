"""A statement as a workbook: a sheet for each section, headings in the chosen languages, numbers that add up.

A number of more than 15 significant digits stands as text: a spreadsheet would keep another one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from esep.letters.deterministic import restamp
from esep.reports.statement_cells import Cells, height
from esep.reports.statement_document import Document, Kind, Section, Table, Words, words

_SHEET_NAME_LIMIT = 31
_FACT_WIDTHS = (44, 90)
_TEXT_WIDTH = 110
_LEAST = 17
"""Characters of a column, so that words in two languages fit."""
_LEAST_WIDTH = 90
"""Characters of a note above a narrow table."""


def write_book(path: Path, document: Document, languages: Sequence[str]) -> None:
    """Write the workbook to `path`; the bytes depend on nothing but the arguments."""
    workbook = Workbook(write_only=True)
    book = _Book(workbook, languages)
    book.write_facts(document)
    for section in document.sections:
        book.write_section(section)
    unstamped = io.BytesIO()
    workbook.save(unstamped)
    restamp(unstamped, path, document.day)


class _Book:
    """One workbook while it is written."""

    def __init__(self, workbook: Workbook, languages: Sequence[str]) -> None:
        self._workbook, self._languages = workbook, languages
        self._cells = Cells(languages)

    def write_facts(self, document: Document) -> None:
        sheet = self._sheet(words("sheet_statement"), _FACT_WIDTHS)
        lines = [(document.title.in_(language), "title") for language in self._languages]
        lines += [(document.subtitle.in_(language), "note") for language in self._languages]
        self._write_lines(sheet, lines)
        sheet.append([])
        for row, (label, value) in enumerate(document.facts, start=len(lines) + 2):
            texts = [self._cells.joined(label, "\n"), self._cells.worded(value, Kind.TEXT)]
            sheet.row_dimensions[row].height = height(texts, _FACT_WIDTHS)
            looks = ("label", "fact")
            sheet.append([self._cells.text(sheet, text, look) for text, look in zip(texts, looks, strict=True)])
        sheet.append([])
        self._write_lines(sheet, [(words("exact_note").in_(language), "note") for language in self._languages])

    def write_section(self, section: Section) -> None:
        widths = [max(column.width, _LEAST) for column in section.table.columns] if section.table else [_TEXT_WIDTH]
        sheet = self._sheet(section.sheet, widths)
        lines = [(section.title.in_(language), "title") for language in self._languages]
        for paragraph in section.paragraphs:
            for language in self._languages:
                lines += [(line, "note") for line in wrap(paragraph.in_(language), max(sum(widths), _LEAST_WIDTH))]
        self._write_lines(sheet, lines)
        if section.table:
            sheet.append([])
            self._write_table(sheet, section.table, widths, len(lines) + 2)

    def _write_lines(self, sheet: Worksheet, lines: Sequence[tuple[str, str]]) -> None:
        for text, look in lines:
            sheet.append([self._cells.text(sheet, text, look)])

    def _write_table(self, sheet: Worksheet, table: Table, widths: Sequence[int], first: int) -> None:
        """`first` is the row of the headings."""
        labels = [self._cells.joined(column.label, "\n") for column in table.columns]
        sheet.row_dimensions[first].height = height(labels, widths)
        sheet.append([self._cells.text(sheet, label, "heading") for label in labels])
        kinds = [column.kind for column in table.columns]
        for number, row in enumerate([*table.rows, *([table.total] if table.total else [])]):
            look = "sum" if number in table.strong or number == len(table.rows) else "body"
            cells = list(zip(row, kinds, strict=True))
            texts = [self._cells.worded(value, kind) for value, kind in cells]
            sheet.row_dimensions[first + 1 + number].height = height(texts, widths)
            sheet.append([self._cells.value(sheet, value, kind, look) for value, kind in cells])
        sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(kinds))}{first + max(len(table.rows), 1)}"

    def _sheet(self, name: Words, widths: Sequence[int]) -> Worksheet:
        """A sheet with columns of these widths in characters, to be printed on A4 as wide as the page."""
        sheet = self._workbook.create_sheet(self._free_name(name))
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        return sheet

    def _free_name(self, name: Words) -> str:
        """The name in all languages, cut to what a spreadsheet allows; of two equal ones the second gets a number."""
        full = self._cells.joined(name, " · ").replace(":", ",")
        taken = {sheet.title.casefold() for sheet in self._workbook.worksheets}
        number, candidate = 1, full[:_SHEET_NAME_LIMIT].rstrip(" ·,")
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{full[: _SHEET_NAME_LIMIT - 3].rstrip(' ·,')} {number}"
        return candidate
