"""Addresses of cells in the filer's workbooks: `G22` for row 22 of the printed column 7."""

from __future__ import annotations

from esep.config import Settings
from esep.forms.reading.columns import Columns, columns_of
from esep.office import archive
from esep.office.archive import ArchiveError


class Cells:
    """The cells of one filing. The workbooks are looked into when the first address is asked for, and remembered."""

    def __init__(self, settings: Settings, number: str) -> None:
        self._settings, self._number = settings, number
        self._columns: Columns | None = None

    def address(self, file: str | None, sheet: str | None, row: int | None, column_no: str | None) -> str | None:
        """The A1 address of a worksheet row and a printed column; None where the workbook does not tell."""
        if file is None or sheet is None or row is None or column_no is None:
            return None
        if self._columns is None:
            try:
                self._columns = columns_of(archive.entry(self._settings, self._number).package)
            except ArchiveError:
                self._columns = {}
        letters = self._columns.get((file, sheet), {}).get(column_no)
        return f"{letters}{row}" if letters else None
