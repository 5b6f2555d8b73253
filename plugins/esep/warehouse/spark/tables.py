"""Tables of the warehouse as every worker can read them: Parquet files below `warehouse/spark/`.

Small tables, and views that are read as such, are written out of the working file when a query first needs them; rows
are where they are.
"""

from __future__ import annotations

import re
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
_PATTERN = re.compile(r"[\\*?{}\[\]]")
"""Signs in a path that Hadoop takes for a pattern."""
_AS_WRITTEN = {"HUGEINT": "decimal(38, 0)", "JSON": "varchar"}
"""Types that DuckDB would write into Parquet otherwise: a HUGEINT as a double."""


def location(path: Path) -> str:
    """A file to be read, as Spark takes it."""
    return "file://" + _PATTERN.sub(r"\\\g<0>", str(path))


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
        return self._session.read.parquet(location(path))


@contextmanager
def place(settings: Settings) -> Iterator[Path]:
    """A folder for what a step writes. What a killed one left is removed; to be called under the writer's lock."""
    folder(settings).mkdir(parents=True, exist_ok=True)
    for old in folder(settings).glob(f"{_PREFIX}*"):
        shutil.rmtree(old, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder(settings)))
    made.chmod(0o750)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
