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
from esep.orchestration import environment, local_secrets, serve


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
    password = json.loads(file.read_text())[local_secrets.USER]
    other = variables(Settings(home=tmp_path / "other"))["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]
    assert password != json.loads(Path(other).read_text())[local_secrets.USER]
    assert "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS" not in found
    assert password not in " ".join(found.values())


def test_secrets_stay_the_same_over_restarts(settings: Settings) -> None:
    assert variables(settings) == variables(settings)


def test_dags_run_at_once_and_without_examples(settings: Settings) -> None:
    found = variables(settings)
    assert found["AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"] == "False"
    assert found["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert found["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"


def test_a_port_in_use_is_told_with_the_way_out(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(serve.ServeError, match=rf"Port {port} .* make up PORT="):
            serve.serve(settings, Console(file=io.StringIO()), port)


def test_a_second_one_on_the_same_home_is_told(settings: Settings) -> None:
    home = environment.airflow_home(settings, "up")
    home.mkdir(parents=True)
    with FileLock(home / "up.lock"), pytest.raises(serve.ServeError, match="up on this home already"):
        serve.serve(settings, Console(file=io.StringIO()), 8080)


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_wrong_port_is_told(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ConfigurationError, match="PORT="):
        serve._port()


def test_a_part_that_ends_is_told_with_its_log(tmp_path: Path) -> None:
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
