"""Accepted versions of the reference files into the working file: the one in force, and what came before it."""

from __future__ import annotations

import duckdb

from esep.config import Settings
from esep.warehouse import reference_history
from esep.warehouse.reference import NAMES, Version, in_force, rows_of, versions
from esep.warehouse.schema import insert

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
    insert(connection, version.name, [{_RENAMED.get(name, name): value for name, value in row.items()} for row in rows])
    connection.execute(
        "insert or replace into reference_version values (?, ?, ?, ?)",
        [version.name, version.sha256, version.accepted_at, len(rows)],
    )
    reference_history.load(connection, versions(settings, version.name), rows)
