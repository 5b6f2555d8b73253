"""Another office's DAG, as docs/engineer.md shows it, is run for what Esep published, and knows it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from airflow_process import result_of
from end_to_end import filer
from esep.config import PROJECT

pytestmark = pytest.mark.slow

ESEP = ("esep_lake", "esep_snapshot", "esep_letters")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("neighbour")
    filer.write(filer.Filing(), home / "inbox" / "march", "2025-04-10T10:00:00+05:00")
    april = filer.Filing(month=4, rows=[filer.row(1, distributed_on="05.04.2025")])
    filer.write(april, home / "later", "2025-05-12T10:00:00+05:00")
    page = (PROJECT / "docs" / "engineer.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (folder / "neighbour.py").write_text(example, encoding="utf-8")
    return result_of(str(Path(__file__).with_name("neighbour_process.py")), str(home), str(folder))


def test_it_is_run_once_for_a_publication_and_knows_the_months(done: dict[str, Any]) -> None:
    assert done["errors"] == {}
    assert done["takes"] == [[["2025-03"]], [], [["2025-04"]]], "the second round published nothing"


def test_each_event_says_what_changed_and_there_is_one_of_a_run(done: dict[str, Any]) -> None:
    first, second, third = done["events"]
    for name in ESEP:
        (extra,) = first[name]
        assert extra.pop("published_at").endswith("+05:00")
        assert extra == {
            "registration_nos": ["2025-000001"],
            "pools": [filer.POOL],
            "months": ["2025-03"],
            "more": 0,
        }, name
        assert len(second[name]) == 1, f"{name}: nothing changed, so nothing is announced"
        assert [extra["registration_nos"] for extra in third[name][1:]] == [["2025-000002"]], f"{name}: by batches"


def test_the_names_that_esep_itself_waits_for_are_still_there(done: dict[str, Any]) -> None:
    assert {"filings", "warehouse"} <= set(done["events"][0])


def test_no_event_holds_a_miner(done: dict[str, Any]) -> None:
    said = json.dumps(done["events"], ensure_ascii=False)
    assert filer.POOL in said
    for personal in (filer.MINER_A, filer.BTC_WALLET_A, "Алтын Блок", "Сарыарқа"):
        assert personal not in said
