"""The rows of a filing's 1-ЦМ sheets as they were read, those without a quantity that counts among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from esep.answers.filing import fetch

_PLACE = 'file, sheet, "row"'
_OF = "filing_key = (select filing_key from registered where registration_no = ?)"


@dataclass(frozen=True, slots=True)
class StoredRow:
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


@dataclass(frozen=True, slots=True)
class Excluded:
    """A quantity that is in no figure: what stands in its cell, and why.

    reason: empty, unreadable, too_large or looks_like_total.
    """

    found: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class FormRow(StoredRow):
    """The same with the quantities that are left out, by printed column (8 or 9.2)."""

    excluded: Mapping[str, Excluded]


def count(connection: duckdb.DuckDBPyConnection, number: str) -> int:
    """Rows of the filing."""
    row = connection.execute(f"select count(*) from distribution_row where {_OF}", [number]).fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def rows(connection: duckdb.DuckDBPyConnection, number: str, *, offset: int, limit: int) -> tuple[FormRow, ...]:
    """Rows in order of file, sheet and worksheet row."""
    rest = f"from distribution_row where {_OF} order by {_PLACE} limit ? offset ?"
    found = fetch(connection, StoredRow, rest, number, limit, offset)
    if not found:
        return ()
    left_out = _excluded(connection, number)
    return tuple(
        FormRow(
            **{name: getattr(stored, name) for name in StoredRow.__dataclass_fields__},
            excluded=left_out.get((stored.file, stored.sheet, stored.row), {}),
        )
        for stored in found
    )


def position(
    connection: duckdb.DuckDBPyConnection, number: str, sheet: str, row: int, file: str | None = None
) -> int | None:
    """How many rows stand before that worksheet row, in the order of `rows`; None where no data row stands there.

    Without `file` the first file with such a sheet and row counts.
    """
    query = f"""
        select before from (
            select {_PLACE}, row_number() over (order by {_PLACE}) - 1 as before
            from distribution_row where {_OF}
        )
        where sheet = ? and "row" = ? and file = coalesce(?, file)
        order by before limit 1
    """  # noqa: S608 - our own text
    found = connection.execute(query, [number, sheet, row, file]).fetchone()
    return None if found is None else int(found[0])


def _excluded(connection: duckdb.DuckDBPyConnection, number: str) -> dict[tuple[str, str, int], dict[str, Excluded]]:
    query = f'select file, sheet, "row", column_no, found, reason from unreadable_quantity where {_OF}'  # noqa: S608
    left_out: dict[tuple[str, str, int], dict[str, Excluded]] = {}
    for file, sheet, row, column_no, found, reason in connection.execute(query, [number]).fetchall():
        left_out.setdefault((file, sheet, row), {})[column_no] = Excluded(found, reason)
    return left_out
