"""What reads rows of the lake in checks and reconciliation, answered by Spark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.warehouse import calls, lake_rows, schema
from esep.warehouse.spark import lake, step
from esep.warehouse.spark.translate import Relations

_ROWS = {f"internal.{lake_rows.LATEST}", f"internal.{lake_rows.EARLIER}"}


def answer(settings: Settings, connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """All rows of a query over the lake and the working file. Raises LoadError, ExtraError or ClusterError."""
    with step.opened(settings, connection) as asked:
        return asked.engine(lake.files(settings)).answer(query)


def bad_rows(
    settings: Settings, connection: duckdb.DuckDBPyConnection, paths: Iterable[Path], limit: int
) -> dict[Path, list[Mapping[str, object]]]:
    """What those checks that read rows find, at most `limit` rows each; a check that reads none is not among them.

    They look at what changed since they last passed, so only its months are read.
    """
    numbers = calls.column(connection, "registration_no", f"from {schema.query(settings.sql, 'load/filing_to_check')}")
    with step.opened(settings, connection) as asked:
        engine = asked.engine(lake.of_months(lake.files(settings), frozenset(numbers)))
        queries = {path: schema.query(settings.sql, f"checks/{path.stem}") for path in paths}
        return {
            path: engine.answer(f"from {query} limit {limit}").to_pylist()
            for path, query in queries.items()
            if _reads_rows(asked.relations, f"from {query}")
        }


def _reads_rows(relations: Relations, query: str) -> bool:
    return not _ROWS.isdisjoint(relations.translated(query).tables)
