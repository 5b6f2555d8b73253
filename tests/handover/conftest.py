"""An office with filings of two days, and places to hand them over to."""

from __future__ import annotations

from pathlib import Path

import pytest

from esep.config import Settings
from warehouse.warehouse_office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(Settings(home=tmp_path / "home"), live=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "other body"
    place.mkdir()
    return place
