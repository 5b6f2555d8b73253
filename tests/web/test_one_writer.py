"""Requests that may write pass one after another; those that read, and those of Esep's own pages, pass beside them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from esep.web.one_writer import OneWriter


async def whole() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def unused(message: Any) -> None:
    raise AssertionError


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

        await asyncio.gather(
            *(writer({"type": "http", "method": method, "path": path}, whole, unused) for method, path in requests)
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
                await writer({"type": "http", "method": "POST", "path": RUNS}, whole, unused)

    asyncio.run(twice())


class Line:
    """A client: what it sends, piece by piece, and what it reads; it may stop at any of both."""

    def __init__(self, *pieces: bytes, reads: bool = True) -> None:
        self.pieces = list(pieces)
        self.reads = reads
        self.read: list[bytes] = []

    async def receive(self) -> dict[str, Any]:
        if not self.pieces:
            await asyncio.Event().wait()
        piece = self.pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": piece != b"."}

    async def send(self, message: Any) -> None:
        if not self.reads:
            await asyncio.Event().wait()
        self.read.append(message["body"])


async def echo(scope: Any, receive: Any, send: Any) -> None:
    more = True
    while more:
        message = await receive()
        more = message["more_body"]
        await send({"type": "http.response.body", "body": message["body"], "more_body": more})


@pytest.mark.parametrize("slow", [Line(), Line(b"a", b"b"), Line(b"a", b".", reads=False)])
def test_nobody_waits_for_a_client_that_sends_or_reads_no_further(slow: Line) -> None:
    async def both() -> None:
        writer = OneWriter(echo, "/esep")
        scope: dict[str, Any] = {"type": "http", "method": "POST", "path": RUNS}
        first = asyncio.create_task(writer(scope, slow.receive, slow.send))
        await asyncio.sleep(0.01)
        second = Line(b"a", b"b", b".")
        await asyncio.wait_for(writer(scope, second.receive, second.send), 1)
        assert second.read == [b"a", b"b", b"."]
        assert not first.done()
        first.cancel()

    asyncio.run(both())


def test_what_was_answered_before_a_failure_goes_out() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.body", "body": b"500"})
        raise ValueError("failed")

    line = Line(b".")

    async def once() -> None:
        with pytest.raises(ValueError, match="failed"):
            await OneWriter(application, "/esep")(
                {"type": "http", "method": "POST", "path": RUNS}, line.receive, line.send
            )

    asyncio.run(once())
    assert line.read == [b"500"]


def test_a_long_answer_is_not_kept() -> None:
    """It would fill the memory: from a bound on it goes out as it comes."""
    line = Line(*[b"x" * 600_000] * 3, b".")

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await echo(scope, receive, send)
        assert len(line.read) >= 2

    async def once() -> None:
        await OneWriter(application, "/esep")({"type": "http", "method": "POST", "path": RUNS}, line.receive, line.send)

    asyncio.run(once())
    assert len(line.read) == 4
