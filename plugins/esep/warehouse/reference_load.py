"""Accepted versions of the reference files into the working file: the one in force, and what came before it."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.warehouse import reference_history
from esep.warehouse.reference import NAMES, Version, in_force, rows_of, versions
from esep.warehouse.reference_spec import PRICE, RATE

_COLUMNS = {
    "price": pa.schema(
        [
            ("date", pa.date32()),
            ("asset", pa.string()),
            ("price", PRICE),
            ("currency", pa.string()),
            ("source", pa.string()),
        ]
    ),
    "exchange_rate": pa.schema(
        [("date", pa.date32()), ("currency", pa.string()), ("kzt_per_unit", RATE), ("source", pa.string())]
    ),
    "pool": pa.schema(
        [
            ("pool_id", pa.string()),
            ("pool_name", pa.string()),
            ("accredited_from", pa.date32()),
            ("accredited_to", pa.date32()),
            ("email", pa.string()),
        ]
    ),
    "licence": pa.schema(
        [
            ("licence_no", pa.string()),
            ("miner_id", pa.string()),
            ("issued_on", pa.date32()),
            ("expires_on", pa.date32()),
        ]
    ),
    "exchange": pa.schema(
        [("name", pa.string()), ("licence", pa.string()), ("from", pa.date32()), ("to", pa.date32())]
    ),
}
_RENAMED = {"licence": "licence_no", "from": "valid_from", "to": "valid_to"}
"""Columns of files that are named otherwise in the warehouse: SQL keeps some of these words to itself."""


def new_versions(settings: Settings, connection: duckdb.DuckDBPyConnection) -> list[Version]:
    """Versions in force that the working file does not hold."""
    held = dict(connection.execute("select name, (sha256, accepted_at) from reference_version").fetchall())
    versions = [version for name in NAMES if (version := in_force(settings, name))]
    return [version for version in versions if held.get(version.name) != (version.sha256, version.accepted_at)]


def replace(settings: Settings, connection: duckdb.DuckDBPyConnection, version: Version) -> None:
    """Put a version in the place of the one before, which stays in the history. To be called inside a transaction."""
    rows = rows_of(version)
    connection.execute(f"delete from {version.name}")  # noqa: S608 - one of NAMES
    table = pa.Table.from_pylist(rows, _COLUMNS[version.name])
    table = table.rename_columns([_RENAMED.get(column, column) for column in table.column_names])
    connection.register("reference_rows", table)
    connection.execute(f"insert into {version.name} by name select * from reference_rows")  # noqa: S608 - one of NAMES
    connection.unregister("reference_rows")
    connection.execute(
        "insert or replace into reference_version values (?, ?, ?, ?)",
        [version.name, version.sha256, version.accepted_at, len(rows)],
    )
    reference_history.load(connection, versions(settings, version.name), rows)
