"""Hand over a day in a child that is killed before its k-th change of the file system; for test_killed_handover.

Reads lines `home TAB target TAB k` and answers each with `killed` or `finished`.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from pathlib import Path

from esep.config import Settings
from esep.handover.run import hand_over
from esep.handover.target import FolderTarget
from office.killed_office import kill_before
from warehouse.warehouse_office import moment


def main() -> None:
    for line in sys.stdin:
        home, target, count = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            kill_before(int(count))
            day, place = date(2025, 2, 10), FolderTarget(Path(target))
            hand_over(Settings(home=Path(home)), day, place, "esep.handover", lambda: moment("2025-02-10 23:30"))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else "finished" if status == 0 else f"status {status}", flush=True)


if __name__ == "__main__":
    main()
