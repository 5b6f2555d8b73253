"""Accepted versions of the reference files into the working file: the one in force, and what came before it.

Prices and exchange rates are kept as each accepted version had them, with the span of time in which it was the latest.
A version counts from its acceptance, the first one from the beginning of time. Of versions that were replaced, cells
that today's rules cannot read are left out: nobody can correct them any more. The version in force stops the load.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import duckdb

from esep.config import Settings
from esep.warehouse import calls
from esep.warehouse.reference_rules import examine, examine_lines
from esep.warehouse.reference_spec import NAMES, SPECS, Row
from esep.warehouse.reference_versions import Version, content_of, in_force, rows_of, versions
from esep.warehouse.schema import insert

_RENAMED = {"licence": "licence_no", "from": "valid_from", "to": "valid_to"}
"""Columns of files that are named otherwise in the warehouse: SQL keeps some of these words to itself."""
_Values = tuple[object, ...]
_ByKey = dict[_Values, _Values]
"""Values of a version by key."""


def new_versions(settings: Settings, connection: duckdb.DuckDBPyConnection) -> list[Version]:
    """Versions in force that the working file does not hold."""
    held = set(calls.rows(connection, ("name", "sha256", "accepted_at"), "from reference_version"))
    latest = [version for name in NAMES if (version := in_force(settings, name))]
    return [version for version in latest if (version.name, version.sha256, version.accepted_at) not in held]


def replace(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    version: Version,
    accepted: list[Version] | None = None,
) -> None:
    """Put a version in the place of the one before, which stays in the history. To be called inside a transaction.

    `accepted`: all versions of its name, the last one itself; those on record if they are not given.
    Raises WarehouseError for a version whose bytes are missing or damaged.
    """
    name, rows = version.name, rows_of(version)
    connection.execute(f"delete from {name}")  # noqa: S608 - one of NAMES
    insert(connection, name, [{_RENAMED.get(column, column): value for column, value in row.items()} for row in rows])
    connection.execute(
        "insert or replace into reference_version values (?, ?, ?, ?)",
        [name, version.sha256, version.accepted_at, len(rows)],
    )
    accepted = accepted or versions(settings, name)
    first_moment = calls.value(connection, "internal.first_moment()", "")
    moments = [first_moment, *(one.accepted_at for one in accepted[1:])]
    if SPECS[name].days_of:
        _load_values(connection, accepted, moments, rows)
    connection.execute("delete from reference_history where name = ?", [name])
    history = [
        {
            "name": name,
            "version_no": number,
            "sha256": one.sha256,
            "accepted_at": one.accepted_at,
            "known_from": moment,
            "row_count": one.row_count,
        }
        for number, (one, moment) in enumerate(zip(accepted, moments, strict=True), start=1)
    ]
    insert(connection, "reference_history", history)


def _columns(name: str) -> tuple[int, tuple[str, ...]]:
    """How many columns identify a row of the file, and all columns that are compared, those first."""
    spec = SPECS[name]
    return len(spec.row_key), (*spec.row_key, *spec.values)


def _known(connection: duckdb.DuckDBPyConnection, versions: list[Version]) -> int:
    """How many versions the working file holds; 0 if they are not the first of these."""
    source = "from reference_history where name = $name order by version_no"
    held = calls.rows(connection, ("sha256", "accepted_at"), source, name=versions[-1].name)
    wanted = [(version.sha256, version.accepted_at) for version in versions]
    return len(held) if held == wanted[: len(held)] else 0


def _load_values(
    connection: duckdb.DuckDBPyConnection, versions: list[Version], moments: list[datetime], rows: list[Row]
) -> None:
    """Bring the spans of the values up to date; `versions` are all of them with the moments from which they count,
    `rows` those of the last one.
    """
    name = versions[-1].name
    table = f"{name}_history"
    known = _known(connection, versions)
    if not known:
        connection.execute(f"delete from {table}")  # noqa: S608 - one of SPECS
    last_moment = calls.value(connection, "internal.last_moment()", "")
    current, since = _in_force(connection, name)
    ended: list[_Values] = []
    reader = _Reader(name)
    for version, moment in zip(versions[known:], moments[known:], strict=True):
        after = reader.values(rows) if version is versions[-1] else reader.read(version)
        for key, values in current.items():
            if after.get(key) != values:
                began = since.pop(key)
                if began != moment:
                    ended.append((*key, *values, began, moment))
        for key in after:
            since.setdefault(key, moment)
        current = after
    connection.execute(f"delete from {table} where known_to = internal.last_moment()")  # noqa: S608 - as above
    spans = [*ended, *((*key, *values, since[key], last_moment) for key, values in current.items())]
    columns = (*_columns(name)[1], "known_from", "known_to")
    insert(connection, table, [dict(zip(columns, span, strict=True)) for span in spans])


def _in_force(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[_ByKey, dict[_Values, datetime]]:
    """The values that the working file holds as in force, and since when."""
    keys, columns = _columns(name)
    source = f"from {name}_history where known_to = internal.last_moment()"
    rows = calls.rows(connection, (*columns, "known_from"), source)
    return {row[:keys]: row[keys:-1] for row in rows}, {row[:keys]: row[-1] for row in rows}


class _Reader:
    """Reads versions one after the other; a line that an earlier one had is not read again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: dict[tuple[str, str], tuple[_Values, _Values] | None] = {}
        """Keys and values by heading and line; None where a line cannot be read."""

    def read(self, version: Version) -> _ByKey:
        content = content_of(version)
        text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        heading, *lines = text.split("\n")
        if '"' in text or not heading.strip():  # a quoted cell may hold line ends
            return self.values(examine(self._name, content)[0])
        unknown = [line for line in dict.fromkeys(lines) if (heading, line) not in self._known]
        self._known |= {(heading, line): None for line in unknown}
        for number, row in examine_lines(self._name, "\n".join([heading, *unknown]).encode())[0]:
            self._known[heading, unknown[number - 2]] = self._pair(row)
        return self._by_key(self._known[heading, line] for line in lines)

    def values(self, rows: Iterable[Row]) -> _ByKey:
        return self._by_key(self._pair(row) for row in rows)

    def _pair(self, row: Row) -> tuple[_Values, _Values]:
        keys, columns = _columns(self._name)
        values = tuple(row[column] for column in columns)
        return values[:keys], values[keys:]

    def _by_key(self, pairs: Iterable[tuple[_Values, _Values] | None]) -> _ByKey:
        """Of rows that contradict each other, which later rules refuse, the first counts."""
        found: _ByKey = {}
        for pair in pairs:
            if pair is not None:
                found.setdefault(*pair)
        return found
