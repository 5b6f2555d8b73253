"""One request at a time that writes, where Airflow keeps its data in SQLite.

Airflow 3.3 writes its audit log from the event loop of the api-server (`action_logging` is a coroutine with a session
that is not). In SQLite that statement waits for whoever writes; is that another request of the same process, then its
commit waits for the loop: both stand for the five seconds of SQLite's timeout, and one ends with status 500.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

READING = ("GET", "HEAD", "OPTIONS")


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
        async with self.turn:
            await self.app(scope, receive, send)
