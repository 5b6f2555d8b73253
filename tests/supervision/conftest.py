"""An office whose filings are registered and examined as they arrive, and supervised day by day."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from esep.config import Settings
from esep.warehouse import work
from supervision.supervised_office import SupervisedOffice


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> SupervisedOffice:
    settings = Settings(home=tmp_path / "home")
    shutil.copytree(empty_work, work.folder(settings))
    return SupervisedOffice(settings, live=True)
