from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from esep.config import Settings
from esep.warehouse import work
from warehouse.warehouse_office import Office


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> Office:
    """An office without filings, in a home of its own."""
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    shutil.copytree(empty_work, work.folder(settings))
    return Office(settings)


@pytest.fixture(params=[0o000, 0o022])
def wide_umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """The process as a careless caller starts it."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def restored_umask() -> Iterator[None]:
    """The umask of before, whatever the test sets."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)
