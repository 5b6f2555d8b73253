"""Run the intake in a child that is killed before its k-th change of the file system; for test_killed_intake.

Reads lines `home TAB k` and answers each with `killed` or `finished`. Audit events are raised by Python before the
operation itself, so that every state between two operations is met, whatever the code of the office looks like.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.office import intake
from esep.store import lease

ENDPOINT = "AWS_ENDPOINT_URL"
CHANGES = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "os.truncate", "os.link", "os.symlink"}
NOW = datetime(2099, 6, 10, 12, 0, tzinfo=TIMEZONE)


def kill_before(count: int) -> None:
    """Kill this process before its `count`-th change.

    fsync counts as one, but is not done: a kill, other than a power cut, loses nothing of what was written, and the
    hundreds of runs of the test would wait for the disk.
    """
    left = count

    def change() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in CHANGES:
            change()

    os.fsync = lambda descriptor: change()
    sys.addaudithook(hook)
    if os.environ.get(ENDPOINT):
        _count_objects(change)


def _count_objects(change: Callable[[], None]) -> None:
    """Object storage is changed by no call of Python's: before and after each of these counts as a change."""
    from esep.store.objects import ObjectStore

    for name in ("put_new", "replace", "keep"):
        setattr(ObjectStore, name, _counted(getattr(ObjectStore, name), change))


def _counted(does: Callable[..., Any], change: Callable[[], None]) -> Callable[..., Any]:
    def counted(*given: Any) -> Any:
        change()
        answer = does(*given)
        change()
        return answer

    return counted


def ending(child: int) -> str:
    """How the child process ended: `killed`, `finished`, or its status in words."""
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return "killed" if killed else "finished" if status == 0 else f"status {status}"


def main() -> None:
    for line in sys.stdin:
        home, count = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            kill_before(int(count))
            lease.PATIENCE, lease.PAUSE = 0.02, 0.005  # of a killed holder nobody will hear
            settings = Settings(home=Path(home), inbox_settle_seconds=0)
            results = intake.register_waiting(settings, NOW, lambda number: None)
            os._exit(1 if any(result.fault for result in results) else 0)
        print(ending(child), flush=True)


if __name__ == "__main__":
    main()
