"""A page of a long list, and an Arrow table for a download, from a macro or relation of sql/ (`warehouse.calls`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

import duckdb
import pyarrow as pa

from esep.supervision import knowledge
from esep.warehouse.calls import column, columns_of, named, records, rows, value

__all__ = ["MOST_ROWS", "Page", "arrow", "column", "page", "records", "rows", "through", "value"]

Record = TypeVar("Record")

MOST_ROWS = 500_000
"""A table of more rows is not made for a download: it would fill the memory that all readers share."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """Some rows of a long list, and how many it has in all."""

    rows: tuple[Record, ...]
    count: int


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
    return cursor.sql(query, params=named(query, values)).to_arrow_table()


def through(day: date) -> datetime:
    """The last moment of a local day: what was reported through `day`, for the macros `…_as_reported_on`."""
    return knowledge.known_on(day + timedelta(days=1))
