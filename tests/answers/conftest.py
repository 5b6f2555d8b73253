from __future__ import annotations

from pathlib import Path

import pytest

from answers import figure_office as figures
from answers.filing_office import filled
from warehouse.warehouse_office import Office


@pytest.fixture(scope="session")
def filing_office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """Filings of every state, loaded once; read it only."""
    return filled(tmp_path_factory.mktemp("filings"), empty_work)


@pytest.fixture(scope="session")
def figure_office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """Figures that changed for several causes, loaded once; read it only."""
    return figures.shared(tmp_path_factory, empty_work)
