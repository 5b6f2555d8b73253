"""The home that goldens are taken from, the pages over it, and the end of a run that records them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from esep.config import Settings
from filled_demo import shared_folder
from goldens import golden, golden_home
from goldens.golden_pages import Asking


@pytest.fixture(scope="session")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full demo with letters, supervision, a quality report and a statement. Read it only; copy it to change."""
    return golden_home.home_below(shared_folder(tmp_path_factory), demo_home)


@pytest.fixture
def moment() -> Iterator[None]:
    """While it runs it is the moment at which the home was made."""
    with golden_home.fixed_clock():
        yield


@pytest.fixture(scope="session")
def asking(home: Path) -> Asking:
    return Asking(Settings(home=home))


def pytest_sessionfinish() -> None:
    golden.flush()
