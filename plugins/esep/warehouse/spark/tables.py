"""Tables of the warehouse as every worker can read them: Parquet files below `warehouse/spark/`.

Small tables are written out of the working file when a query first needs them; rows and parts are where they are.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from esep.config import Settings
from esep.warehouse import duckdb_paths
from esep.warehouse.spark.translate import spark_name

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_PREFIX = ".tables-"
_AS_WRITTEN = {"HUGEINT": "decimal(38, 0)", "JSON": "varchar"}
"""Types that DuckDB would write into Parquet otherwise: a HUGEINT as a double."""


def folder(settings: Settings) -> Path:
    """What Spark writes: parts and figures by month, and small tables while a step runs."""
    return settings.warehouse / "spark"


class Tables:
    """Each table as a frame, by its name as SQL has it."""

    def __init__(
        self,
        session: SparkSession,
        connection: duckdb.DuckDBPyConnection,
        place: Path,
        elsewhere: Mapping[str, Callable[[], DataFrame]],
    ) -> None:
        """`elsewhere`: what is no table of the database, or not read from it."""
        self._session = session
        self._connection = connection
        self._place = place
        self._elsewhere = elsewhere

    def frame(self, name: str) -> DataFrame:
        if name in self._elsewhere:
            return self._elsewhere[name]()
        path = self._place / f"{spark_name(name)}.parquet"
        columns = ", ".join(
            f'"{column}"::{_AS_WRITTEN[kind]} as "{column}"' if kind in _AS_WRITTEN else f'"{column}"'
            for column, kind, *_ in self._connection.execute(f"describe {name}").fetchall()
        )
        self._connection.execute(f"copy (select {columns} from {name}) to {duckdb_paths.quoted(path)} (format parquet)")  # noqa: S608 - names of our tables
        return self._session.read.parquet(str(path))


@contextmanager
def exported(
    settings: Settings,
    session: SparkSession,
    connection: duckdb.DuckDBPyConnection,
    elsewhere: Mapping[str, Callable[[], DataFrame]],
) -> Iterator[Tables]:
    """The tables as they are now. What a killed step left of them is removed; to be called under the writer's lock."""
    folder(settings).mkdir(parents=True, exist_ok=True)
    for old in folder(settings).glob(f"{_PREFIX}*"):
        shutil.rmtree(old, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder(settings)))
    place.chmod(0o750)
    try:
        yield Tables(session, connection, place, elsewhere)
    finally:
        shutil.rmtree(place, ignore_errors=True)
