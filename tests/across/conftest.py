from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from across.across_office import AcrossOffice
from esep.config import Settings
from esep.warehouse import work


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> AcrossOffice:
    settings = Settings(home=tmp_path)
    shutil.copytree(empty_work, work.folder(settings))
    return AcrossOffice(settings)
