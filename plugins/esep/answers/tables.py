"""Rows of a query as records, as a page of a long list, or as an Arrow table for a download."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

import duckdb
import pyarrow as pa

from esep.supervision import knowledge

Record = TypeVar("Record")
Values = Mapping[str, Any]

MOST_ROWS = 500_000
"""A table of more rows is not made for a download: it would fill the memory that all readers share."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """Some rows of a long list, and how many it has in all."""

    rows: tuple[Record, ...]
    count: int


def records(
    connection: duckdb.DuckDBPyConnection, record: type[Record], query: str, values: Values | None = None
) -> tuple[Record, ...]:
    """The rows of a query whose columns are the fields of a dataclass, in any order."""
    found = connection.execute(query, values or {})
    names = [column[0] for column in found.description or ()]
    return tuple(record(**dict(zip(names, row, strict=True))) for row in found.fetchall())


def arrow(connection: duckdb.DuckDBPyConnection, query: str, values: Values | None = None) -> pa.Table:
    """The rows of a query with typed columns; decimals stay decimals.

    Of a query with more than MOST_ROWS rows one row more than that is given, so that the reader sees that it is cut and
    refuses it.
    """
    cursor = connection.cursor()  # a result that was not read to its end keeps its connection busy
    return cursor.sql(f"{query} limit {MOST_ROWS + 1}", params=dict(values or {})).to_arrow_table()


def through(day: date) -> datetime:
    """The last moment of a local day: what was told through `day`, for the macros `…_as_told_on`."""
    return knowledge.known_on(day + timedelta(days=1))
