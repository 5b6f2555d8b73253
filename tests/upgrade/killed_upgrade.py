"""Bring a home up to date in a child that is killed before its k-th change of the file system; for test_upgrade.

Reads lines `home TAB moment TAB k` and answers each with `killed` or `finished`.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from esep.config import Settings
from esep.orchestration import tasks
from esep.warehouse import build, checks, load, published, work
from office.killed_office import ending, kill_before

IMPORTED = (build, checks, load, published, work)
"""What each child needs, imported once here."""


def bring_up(settings: Settings, now: datetime) -> None:
    """What the DAG `warehouse` does after an upgrade."""
    tasks.accept_reference(settings, now)
    tasks.refresh(settings, now)


def main() -> None:
    for line in sys.stdin:
        home, moment, count = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            kill_before(int(count))
            bring_up(Settings(home=Path(home), inbox_settle_seconds=0), datetime.fromisoformat(moment))
            os._exit(0)
        print(ending(child), flush=True)


if __name__ == "__main__":
    main()
