"""Rows of distributions: tables that the load fills, or under Spark views of the lake's own files.

With ESEP_ENGINE=spark no row is kept twice: `internal.distribution_row` and `internal.earlier_row` read the Parquet
files that verdicts name, as lake/manifest.parquet lists them. A view names each of its files, so that a stray one in a
folder counts for nothing and one that is gone is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

import duckdb

from esep.config import DUCKDB, Settings
from esep.lake import manifest
from esep.lake.schema import DISTRIBUTION, Table
from esep.warehouse import calls, duckdb_paths, schema
from esep.warehouse.errors import LoadError

LATEST, EARLIER = "distribution_row", "earlier_row"
"""Relations of `internal`: rows of each filing's latest examination, and of those that a later one replaced."""
_FILES = "getvariable('files')"


def are_kept(settings: Settings) -> bool:
    """Whether the warehouse has rows of its own."""
    return settings.engine == DUCKDB


def rows_of(sql: Path, table: Table) -> str:
    """A query of the loaded columns of the lake's files in the variable `files`."""
    columns = [*(["filing_key"] if table is DISTRIBUTION else []), *table.loaded.names]
    return calls.selected([f'"{name}"' for name in columns], f"from {schema.query(sql, 'load/lake_row')}")


def add(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Rows of the files in the variable `files` into LATEST; as a view it shows these alone until `show` is called."""
    rows = rows_of(settings.sql, DISTRIBUTION)
    if are_kept(settings):
        connection.execute(f"insert into internal.{LATEST} by name {rows}")
    else:
        _replace(connection, LATEST, f"create view internal.{LATEST} as {rows}")


def add_earlier(settings: Settings, connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Rows of a source into EARLIER; as a view it shows them from `show` on."""
    if are_kept(settings):
        connection.execute(f"insert into internal.{EARLIER} by name from {source}")


def are_elsewhere(settings: Settings, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether views read other files than the manifest lists: the lake, or all of it, was moved."""
    return not are_kept(settings) and _shown(connection) != _state(files_of(settings))


def show(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Let views show all rows of the lake, by the manifest. To be called inside a transaction."""
    if are_kept(settings):
        return
    files = files_of(settings)
    for relation, paths in files.items():
        file = settings.sql / "filing" / "internal" / f"{relation}.sql"
        named = ", ".join(map(duckdb_paths.quoted, duckdb_paths.parquet(paths)))
        rows = rows_of(settings.sql, DISTRIBUTION).replace(_FILES, f"[{named}]")
        with schema.lake_without_rows(connection):
            made = f"create view internal.{relation} as {rows}" if paths else file.read_text(encoding="utf-8")
            _replace(connection, relation, made)
        schema.comment(connection, {schema.relation_of(file): schema.grain_of(file)})
    connection.execute("insert or replace into internal.build_state values (?, ?)", [LATEST, _state(files)])


def files_of(settings: Settings) -> dict[str, list[Path]]:
    """The files of LATEST and of EARLIER by the manifest, in order. Raises LoadError where it cannot be read."""
    try:
        rows = manifest.read(settings).to_pylist()
    except manifest.ManifestError as error:
        raise LoadError(str(error)) from error
    found: dict[str, list[Path]] = {LATEST: [], EARLIER: []}
    for row in rows:
        if row["relation"] == DISTRIBUTION.name:
            found[LATEST if row["is_latest"] else EARLIER].append(settings.lake / row["path"])
    return found


def _shown(connection: duckdb.DuckDBPyConnection) -> str | None:
    state: str | None = calls.value(
        connection, "sources", "from internal.build_state where relation = $relation", relation=LATEST
    )
    return state


def _state(files: Mapping[str, Iterable[Path]]) -> str:
    return sha256(repr({relation: list(map(str, paths)) for relation, paths in files.items()}).encode()).hexdigest()


def _replace(connection: duckdb.DuckDBPyConnection, relation: str, made: str) -> None:
    """Put a relation in the place of the table or view of its name."""
    views = calls.column(connection, "view_name", "from duckdb_views() where schema_name = 'internal'")
    connection.execute(f"drop {'view' if relation in views else 'table'} internal.{relation}")
    connection.execute(made)
