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
    "test_two_workers",
    "test_postgres",
    "test_up",
    "test_pages_in_browser",
    "test_publication",
    "test_inbox_to_figures",
    "test_masked_increment",
    "test_figure_change",
    "test_drain",
    "test_second_reckoning",
    "test_observed",
    "test_notices",
    "test_question_dag",
)
HEAVY = {
    "servers and Airflow in processes of their own": (
        "deployment/test_postgres", "deployment/test_up", "deployment/test_celery", "ops/test_observed",
        "dags/test_drain", "dags/test_dispatch_dag", "dags/test_neighbour_dag", "alarm/test_alarm_through_airflow",
        "alarm/test_housekeeping",
    ),
    "every page, in a browser or as every reader": (
        "browser/test_pages_in_browser", "web/test_nothing_leaks_to_readers", "web/test_viewers_see_no_names",
        "web/test_decide_page", "docs/test_site", "docs/test_worked_queries",
    ),
    "every way of a question, from the inbox to the figures": (
        "end_to_end/test_questions", "end_to_end/test_no_distributions",
    ),
    "ended before each of their steps, and on other disks": (
        "proof/test_killed_records", "ops/test_killed_backup", "handover/test_killed_handover",
        "warehouse/test_publication", "warehouse/test_damaged_files", "proof/test_flipped_bits", "ops/test_mounts",
        "end_to_end/test_odd_home", "store/test_shared_office",
    ),
    "the same figures another way": (
        "spark/test_both_engines", "spark/test_same_answers", "relations/test_relations",
        "warehouse/test_second_reckoning", "supervision/test_replay", "warehouse/test_figure_change",
        "warehouse/test_reference_preview", "ops/test_masked_increment", "ops/test_masked_snapshot",
        "upgrade/test_upgrade", "warehouse/test_older_lake", "spark/test_bad_input",
    ),
    "doubled sizes": (
        "hostile/test_linear_reading",
    ),
}  # fmt: skip
"""What is left to `make test-all`, by what makes it long. Of each kind `make test` keeps the plain case."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is heavy; order the files of LONGEST_FIRST before all others, the rest keep their order."""
    heavy = {name for names in HEAVY.values() for name in names}
    for item in items:
        if f"{item.path.parent.name}/{item.path.stem}" in heavy:
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
