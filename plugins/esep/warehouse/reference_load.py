"""Accepted versions of the reference files into the working file: the one in force, and what came before it.

Prices and exchange rates are kept as each accepted version told them, with the span of time in which it was the latest.
A version counts from its acceptance, the first one from the beginning of time. Of versions that were replaced, cells
that today's rules cannot read are left out: nobody can mend them any more. The version in force stops the load.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.warehouse.reference import NAMES, Version, content_of, in_force, rows_of, versions
from esep.warehouse.reference_rules import examine, examine_lines
from esep.warehouse.reference_spec import SPECS, Row
from esep.warehouse.schema import columns_of, insert

_RENAMED = {"licence": "licence_no", "from": "valid_from", "to": "valid_to"}
"""Columns of files that are named otherwise in the warehouse: SQL keeps some of these words to itself."""
_Values = tuple[object, ...]
_Told = dict[_Values, _Values]
"""Values of a version by key."""


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
    load_history(connection, versions(settings, version.name), rows)


def load_history(connection: duckdb.DuckDBPyConnection, versions: list[Version], rows: list[Row]) -> None:
    """Bring the history of one file up to date; `versions` are all of them, `rows` those of the last one.

    To be called inside a transaction. Raises WarehouseError for a version whose bytes are missing or damaged.
    """
    name = versions[-1].name
    known = _known(connection, versions)
    if SPECS[name].days_of:
        _load_values(connection, versions, known, rows)
    connection.execute("delete from reference_history where name = ?", [name])
    connection.executemany(
        "insert into reference_history values (?, ?, ?, ?, coalesce(?, '-infinity'::timestamptz), ?)",
        [
            (name, number, version.sha256, version.accepted_at, _moment(number, version), version.row_count)
            for number, version in enumerate(versions, start=1)
        ],
    )


def _columns(name: str) -> tuple[int, tuple[str, ...]]:
    """How many columns tell rows of the file apart, and all columns that are compared, those first."""
    spec = SPECS[name]
    return len(spec.row_key), (*spec.row_key, *spec.values)


def _known(connection: duckdb.DuckDBPyConnection, versions: list[Version]) -> int:
    """How many versions the working file holds; 0 if they are not the first of these."""
    held = connection.execute(
        "select sha256, accepted_at from reference_history where name = ? order by version_no", [versions[-1].name]
    ).fetchall()
    wanted = [(version.sha256, version.accepted_at) for version in versions]
    return len(held) if held == wanted[: len(held)] else 0


def _moment(number: int, version: Version) -> datetime | None:
    """From when a version counts; None for the beginning of time."""
    return None if number == 1 else version.accepted_at


def _load_values(connection: duckdb.DuckDBPyConnection, versions: list[Version], known: int, rows: list[Row]) -> None:
    name = versions[-1].name
    table = f"{name}_history"
    if not known:
        connection.execute(f"delete from {table}")  # noqa: S608 - one of SPECS
    told, since = _in_force(connection, name)
    ended: list[_Values] = []
    reader = _Reader(name)
    for number, version in enumerate(versions, start=1):
        if number <= known:
            continue
        after = reader.values(rows) if version is versions[-1] else reader.read(version)
        moment = _moment(number, version)
        for key, values in told.items():
            if after.get(key) != values:
                began = since.pop(key)
                if began != moment:
                    ended.append((*key, *values, began, moment))
        for key in after:
            since.setdefault(key, moment)
        told = after
    connection.execute(f"delete from {table} where known_to = 'infinity'::timestamptz")  # noqa: S608 - as above
    _insert(connection, name, [*ended, *((*key, *values, since[key], None) for key, values in told.items())])


def _in_force(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[_Told, dict[_Values, datetime | None]]:
    """The values that the working file holds as in force, and since when, None for the beginning of time."""
    keys, columns = _columns(name)
    rows = connection.execute(
        f"select {', '.join(columns)}, "  # noqa: S608 - one of SPECS
        f"nullif(known_from, '-infinity'::timestamptz) from {name}_history where known_to = 'infinity'::timestamptz"
    ).fetchall()
    return {row[:keys]: row[keys:-1] for row in rows}, {row[:keys]: row[-1] for row in rows}


def _insert(connection: duckdb.DuckDBPyConnection, name: str, rows: list[_Values]) -> None:
    if not rows:
        return
    own = columns_of(connection, f"{name}_history")
    schema = pa.schema([own.field(column) for column in (*_columns(name)[1], "known_from", "known_to")])
    arrays = [pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)]
    connection.register("history_rows", pa.Table.from_arrays(arrays, schema=schema))
    connection.execute(
        f"""
        insert into {name}_history by name
        select * replace (
            coalesce(known_from, '-infinity'::timestamptz) as known_from,
            coalesce(known_to, 'infinity'::timestamptz) as known_to
        )
        from history_rows
        """  # noqa: S608 - one of SPECS
    )
    connection.unregister("history_rows")


class _Reader:
    """Reads versions one after the other; a line that an earlier one had is not read again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: dict[str, dict[str, tuple[_Values, _Values] | None]] = {}
        """Keys and values by heading and line; None where a line cannot be read."""

    def read(self, version: Version) -> _Told:
        content = content_of(version)
        text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        heading, *lines = text.split("\n")
        if '"' in text or not heading.strip():  # a quoted cell may hold line ends
            return self.values(examine(self._name, content)[0])
        known = self._known.setdefault(heading, {})
        unknown = list(dict.fromkeys(line for line in lines if line not in known))
        known.update(dict.fromkeys(unknown))
        for number, row in examine_lines(self._name, "\n".join([heading, *unknown]).encode())[0]:
            known[unknown[number - 2]] = self._pair(row)
        return self._told(known[line] for line in lines)

    def values(self, rows: Iterable[Row]) -> _Told:
        return self._told(self._pair(row) for row in rows)

    def _pair(self, row: Row) -> tuple[_Values, _Values]:
        keys, columns = _columns(self._name)
        values = tuple(row[column] for column in columns)
        return values[:keys], values[keys:]

    def _told(self, pairs: Iterable[tuple[_Values, _Values] | None]) -> _Told:
        """Of rows that contradict each other, which later rules refuse, the first counts."""
        told: _Told = {}
        for pair in pairs:
            if pair is not None:
                told.setdefault(*pair)
        return told
