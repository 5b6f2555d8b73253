"""Any relation or macro of sql/ over the lake, answered by Spark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from esep.warehouse.spark.errors import ClusterError
from esep.warehouse.spark.tables import Tables
from esep.warehouse.spark.translate import Relations, spark_name

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


_OTHER_VERSION = "local class incompatible"
"""What Java says of a class of another version."""


class Engine:
    """Asked in DuckDB's SQL; answers with DuckDB's columns and types (a HUGEINT as a decimal of 38 digits).

    Tables are as they were when a query first needed them.
    """

    def __init__(self, session: SparkSession, relations: Relations, tables: Tables) -> None:
        self._session = session
        self._relations = relations
        self._tables = tables
        self._views: set[str] = set()

    def frame(self, query: str) -> DataFrame:
        """A query's answer, not worked out yet. Raises UntranslatedError."""
        translated = self._relations.translated(query)
        with working():
            for name in translated.tables:
                self.table(name)
            for name, view in translated.views.items():
                if name not in self._views:
                    self._session.sql(view).createOrReplaceTempView(name)
                    self._views.add(name)
            return self._session.sql(translated.query)

    def table(self, name: str) -> DataFrame:
        """A table as a frame, by its name as SQL has it."""
        view = spark_name(name)
        if view not in self._views:
            self._tables.frame(name).createOrReplaceTempView(view)
            self._views.add(view)
        return self._session.table(view)

    def answer(self, query: str) -> pa.Table:
        """All rows of a query. Raises ClusterError where the cluster could not work them out."""
        frame = self.frame(query)
        with working():
            return frame.toArrow()

    def relation(self, name: str, *arguments: str | int | date | datetime) -> pa.Table:
        """All rows of a relation, or of a macro with its arguments: `relation("trace_income", number, 2025)`."""
        called = f"({', '.join(map(_literal, arguments))})" if arguments else ""
        return self.answer(f"from {name}{called}")


@contextmanager
def working() -> Iterator[None]:
    """What goes wrong inside is said in one line: Spark's own errors are pages of its stack."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as error:
        raise ClusterError(complaint(str(error))) from error


def complaint(said: str) -> str:
    """What Spark said in one line, and what to do."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    first = next((line for line in lines if "Exception: " in line or line.startswith("[")), lines[0] if lines else "")
    if _OTHER_VERSION in said:
        from pyspark import __version__

        return (
            f"A worker of the cluster runs another version than Spark {__version__}, so it understands no task "
            f"({first[:400]}). Nothing was published and readers keep the last snapshot. Put the version of "
            "requirements-spark.txt on every worker, then run again."
        )
    return (
        f"Spark could not work the figures out ({first[:400]}). Nothing was published and readers keep the last "
        "snapshot. Look at the logs of the cluster's workers; what was done by then is kept, so run again."
    )


def _literal(value: str | int | date | datetime) -> str:
    if isinstance(value, datetime):
        return f"timestamptz '{value.isoformat()}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
