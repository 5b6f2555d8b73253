"""Airflow's api-server with Esep's pages over a home, as `make up` starts it: three users, a port of its own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from esep.config import Settings
from esep.orchestration import serve

USERS = {"viewer": "viewer", "op": "op", "admin": "admin"}
"""User → role; the password is the name."""
RUN = "walked"
"""The run of the DAG `decision` that Airflow has from the beginning."""
CONF = {"decision": "explain_silence", "pool_id": "131140000527", "period": "2025-08-01", "reason": "letter К-40"}
READY_SECONDS = 120.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "No Chromium found. On Debian or Ubuntu: apt-get install chromium fonts-dejavu-core"


@dataclass(frozen=True, slots=True)
class PagesServer:
    """A running server."""

    url: str
    """Where Airflow is, without a slash at the end; the pages are below /esep."""
    home: Path
    variables: dict[str, str]

    def client(self, user: str | None = None, language: str = "ru") -> httpx.Client:
        """Asks for pages as a browser of this user does, but follows no redirect; None is a stranger."""
        cookies = {"_token": self.token(user)} if user else {}
        headers = {"accept": "text/html", "accept-language": language}
        return httpx.Client(base_url=self.url, cookies=cookies, headers=headers, timeout=60)

    def token(self, user: str) -> str:
        """A login as programs make it; the value of the cookie `_token`."""
        body = json.dumps({"username": user, "password": user}).encode()
        request = urllib.request.Request(f"{self.url}/auth/token", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return str(json.load(answer)["access_token"])


@contextmanager
def serving(esep_home: Path, airflow_home: Path) -> Iterator[PagesServer]:
    """Start the api-server, wait until it answers, and end it with all its children."""
    port = _free_port()
    variables = _variables(esep_home, airflow_home, port)
    log = airflow_home / "api-server.log"
    database = Path(__file__).with_name("airflow_database.py")
    made = subprocess.run(
        [sys.executable, str(database), RUN, json.dumps(CONF)],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"Airflow's database was not made: {made.stderr[-3000:]}")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", "api-server"], env=variables, stdout=output, stderr=output
        )
    try:
        server = PagesServer(f"http://localhost:{port}", esep_home, variables)
        _wait(server, process, log)
        yield server
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


def chromium() -> str | None:
    """The system's browser; None without one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _variables(esep_home: Path, airflow_home: Path, port: int) -> dict[str, str]:
    airflow_home.mkdir(parents=True, exist_ok=True)
    passwords = airflow_home / "passwords.json"
    passwords.write_text(json.dumps({user: user for user in USERS}))
    return serve.variables(Settings(home=esep_home), airflow_home, port) | {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in USERS.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: PagesServer, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the api-server ended: {log.read_text(errors='replace')[-2000:]}")
        with suppress(OSError), urllib.request.urlopen(f"{server.url}/api/v2/version", timeout=5):
            return
        time.sleep(0.3)
    raise RuntimeError(f"the api-server did not answer: {log.read_text(errors='replace')[-2000:]}")
