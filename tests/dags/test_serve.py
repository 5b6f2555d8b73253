"""`make up`: what it starts Airflow with, and the faults it tells before anything runs."""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from rich.console import Console

from esep.config import ConfigurationError, Settings
from esep.orchestration import environment, serve


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def variables(settings: Settings, port: int = 8080) -> dict[str, str]:
    return serve.variables(settings, environment.airflow_home(settings, "up"), port)


def test_airflow_listens_on_this_machine_only(settings: Settings) -> None:
    found = variables(settings, 8123)
    assert found["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert found["AIRFLOW__API__PORT"] == "8123"
    assert all("0.0.0.0" not in value for name, value in found.items() if name.startswith("AIRFLOW"))
    # The two parts that would serve their logs on all interfaces do not.
    assert serve.PARTS["scheduler"] == serve.PARTS["triggerer"] == ("--skip-serve-logs",)


def test_a_login_is_asked_and_its_password_is_random(settings: Settings, tmp_path: Path) -> None:
    found = variables(settings)
    file = Path(found["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    password = json.loads(file.read_text())[environment.USER]
    other = variables(Settings(home=tmp_path / "other"))["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]
    assert password != json.loads(Path(other).read_text())[environment.USER]
    assert "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS" not in found
    assert password not in " ".join(found.values())


def test_secrets_stay_the_same_over_restarts(settings: Settings) -> None:
    assert variables(settings) == variables(settings)


def test_dags_run_at_once_and_without_examples(settings: Settings) -> None:
    found = variables(settings)
    assert found["AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"] == "False"
    assert found["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert found["AIRFLOW__CORE__EXECUTOR"] == environment.EXECUTOR


def test_a_port_in_use_is_reported_with_the_way_out(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(serve.ServeError, match=rf"Port {port} .* make up PORT="):
            serve.serve(settings, Console(file=io.StringIO()), port)


def test_a_second_one_on_the_same_home_is_reported(settings: Settings) -> None:
    home = environment.airflow_home(settings, "up")
    home.mkdir(parents=True)
    with FileLock(home / "up.lock"), pytest.raises(serve.ServeError, match="up on this home already"):
        serve.serve(settings, Console(file=io.StringIO()), 8080)


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_wrong_port_is_reported(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ConfigurationError, match="PORT="):
        serve._port()


def test_a_part_that_ends_is_reported_with_its_log(tmp_path: Path) -> None:
    (tmp_path / "scheduler.log").write_text("first line\nthe reason\n")
    ended = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    ended.wait()
    with pytest.raises(serve.ServeError, match=r"(?s)scheduler ended with code 3.*the reason"):
        serve._check_alive({"scheduler": ended}, tmp_path)


def test_stopping_ends_even_what_does_not_listen() -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout
    process.stdout.readline()  # it ignores the signal from here on
    original, serve.STOP_SECONDS = serve.STOP_SECONDS, 0.3
    try:
        serve._stop({"scheduler": process})
    finally:
        serve.STOP_SECONDS = original
        process.stdout.close()
    assert process.returncode == -9
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


class Parts:
    """Stands in for Airflow's parts: short programs, one after the other for each start."""

    def __init__(self, *programs: str) -> None:
        self.programs = list(programs)
        self.started: list[str] = []

    def start(self, part: str, env: object, logs: Path) -> subprocess.Popen[bytes]:
        self.started.append(part)
        program = self.programs.pop(0) if self.programs else "import time; time.sleep(60)"
        return subprocess.Popen([sys.executable, "-c", program], start_new_session=True)


SQLITE = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////somewhere/airflow.db"}


def test_a_part_that_ends_is_started_again_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scheduler.log").write_text("StaleDataError: [the] reason\n")
    parts = Parts("raise SystemExit(1)")
    monkeypatch.setattr(serve, "_start", parts.start)
    running = {"scheduler": parts.start("scheduler", {}, tmp_path), "triggerer": parts.start("triggerer", {}, tmp_path)}
    running["scheduler"].wait()
    reported, ends = io.StringIO(), []
    try:
        serve._start_again(running, ends, SQLITE, tmp_path, Console(file=reported))
        serve._start_again(running, ends, SQLITE, tmp_path, Console(file=reported))  # nothing more has ended
        assert parts.started == ["scheduler", "triggerer", "scheduler"]
        assert all(process.poll() is None for process in running.values())
    finally:
        serve._stop(running)
    assert "scheduler ended with code 1 and is started again" in reported.getvalue()
    assert "StaleDataError: [the] reason" in reported.getvalue()
    assert "bin/esep supervise --since" in reported.getvalue()
    assert "ended with code 1 and is started again" in (tmp_path / "scheduler.log").read_text()


def test_a_part_that_does_not_stay_up_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scheduler.log").write_text("the reason\n")
    parts = Parts(*["raise SystemExit(3)"] * 20)
    monkeypatch.setattr(serve, "_start", parts.start)
    running, ends = {"scheduler": parts.start("scheduler", {}, tmp_path)}, []
    console = Console(file=io.StringIO())
    for _ in range(serve.RESTARTS):
        running["scheduler"].wait()
        serve._start_again(running, ends, SQLITE, tmp_path, console)
    running["scheduler"].wait()
    with pytest.raises(serve.ServeError, match=r"(?s)scheduler ended with code 3.*the reason"):
        serve._start_again(running, ends, SQLITE, tmp_path, console)
    assert len(parts.started) == 1 + serve.RESTARTS


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://esep:p%40ss@db.example:5433/airflow",
        "postgres://esep:p%40ss@db.example:5433/airflow",
        "postgresql+psycopg://esep:p%40ss@db.example:5433/airflow",
        " postgresql+asyncpg://esep:p%40ss@db.example:5433/airflow ",
    ],
)
def test_the_database_that_is_named_is_used(settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("ESEP_DATABASE", address)
    expected = "postgresql+psycopg2://esep:p%40ss@db.example:5433/airflow"
    assert variables(settings)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == expected


@pytest.mark.parametrize("address", ["airflow", "mysql://u:p@h/d", "postgresql://u:p@h:port/d", "postgresql://u:p@h"])
def test_what_is_no_address_of_a_postgresql_is_reported(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("ESEP_DATABASE", address)
    with pytest.raises(ConfigurationError, match="ESEP_DATABASE: an address such as postgresql://"):
        variables(settings)


def test_a_database_that_is_not_there_is_reported_without_its_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESEP_DATABASE", "postgresql://esep:secret@127.0.0.1:1/airflow")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(
        serve.ServeError, match=r"ESEP_DATABASE: .*127\.0\.0\.1:1/airflow cannot be reached"
    ) as reported:
        serve.serve(settings, Console(file=io.StringIO()), port)
    assert "secret" not in str(reported.value)


def test_signs_of_addresses_in_the_home_are_written_out(tmp_path: Path) -> None:
    from sqlalchemy import make_url

    odd = Settings(home=tmp_path / "a home?b#c%25 %d[e]ә'f")
    url = make_url(variables(odd)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])
    assert url.database == str(environment.airflow_home(odd, "up") / "airflow.db")
    assert url.query == {}
