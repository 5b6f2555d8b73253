"""`make up` for real, in a home whose name is full of signs: it is up, survives the end of its scheduler, and works on.

Once with Airflow's data in SQLite, where a backfill asked for in the UI may end the scheduler (whether it does is a
matter of milliseconds, so that it is ended here by a signal, too), and once in the PostgreSQL that ESEP_DATABASE names.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import airflow_process
from deployment import postgres_cluster
from deployment.test_postgres import Api, until
from esep.orchestration import environment

pytestmark = pytest.mark.slow

ENDED = "make up: this part ended with code -9 and is started again"
HINT = "use bin/esep supervise --since DAY"


@contextmanager
def up(folder: Path, **more: str) -> Iterator[tuple[Api, Path, Path]]:
    """`make up` as a process: its API, what it prints, and the folder of its logs."""
    home, port, reported = folder / "up?a #b%25 [c]", postgres_cluster.free_port(), folder / "reported"
    own = {"ESEP_HOME": str(home), "PORT": str(port), "XDG_CACHE_HOME": str(folder / "caches")}
    with reported.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "esep.orchestration.serve"],
            env=airflow_process.environment(**own, **more),
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    logs = home / ".airflow" / "up" / "logs"
    try:
        until(lambda: process.poll() is not None or "Airflow is up" in reported.read_text(), 180, "up", folder)
        assert process.poll() is None, reported.read_text()
        api = Api(port)
        password = json.loads(environment.password_file(logs.parent).read_text())[environment.USER]
        login = {"username": environment.USER, "password": password}
        api.token = api.call("/auth/token", login)["access_token"]
        yield api, reported, logs
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()
    assert process.returncode == 0, "a stop is no fault"


def runs(api: Api, dag: str, **wanted: str) -> list[dict[str, Any]]:
    found = api.call(f"/api/v2/dags/{dag}/dagRuns?limit=100")["dag_runs"]
    return [run for run in found if all(run[name] == value for name, value in wanted.items())]


def runs_end_well(api: Api, logs: Path, asked: dict[str, Any]) -> None:
    def ended() -> bool:
        (run,) = [run for run in runs(api, asked["dag_id"]) if run["dag_run_id"] == asked["dag_run_id"]]
        assert run["state"] != "failed", run
        return bool(run["state"] == "success")

    until(ended, 420, "the run", logs)


def trigger(api: Api) -> dict[str, Any]:
    answer: dict[str, Any] = api.call("/api/v2/dags/intake/dagRuns", {"logical_date": None})
    return answer


def end_the_scheduler(environment: str) -> None:
    """Kill the scheduler whose home is that of the test, as the fault does that ends it."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"scheduler" in words and environment.encode() in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)
                return
    pytest.fail("no scheduler runs")


def ask_for_a_backfill(api: Api) -> int:
    """As the page of the UI does; the HTTP status."""
    span = {"from_date": "2025-05-15T00:00:00+05:00", "to_date": "2025-05-16T00:00:00+05:00"}
    asked = {"dag_id": "supervision", **span, "max_active_runs": 1}
    more = {"run_backwards": False, "dag_run_conf": {}, "reprocess_behavior": "none"}
    return api.status("/api/v2/backfills", asked | more)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_it_survives_the_end_of_its_scheduler(tmp_path: Path, database: str) -> None:
    if database == "postgresql" and postgres_cluster.binaries() is None:
        pytest.skip("PostgreSQL's server is not installed here (scripts/debian-packages.sh installs it)")
    with ExitStack() as stack:
        more = {}
        if database == "postgresql":
            made = stack.enter_context(postgres_cluster.running("esep", "airflow"))
            more["ESEP_DATABASE"] = f"postgresql://{made.user}:{made.password}@127.0.0.1:{made.port}/{made.database}"
        api, reported, logs = stack.enter_context(up(tmp_path, **more))
        assert (logs.parent / "airflow.db").exists() == (database == "sqlite")
        with ThreadPoolExecutor() as pool:
            asked = list(pool.map(lambda _: trigger(api), range(4)))  # in SQLite they once waited for each other
        for run in asked:
            runs_end_well(api, logs, run)

        end_the_scheduler(f"AIRFLOW_HOME={logs.parent}")
        until(lambda: "is started again" in reported.read_text(), 30, "the scheduler started again", logs)
        assert ENDED in (logs / "scheduler.log").read_text()
        assert (HINT in reported.read_text()) == (database == "sqlite")
        until(api.healthy, 120, "all parts healthy", logs)
        runs_end_well(api, logs, trigger(api))

        answer = ask_for_a_backfill(api)
        assert answer == 200 or (database, answer) == ("sqlite", 503)
        if database == "postgresql":
            until(lambda: bool(runs(api, "supervision", run_type="backfill", state="success")), 240, "backfill", logs)
        else:
            until(api.healthy, 120, "all parts healthy, whatever the backfill did", logs)
