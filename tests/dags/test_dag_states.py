"""Paused DAGs and broken DAG files, as Airflow's tables tell them; nothing where these cannot be reached."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock

from answers import calendar_office as story
from esep import clock
from esep.answers import open_warehouse
from esep.answers.status import IdleDags, status
from esep.cli.main import main
from esep.config import Settings
from esep.orchestration import dag_states, environment

PAUSED = IdleDags(("supervision", "warehouse"), ("intake.py",))


def airflow_database(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("create table dag (dag_id text, is_paused boolean, is_stale boolean)")
        connection.execute("create table import_error (filename text)")
        rows = [("intake", 0, 0), ("warehouse", 1, 0), ("supervision", 1, 0), ("question", 1, 1), ("rates", 1, 0)]
        connection.executemany("insert into dag values (?, ?, ?)", rows)
        connection.execute("insert into import_error values ('/opt/esep/dags/intake.py')")
    connection.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_needed_dags_that_are_paused_and_files_that_are_broken_are_told(settings: Settings, tmp_path: Path) -> None:
    """A DAG that an office switches on, and one whose file is gone, are none of them."""
    airflow_database(tmp_path / "airflow.db")
    url = environment.sqlite(tmp_path / "airflow.db")
    assert dag_states.reachable(settings, {environment.DATABASE_CONNECTION: url}) == PAUSED


def test_the_database_of_make_up_counts_only_while_it_runs(settings: Settings) -> None:
    home = environment.airflow_home(settings, "up")
    assert dag_states.reachable(settings, {}) is None
    airflow_database(home / "airflow.db")
    assert dag_states.reachable(settings, {}) is None
    with FileLock(home / "up.lock"):
        assert dag_states.reachable(settings, {}) == PAUSED
    assert dag_states.reachable(settings, {}) is None


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "nonsense", "postgresql+psycopg2://a:b@127.0.0.1:1/x"])
def test_nothing_is_guessed_of_tables_that_cannot_be_read(settings: Settings, url: str) -> None:
    assert dag_states.reachable(settings, {environment.DATABASE_CONNECTION: url}) is None


def test_an_empty_database_says_nothing(settings: Settings, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    url = environment.sqlite(tmp_path / "empty.db")
    assert dag_states.reachable(settings, {environment.DATABASE_CONNECTION: url}) is None


def test_status_names_them_and_ends_with_1(tmp_path: Path, empty_work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = story.fill(tmp_path / "calendar", empty_work)
    monkeypatch.setattr(clock, "now", lambda: story.TODAY)
    airflow_database(tmp_path / "airflow.db")
    given = {"ESEP_HOME": str(office.settings.home), "ESEP_LANGUAGE": "en"}

    def run(*arguments: str, **more: str) -> str:
        return CliRunner().invoke(main, ["status", *arguments], env=given | more).output

    connected = {environment.DATABASE_CONNECTION: environment.sqlite(tmp_path / "airflow.db")}
    said = " ".join(run(**connected).split())
    assert "Paused DAGs: 2 supervision: paused in Airflow" in said
    assert "DAG files that cannot be imported: 1 intake.py" in said
    assert "Paused" not in run()
    listed = json.loads(run("--json", **connected))
    assert (listed["paused_dags"], listed["broken_dag_files"]) == (["supervision", "warehouse"], ["intake.py"])
    assert json.loads(run("--json"))["paused_dags"] is None
    with open_warehouse(office.settings) as connection:
        calm = replace(
            status(connection, office.settings, story.TODAY), failures=(), refused_files=(), letters=(), damages=()
        )
    calm = replace(calm, inbox=replace(calm.inbox, items=()), backlog=replace(calm.backlog, unloaded=()))
    assert [replace(calm, idle_dags=idle).has_failed for idle in (None, IdleDags((), ()), PAUSED)] == [
        False, False, True,
    ]  # fmt: skip
