"""Tables by their file format: every reader ends in sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path

from esep.forms.reading.kinds import ZIPPED, Kind
from esep.forms.reading.odf import read_open_workbook
from esep.forms.reading.ooxml.book import read_excel
from esep.forms.reading.sheets import Sheet
from esep.forms.reading.text_files import read_separated
from esep.forms.reading.xml_spreadsheet import read_xml_spreadsheet
from esep.forms.reading.zip_files import inspect_container

Reader = Callable[[Path], Iterable[Sheet]]


def _late(module: str, function: str) -> Reader:
    """One of a rare kind, whose libraries are imported for the first file of it (and before, where many are read)."""

    def read(path: Path) -> Iterable[Sheet]:
        reader: Reader = getattr(import_module(f"esep.forms.reading.{module}"), function)
        return reader(path)

    return read


READERS: Mapping[Kind, Reader] = {
    Kind.WORKBOOK_XML: read_excel,
    Kind.WORKBOOK_OPEN: read_open_workbook,
    Kind.WORKBOOK_BINARY: _late("xls", "read_binary_workbook"),
    Kind.WORKBOOK_OLD: _late("xls", "read_old_workbook"),
    Kind.WEB_PAGE: _late("web_page", "read_page"),
    Kind.WEB_ARCHIVE: _late("web_page", "read_archive"),
    Kind.XML_SPREADSHEET: read_xml_spreadsheet,
    Kind.SEPARATED: read_separated,
}
WORKBOOKS = (Kind.WORKBOOK_XML, Kind.WORKBOOK_OPEN, Kind.WORKBOOK_BINARY)
"""Those of the fast reader, which goes by the suffix, and needs a path in UTF-8; the filer's name promises neither."""


def sheets_of(path: Path, kind: Kind) -> Iterable[Sheet]:
    """The worksheets in order; each is to be used before the next is asked for. Raises FileError, then or at once."""
    return READERS[kind](path)


def prepared(path: Path, kind: Kind, work: Path) -> Path:
    """Where the readers find a file that is safe to be parsed: itself, or a link to it in the folder `work`.

    Raises FileError for a zipped one that is not safe.
    """
    if kind in ZIPPED:
        inspect_container(path)
    if kind not in WORKBOOKS:
        return path
    link = work / f"source.{kind.value}"
    link.symlink_to(path.absolute())
    return link
