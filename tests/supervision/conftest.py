"""An office whose filings are registered and examined as they arrive, and supervised day by day."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from esep.config import Settings
from esep.warehouse import work
from supervision.supervised_office import SupervisedOffice


@pytest.fixture(scope="session")
def empty_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of a warehouse with nothing in it; making the relations takes a second, copying none."""
    settings = Settings(home=tmp_path_factory.mktemp("empty"))
    with work.opened(settings):
        pass
    return work.folder(settings)


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> SupervisedOffice:
    settings = Settings(home=tmp_path / "home")
    shutil.copytree(empty_work, work.folder(settings))
    return SupervisedOffice(settings, live=True)
