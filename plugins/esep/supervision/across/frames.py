"""The frame of the rules across filings: the queries of sql/across/, one below the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.supervision.across import keys
from esep.supervision.knowledge import known_on

FOLDER = "across"
KNOWN_ON = "known_on"
"""Variable of the session that the queries read: the last moment that counts."""
TEXT_KEY = "text_key"
"""Relation that the queries read: kind of text, the text as written, its key for comparison."""
_TEXT_KEY_COLUMNS = pa.schema([("kind", pa.string()), ("written", pa.string()), ("key", pa.string())])
_KINDS: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("wallet", keys.wallet_key, "select wallet from distribution_row"),
    ("licence", keys.licence_key, "select licence_no from distribution_row union select licence_no from licence"),
    (
        "name",
        keys.name_key,
        "select taxpayer_name from distribution_row union select pool_name from examination "
        "union select pool_name from pool",
    ),
)


def queries(settings: Settings) -> list[Path]:
    """The files of sql/across/, each a query over the warehouse's relations."""
    return sorted((settings.sql / FOLDER).glob("*.sql"))


def across_filings(connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> pa.Table:
    """All frames one below the other, columns as in frame_columns.ACROSS_FILINGS.

    A column is null in the rows of a query that does not have it: where the question does not arise.
    """
    with prepared(connection, as_of):
        tables = [connection.sql(path.read_text(encoding="utf-8")).to_arrow_table() for path in queries(settings)]
    return pa.concat_tables(tables, promote_options="default").combine_chunks()


@contextmanager
def prepared(connection: duckdb.DuckDBPyConnection, as_of: date) -> Iterator[None]:
    """The connection with the moment and the keys that the queries read; both are gone afterwards."""
    connection.execute(f"set variable {KNOWN_ON} = ?::timestamptz", [known_on(as_of)])
    connection.register(TEXT_KEY, _text_keys(connection))
    try:
        yield
    finally:
        with suppress(duckdb.TransactionException):  # the caller's transaction has failed and takes them with it
            connection.unregister(TEXT_KEY)
            connection.execute(f"reset variable {KNOWN_ON}")


def _text_keys(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The key of each text that the queries compare; a text without a sign that counts has none."""
    rows = []
    for kind, key_of, texts in _KINDS:
        distinct = f"select distinct column0 from ({texts}) as texts(column0) where column0 is not null"  # noqa: S608 - ours
        for (written,) in connection.execute(distinct).fetchall():
            if key := key_of(written):
                rows.append({"kind": kind, "written": written, "key": key})
    return pa.Table.from_pylist(rows, _TEXT_KEY_COLUMNS)
