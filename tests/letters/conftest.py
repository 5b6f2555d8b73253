"""The office that the tests of this folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.letter_office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "home")
