"""The lake's rows as Spark reads them: of the files that verdicts name, those of some months or of all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from esep.config import Settings
from esep.lake import manifest
from esep.lake.schema import DISTRIBUTION
from esep.warehouse import lake_rows, work
from esep.warehouse.errors import LoadError
from esep.warehouse.spark.tables import location
from esep.warehouse.spark.translate import LAKE, Relations

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_KEYS = pa.schema([("filing_key", pa.int64()), ("examination_no", pa.int32()), ("month", pa.string())])


@dataclass(frozen=True, slots=True)
class File:
    """A file of distributions: the rows of one examination."""

    path: Path
    month: str
    """As the key of its folder has it: `2025-03`, `unknown`."""
    number: str
    examination_no: int
    is_latest: bool

    @property
    def filing_key(self) -> int:
        return work.filing_key(self.number)


def files(settings: Settings) -> list[File]:
    """The files that the manifest lists, in order of their paths.

    Raises LoadError where the manifest lacks a file of the lake, or the lake one of the manifest.
    """
    try:
        manifest.files_of(settings, DISTRIBUTION.name, manifest.Which.ALL)
        rows = manifest.read(settings).to_pylist()
    except manifest.ManifestError as error:
        raise LoadError(f"{error} Nothing was published and readers keep the last snapshot.") from error
    return [
        File(settings.lake / row["path"], row["month"], row["registration_no"], row["examination_no"], row["is_latest"])
        for row in rows
        if row["relation"] == DISTRIBUTION.name
    ]


def of_months(every: Iterable[File], numbers: Collection[str]) -> list[File]:
    """The files of all months in which one of these filings has a file."""
    every = list(every)
    months = {file.month for file in every if file.number in numbers}
    return [file for file in every if file.month in months]


def rows(
    settings: Settings, session: SparkSession, relations: Relations, chosen: Iterable[File]
) -> Mapping[str, Callable[[], DataFrame]]:
    """The relations of rows of `internal`, by name as SQL has it, each with the rows of these files alone."""
    chosen = list(chosen)

    def of(*, is_latest: bool) -> Callable[[], DataFrame]:
        paths = [file.path for file in chosen if file.is_latest is is_latest]
        return lambda: _rows(settings, session, relations, paths)

    return {
        f"internal.{lake_rows.LATEST}": of(is_latest=True),
        f"internal.{lake_rows.EARLIER}": of(is_latest=False),
    }


def _rows(settings: Settings, session: SparkSession, relations: Relations, paths: list[Path]) -> DataFrame:
    """What sql/load/lake_row.sql gives of these files. Folders of months are no column of the lake."""
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = from_arrow_schema(DISTRIBUTION.loaded)
    reader = session.read.schema(schema).option("recursiveFileLookup", "true")
    frame = reader.parquet(*map(location, paths)) if paths else session.createDataFrame([], schema)
    frame.createOrReplaceTempView(LAKE)  # what is made of it below keeps to this one
    return session.sql(relations.translated(lake_rows.rows_of(settings.sql, DISTRIBUTION)).query)


def keys(chosen: Iterable[File]) -> pa.Table:
    """One row per file: filing_key, examination_no, month."""
    every = [{name: getattr(file, name) for name in _KEYS.names} for file in chosen]
    return pa.Table.from_pylist(every, _KEYS)
