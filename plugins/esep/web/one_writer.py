"""One request at a time that writes, where Airflow keeps its data in SQLite.

Airflow 3.3 writes its audit log from the event loop of the api-server (`action_logging` is a coroutine with a session
that is not). In SQLite that statement waits for whoever writes; is that another request of the same process, then its
commit waits for the loop: both stand for the five seconds of SQLite's timeout, and one ends with status 500.

A turn lasts as long as the work and no longer: a request comes in whole before it, and its answer goes out after it, so
that nobody waits for somebody else's line.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

READING = ("GET", "HEAD", "OPTIONS")
_KEPT = 1024**2
"""Bytes of an answer that are kept until the turn is over; what is longer goes out meanwhile."""


class OneWriter:
    """ASGI middleware: requests that may write wait for each other; those under `apart` have no part in it."""

    def __init__(self, app: Application, apart: str) -> None:
        self.app = app
        self.apart = f"{apart}/"
        self.turn = asyncio.Lock()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in READING or scope["path"].startswith(self.apart):
            await self.app(scope, receive, send)
            return
        request = await _whole(receive)
        answer = _Answer(send)
        try:
            async with self.turn:
                await self.app(scope, request, answer.keep)
        finally:
            await answer.go()


async def _whole(receive: Receive) -> Receive:
    """What gives a request, once all of it, or its end, has come; after that what comes later."""
    messages = deque([await receive()])
    while messages[-1]["type"] == "http.request" and messages[-1].get("more_body"):
        messages.append(await receive())

    async def again() -> Message:
        return messages.popleft() if messages else await receive()

    return again


class _Answer:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._kept: list[Message] = []
        self._size = 0

    async def keep(self, message: Message) -> None:
        self._kept.append(message)
        self._size += len(message.get("body", b""))
        if self._size > _KEPT:
            await self.go()

    async def go(self) -> None:
        """Send what is kept."""
        kept, self._kept = self._kept, []
        for message in kept:
            await self._send(message)
