"""What holds for all tests: the longest files start first, so that no process is left with one at the end."""

from __future__ import annotations

from pathlib import PurePath

import pytest

LONGEST_FIRST = (
    "test_postgres",
    "test_drain",
    "test_publication",
    "test_inbox_to_figures",
    "test_dispatch_dag",
    "test_replay",
    "test_demo_end_to_end",
    "test_killed_intake",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files of LONGEST_FIRST before all others; the rest keep their order."""

    def place(item: pytest.Item) -> int:
        stem = PurePath(item.nodeid.partition("::")[0]).stem
        return LONGEST_FIRST.index(stem) if stem in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=place)
