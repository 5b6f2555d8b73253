"""`bin/esep serve-check` as a process: an address, the proxy's word, an end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner

from esep.cli.checker import main as checker
from esep.cli.main import main
from esep.config import PROJECT
from esep.filer_page.visitors import RATE


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "esep.cli", "serve-check", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "plugins")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def answers(address: str, count: int, visitor: str) -> list[int]:
    """Status of so many requests that are no form."""
    transport = httpx.HTTPTransport(retries=30)
    with httpx.Client(
        base_url=address, timeout=60, transport=transport, headers={"x-forwarded-for": visitor}
    ) as client:
        return [client.post("/", content=b"").status_code for _ in range(count)]


@pytest.mark.slow
def test_it_serves_until_it_is_stopped_and_takes_no_strangers_word() -> None:
    with served() as (process, address):
        assert address.startswith("http://127.0.0.1:")
        most = int(RATE.partition("/")[0])
        assert answers(address, most, "203.0.113.1") == [415] * most
        assert answers(address, 1, "203.0.113.2") == [429]
        answer = httpx.get(address, timeout=60)
        assert "server" not in answer.headers
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


@pytest.mark.slow
def test_behind_a_proxy_visitors_are_told_apart() -> None:
    with served("--trust-proxy", "127.0.0.1") as (_, address):
        most = int(RATE.partition("/")[0])
        assert answers(address, most + 1, "203.0.113.1")[-1] == 429
        assert answers(address, 1, "203.0.113.2") == [415]


@pytest.mark.parametrize(("command", "name"), [(main, "serve-check"), (checker, "serve")])
def test_an_address_that_is_taken_is_named(command, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(command, [name, "--port", str(port)])
    assert done.exit_code == 2
    assert f"127.0.0.1:{port}: " in done.output
    assert "Give another --host or --port" in done.output


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "esep.filer_page.serving", raising=False)
    done = CliRunner().invoke(main, ["serve-check"])
    assert done.exit_code == 2
    assert "pip install 'esep-check[page]'" in done.output
