"""Other programs open a table of the lake as it is, by the very lines of docs/analyst.md, and add up the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet
import pytest

from docs.docs_site import DOCS
from esep.config import PROJECT, Settings
from esep.lake import files as lake_files
from esep.lake.schema import DISTRIBUTION, LATER
from esep.warehouse import load
from esep.warehouse.spark import session
from esep.warehouse.spark.errors import ExtraError
from proof.proved_office import fill, flip
from warehouse.warehouse_office import NOW, Office, row

PAGE = (DOCS / "analyst.md").read_text(encoding="utf-8")
LINES = dict(re.findall(r"^\| (\w+) \| `(.*lake/distribution.*)` \|$", PAGE, re.MULTILINE))
MONTHS = {"2025-01", "2025-02", "unknown"}
Opened = tuple[int, Decimal, set[str]]
"""Rows, sum of their quantities, values of the key."""


def of_pandas(frame: Any) -> Opened:
    return len(frame), sum(frame["quantity"].dropna(), Decimal(0)), set(frame["month"])


def of_pyarrow(dataset: Any) -> Opened:
    table = dataset.to_table(columns=["quantity", "month"])
    return len(table), sum(filter(None, table["quantity"].to_pylist()), Decimal(0)), set(table["month"].to_pylist())


def of_polars(frame: Any) -> Opened:
    found = frame.collect()
    return len(found), found["quantity"].sum(), set(found["month"])


def of_duckdb(relation: Any) -> Opened:
    count, total, months = relation.aggregate("count(*), sum(quantity), list(distinct month)").fetchall()[0]
    return count, total, set(months)


READERS: dict[str, Callable[[Any], Opened]] = {
    "pandas": of_pandas,
    "pyarrow": of_pyarrow,
    "polars": of_polars,
    "DuckDB": of_duckdb,
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Path:
    """With examinations made again, one of which nobody could read the month, an older file, and one half written.

    The older file lacks the columns of LATER and is the first one that a reader meets.
    """
    home = tmp_path_factory.mktemp("readers") / "home"
    office = fill(home, empty_work)
    rows = [row(None, quantity="0.123456789012345678"), row("2025-01-06", quantity=None, quantity_text="1,x")]
    office.file("2025-03-13", rows, pool=None, period=None, verdict="refused")
    load.load(office.settings, NOW)
    first = min((home / "lake" / "distribution").rglob("*.parquet"))
    older = pyarrow.parquet.ParquetFile(first).read()
    pyarrow.parquet.write_table(older.drop_columns([name for name in LATER if name in older.column_names]), first)
    path = lake_files.path_of(DISTRIBUTION, None, "2025-000009", 1)
    lake_files.write_aside(office.settings, DISTRIBUTION, DISTRIBUTION.arrow_schema.empty_table(), path)
    return home / "lake"


def expected(lake: Path) -> tuple[int, Decimal]:
    rows = [
        one
        for path in lake.glob("distribution/*/*.parquet")
        for one in pyarrow.parquet.ParquetFile(path).read(columns=["quantity"]).to_pylist()
    ]
    return len(rows), sum((one["quantity"] for one in rows if one["quantity"] is not None), Decimal(0))


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_opens_the_folder_by_the_line_of_the_page(
    lake: Path, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lake.parent)
    line = LINES[reader]
    packages = {"pandas": pandas, "polars": polars, "pyarrow": pyarrow}
    opened = duckdb.sql(line) if reader == "DuckDB" else eval(line, packages)
    assert READERS[reader](opened) == (*expected(lake), MONTHS)


SPARK_READER = """
import json, sys
from decimal import Decimal
from pathlib import Path
from esep.config import Settings
from esep.warehouse.spark import session
with session.kept():
    spark = session.opened(Settings(home=Path(sys.argv[2])))
    found = eval(sys.argv[1], {"spark": spark}).select("quantity", "month").toArrow().to_pydict()
total = sum((quantity for quantity in found["quantity"] if quantity is not None), Decimal(0))
print(json.dumps([len(found["month"]), str(total), sorted(set(found["month"]))]))
"""


@pytest.mark.heavy
def test_spark_opens_the_folder_as_it_is(lake: Path) -> None:
    try:
        session.require_installed()
    except ExtraError as error:
        pytest.skip(str(error))
    # In a process of its own: another test of this one may have started Java with settings of its own.
    done = subprocess.run(
        [sys.executable, "-c", SPARK_READER, LINES["Spark"], str(lake.parent)],
        env=os.environ | {"PYTHONPATH": str(PROJECT / "plugins")},
        cwd=lake.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    count, total, months = json.loads(done.stdout.splitlines()[-1])
    assert (count, Decimal(total), set(months)) == (*expected(lake), MONTHS)


@pytest.mark.parametrize("table", ["filing", "finding"])
def test_the_other_tables_open_as_well(lake: Path, table: str) -> None:
    counts = {
        len(pandas.read_parquet(lake / table)),
        pyarrow.dataset.dataset(lake / table, partitioning="hive").count_rows(),
        len(polars.read_parquet(lake / table, missing_columns="insert")),
        len(duckdb.sql(f"from read_parquet('{lake / table}/*/*.parquet', union_by_name = true)")),
    }
    assert len(counts) == 1


def test_the_page_is_right_about_later_columns_and_what_is_in_force(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lake.parent)
    newer = pyarrow.parquet.read_schema(max(lake.glob("distribution/month=2025-02/*.parquet")))
    assert "source" not in pandas.read_parquet("lake/distribution").columns
    assert "source" in pandas.read_parquet("lake/distribution", schema=newer).columns
    assert duckdb.sql(f"select count(source) from ({LINES['DuckDB']})").fetchall() == [(expected(lake)[0] - 1,)]
    [query] = [block for block in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL) if "manifest" in block]
    assert duckdb.sql(query).fetchall() == [(Decimal("5.5"),)], "2.5 of the second examination, and 3"


def test_one_changed_bit_is_refused_by_a_reader_that_checks_pages(tmp_path: Path) -> None:
    office = Office(Settings(home=tmp_path))
    office.file("2025-02-11", [row("2025-01-06", quantity=f"{number}.5") for number in range(1, 200)])
    [path] = (tmp_path / "lake" / "distribution").rglob("*.parquet")
    sound = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True).read()
    group = pyarrow.parquet.ParquetFile(path).metadata.row_group(0)
    for number in range(group.num_columns):
        column = group.column(number)
        content = path.read_bytes()
        first = column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
        flip(path, 8 * (first + column.total_compressed_size - 1))
        with pytest.raises((OSError, pyarrow.ArrowException), match=r"(?i)checksum|crc"):
            pyarrow.parquet.ParquetFile(path, page_checksum_verification=True).read(columns=[column.path_in_schema])
        path.write_bytes(content)
    assert pyarrow.parquet.ParquetFile(path, page_checksum_verification=True).read().equals(sound)
