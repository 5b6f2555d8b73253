"""Triggers that watch the inbox and the reference files from Airflow's triggerer.

A poll lists folders and reads nothing but times and sizes, in a thread, so that the triggerer's loop is never held up.
A trigger fires when something is there that it has not reported yet; what stays (a package that could not be taken)
is not reported again, the DAG's timed sweep looks at it. A folder that cannot be listed is logged once and tried
again: a trigger that stopped would leave the office waiting.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from esep import clock
from esep.config import Settings

Seen = frozenset[tuple[str, int]]
"""What is there: names with the newest change in nanoseconds."""


class FolderTrigger(BaseEventTrigger):
    """Fires when `look` finds something that was not there at the last event."""

    def __init__(self, poll_seconds: float = 3.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        kind = type(self)
        return f"{kind.__module__}.{kind.__qualname__}", {"poll_seconds": self.poll_seconds}

    @abstractmethod
    def look(self) -> Seen:
        """What is there now; raises OSError where a folder cannot be listed."""

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event with the new names, as often as there are some; never ends by itself."""
        reported: Seen = frozenset()
        fault = ""
        while True:
            try:
                seen = await asyncio.to_thread(self.look)
            except OSError as error:
                if str(error) != fault:
                    self.log.warning("%s; trying again every %g s", error, self.poll_seconds)
                fault = str(error)
            else:
                fault = ""
                fresh = sorted(name for name, _ in seen - reported)
                reported = seen
                if fresh:
                    yield TriggerEvent({"new": fresh[:20], "count": len(fresh)})  # type: ignore[no-untyped-call]
            await asyncio.sleep(self.poll_seconds)


class InboxTrigger(FolderTrigger):
    """Fires when a package of the inbox has settled."""

    def __init__(self, poll_seconds: float = 1.0) -> None:
        super().__init__(poll_seconds)

    def look(self) -> Seen:
        from esep.office.inbox import waiting

        settings = Settings.from_environment()
        return frozenset((package.name, package.changed_ns) for package in waiting(settings, clock.now()))


class ReferenceTrigger(FolderTrigger):
    """Fires when a reference file is new or changed and has not been written to for two polls."""

    def look(self) -> Seen:
        settings = Settings.from_environment()
        if not settings.reference.is_dir():
            return frozenset()
        settled = clock.now().timestamp() - 2 * self.poll_seconds
        return frozenset(
            (file.name, file.stat().st_mtime_ns)
            for file in settings.reference.glob("*.csv")
            if file.stat().st_mtime <= settled
        )
