from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from esep.config import PROJECT, Settings
from esep.warehouse import schema, work
from warehouse.reckoned_office import built, filled
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


@pytest.fixture(scope="session")
def sound_office(tmp_path_factory, empty_work) -> Office:
    office = filled(tmp_path_factory.mktemp("sound") / "home", empty_work)
    built(office)
    return office


@pytest.fixture(scope="session")
def sound_work(sound_office):
    """The working file of the reckoned office, to be read."""
    with work.opened(sound_office.settings) as connection:
        yield connection


@pytest.fixture
def connection(sound_work):
    """The same, to be changed at will: what a test did is rolled back."""
    sound_work.begin()
    yield sound_work
    sound_work.rollback()
