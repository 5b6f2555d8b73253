"""`make up`: Airflow on this machine, with its UI on localhost and the inbox watched, until Ctrl-C.

Runs Airflow's four parts as child processes with one log file each; one that ends by itself is started again.
Airflow's own data is in SQLite, or in the PostgreSQL that `ESEP_DATABASE` names. For one person on one machine; several
people and machines are what docker-compose.yaml is for.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout
from rich.console import Console
from rich.markup import escape

from esep import clock
from esep.config import ConfigurationError, Settings
from esep.office import sweeps
from esep.orchestration import environment, housekeeping
from esep.orchestration.dispatch import APPROVAL

PARTS: dict[str, tuple[str, ...]] = {
    "api-server": (),
    "scheduler": ("--skip-serve-logs",),
    "dag-processor": (),
    "triggerer": ("--skip-serve-logs",),
}
"""Airflow's parts with their options. The UI reads the logs from disk: no part listens beyond localhost."""
READY_SECONDS = 180.0
"""A slow machine needs a minute for the first start; longer than this means that something is wrong."""
STOP_SECONDS = 20.0
RESTARTS = 5
"""A part that ends more often within RESTART_SECONDS does not stay up, and neither does Airflow."""
RESTART_SECONDS = 600.0
HOST = "127.0.0.1"


SQLITE_HINT = (
    "Was a backfill asked for? Airflow cannot run one on SQLite: use bin/esep supervise --since DAY, or give Airflow a "
    "PostgreSQL by ESEP_DATABASE."
)


class ServeError(RuntimeError):
    """Airflow cannot be started or did not stay up; the text says why and what to do."""


def variables(settings: Settings, home: Path, port: int) -> dict[str, str]:
    """The environment of Airflow's parts: its database, a warm LocalExecutor, a login with a password of its own.

    Raises ConfigurationError for an ESEP_DATABASE that is no address of a PostgreSQL.
    """
    return (
        environment.cleaned(os.environ)
        | environment.variables(settings, home)
        | environment.database_variables(os.environ)
        | environment.kept_secrets(home)
        | {
            APPROVAL: os.environ.get(APPROVAL) or "on",
            "AIRFLOW__API__HOST": HOST,
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": f"http://localhost:{port}",
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
            "AIRFLOW__CORE__EXECUTOR": environment.EXECUTOR,
            "AIRFLOW__CORE__PARALLELISM": str(max(2, os.cpu_count() or 2)),
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": environment.IDLE_SECONDS,
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__AUTH_MANAGER": (
                "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
            ),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{environment.USER}:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(environment.password_file(home)),
        }
    )


def serve(settings: Settings, console: Console, port: int) -> None:
    """Start everything, say where the UI is, and keep it up.

    Raises ServeError when it does not start, or when a part ends again and again.
    """
    home = environment.prepared(settings, "up")
    lock = FileLock(home / "up.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ServeError(f"Esep is up on this home already ({settings.home}): stop that one first.") from None
    with lock:
        _check_port(port)
        env = variables(settings, home, port)
        try:
            environment.check_database(os.environ)
        except environment.DatabaseError as error:
            raise ServeError(str(error)) from None
        logs = home / "logs"
        logs.mkdir(exist_ok=True)
        with console.status("Preparing Airflow's database"):
            _set_up(env, logs)
            with (logs / "housekeeping.log").open("ab") as output:
                housekeeping.weekly(env, home, clock.now(), output.fileno())
        sweeps.forget(settings)
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for part in PARTS:
                running[part] = _start(part, env, logs)
            with console.status("Starting Airflow (about half a minute)"):
                _wait_until_ready(running, logs, port)
            _say_where(settings, home, port, console)
            ends: list[tuple[str, float]] = []
            while True:
                _start_again(running, ends, env, logs, console)
                time.sleep(1)
        finally:
            console.print("Stopping Airflow …")
            _stop(running)
            console.print("Stopped.")


def _check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ServeError(
                f"Port {port} of {HOST} is not free ({error.strerror}). Choose another: make up PORT=8081"
            ) from None


def _set_up(env: Mapping[str, str], logs: Path) -> None:
    log = logs / "setup.log"
    with log.open("ab") as output:
        code = subprocess.run(
            [sys.executable, "-m", "esep.orchestration.environment"],
            check=False,
            env=env,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        ).returncode
    if code:
        raise ServeError(f"Airflow's database could not be prepared (code {code}). The log: {log}\n{_tail(log)}")


def _start(part: str, env: Mapping[str, str], logs: Path) -> subprocess.Popen[bytes]:
    """One part in a session of its own, so that Ctrl-C reaches this process first and the parts in order."""
    with (logs / f"{part}.log").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "airflow", part, *PARTS[part]],
            env=env,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def _wait_until_ready(running: Mapping[str, subprocess.Popen[bytes]], logs: Path, port: int) -> None:
    """Until the health page says that every part has given a sign of life."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        _check_alive(running, logs)
        with suppress(OSError, ValueError):
            address = f"http://{HOST}:{port}/api/v2/monitor/health"
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.read().count(b'"healthy"') >= len(PARTS):
                    return
        time.sleep(0.5)
    raise ServeError(f"Airflow was not ready after {READY_SECONDS:.0f} s. Its logs: {logs}")


def _check_alive(running: Mapping[str, subprocess.Popen[bytes]], logs: Path) -> None:
    for part, process in running.items():
        if process.poll() is not None:
            log = logs / f"{part}.log"
            raise ServeError(f"Airflow's {part} ended with code {process.returncode}. Its log: {log}\n{_tail(log)}")


def _start_again(
    running: dict[str, subprocess.Popen[bytes]],
    ends: list[tuple[str, float]],
    env: Mapping[str, str],
    logs: Path,
    console: Console,
) -> None:
    """Start parts that have ended, and say so here and in their logs; `ends` remembers which ended when.

    On SQLite a backfill asked for in the UI ends the scheduler. Tasks that were running are run again by Airflow.
    """
    for part, process in list(running.items()):
        if process.poll() is None:
            continue
        now = time.monotonic()
        ends.append((part, now))
        if sum(name == part and now - at < RESTART_SECONDS for name, at in ends) > RESTARTS:
            _check_alive({part: process}, logs)
        log = logs / f"{part}.log"
        reason = _tail(log)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with log.open("a", encoding="utf-8") as output:
            output.write(f"\nmake up: this part ended with code {process.returncode} and is started again\n")
        console.print(
            f"[bold yellow]Airflow's {part} ended with code {process.returncode} and is started again.[/] "
            f"Its log: {escape(str(log))}",
            soft_wrap=True,
        )
        console.print(escape(reason), soft_wrap=True, highlight=False)
        if part == "scheduler" and environment.is_sqlite(env):
            console.print(SQLITE_HINT, soft_wrap=True, highlight=False)
        running[part] = _start(part, env, logs)


def _say_where(settings: Settings, home: Path, port: int, console: Console) -> None:
    console.print(f"[bold]Airflow is up:[/] http://localhost:{port}", soft_wrap=True)
    password = escape(str(environment.password_file(home)))
    console.print(f"Login: {environment.USER}, password in {password} (only you can read it)", soft_wrap=True)
    console.print(f"Inbox watched: {escape(str(settings.inbox))}", soft_wrap=True)
    console.print(f"Logs: {escape(str(home / 'logs'))}. Stop with Ctrl-C.", soft_wrap=True)


def _stop(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Ask every part to end, then end what is left of its session: tasks too, for they may be killed and run again."""
    for process in running.values():
        with suppress(ProcessLookupError):
            process.terminate()
    end = time.monotonic() + STOP_SECONDS
    for process in running.values():
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, end - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _port() -> int:
    text = os.environ.get("PORT") or "8080"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ConfigurationError(f"PORT={text!r}: a number from 1 to 65535 is expected, for example 8080")
    return int(text)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Ctrl-C, a `kill`, a closed terminal: all end the same way. A second one does not cut the stopping short."""
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    console = Console()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        serve(Settings.from_environment(), console, _port())
    except KeyboardInterrupt:
        return 0
    except (ConfigurationError, ServeError, OSError) as error:
        console.print(f"[bold red]Cannot go on:[/] {escape(str(error))}", soft_wrap=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
