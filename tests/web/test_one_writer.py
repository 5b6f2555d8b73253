"""Requests that may write pass one after another; those that read, and those of Esep's own pages, pass beside them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from esep.web.one_writer import OneWriter


def most_at_once(requests: list[tuple[str, str]]) -> int:
    """How many of these (method, path) were inside the application at the same time."""
    inside, most = 0, 0

    async def application(scope: Any, receive: Any, send: Any) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        inside -= 1

    async def all_of_them() -> None:
        writer = OneWriter(application, "/esep")

        async def unused(*_: Any) -> Any:
            raise AssertionError

        await asyncio.gather(
            *(writer({"type": "http", "method": method, "path": path}, unused, unused) for method, path in requests)
        )

    asyncio.run(all_of_them())
    return most


RUNS = "/api/v2/dags/intake/dagRuns"
BEAT = "/execution/task-instances/1/heartbeat"


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        ([("POST", RUNS)] * 3, 1),
        ([("POST", RUNS), ("PUT", BEAT), ("PATCH", BEAT), ("DELETE", RUNS)], 1),
        ([("GET", RUNS)] * 3, 3),
        ([("POST", RUNS), ("GET", RUNS)], 2),
        ([("POST", "/esep/hand-in")] * 2 + [("POST", RUNS)], 3),
        ([("POST", "/esepulous"), ("POST", RUNS)], 1),
    ],
)
def test_how_many_pass_at_once(requests: list[tuple[str, str]], expected: int) -> None:
    assert most_at_once(requests) == expected


def test_a_request_that_fails_lets_the_next_pass() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("failed")

    async def twice() -> None:
        writer = OneWriter(application, "/esep")
        for _ in range(2):
            with pytest.raises(ValueError, match="failed"):
                await writer({"type": "http", "method": "POST", "path": RUNS}, None, None)  # type: ignore[arg-type]

    asyncio.run(twice())
