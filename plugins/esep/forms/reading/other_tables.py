"""Tables that are no workbook of today, as sheets: what Excel opens without a question is read as Excel shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from esep.forms.reading.kinds import Kind
from esep.forms.reading.old_excel import read_old_workbook
from esep.forms.reading.separated_values import SHEET, read_separated
from esep.forms.reading.sheets import Sheet
from esep.forms.reading.web_archive import read_archive
from esep.forms.reading.web_page import read_page
from esep.forms.reading.xml_spreadsheet import read_xml_spreadsheet


def _read_page(path: Path) -> list[Sheet]:
    return [Sheet(SHEET, hidden=False, cells=read_page(path.read_bytes()))]


SHEETS_OF: Mapping[Kind, Callable[[Path], list[Sheet]]] = {
    Kind.WORKBOOK_OLD: read_old_workbook,
    Kind.WEB_PAGE: _read_page,
    Kind.WEB_ARCHIVE: read_archive,
    Kind.XML_SPREADSHEET: read_xml_spreadsheet,
    Kind.SEPARATED: read_separated,
}
"""Each raises FileError for a file that cannot be read."""
