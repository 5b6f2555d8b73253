from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from esep.config import PROJECT, Settings
from esep.warehouse import schema, work
from warehouse.warehouse_office import Office


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> Office:
    settings = Settings(home=tmp_path)
    shutil.copytree(empty_work, work.folder(settings))
    return Office(settings)


@pytest.fixture(scope="session")
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """All relations in memory with comments and the law's tables, without data; tests clean up what they insert."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Asia/Almaty'")
        schema.create(connection, PROJECT / "sql")
        yield connection
