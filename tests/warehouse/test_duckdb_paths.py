"""Paths with signs that DuckDB reads otherwise: exactly the named files are read, and databases can be written."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.warehouse import duckdb_paths
from esep.warehouse.errors import WarehouseError

NAMES = st.text(st.sampled_from("?*[]!-{},'\"ab #%:~"), min_size=1, max_size=6)


def write(path: Path, value: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute("copy (select $value as a) to $path (format parquet)", {"value": value, "path": str(path)})


@settings(max_examples=60, deadline=None)
@given(name=NAMES, inner=NAMES)
def test_exactly_the_named_file_is_read(tmp_path_factory: pytest.TempPathFactory, name: str, inner: str) -> None:
    folder = tmp_path_factory.mktemp("names")
    path = folder / name / f"{inner}.parquet"
    write(path, 1)
    for sibling in ("a", "ab", "b", "aab", "?", "*"):  # what a pattern would find as well
        for file in ("a", "b", "ab", "?"):
            other = folder / sibling / f"{file}.parquet"
            if other != path:
                other.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, other)
    source = "read_parquet(?, hive_partitioning = false, filename = true)"
    found = duckdb.execute(f"select filename from {source}", [duckdb_paths.parquet([path])]).fetchall()
    assert found == [(str(path),)]


def test_a_missing_file_is_not_replaced_by_one_that_is_like_it(tmp_path: Path) -> None:
    write(tmp_path / "home-a" / "x.parquet", 1)
    with pytest.raises(duckdb.IOException, match="No files found"):
        duckdb.execute("from read_parquet(?)", [duckdb_paths.parquet([tmp_path / "home?a" / "x.parquet"])])


def test_a_backslash_is_part_of_a_name(tmp_path: Path) -> None:
    write(tmp_path / "a\\b" / "x.parquet", 1)
    (named,) = duckdb_paths.parquet([tmp_path / "a\\b" / "x.parquet"])
    assert duckdb.execute("from read_parquet(?)", [named]).fetchall() == [(1,)]
    with pytest.raises(WarehouseError, match="a backslash and one of"):
        duckdb_paths.parquet([tmp_path / "a\\b" / "x?.parquet"])


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(duckdb_paths.CACHE, str(tmp_path / "caches"))
    return tmp_path / "caches"


@pytest.mark.parametrize("name", ["home", "ho?me", "h?o?me?", "h#o%3Fme", "h*[o]'me", "h?\udcff"])
def test_a_database_can_be_written_and_is_found_again(tmp_path: Path, caches: Path, name: str) -> None:
    folder = tmp_path / name / "work"
    for number in (1, 2):
        with duckdb.connect(str(duckdb_paths.prepare(folder) / "x.duckdb")) as connection:
            connection.execute("create table if not exists t (a integer)")
            connection.execute("insert into t values (1)")
            assert connection.execute("select count(*) from t").fetchall() == [(number,)]
    assert caches.exists() == ("?" in name)
    assert "?" in name or duckdb_paths.writable(folder) == folder
    with duckdb.connect() as connection:
        duckdb_paths.attach(connection, duckdb_paths.writable(folder) / "x.duckdb", "reported")
        assert connection.execute("select count(*) from reported.t").fetchall() == [(2,)]


def test_a_new_folder_and_a_copy_begin_with_nothing(tmp_path: Path, caches: Path) -> None:
    folder = tmp_path / "a?b"
    first = duckdb_paths.prepare(folder)
    (first / "x").write_text("of the first")
    assert duckdb_paths.prepare(folder) == first
    shutil.copytree(folder, tmp_path / "copy?")
    assert duckdb_paths.prepare(tmp_path / "copy?") != first
    shutil.rmtree(folder)  # by hand, so that what lies elsewhere stays
    assert duckdb_paths.prepare(folder) != first
    duckdb_paths.remove(folder)
    assert not folder.exists()
    assert len(list(caches.glob("esep/*"))) == 2


def test_nowhere_to_write_is_reported_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(duckdb_paths.CACHE, str(tmp_path / "what?"))
    with pytest.raises(WarehouseError, match="Set XDG_CACHE_HOME to a folder without one"):
        duckdb_paths.prepare(tmp_path / "a?b")
