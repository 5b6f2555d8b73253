"""The parts of filings, worked out by Spark from the lake's Parquet files, month by month.

`warehouse/spark/<relation>/month=YYYY-MM/part.parquet` holds the parts of every examination whose rows are in that
month of the lake. A month is written as a whole, aside, and takes the place of the one before in one rename. The
working file takes the parts in from there, and what asks for figures reads them as ever.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from esep.config import Settings
from esep.warehouse import calls, duckdb_paths, schema
from esep.warehouse.spark import lake, step, tables
from esep.warehouse.spark.engine import Engine, working

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BEYOND, PART = "row_beyond_value", "income_part"
_FILE = "part.parquet"


def refresh_parts(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Work out the months of the filings on the work list anew, and replace their parts in the working file.

    Parts of the filings themselves are gone from there by then. To be called inside a transaction. Raises LoadError
    where lake and manifest do not agree, ExtraError or ClusterError where Spark cannot work.
    """
    source = "from internal.registered semi join internal.filing_to_value using (filing_key)"
    numbers = frozenset(calls.column(connection, "registration_no", source))
    every = lake.files(settings)
    due = lake.of_months(every, numbers)
    if due:
        _work_out(settings, connection, due)
    for relation in (BEYOND, PART):
        _remove_others(_folder(settings, relation), {file.month for file in every})
        _take_in(settings, connection, relation, due)


def _work_out(settings: Settings, connection: duckdb.DuckDBPyConnection, due: list[lake.File]) -> None:
    """Write the months of these files."""
    months = {file.month for file in due}
    with step.opened(settings, connection) as asked, working():
        from pyspark.sql.pandas.types import from_arrow_schema  # here it is known to be installed

        columns = from_arrow_schema(schema.columns_of(connection, f"internal.{BEYOND}"))
        keys = asked.session.createDataFrame(lake.keys(due))
        listed = {"internal.filing_to_value": lambda: keys.select("filing_key").distinct()}
        none = asked.session.createDataFrame([], columns)
        beyond = _row_beyond_value(asked.engine(due, listed | {f"internal.{BEYOND}": lambda: none}), due)
        aside = _written(none if beyond is None else beyond, keys, asked.place / BEYOND)
        _put_in_place(aside, _folder(settings, BEYOND), months)
        paths = [tables.location(path) for path in _files(settings, BEYOND, months)]
        reader = asked.session.read.schema(columns).option("recursiveFileLookup", "true")
        known = reader.parquet(*paths) if paths else none
        engine = asked.engine(due, listed | {f"internal.{BEYOND}": lambda: known})
        aside = _written(engine.frame(f"from internal.income_part_due({_bounds(due)})"), keys, asked.place / PART)
        _put_in_place(aside, _folder(settings, PART), months)


def _row_beyond_value(engine: Engine, due: list[lake.File]) -> DataFrame | None:
    """Hardly ever is a filing worth so much that its rows must be looked at; a rough sum shows it."""
    keys = engine.answer(f"from internal.filing_beyond_value({_bounds(due)})").column("filing_key").to_pylist()
    return engine.frame(f"from internal.row_beyond_value_due({min(keys)}, {max(keys)})") if keys else None


def _bounds(due: Iterable[lake.File]) -> str:
    keys = [file.filing_key for file in due]
    return f"{min(keys)}, {max(keys)}"


def _written(frame: DataFrame, keys: DataFrame, folder: Path) -> Path:
    """Write rows of examinations by the month of their file, each month as one file."""
    with_month = frame.join(keys, ["filing_key", "examination_no"])
    one_each = with_month.repartition("month").sortWithinPartitions("month", "filing_key", "examination_no")
    one_each.write.option("maxRecordsPerFile", 0).partitionBy("month").parquet(f"file://{folder}")
    return folder


def _put_in_place(aside: Path, folder: Path, months: Collection[str]) -> None:
    """Each month as it was written; a month without rows has no file."""
    for month in sorted(months):
        place = folder / f"month={month}" / _FILE
        written = sorted((aside / place.parent.name).glob("*.parquet"))
        if written:
            (path,) = written
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
        else:
            shutil.rmtree(place.parent, ignore_errors=True)


def _remove_others(folder: Path, months: Collection[str]) -> None:
    """Months that the lake has no more: another lake was put in its place."""
    for path in folder.glob("month=*"):
        if path.name.removeprefix("month=") not in months:
            shutil.rmtree(path, ignore_errors=True)


def _take_in(
    settings: Settings, connection: duckdb.DuckDBPyConnection, relation: str, due: Collection[lake.File]
) -> None:
    """Replace the rows of these examinations by those of their months' files."""
    connection.register("due", lake.keys(due))
    connection.execute(
        f"delete from internal.{relation} "  # noqa: S608 - ours
        "where (filing_key, examination_no) in (select (filing_key, examination_no) from due)"
    )
    connection.unregister("due")
    paths = duckdb_paths.parquet(_files(settings, relation, {file.month for file in due}))
    if paths:
        connection.execute(
            f"insert into internal.{relation} by name "
            "from read_parquet(?, hive_partitioning = false) order by filing_key, examination_no",
            [paths],
        )


def _folder(settings: Settings, relation: str) -> Path:
    return tables.folder(settings) / relation


def _files(settings: Settings, relation: str, months: Collection[str]) -> list[Path]:
    paths = (_folder(settings, relation) / f"month={month}" / _FILE for month in sorted(months))
    return [path for path in paths if path.exists()]
