"""The deployment of docker-compose.yaml without an engine: its environment and commands, run natively on PostgreSQL.

What the compose file says is taken from it, with the services' names and the container's folders replaced by localhost
and folders of the test. Proves: set-up (twice), login with a password only, the pool, and that a package dropped into
the inbox reaches the published warehouse by events alone (the time it took is printed).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deployment import compose_file, postgres_cluster
from deployment.test_compose import SERVICES
from end_to_end import filer
from esep.clock import TIMEZONE
from esep.config import PROJECT, Settings
from esep.office import events

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        postgres_cluster.binaries() is None,
        reason="PostgreSQL's server is not installed here (scripts/debian-packages.sh installs it)",
    ),
]

SETTLE_SECONDS = 2
LIMIT_SECONDS = 170
"""Less than the five minutes of the sweep, so that only the events can have done it; a minute on an idle machine."""
PARTS = ("api-server", "scheduler", "dag-processor", "triggerer")
ADMIN = {"username": "admin", "password": "a-password-of-this-test-only"}


def native_environment(folder: Path, cluster: postgres_cluster.Cluster, port: int) -> dict[str, str]:
    """The compose file's environment for Airflow, with containers' names and folders replaced by this machine's."""
    values = {
        "POSTGRES_PASSWORD": cluster.password,
        "REDIS_PASSWORD": "unused",
        "ESEP_FERNET_KEY": "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
        "ESEP_API_SECRET_KEY": "of this test only, of this test only",
        "ESEP_JWT_SECRET": "for nothing but this test, for nothing but this test",
        "ESEP_ADMIN_USER": ADMIN["username"],
        "ESEP_ADMIN_PASSWORD": ADMIN["password"],
        "ESEP_ADMIN_EMAIL": "admin@localhost.localdomain",
        "ESEP_INBOX_SETTLE_SECONDS": str(SETTLE_SECONDS),
    }
    assert compose_file.required() <= set(values)
    taken: dict[str, str] = compose_file.interpolated(SERVICES["init"]["environment"], values)
    del taken["ESEP_UID"]
    replaced = {
        "@postgres:5432/": f"@127.0.0.1:{cluster.port}/",
        "http://api-server:8080/": f"http://127.0.0.1:{port}/",
        "http://localhost:8080": f"http://127.0.0.1:{port}",
        "/opt/esep/": f"{PROJECT}/",
    }
    for name, value in taken.items():
        for old, new in replaced.items():
            value = value.replace(old, new)
        taken[name] = value
    taken |= {
        "ESEP_HOME": str(folder / "data"),
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT / "plugins"),
    }
    return {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ESEP"))} | taken


def command(service: str) -> list[str]:
    """The service's command; logs are read from disk here, so that no part opens a port beyond localhost."""
    words = [word.replace("/opt/esep/", f"{PROJECT}/") for word in SERVICES[service]["command"]]
    return words + (["--skip-serve-logs"] if service in ("scheduler", "triggerer") else [])


@contextmanager
def started(name: str, words: list[str], environment: dict[str, str], logs: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own session until the end of the block; what it prints is in `logs`, in a file of its name."""
    with (logs / f"{name}.log").open("wb") as output:
        process = subprocess.Popen(
            words,
            env=environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Api:
    """Airflow's public interface."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.token = ""

    def call(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def status(self, path: str, body: dict[str, Any] | None = None) -> int:
        try:
            self.call(path, body)
        except urllib.error.HTTPError as error:
            return error.code
        return 200

    def log_in(self) -> None:
        self.token = self.call("/auth/token", ADMIN)["access_token"]

    def healthy(self) -> bool:
        with suppress(OSError, ValueError):
            parts = self.call("/api/v2/monitor/health")
            return all(
                (parts.get(part) or {}).get("status") == "healthy"
                for part in ("metadatabase", "scheduler", "triggerer", "dag_processor")
            )
        return False


def until(condition: Any, seconds: float, what: str, logs: Path) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.5)
    tails = "\n".join(f"{path.name}: {path.read_text(errors='replace')[-1500:]}" for path in logs.glob("*.log"))
    pytest.fail(f"{what}: not within {seconds:.0f} s\n{tails}")


def test_the_deployment_works_on_postgresql(tmp_path: Path) -> None:
    database = SERVICES["postgres"]["environment"]
    with ExitStack() as stack:
        cluster = stack.enter_context(postgres_cluster.running(database["POSTGRES_USER"], database["POSTGRES_DB"]))
        port = postgres_cluster.free_port()
        environment = native_environment(tmp_path, cluster, port)
        logs = tmp_path / "logs"
        logs.mkdir()
        for _ in range(2):  # every start runs the set-up again
            done = subprocess.run(
                command("init"), env=environment, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL
            )
            assert done.returncode == 0, done.stdout + done.stderr
        settings = Settings(home=Path(environment["ESEP_HOME"]))
        assert settings.inbox.is_dir()

        for part in PARTS:
            stack.enter_context(started(part, command(part), environment, logs))
        api = Api(port)
        until(api.healthy, 180, "all parts healthy", logs)
        for part in PARTS:
            test = [word.replace("/opt/esep/", f"{PROJECT}/") for word in SERVICES[part]["healthcheck"]["test"][1:]]
            check = subprocess.run([*test[:-1], api.base], env=environment, capture_output=True, text=True, timeout=60)
            assert check.returncode == 0, check.stdout + check.stderr

        assert api.status("/api/v2/dags") == 401, "nobody reads anything without logging in"
        assert api.status("/auth/token", ADMIN | {"password": "wrong"}) == 401
        api.log_in()
        assert api.call("/api/v2/pools/warehouse_writer")["slots"] == 1

        def ready() -> bool:
            dags = api.call("/api/v2/dags")["dags"]
            return {dag["dag_id"] for dag in dags if not dag["is_paused"]} >= {"intake", "warehouse"}

        until(ready, 120, "both DAGs there and not paused", logs)
        assert api.call("/api/v2/importErrors")["import_errors"] == []

        def finished() -> bool:
            runs = api.call("/api/v2/dags/~/dagRuns?limit=100")["dag_runs"]
            assert all(run["state"] != "failed" for run in runs), runs
            return {run["dag_id"] for run in runs} >= {"intake", "warehouse"} and all(
                run["state"] == "success" for run in runs
            )

        until(finished, 120, "the first sweep of both DAGs", logs)

        filer.write(filer.Filing(), settings.inbox / ".arriving", "2025-04-20T10:00:00+05:00")
        dropped = time.monotonic()
        (settings.inbox / ".arriving").rename(settings.inbox / "march")

        def published() -> bool:
            if not settings.snapshot.exists():
                return False
            with duckdb.connect(str(settings.snapshot), read_only=True) as connection:
                return connection.execute("select status from filing").fetchall() == [("accepted",)]

        until(published, LIMIT_SECONDS, "the package in the published warehouse", logs)
        print(f"published {time.monotonic() - dropped:.0f} s after the drop, of which {SETTLE_SECONDS} s settling")
        until(finished, LIMIT_SECONDS, "all runs ended well", logs)
        backfill_twenty_days(settings, environment, api, logs)


def backfill_twenty_days(settings: Settings, environment: dict[str, str], api: Api, logs: Path) -> None:
    """`airflow backfill create` replays supervision: twenty runs, each for its own day, and every fact on its day."""
    register = "pool_id,pool_name,accredited_from,accredited_to,email"
    pool = f"{filer.POOL},«Сарыарқа Пул» ЖШС,2025-03-01,2025-04-30,pool@example.kz"
    settings.reference.mkdir(exist_ok=True)
    (settings.reference / "pool.csv").write_text(f"{register}\n{pool}\n", encoding="utf-8")
    days = [date(2025, 5, 15) + timedelta(days=number) for number in range(20)]
    span = [f"--from-date={days[0]}T00:00:00+05:00", f"--to-date={days[-1]}T23:59:59+05:00"]
    done = subprocess.run(
        ["airflow", "backfill", "create", "--dag-id=supervision", *span, "--max-active-runs=1"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    begun = time.monotonic()

    def runs() -> list[dict[str, Any]]:
        found = api.call("/api/v2/dags/supervision/dagRuns?limit=100")["dag_runs"]
        return [run for run in found if run["run_type"] == "backfill"]

    until(lambda: all(run["state"] in ("success", "failed") for run in runs()), 420, "the backfill", logs)
    assert {run["state"] for run in runs()} == {"success"}
    local = [datetime.fromisoformat(run["logical_date"]).astimezone(TIMEZONE).date() for run in runs()]
    assert sorted(local) == days
    reported = {event.kind: (event.data["period"], event.at.date()) for event in events.read_journal(settings)}
    assert reported == {
        # The 25th of May is a Sunday: five working days before Monday the 26th, and the day after it.
        "reminder_drafted": ("2025-04-01", date(2025, 5, 19)),
        "silence_found": ("2025-04-01", date(2025, 5, 27)),
    }
    print(f"backfilled 20 days in {time.monotonic() - begun:.0f} s")
