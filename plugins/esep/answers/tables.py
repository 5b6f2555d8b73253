"""The way from a macro or relation of sql/ to records, to a page of a long list, or to an Arrow table for a download.

A source is what stands in a query from `from` on: `from income_filing($taxpayer, $year) where … order by …`. Of the
values that are given those count that it names with a `$`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

import duckdb
import pyarrow as pa

from esep.supervision import knowledge

Record = TypeVar("Record")

MOST_ROWS = 500_000
"""A table of more rows is not made for a download: it would fill the memory that all readers share."""
_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """Some rows of a long list, and how many it has in all."""

    rows: tuple[Record, ...]
    count: int


def columns_of(columns: type | Sequence[str]) -> str:
    """The columns of a select: the fields of a dataclass, or these names."""
    if isinstance(columns, type):
        return ", ".join(f'"{name}"' for name in columns.__dataclass_fields__)  # type: ignore[attr-defined] # a dataclass
    return ", ".join(columns)


def rows(
    connection: duckdb.DuckDBPyConnection, columns: type | Sequence[str], source: str, **values: Any
) -> list[tuple[Any, ...]]:
    """Columns of a source, row by row."""
    query = f"select {columns_of(columns)} {source}"
    return connection.execute(query, _named(query, values)).fetchall()


def records(
    connection: duckdb.DuckDBPyConnection, record: type[Record], source: str, **values: Any
) -> tuple[Record, ...]:
    """The rows of a source as records: a dataclass whose fields are columns of it."""
    return tuple(record(*row) for row in rows(connection, record, source, **values))


def column(connection: duckdb.DuckDBPyConnection, name: str, source: str, **values: Any) -> tuple[Any, ...]:
    """One column of a source; `name` may be `distinct …`."""
    return tuple(value for (value,) in rows(connection, (name,), source, **values))


def value(connection: duckdb.DuckDBPyConnection, name: str, source: str, **values: Any) -> Any:
    """One column of the first row of a source, or of all, as `count(*)`; None if there is no row."""
    return next(iter(column(connection, name, source, **values)), None)


def page(
    connection: duckdb.DuckDBPyConnection,
    record: type[Record],
    source: str,
    order: str,
    *,
    limit: int,
    offset: int = 0,
    **values: Any,
) -> Page[Record]:
    """Some of the rows of a source as records, in an order, with their number in all."""
    listed = f"{source} order by {order} limit $limit offset $offset"
    found = records(connection, record, listed, **values, limit=limit, offset=offset)
    return Page(found, value(connection, "count(*)", source, **values))


def arrow(connection: duckdb.DuckDBPyConnection, columns: type | Sequence[str], source: str, **values: Any) -> pa.Table:
    """Columns of a source with their types; decimals stay decimals.

    Of a source with more than MOST_ROWS rows one row more than that is given, so that the reader sees that it is cut
    and refuses it.
    """
    query = f"select {columns_of(columns)} {source} limit {MOST_ROWS + 1}"
    cursor = connection.cursor()  # a result that was not read to its end keeps its connection busy
    return cursor.sql(query, params=_named(query, values)).to_arrow_table()


def _named(query: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values that a query names, in types that DuckDB takes."""
    named = {name: values[name] for name in set(_PARAMETER.findall(query))}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in named.items()}


def through(day: date) -> datetime:
    """The last moment of a local day: what was reported through `day`, for the macros `…_as_told_on`."""
    return knowledge.known_on(day + timedelta(days=1))
