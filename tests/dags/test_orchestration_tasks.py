"""The tasks' own glue: batches, the places where runs keep their data, secrets, the quiet terminal."""

from __future__ import annotations

import io
import json
import logging
import os
import stat
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from esep import clock
from esep.config import PROJECT, Settings
from esep.orchestration import common, environment, tasks
from esep.orchestration.terminal import listening


@given(
    st.lists(st.uuids().map(str), unique=True, max_size=600),
    st.integers(1, 40),
    st.integers(1, 12),
)
def test_batches_lose_nothing_keep_the_order_and_stay_few(numbers: list[str], size: int, limit: int) -> None:
    batches = tasks.cut(numbers, size, limit)
    assert [number for batch in batches for number in batch] == numbers
    assert all(batches), "no batch is empty"
    assert len(batches) <= limit
    assert len(batches) <= -(-len(numbers) // size), "no more batches than the size asks for"


def test_no_filings_make_no_batch() -> None:
    assert tasks.cut([]) == []


@pytest.mark.parametrize(
    ("run_type", "day"),
    [("scheduled", date(2026, 3, 2)), ("asset_triggered", date(2026, 3, 2)), ("manual", None)],
)
def test_a_run_by_hand_is_no_sweep(run_type: str, day: date | None) -> None:
    context = {"dag_run": SimpleNamespace(run_type=run_type)}
    assert common.sweep_day(context, datetime(2026, 3, 1, 20, 0, tzinfo=UTC)) == day


def test_an_error_is_logged_under_its_step_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ZeroDivisionError), common.reported("load"):
        _ = 1 // 0
    assert "load failed: integer division or modulo by zero" in caplog.text


def test_settings_survive_the_way_through_the_environment(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "with space",
        inbox_settle_seconds=0.25,
        reader_memory_bytes=123_456_789,
        reader_seconds=7.5,
        findings_cap=11,
        expectations=tmp_path / "rules",
    )
    variables = environment.variables(settings, tmp_path)
    assert Settings.from_environment(variables) == settings


def test_another_airflow_does_not_leak_in() -> None:
    cleaned = environment.cleaned(
        {
            "AIRFLOW_HOME": "/elsewhere",
            "AIRFLOW_CONFIG": "/elsewhere/airflow.cfg",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://elsewhere",
            "PATH": "/bin",
            "PYTHONPATH": "/mine",
        }
    )
    assert cleaned == {"PATH": "/bin", "PYTHONPATH": f"{PROJECT / 'plugins'}{os.pathsep}/mine"}


def test_running_and_serving_keep_apart(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert environment.airflow_home(settings, "run") != environment.airflow_home(settings, "up")


def test_local_secrets_are_random_stable_and_the_owners_alone(tmp_path: Path) -> None:
    first, again, other = (environment.kept_secrets(tmp_path / name) for name in ("a", "a", "b"))
    assert first == again
    assert not set(first.values()) & set(other.values())
    assert all(len(value) >= 32 for value in first.values())
    password = environment.password_file(tmp_path / "a")
    assert len(json.loads(password.read_text())[environment.USER]) >= 16
    for path in (password, tmp_path / "a" / "secrets.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_owner_only_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("kept")
    with pytest.raises(FileExistsError):
        environment.write_owner_only(tmp_path / "x", "other")
    assert (tmp_path / "x").read_text() == "kept"


def test_output_goes_to_the_log_and_the_console_stays(tmp_path: Path) -> None:
    """In a process of its own: what it prints, and what its children print, is kept off the terminal."""
    script = """
import subprocess, sys
from pathlib import Path
from rich.console import Console
from esep.orchestration.terminal import output_to
console = Console()
with output_to(Path(sys.argv[1]), console):
    print("from print")
    print("from stderr", file=sys.stderr)
    subprocess.run([sys.executable, "-c", "print('from a child')"])
    console.print("for people")
print("afterwards")
"""
    log = tmp_path / "logs" / "x.log"
    done = subprocess.run(
        [sys.executable, "-c", script, str(log)],
        env=os.environ | {"PYTHONPATH": str(PROJECT / "plugins")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split("\n") == ["for people", "afterwards", ""]
    assert done.stderr == ""
    assert all(text in log.read_text() for text in ("from print", "from stderr", "from a child"))


def test_the_listener_hears_esep_and_keeps_the_errors() -> None:
    reported: list[str] = []
    with listening(reported.append) as listener:
        logging.getLogger("esep.anything").info("2025-000001 accepted")
        logging.getLogger("esep.anything").error("load failed: %s", "why")
        logging.getLogger("other").error("not ours")
    logging.getLogger("esep.anything").error("too late")
    assert reported == ["2025-000001 accepted", "load failed: why"]
    assert listener.errors == ["load failed: why"]


def test_the_report_tells_what_needs_a_person(tmp_path: Path) -> None:
    from esep.orchestration.run_report import Failure, Left, RunReport, print_report

    report = RunReport(
        registered=["2025-000001", "2025-000002"],
        duplicates=[("again.zip", "2025-000001")],
        examined={"2025-000001": "accepted", "2025-000002": "refused"},
        left=[Left("late.zip", "it was changed a moment ago")],
        refused_reference=[{"name": "price.csv", "problems": ["line 3: price [-1] is not positive"]}],
        failures=[Failure("warehouse", "load", ("load failed: disk full",))],
        log=tmp_path / "run.log",
    )
    text = io.StringIO()
    print_report(report, Settings(home=tmp_path), Console(file=text, width=100))
    for expected in (
        "2025-000001 … 2025-000002",
        "late.zip: it was changed a moment ago",
        "line 3: price [-1] is not positive",
        "task load of DAG warehouse",
        "disk full",
        "nothing published yet",
        str(tmp_path / "run.log"),
    ):
        assert expected in text.getvalue()
    assert not report.ok
    assert RunReport(examined={"2025-000002": "refused"}, left=report.left).ok, "a refusal is no fault of the run"


@pytest.mark.parametrize(("waiting", "at_once"), [(0, False), (1, True), (26, False)])
def test_what_is_few_is_examined_at_once(
    waiting: int, at_once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"2025-{serial:06}" for serial in range(1, waiting + 1)]
    monkeypatch.setattr(tasks, "register", lambda *_: {"registered": [], "examined": ["2024-000001"]})
    monkeypatch.setattr(tasks, "unexamined", lambda _: numbers)
    monkeypatch.setattr(tasks, "examine", lambda _settings, _now, few: dict.fromkeys(few, "accepted"))
    done = tasks.take_in(Settings(home=tmp_path), clock.now)
    assert done["verdicts"] == ({numbers[0]: "accepted"} if at_once else {})
    assert done["examined"] == ["2024-000001", *done["verdicts"]]


def test_what_cannot_be_examined_at_once_is_left_for_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> dict[str, str]:
        raise OSError("disk full")

    monkeypatch.setattr(tasks, "register", lambda *_: {"registered": [{"number": "2025-000001"}], "examined": []})
    monkeypatch.setattr(tasks, "unexamined", lambda _: ["2025-000001"])
    monkeypatch.setattr(tasks, "examine", fails)
    done = tasks.take_in(Settings(home=tmp_path), clock.now)
    assert (len(done["registered"]), done["examined"], done["verdicts"]) == (1, [], {})
