"""What holds for all tests: the heavy ones are marked, the longest files start first, an empty warehouse and the full
demo are made once.
"""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("esep", deadline=None)
hypothesis_settings.load_profile("esep")
"""How long an example takes is the machine's; speed is for `make bench`."""

LONGEST_FIRST = (
    "test_postgres",
    "test_up",
    "test_pages_in_browser",
    "test_figure_change",
    "test_decide_page",
    "test_run_page",
    "test_drain",
    "test_observed",
    "test_publication",
    "test_inbox_to_figures",
    "test_dispatch_dag",
    "test_worked_queries",
    "test_replay",
    "test_demo_end_to_end",
    "test_killed_intake",
)
HEAVY = ("test_postgres", "test_up", "test_celery", "test_pages_in_browser", "test_mounts", "test_observed")
HEAVY += ("test_linear_reading", "test_relations", "test_same_answers", "test_both_engines")
"""Servers in processes of their own, a browser on every page, other disks, doubled sizes: left to `make test-all`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is heavy; order the files of LONGEST_FIRST before all others, the rest keep their order."""
    for item in items:
        if item.path.stem in HEAVY:
            item.add_marker(pytest.mark.heavy)

    def place(item: pytest.Item) -> int:
        stem = PurePath(item.nodeid.partition("::")[0]).stem
        return LONGEST_FIRST.index(stem) if stem in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=place)


@pytest.fixture(scope="session")
def empty_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of a warehouse with nothing in it; making the relations takes a second, copying none."""
    from esep.config import Settings
    from esep.warehouse import work

    settings = Settings(home=tmp_path_factory.mktemp("empty"))
    with work.opened(settings):
        pass
    return work.folder(settings)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the full demo (no supervision), made once for all test processes. Read it only; copy it to change."""
    import filled_demo

    return filled_demo.home_below(filled_demo.shared_folder(tmp_path_factory))
