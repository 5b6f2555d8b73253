"""What a step of the warehouse asks Spark, while it holds the working file open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from esep.config import Settings
from esep.warehouse import lake_rows, schema
from esep.warehouse.spark import lake, session, tables
from esep.warehouse.spark.engine import Engine
from esep.warehouse.spark.tables import Tables
from esep.warehouse.spark.translate import Relations

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True, slots=True)
class Step:
    """Engines over the working file and the lake, and a folder for what is written meanwhile."""

    session: SparkSession
    relations: Relations
    place: Path
    _settings: Settings
    _connection: duckdb.DuckDBPyConnection

    def engine(
        self, files: Iterable[lake.File], instead: Mapping[str, Callable[[], DataFrame]] | None = None
    ) -> Engine:
        """Answers from the rows of these files and the other tables as they are; `instead`: of some other ones."""
        rows = lake.rows(self._settings, self.session, self.relations, files)
        small = Tables(self.session, self._connection, self.place, {**rows, **(instead or {})})
        return Engine(self.session, self.relations, small)


@contextmanager
def opened(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Iterator[Step]:
    """To be called under the writer's lock. Raises ExtraError or ClusterError where Spark cannot work."""
    with session.kept(), _relations(settings) as relations:
        spark = session.opened(settings)
        with tables.place(settings) as place:
            yield Step(spark, relations, place, settings, connection)


@contextmanager
def _relations(settings: Settings) -> Iterator[Relations]:
    """Asked of a database without rows: to say what columns a view of the lake has would read all its files.

    Views that read no rows of the lake are small: DuckDB answers them, and Spark reads them as it reads tables.
    """
    with duckdb.connect() as empty:
        files = schema.make_relations(empty, settings.sql)
        yield Relations(settings.sql, empty, {schema.relation_of(path) for path in files} - _reading_rows(files))


def _reading_rows(files: Iterable[Path]) -> set[str]:
    """Relations that read rows of the lake, themselves or through others; `files` each after those it reads from."""
    names = {lake_rows.LATEST, lake_rows.EARLIER}
    found = set()
    for path in files:
        if path.stem in names or not names.isdisjoint(schema.references(path.read_text(encoding="utf-8"))):
            names.add(path.stem)
            found.add(schema.relation_of(path))
    return found
