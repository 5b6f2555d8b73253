"""The rows of a filing's 1-ЦМ sheets as they were read, those without a quantity that counts among them, and where they
are in its workbooks: `G22` for row 22 of the printed column 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from esep.answers import tables
from esep.answers.tables import records
from esep.config import Settings
from esep.forms.reading.package import Columns, columns_of
from esep.office import archive
from esep.office.archive import ArchiveError


@dataclass(frozen=True, slots=True)
class Excluded:
    """A quantity that is in no figure: what stands in its cell, and why.

    reason: empty, unreadable, too_large or looks_like_total.
    """

    found: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """One data row of Annex 2 in the latest examination. Quantities in units of their asset."""

    file: str
    file_sha256: str
    sheet: str
    row: int
    """Worksheet row, counted from 1."""
    row_no: int | None
    taxpayer_id: str | None
    taxpayer_id_state: str | None
    taxpayer_name: str | None
    licence_no: str | None
    licence_date: date | None
    wallet: str | None
    distributed_on: date | None
    asset: str | None
    quantity: Decimal | None
    reward_asset: str | None
    reward_quantity: Decimal | None
    excluded: Mapping[str, Excluded]
    """The quantities that are left out, by printed column (8 or 9.2)."""


def count(connection: duckdb.DuckDBPyConnection, number: str) -> int:
    """Rows of the filing."""
    return int(tables.value(connection, "count(*)", "from filing_row($number)", number=number))


def rows(connection: duckdb.DuckDBPyConnection, number: str, *, offset: int, limit: int) -> tuple[FormRow, ...]:
    """Rows in order of file, sheet and worksheet row."""
    source = "from filing_row($number) order by rows_before limit $limit offset $offset"
    found = records(connection, FormRow, source, number=number, limit=limit, offset=offset)
    return tuple(replace(row, excluded=_left_out(row.excluded or {})) for row in found)


def _left_out(cells: Mapping[str, Any]) -> dict[str, Excluded]:
    return {column: Excluded(**cell) for column, cell in cells.items()}


def position(
    connection: duckdb.DuckDBPyConnection, number: str, sheet: str, row: int, file: str | None = None
) -> int | None:
    """How many rows stand before that worksheet row, in the order of `rows`; None where no data row stands there.

    Without `file` the first file with such a sheet and row counts.
    """
    source = """
        from filing_row($number)
        where sheet = $sheet and "row" = $row and file = coalesce($file, file)
        order by rows_before
        limit 1
    """
    found: int | None = tables.value(connection, "rows_before", source, number=number, sheet=sheet, row=row, file=file)
    return found


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
