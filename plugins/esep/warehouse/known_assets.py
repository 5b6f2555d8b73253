"""Which words for assets are the office's own."""

from __future__ import annotations

import duckdb

from esep.warehouse import calls


def tickers(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    """Assets that the law or the price list knows: words of the office, not of a filer."""
    places = (("ticker", "asset"), ("distinct asset", "price"), ("distinct asset", "price_history"))
    return {ticker for name, table in places for ticker in calls.column(connection, name, f"from {database}.{table}")}
