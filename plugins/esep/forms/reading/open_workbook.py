"""The sheets of a workbook file, whatever format and writer: what both the reading and the look for columns open."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from esep.forms.reading.fast_reader import FastWorkbook
from esep.forms.reading.kinds import Kind
from esep.forms.reading.ooxml.book import ExcelBook
from esep.forms.reading.second_look import ods, xls
from esep.forms.reading.sheets import Cells, MarkedSheet, Sheet


def sheets_of(path: Path, kind: Kind) -> Iterator[Sheet]:
    """The worksheets in order; each is to be used before the next is asked for. Raises FileError."""
    if kind is Kind.WORKBOOK_XML:
        with zipfile.ZipFile(path) as archive:
            yield from ExcelBook(path, archive).sheets()
    elif kind is Kind.WORKBOOK_OPEN:
        yield from _open_document(path)
    else:
        yield from _binary(path)


def _open_document(path: Path) -> Iterator[Sheet]:
    workbook = FastWorkbook(path)
    since_1904, odd = ods.counts_from_1904(path), ods.is_odd(path)
    for told in workbook.worksheets():
        cells: Cells = workbook.cells(told.place)
        if odd:
            marked = MarkedSheet(cells, *ods.second_look(path, told.name, texts=True))
            yield Sheet(told.name, told.hidden, marked, since_1904=since_1904)
            continue

        def again(name: str = told.name, cells: Cells = cells) -> Cells | None:
            return MarkedSheet(cells, *ods.second_look(path, name))

        yield Sheet(told.name, told.hidden, cells, again, since_1904)


def _binary(path: Path) -> Iterator[Sheet]:
    workbook = FastWorkbook(path)
    book = xls.look(path)
    for told in workbook.worksheets():
        cells = workbook.cells(told.place)
        marks = book.marks(told.place)
        since = book.since_1904
        yield Sheet(told.name, told.hidden, MarkedSheet(cells, marks) if marks else cells, since_1904=since)
