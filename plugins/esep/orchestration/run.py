"""`make run`: intake, warehouse and supervision over what is in $ESEP_HOME, in one process, through Airflow itself.

Airflow runs a DAG without scheduler and server by `DAG.test()`: the same tasks, states, retries and XComs, in a SQLite
database below $ESEP_HOME. What it says goes to a log file; the terminal is for people.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import Timeout
from rich.console import Console
from rich.markup import escape
from rich.status import Status

from esep import clock, files
from esep.config import Settings
from esep.orchestration import common, environment, names, tasks
from esep.orchestration.environment import set_up
from esep.orchestration.run_report import Failure, Left, RunReport
from esep.orchestration.terminal import Listener, listening, output_to

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

log = logging.getLogger(__name__)

LOGS_KEPT = 20
MOST_PASSES = 20
"""A run goes round again for what arrived meanwhile, but not for ever."""


class RunError(RuntimeError):
    """The DAGs could not be run at all; the text says why and what to do."""


def drain(settings: Settings, console: Console, supervised: Mapping[str, str] | None = None) -> RunReport:
    """Run intake, warehouse and supervision until nothing that has settled is waiting.

    `supervised`: parameters of the DAG supervision (`as_of`, `since`); default: today. Raises RunError if the DAGs
    cannot run at all.

    Packages that are still changing are waited for, at most one settling time, and then left. A second run on the same
    home waits for the first.
    """
    started = time.monotonic()
    home = environment.prepared(settings, "run")
    report = RunReport(log=home / "logs" / f"run-{clock.now():%Y%m%dT%H%M%S}-{os.getpid()}.log")
    console.print(f"Running the DAGs over {escape(str(settings.home))}; log: {escape(str(report.log))}", soft_wrap=True)
    with (
        _alone(settings, console),
        console.status("Starting Airflow") as status,
        output_to(report.log, console),
        listening(_teller(status)) as listener,
    ):
        dags = _dags(settings, home)
        _wait_for_unsettled(settings, started, status)
        before: set[str] | None = None
        for _ in range(MOST_PASSES):
            _intake(dags, settings, report, listener, status)
            waiting = _waiting(settings)
            if not waiting or waiting == before:
                break
            before = waiting
        _warehouse(dags, report, listener, status)
        if settings.snapshot.exists():
            status.update("supervision: what is late, silent or unreliable")
            report.supervised = _run(dags, names.SUPERVISION, report, listener, supervised).get("supervise") or {}
    _remove_old_logs(report.log.parent)
    report.left = _left(settings)
    report.snapshot = settings.snapshot if settings.snapshot.exists() else None
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def _alone(settings: Settings, console: Console) -> Iterator[None]:
    """Hold the lock of `make run`; says when another run has to end first."""
    lock = files.lock(settings.locks / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        console.print("Another run works on this home; waiting until it has ended.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _teller(status: Status) -> Callable[[str], None]:
    return lambda message: status.update(message.splitlines()[0][:100] if message else "")


def _dags(settings: Settings, home: Path) -> DagBag:
    """The DAGs, with Airflow set up for this home: changes this process's environment, as Airflow reads it there."""
    wanted = environment.variables(settings, home) | {
        common.RETRY_SECONDS: "1",
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    }
    if "airflow" in sys.modules and os.environ.get("AIRFLOW_HOME") != str(home):
        raise RunError("Airflow is already set up for another home in this process: run each home in its own process.")
    cleaned = environment.cleaned(os.environ)
    os.environ.clear()
    os.environ.update(cleaned | wanted)

    import airflow

    ready = home / "ready"
    if not ready.exists() or ready.read_text() != airflow.__version__:
        # Only the history of runs is kept here: a half-made database, or one of another version, is made anew.
        for leftover in home.glob("airflow.db*"):
            leftover.unlink()
        set_up()
        ready.write_text(airflow.__version__)

    from airflow.dag_processing.dagbag import DagBag

    dags = DagBag(environment.DAGS)
    if dags.import_errors:
        errors = "\n".join(f"{path}: {error}" for path, error in dags.import_errors.items())
        raise RunError(f"A DAG file cannot be imported. Is the installation complete (make install)?\n{errors}")
    from esep.orchestration.notifier import without_deadlines

    without_deadlines(dags.dags.values())
    return dags


def _intake(dags: DagBag, settings: Settings, report: RunReport, listener: Listener, status: Status) -> None:
    status.update("intake: looking into the inbox")
    results = _run(dags, names.INTAKE, report, listener)
    registered = results.get("register") or {}
    report.registered += [item["number"] for item in registered.get("registered", [])]
    report.duplicates += [(item["source"], item["number"]) for item in registered.get("duplicates", [])]
    from esep.office import archive
    from esep.office.questions import verdict_word

    for number in [*report.registered, *tasks.concerned(registered, results.get("batches"))]:
        verdict = archive.entry(settings, number).verdict
        if verdict:
            report.examined[number] = verdict_word(verdict)


def _warehouse(dags: DagBag, report: RunReport, listener: Listener, status: Status) -> None:
    status.update("warehouse: reference data")
    results = _run(dags, names.WAREHOUSE, report, listener)
    report.refused_reference = [file for file in results.get("reference") or [] if file["problems"]]


def _run(
    dags: DagBag, dag_id: str, report: RunReport, listener: Listener, params: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Run one DAG to its end; gives what its unmapped tasks returned and notes the tasks that failed."""
    listener.errors.clear()
    report.failures = [failure for failure in report.failures if failure.dag != dag_id]
    log.info("%s: starting", dag_id)
    run = dags.dags[dag_id].test(run_conf=dict(params or {}))
    results: dict[str, Any] = {}
    failed: dict[str, None] = {}
    for task in run.get_task_instances():
        if task.state == "failed":
            failed[task.task_id] = None
        elif task.state == "success" and task.map_index < 0:
            results[task.task_id] = task.xcom_pull(task_ids=task.task_id)
    reasons = tuple(dict.fromkeys(listener.errors))
    for task_id in failed:
        own = tuple(reason for reason in reasons if reason.startswith(f"{task_id} failed"))
        report.failures.append(Failure(dag_id, task_id, own))
    return results


def _waiting(settings: Settings) -> set[str]:
    from esep.office.inbox import waiting

    return {package.name for package in waiting(settings, clock.now())}


def _left(settings: Settings) -> list[Left]:
    from esep.office.inbox import survey

    found = survey(settings, clock.now())
    left = [Left(item.name, item.reason) for item in found.unsettled]
    return left + [Left(package.name, "it came during this run, or could not be taken") for package in found.waiting]


def _wait_for_unsettled(settings: Settings, started: float, status: Status) -> None:
    """Give what is still changing one settling time since the start of the run (`started`, monotonic seconds).

    Nothing is registered meanwhile: packages found together are registered in order of arrival.
    """
    from esep.office.inbox import survey

    end = clock.now() + timedelta(seconds=settings.inbox_settle_seconds - (time.monotonic() - started) + 0.5)
    while True:
        now = clock.now()
        changing = [item for item in survey(settings, now).unsettled if item.settles_at and item.settles_at <= end]
        if not changing or now >= end:
            return
        rest = (end - now).total_seconds()
        status.update(f"{len(changing)} packages were changed a moment ago; waiting {rest:.0f} s at most")
        time.sleep(min(0.5, rest))


def _remove_old_logs(folder: Path) -> None:
    logs = sorted(folder.glob("run-*.log"), key=lambda path: path.stat().st_mtime)
    for path in logs[:-LOGS_KEPT]:
        path.unlink(missing_ok=True)
    for path in folder.glob("dag_id=*"):
        shutil.rmtree(path, ignore_errors=True)
