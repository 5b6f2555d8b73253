"""Lineage, logs and metrics of a run through Airflow, by Airflow's own switches; and that they are off by default."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from airflow_process import environment, result_in
from end_to_end import filer
from esep.config import Settings
from esep.failures import log_fields

pytestmark = pytest.mark.slow
NUMBER = "2025-000001"


@dataclass(frozen=True)
class Observed:
    home: Path
    states: dict[str, dict[str, str]]
    events: list[dict[str, object]]
    lines: list[dict[str, object]]
    metrics: set[str]


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    """One run of intake and warehouse with everything switched on, started with the widest umask."""
    home = tmp_path_factory.mktemp("observed") / "home"
    filer.write(filer.Filing(), Settings(home=home).inbox / "good", "2025-04-20T10:00:00+05:00")
    lineage = home.parent / "lineage.jsonl"
    metrics: set[str] = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    metrics.add(server.recv(65535).decode().partition(":")[0])
                except TimeoutError:
                    continue

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            done = subprocess.run(
                [sys.executable, str(Path(__file__).with_name("observed_process.py")), str(home), "0"],
                env=environment(
                    AIRFLOW__OPENLINEAGE__TRANSPORT=json.dumps(
                        {"type": "file", "log_file_path": str(lineage), "append": True}
                    ),
                    AIRFLOW__LOGGING__JSON_LOGS="True",
                    AIRFLOW__METRICS__STATSD_ON="True",
                    AIRFLOW__METRICS__STATSD_HOST="127.0.0.1",
                    AIRFLOW__METRICS__STATSD_PORT=str(server.getsockname()[1]),
                ),
                capture_output=True,
                text=True,
                timeout=300,
                stdin=subprocess.DEVNULL,
            )
        finally:
            over.set()
            listener.join()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    lines = done.stdout.splitlines()
    logged = [json.loads(line) for line in lines if line.startswith("{")]
    events = [json.loads(line) for line in lineage.read_text().splitlines()]
    return Observed(home, result_in(done), events, logged, metrics)


def test_both_dags_ran(observed: Observed) -> None:
    assert observed.states.pop("errors", {}) == {}
    others = {
        name: state for states in observed.states.values() for name, state in states.items() if state != "success"
    }
    assert others == {"examine": "skipped", "batch_letters": "skipped"}, "registration does both for what is few"


def test_lineage_tells_what_was_read_and_written(observed: Observed) -> None:
    reported = {(event["job"]["name"], event["eventType"]) for event in observed.events}  # type: ignore[index]
    assert {("warehouse.refresh", "START"), ("warehouse.refresh", "COMPLETE"), ("warehouse", "COMPLETE")} <= reported
    by_job = {event["job"]["name"]: event for event in observed.events if event["eventType"] == "COMPLETE"}  # type: ignore[index]

    def names(job: str, side: str) -> set[str]:
        home = observed.home.relative_to(Path(observed.home.anchor)).as_posix()
        found = {f"{item['namespace']}{item['name']}" for item in by_job[job][side]}  # type: ignore[attr-defined]
        return {name.partition(home)[2] for name in found}

    assert "/lake" in names("warehouse.refresh", "inputs")
    assert names("warehouse.refresh", "outputs") == {"/warehouse/esep.duckdb"}
    assert names("warehouse.publish_masked", "outputs") == {"/public/esep_masked.duckdb"}
    assert names("intake.register", "outputs") == {"/archive", "/lake"}


def test_lines_about_a_filing_carry_its_number(observed: Observed) -> None:
    carried = {(line["logger"], line["event"]) for line in observed.lines if line.get("registration_no") == NUMBER}
    assert ("esep.orchestration.registering", f"{NUMBER} registered: good") in carried
    assert ("esep.orchestration.tasks", f"{NUMBER} accepted") in carried
    assert ("esep.orchestration.tasks", f"{NUMBER}/A-1 written") in carried
    others = [line for line in observed.lines if str(line["event"]).startswith("DagRun Finished")]
    assert others
    assert not [line for line in others if "registration_no" in line]


def test_metrics_of_tasks_arrive(observed: Observed) -> None:
    for wanted in ("ti.finish.warehouse.refresh.success", "dag.warehouse.refresh.duration", "ti_successes"):
        assert f"airflow.{wanted}" in observed.metrics


def test_nothing_was_left_open_though_the_umask_was(observed: Observed) -> None:
    open_to_others = {
        path.relative_to(observed.home).parts[0]
        for path in observed.home.rglob("*")
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o027
    }
    assert open_to_others == {"public"}


@pytest.mark.parametrize("given", [{}, {"AIRFLOW__OPENLINEAGE__TRANSPORT": ""}])
def test_without_a_transport_lineage_is_silent(tmp_path: Path, given: dict[str, str]) -> None:
    """An empty variable is what docker-compose.yaml gives by default."""
    code = (
        "from airflow.providers.openlineage import conf; from airflow.providers.openlineage.plugins.openlineage "
        "import OpenLineageProviderPlugin as plugin; print(conf.is_disabled(), plugin.listeners)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(AIRFLOW_HOME=str(tmp_path), **given),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.splitlines()[-1:] == ["True []"], done.stdout + done.stderr


def test_fields_end_with_their_block() -> None:
    from structlog.contextvars import get_contextvars

    with log_fields(registration_no=NUMBER):
        with log_fields(letter_no=f"{NUMBER}/R-1"):
            assert get_contextvars() == {"registration_no": NUMBER, "letter_no": f"{NUMBER}/R-1"}
        assert get_contextvars() == {"registration_no": NUMBER}
    assert get_contextvars() == {}
