"""Every relation of the demo's warehouse, the published and the masked one: columns, number of rows, their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from esep.config import Settings
from goldens.golden import hold, normalised, nothing_else

pytestmark = pytest.mark.slow

FIRST_ROWS = 3


@pytest.fixture(scope="module")
def warehouse(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(Settings(home=home).snapshot), read_only=True) as connection:
        connection.execute("set TimeZone = 'Asia/Almaty'")
        yield connection


def test_every_relation_holds_what_it_held(warehouse: duckdb.DuckDBPyConnection) -> None:
    faults = []
    for schema, name, kind, comment in _relations(warehouse):
        rows = sorted(
            " | ".join(map(_shown, row)) for row in warehouse.execute(f'select * from "{schema}"."{name}"').fetchall()
        )
        digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        head = [f"{kind}: {comment}", *_columns(warehouse, schema, name), f"{len(rows)} rows, {digest}"]
        try:
            hold(f"relations-of-demo/{schema}.{name}", "\n".join([*head, *rows[:FIRST_ROWS]]))
        except pytest.fail.Exception as fault:  # tell of all relations that differ, not of the first alone
            faults.append(str(fault))
    assert not faults, "\n\n".join(faults)


def test_the_macros_are_the_same(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select distinct schema_name, function_name, function_type, parameters::varchar, comment "
        "from duckdb_functions() where not internal order by all"
    ).fetchall()
    hold("relations-of-demo/macros", "\n".join(" | ".join(map(str, row)) for row in found))


def test_the_masked_snapshot_has_the_same_relations(home: Path) -> None:
    """Its columns and numbers of rows; what stands for a person differs in each home."""
    told = []
    with duckdb.connect(str(Settings(home=home).masked_snapshot), read_only=True) as connection:
        for schema, name, kind, _ in _relations(connection):
            (count,) = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchall()[0]
            told.append(f"{schema}.{name} {kind}, {count} rows: {', '.join(_columns(connection, schema, name))}")
    hold("relations-of-demo/masked", "\n".join(told))


def test_nothing_else_is_on_record() -> None:
    nothing_else("relations-of-demo")


def _shown(value: object) -> str:
    return _text(value) if isinstance(value, str) else "∅" if value is None else str(value)


@cache
def _text(value: str) -> str:
    return normalised(value.replace("\n", "⏎"))


def _relations(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str | None]]:
    return connection.execute(
        "select schema_name, table_name, 'table', comment from duckdb_tables() where not internal union all "
        "select schema_name, view_name, 'view', comment from duckdb_views() where not internal order by 1, 2"
    ).fetchall()


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[str]:
    found = connection.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ? "
        "order by column_index",
        [schema, name],
    ).fetchall()
    return [f"{column} {data_type}" for column, data_type in found]
