from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from across.across_office import AcrossOffice
from esep.config import Settings
from esep.warehouse import work


@pytest.fixture(scope="session")
def empty_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of a warehouse with nothing in it; making the relations takes a second, copying none."""
    settings = Settings(home=tmp_path_factory.mktemp("empty"))
    with work.opened(settings):
        pass
    return work.folder(settings)


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> AcrossOffice:
    settings = Settings(home=tmp_path)
    shutil.copytree(empty_work, work.folder(settings))
    return AcrossOffice(settings)
