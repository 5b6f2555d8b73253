"""An Excel workbook: its sheets, read by the fast reader where that reads what Excel reads, else by the exact one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import IO

from esep.forms.document import FileError, damaged_workbook
from esep.forms.reading.fast_reader import FastCells, FastWorkbook
from esep.forms.reading.ooxml import screening, unpacked
from esep.forms.reading.ooxml.cell_values import read_formats, shared_strings, zeros_are_no_results
from esep.forms.reading.ooxml.sheet import Book, ExactSheet, read_sheet
from esep.forms.reading.opc import Parts, Relation, comparable
from esep.forms.reading.sheets import Cells, Grid, Sheet

_MAIN = "xl/workbook.xml"
_FAST_PLACES = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_HEAD = 1024


def read_excel(path: Path) -> Iterator[Sheet]:
    """The worksheets of an .xlsx or .xlsm file in order. Raises FileError."""
    with zipfile.ZipFile(path) as archive:
        yield from _ExcelBook(path, archive).sheets()


class _ExcelBook:
    """One .xlsx or .xlsm file that is open."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        """Raises FileError for a workbook whose inside cannot be followed."""
        self._path = path
        self._parts = Parts(archive)
        main = self._parts.main()
        if main is None:
            raise damaged_workbook("workbook_part_missing")
        self._main = main
        self._root = self._parts.parsed(main.target)
        self._relations = self._parts.relations(main.target)

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets in order; a part that several of them show is read once."""
        parts = {one.id: one.target if one.kind == "worksheet" else None for one in self._relations}
        seen: set[str] = set()
        for place, node in enumerate(self._root.iter("{*}sheet")):  # charts too: the fast reader counts so
            part = parts.get(node.get(_RELATION) or node.get(_STRICT_RELATION) or "")
            if part is None:
                continue
            name, hidden = node.get("name", ""), node.get("state", "visible") != "visible"
            repeats = part in seen
            seen.add(part)
            yield Sheet(name, hidden, Grid(()), repeats=True) if repeats else self._sheet(name, hidden, part, place)

    @property
    def since_1904(self) -> bool:
        """Whether days count from 1 January 1904 (§18.2.28)."""
        return any(node.get("date1904", "0") in ("1", "true") for node in self._root.iter("{*}workbookPr"))

    def _sheet(self, name: str, hidden: bool, part: str, place: int) -> Sheet:
        def exactly() -> ExactSheet:
            with self._parts.open(part) as content:
                return read_sheet(content, self._book)

        fast = None if self._is_odd else self._fast_cells(part, place)
        if fast is None or (self._zeros_are_no_results and self._asks(screening.has_formulas, part)):
            return Sheet(name, hidden, exactly(), since_1904=self.since_1904)

        def again() -> Cells | None:
            marked = self._asks(screening.has_formulas, part) or self._asks(screening.has_errors, part)
            return exactly() if marked else None

        return Sheet(name, hidden, fast, again, since_1904=self.since_1904)

    def _fast_cells(self, part: str, place: int) -> FastCells | None:
        """None where the fast reader may read otherwise than Excel, or stumbles: the exact one says over what."""
        if self._parts.size(part) >= unpacked.LARGE:
            with suppress(OSError):  # no room for a copy: then without
                return unpacked.fast_cells(self._parts, part, place, self._path.parent)
        if self._asks(screening.is_odd, part):
            return None
        try:
            return self._fast.cells(place)
        except FileError:
            return None

    def _asks(self, question: Callable[[IO[bytes]], bool], name: str) -> bool:
        with self._parts.open(name) as part:
            return question(part)

    def _part_of(self, kind: str) -> Relation | None:
        return next((one for one in self._relations if one.kind == kind and one.target in self._parts), None)

    @cached_property
    def _is_odd(self) -> bool:
        """Whether the fast reader would miss parts that are not where Excel itself puts them, or not in UTF-8."""
        kinds = {relation.kind for relation in self._relations}
        unrelated = any(place in self._parts and kind not in kinds for kind, place in _FAST_PLACES.items())
        regular = self._regular(self._main, _MAIN) and all(map(self._regular_relation, self._relations))
        return unrelated or not regular

    def _regular_relation(self, relation: Relation) -> bool:
        if relation.kind in _FAST_PLACES:
            return self._regular(relation, _FAST_PLACES[relation.kind])
        return relation.kind != "worksheet" or self._regular(relation, None)

    def _regular(self, relation: Relation, place: str | None) -> bool:
        member = self._parts.member(relation.target)
        if relation.strict or member is None or comparable(member) != member.casefold():
            return False
        if place is not None and member != place:
            return False
        with self._parts.open(member) as part:
            if not screening.is_utf_8(part.read(_HEAD)):
                return False
        return relation.kind != "sharedStrings" or not self._asks(screening.has_elements_in_texts, member)

    @cached_property
    def _fast(self) -> FastWorkbook:
        return FastWorkbook(self._path)

    @cached_property
    def _zeros_are_no_results(self) -> bool:
        return zeros_are_no_results(self._root)

    @cached_property
    def _book(self) -> Book:
        styles = self._part_of("styles")
        formats = read_formats(self._parts.parsed(styles.target) if styles else None)
        return Book(self._strings(), formats, self.since_1904, self._zeros_are_no_results)

    def _strings(self) -> list[str]:
        relation = self._part_of("sharedStrings")
        if relation is None:
            return []
        with self._parts.open(relation.target) as part:
            return shared_strings(part)
