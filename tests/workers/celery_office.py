"""Airflow as docker-compose.yaml's profile `celery` starts it, natively: PostgreSQL, Redis, workers over one home."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from subprocess import Popen, run
from typing import Any
from urllib.parse import urlsplit

from deployment import postgres_cluster
from deployment.test_compose import SERVICES
from deployment.test_postgres import PARTS, Api, command, native_environment, started, until
from esep.config import PROJECT, Settings
from workers import host_name

DAGS = {"intake", "warehouse"}
BROKER = "AIRFLOW__CELERY__BROKER_URL"


def missing() -> list[str]:
    """The Debian packages that are not installed and without which nothing here starts."""
    there = {"postgresql": postgres_cluster.binaries(), "redis-server": shutil.which("redis-server")}
    return [name for name, path in there.items() if not path]


@dataclass
class Office:
    settings: Settings
    api: Api
    environment: dict[str, str]
    logs: Path
    stack: ExitStack
    workers: dict[str, Popen[bytes]] = field(default_factory=dict)

    def start_worker(self, name: str) -> None:
        """One more worker that does one task at a time, as on a machine of its own with this home mounted."""
        own = {
            "AIRFLOW_HOME": str(self.logs.parent / name),
            host_name.VARIABLE: name,
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "1",
        }
        words = [*SERVICES["worker"]["command"], "--celery-hostname", name, "--skip-serve-logs"]
        self.workers[name] = self.stack.enter_context(started(name, words, self.environment | own, self.logs))
        log = self.logs / f"{name}.log"
        until(lambda: f"{name} ready." in log.read_text(errors="replace"), 120, f"worker {name}", self.logs)

    def kill_worker(self, name: str) -> None:
        """As a machine that loses its power: the worker and all that it has started, at once."""
        family = _with_descendants(self.workers[name].pid)
        for number in (signal.SIGSTOP, signal.SIGKILL):  # none may see another's end and tell
            for process in family:
                with suppress(ProcessLookupError):
                    os.kill(process, number)

    def wait(self, condition: Any, seconds: float, what: str) -> None:
        until(condition, seconds, what, self.logs)

    def drop(self, folder: Path) -> None:
        """Put every file of the folder into the inbox and ask for a run of intake."""
        for path in sorted(folder.iterdir()):
            path.rename(self.settings.inbox / path.name)
        self.api.call("/api/v2/dags/intake/dagRuns", {"logical_date": None})

    def verdicts(self) -> int:
        """Filings that have one."""
        return sum(1 for _ in self.settings.archive.glob("*/*/verdict.json"))

    def receipts(self) -> int:
        """Filings whose receipt is in the outbox."""
        return sum(1 for _ in self.settings.outbox.glob("*/status-A-1.json"))

    def idle(self) -> bool:
        """Whether every run of every DAG has ended, and well."""
        runs = self.api.call("/api/v2/dags/~/dagRuns?limit=100&order_by=-start_date")["dag_runs"]
        assert all(run["state"] != "failed" for run in runs), [run for run in runs if run["state"] == "failed"]
        return all(run["state"] == "success" for run in runs)

    def tasks(self, task_id: str) -> list[Task]:
        """The instances of a task of intake that have begun, in order."""
        path = f"/api/v2/dags/intake/dagRuns/~/taskInstances?task_id={task_id}&limit=100&order_by=start_date"
        found = self.api.call(path)["task_instances"]
        return [
            Task(
                one["dag_run_id"],
                one["map_index"],
                one["state"],
                one["hostname"],
                one["try_number"],
                datetime.fromisoformat(one["start_date"]),
                datetime.fromisoformat(one["end_date"]) if one["end_date"] else None,
            )
            for one in found
            if one["start_date"]
        ]

    def result(self, task_id: str, task: Task) -> Any:
        """What the instance returned; None where it returned nothing."""
        path = f"/api/v2/dags/intake/dagRuns/{task.run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        with suppress(OSError):
            return self.api.call(f"{path}?map_index={task.map_index}&deserialize=true")["value"]
        return None

    def shares(self, task_id: str, since: datetime) -> Counter[str]:
        """Worker → how many items its instances of the task returned, of those that began since."""
        counts: Counter[str] = Counter()
        for task in self.tasks(task_id):
            if task.start >= since and task.state == "success":
                counts[task.worker] += len(self.result(task_id, task) or ())
        return counts


@dataclass(frozen=True)
class Task:
    """An instance of a task: its last attempt."""

    run_id: str
    map_index: int
    state: str
    worker: str
    attempt: int
    start: datetime
    end: datetime | None


@contextmanager
def opened(folder: Path) -> Iterator[Office]:
    """All parts but the workers, healthy; DAGS are not paused, the others stay out of the way."""
    database = SERVICES["postgres"]["environment"]
    logs = folder / "logs"
    logs.mkdir()
    with ExitStack() as stack:
        cluster = stack.enter_context(postgres_cluster.running(database["POSTGRES_USER"], database["POSTGRES_DB"]))
        port = postgres_cluster.free_port()
        environment = native_environment(folder, cluster, port)
        stack.enter_context(_redis(environment, folder, logs))
        environment |= {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "workers.host_name.host_name",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
            "ESEP_INBOX_SETTLE_SECONDS": "0",
            "ESEP_RETRY_SECONDS": "2",
            "PYTHONPATH": f"{environment['PYTHONPATH']}{os.pathsep}{PROJECT / 'tests'}",
        }
        done = run(command("init"), check=False, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        for part in PARTS:
            stack.enter_context(started(part, command(part), environment, logs))
        api = Api(port)
        until(api.healthy, 180, "all parts healthy", logs)
        api.log_in()

        def ready() -> bool:
            return {dag["dag_id"] for dag in api.call("/api/v2/dags")["dags"]} >= DAGS

        until(ready, 120, "the DAGs there", logs)
        for dag in DAGS:
            api.call(f"/api/v2/dags/{dag}", {"is_paused": False}, "PATCH")
        yield Office(Settings(home=Path(environment["ESEP_HOME"])), api, environment, logs, stack)


def _with_descendants(process: int) -> list[int]:
    """The process and all that it or its children have started and that still run."""
    found = [process]
    for one in found:
        with suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def _redis(environment: dict[str, str], folder: Path, logs: Path) -> AbstractContextManager[Popen[bytes]]:
    """A broker with the password of `environment`, which then names its port of this machine."""
    port = postgres_cluster.free_port()
    address = urlsplit(environment[BROKER])
    environment[BROKER] = address._replace(netloc=f":{address.password}@127.0.0.1:{port}").geturl()
    options = {"bind": "127.0.0.1", "port": str(port), "dir": str(folder), "save": "", "requirepass": address.password}
    words = ["redis-server", *(word for name, value in options.items() for word in (f"--{name}", str(value)))]
    return started("redis", words, environment, logs)
