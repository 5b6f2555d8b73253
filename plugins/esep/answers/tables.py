"""How an answer gives rows: one by one, a page of a long list, or a whole list for a download.

What they are asked of is a macro or relation of sql/ (`warehouse.calls`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

import duckdb
import pyarrow as pa

from esep.supervision import knowledge
from esep.warehouse.calls import Row, column, columns_of, named, records, rows, value

__all__ = ["MOST_ROWS", "Listed", "Page", "Row", "arrow", "column", "page_of", "records", "rows", "through", "value"]

One = TypeVar("One")

MOST_ROWS = 500_000
"""A table of more rows is not made for a download: it would fill the memory that all readers share."""
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[One]):
    """Some rows of a long list, the page's number and how many there are; `count`: rows of the whole list."""

    rows: Sequence[One]
    count: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A long list: a source without its order, the order, the values that both name, and the columns."""

    source: str
    order: str
    values: Mapping[str, Any]
    columns: str | Sequence[str] = "*"
    on_a_page: int | None = None
    """ON_A_PAGE if not given."""

    def count(self, connection: duckdb.DuckDBPyConnection) -> int:
        return int(value(connection, "count(*)", self.source, **self.values))

    def rows(self, connection: duckdb.DuckDBPyConnection, limit: int | None = None, offset: int = 0) -> tuple[Row, ...]:
        """All rows, or `limit` of them after `offset`."""
        source = f"{self.source} order by {self.order} limit $limit offset $offset"
        return records(connection, self.columns, source, **self.values, limit=limit, offset=offset)

    def page(self, connection: duckdb.DuckDBPyConnection, number: int = 1) -> Page[Row]:
        """One page of it; the last one where there are fewer."""
        count = self.count(connection)
        of_each = self.on_a_page or ON_A_PAGE
        number, pages = _there(number, count, of_each)
        return Page(self.rows(connection, of_each, (number - 1) * of_each), count, number, pages)

    def table(self, connection: duckdb.DuckDBPyConnection) -> pa.Table:
        """All of it with the types of the warehouse; see `arrow` for its length."""
        return arrow(connection, self.columns, f"{self.source} order by {self.order}", **self.values)


def page_of(found: Sequence[One], number: int, on_a_page: int) -> Page[One]:
    """One page of rows that are all at hand."""
    number, pages = _there(number, len(found), on_a_page)
    return Page(found[(number - 1) * on_a_page : number * on_a_page], len(found), number, pages)


def _there(number: int, count: int, on_a_page: int) -> tuple[int, int]:
    """The number of a page that there is, and how many there are; an empty list has one."""
    pages = max(-(-count // on_a_page), 1)
    return min(max(number, 1), pages), pages


def arrow(connection: duckdb.DuckDBPyConnection, columns: str | Sequence[str], source: str, **values: Any) -> pa.Table:
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
