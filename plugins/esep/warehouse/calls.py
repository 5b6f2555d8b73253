"""The way from a macro or relation of sql/ to records.

A source is a query from `from` on: `from income_filing($taxpayer, $year) where … order by …`. Of the
values that are given those count that it names with a `$`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import make_dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar, overload

import duckdb

Record = TypeVar("Record")
Row: TypeAlias = Any
"""A row of a source: a frozen dataclass whose fields are its columns, which sql/ names and sql/columns.csv explains."""

_PARAMETER = re.compile(r"\$(\w+)")


def columns_of(columns: type | Sequence[str]) -> str:
    """The columns of a select: the fields of a dataclass, these names, or the text itself."""
    if isinstance(columns, str):
        return columns
    if isinstance(columns, type):
        return ", ".join(f'"{name}"' for name in columns.__dataclass_fields__)  # type: ignore[attr-defined] # a dataclass
    return ", ".join(columns)


def selected(columns: type | Sequence[str], source: str) -> str:
    """A query of columns of a source."""
    return f"select {columns_of(columns)} {source}"


def rows(
    connection: duckdb.DuckDBPyConnection, columns: type | Sequence[str], source: str, **values: Any
) -> list[tuple[Any, ...]]:
    """Columns of a source, row by row."""
    query = selected(columns, source)
    return connection.execute(query, named(query, values)).fetchall()


@overload
def records(
    connection: duckdb.DuckDBPyConnection, columns: type[Record], source: str, **values: Any
) -> tuple[Record, ...]: ...


@overload
def records(
    connection: duckdb.DuckDBPyConnection, columns: str | Sequence[str], source: str, **values: Any
) -> tuple[Row, ...]: ...


def records(
    connection: duckdb.DuckDBPyConnection, columns: type | Sequence[str], source: str, **values: Any
) -> tuple[Any, ...]:
    """The rows of a source as records of a dataclass whose fields are columns of it; without one as Row.

    `columns` may also be their names, or a text such as `*` or `* exclude (filing_key)`.
    """
    found = rows(connection, columns, source, **values)
    make = columns if isinstance(columns, type) else _row_type(tuple(name for name, *_ in connection.description or ()))
    return tuple(make(*row) for row in found)


@cache
def _row_type(columns: tuple[str, ...]) -> type[Row]:
    return make_dataclass("Row", columns, frozen=True, slots=True)


def column(connection: duckdb.DuckDBPyConnection, name: str, source: str, **values: Any) -> tuple[Any, ...]:
    """One column of a source; `name` may be `distinct …`."""
    return tuple(value for (value,) in rows(connection, (name,), source, **values))


def value(connection: duckdb.DuckDBPyConnection, name: str, source: str, **values: Any) -> Any:
    """One column of the first row of a source, or of all, as `count(*)`; None if there is no row."""
    return next(iter(column(connection, name, source, **values)), None)


def set_variables(connection: duckdb.DuckDBPyConnection, **values: Any) -> None:
    """Values that the queries of sql/load/ read with getvariable."""
    for name, value in values.items():
        connection.execute(f"set variable {name} = ?", [value])


def named(query: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values that a query names, in types that DuckDB takes."""
    named = {name: values[name] for name in set(_PARAMETER.findall(query))}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in named.items()}
