"""What every DAG of the project has to have, and what reading a DAG file must not cost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from airflow_process import result_of
from esep.config import PROJECT

TIMETABLES = {
    "annual_statement": "CronTriggerTimetable",
    "decision": "NullTimetable",
    "digest": "CronTriggerTimetable",
    "dispatch": "NullTimetable",
    "handover": "CronTriggerTimetable",
    "mail_intake": "CronTriggerTimetable",
    "quality_report": "CronTriggerTimetable",
    "rates": "CronTriggerTimetable",
    "question": "NullTimetable",
    "supervision": "CronTriggerTimetable",
}
"""DAGs that no event wakes: a person or another DAG starts them, or the clock alone."""
HEAVY = ("pandas", "great_expectations", "duckdb", "pyarrow", "numpy", "openpyxl")

LOOK = """
import json, sys
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import Asset, AssetAlias
{before}
bag = DagBag(Path(sys.argv[1]))
print("RESULT " + json.dumps({{
    "errors": {{str(path): str(error) for path, error in bag.import_errors.items()}},
    "heavy": [name for name in {heavy!r} if name in sys.modules],
    "dags": {{
        name: {{
            "doc_md": dag.doc_md,
            "shown": dag.dag_display_name,
            "helps": {{param: dag.params.get_param(param).description for param in dag.params}},
            "titles": {{param: dag.params.get_param(param).schema.get("title") for param in dag.params}},
            "tags": sorted(dag.tags),
            "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs,
            "timetable": type(dag.timetable).__name__,
            "tasks": {{
                task.task_id: {{
                    "owner": task.owner,
                    "shown": task.task_display_name,
                    "retries": task.retries,
                    "pool": task.pool,
                    "mapped": task.is_mapped,
                    "downstream": sorted(task.downstream_task_ids),
                    "outlets": [one.name for one in task.outlets if isinstance(one, (Asset, AssetAlias))],
                }}
                for task in dag.tasks
            }},
        }}
        for name, dag in bag.dags.items()
    }},
}}))
"""


def read_dags(home: Path, before: str = "", language: str = "") -> dict[str, Any]:
    """The DAG files as a fresh Airflow process reads them. `before` runs first, after Airflow's own import."""
    return result_of(
        "-c",
        LOOK.format(heavy=HEAVY, before=before),
        str(PROJECT / "dags"),
        ESEP_LANGUAGE=language,
        AIRFLOW_HOME=str(home),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__PLUGINS_FOLDER=str(PROJECT / "plugins"),
    )


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return read_dags(tmp_path_factory.mktemp("airflow"))


def test_every_dag_file_can_be_read(look: dict[str, Any]) -> None:
    assert look["errors"] == {}
    assert {"intake", "warehouse"} <= set(look["dags"])
    files = {path.stem for path in (PROJECT / "dags").glob("*.py")}
    assert files == set(look["dags"]), "one DAG a file, named like it"


def test_reading_dag_files_imports_nothing_heavy(look: dict[str, Any]) -> None:
    assert look["heavy"] == []


def test_a_heavy_import_would_be_seen(tmp_path: Path) -> None:
    assert "pandas" in read_dags(tmp_path, before="import pandas")["heavy"]


def test_every_dag_says_what_it_is_and_never_catches_up(look: dict[str, Any]) -> None:
    for name, dag in look["dags"].items():
        assert len(dag["doc_md"] or "") > 200, name
        assert "esep" in dag["tags"], name
        assert dag["catchup"] is False, name
        waits = name in ("dispatch", "question")
        assert dag["max_active_runs"] == 1 or waits, f"{name}: only letters and questions wait side by side"
        wanted = TIMETABLES.get(name, "AssetOrTimeSchedule")
        assert dag["timetable"] == wanted, f"{name}: an event may be lost, a sweep must stand beside it"


def names_shown(look: dict[str, Any]) -> dict[str, str]:
    """By DAG and by DAG and task."""
    found = {name: dag["shown"] for name, dag in look["dags"].items()}
    for name, dag in look["dags"].items():
        found |= {f"{name}.{task_id}": task["shown"] for task_id, task in dag["tasks"].items()}
    return found


def test_airflows_pages_have_names_in_the_offices_language(look: dict[str, Any], tmp_path: Path) -> None:
    """Russian without ESEP_LANGUAGE; ids stay in all of them."""
    russian = names_shown(look)
    kazakh, english, unknown = (names_shown(read_dags(tmp_path, language=one)) for one in ("kk", "en", "de"))
    assert russian.keys() == kazakh.keys() == english.keys()
    assert unknown == russian, "a DAG is parsed whatever is set"
    assert (russian["rates"], english["rates"]) == ("Курсы Национального Банка", "Rates of the National Bank")
    assert kazakh["intake.register"] == "Тіркеу"
    for name, words in russian.items():
        assert len({words, kazakh[name], english[name]}) == 3, f"{name}: a language lacks its name"
        assert words != name.rpartition(".")[2], name


def test_every_field_of_a_runs_form_has_a_title(look: dict[str, Any]) -> None:
    for name, dag in look["dags"].items():
        assert all(dag["titles"].values()), name


def test_every_field_of_a_runs_form_is_explained_in_the_offices_language(look: dict[str, Any], tmp_path: Path) -> None:
    """Title and help; a title may be the same in two languages, a help may not."""
    russian, kazakh, english = look, *(read_dags(tmp_path, language=one) for one in ("kk", "en"))
    for name, dag in russian["dags"].items():
        for field, words in dag["helps"].items():
            others = (kazakh["dags"][name]["helps"][field], english["dags"][name]["helps"][field])
            assert len({words, *others}) == 3, f"{name}.{field}"
            assert dag["titles"][field] != english["dags"][name]["titles"][field], f"{name}.{field}"
    assert sum(len(dag["helps"]) for dag in russian["dags"].values()) >= 30


def test_every_task_has_an_owner_and_retries(look: dict[str, Any]) -> None:
    for name, dag in look["dags"].items():
        for task_id, task in dag["tasks"].items():
            assert task["owner"] == "esep", f"{name}.{task_id}"
            assert task["retries"] >= 1, f"{name}.{task_id}"


def test_the_documentation_names_every_task(look: dict[str, Any]) -> None:
    for name, dag in look["dags"].items():
        for task_id in dag["tasks"]:
            assert f"`{task_id}`" in dag["doc_md"], f"{name}: {task_id}"


def test_all_writers_of_the_warehouse_share_one_pool(look: dict[str, Any]) -> None:
    pools = {task_id: task["pool"] for task_id, task in look["dags"]["warehouse"]["tasks"].items()}
    assert pools.pop("publish_masked") == "default_pool", "it reads what is published, and writes a file of its own"
    assert set(pools.values()) == {"warehouse_writer"}
    assert {task["pool"] for task in look["dags"]["intake"]["tasks"].values()} == {"default_pool"}


def test_intake_examines_in_batches_and_wakes_the_warehouse(look: dict[str, Any]) -> None:
    tasks = look["dags"]["intake"]["tasks"]
    assert tasks["examine"]["mapped"]
    both = ["filings_changed", "esep_changed"]
    assert tasks["register"]["outlets"] == tasks["summary"]["outlets"] == both
    refresh = look["dags"]["warehouse"]["tasks"]["refresh"]
    assert refresh["outlets"] == ["esep_changed"], "it wakes the queue of questions, where it published"
    fallible = ("register", "batches", "examine", "batch_letters", "letters")
    # The last task decides about the run: it must see a failure of each task that can leave something behind.
    assert all("outcome" in tasks[task_id]["downstream"] for task_id in fallible)
    assert tasks["batch_letters"]["mapped"]
    assert tasks["batch_letters"]["downstream"] == ["letters", "outcome"], (
        "what a batch leaves is reported by the sweep"
    )
    assert tasks["letters"]["downstream"] == ["outcome"], "the warehouse does not wait for letters"


def test_the_library_is_kept_out_of_airflows_search_for_plugins(tmp_path: Path) -> None:
    """Airflow imports every module below plugins/ that .airflowignore does not name, commands included.

    The plugin itself imports nothing of it before it is asked for a page.
    """
    script = (
        "import sys; from airflow.plugins_manager import ensure_plugins_loaded as find; find(); "
        "print('RESULT', sorted(name for name in sys.modules if name.startswith('esep.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ
        | {
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
            "PYTHONPATH": str(PROJECT / "plugins"),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "RESULT []" in done.stdout, done.stdout + done.stderr


def test_the_library_imports_without_airflow() -> None:
    """All but what is Airflow's own kind: triggers, assets, lineage, and the pages, which Airflow serves."""
    script = """
import importlib, pkgutil, sys
import esep
sys.modules["airflow"] = None
own = {"esep.orchestration." + name for name in ("triggers", "assets", "executor", "operators", "notifier")}
names = [m.name for m in pkgutil.walk_packages(esep.__path__, "esep.") if not m.name.endswith("__main__")]
for name in names:
    if name not in own and not name.startswith("esep.web"):
        importlib.import_module(name)
print("RESULT", len(names))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(PROJECT / "plugins")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "RESULT" in done.stdout, done.stderr
