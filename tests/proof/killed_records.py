"""Examine or decide in a child that is killed before its k-th change of the file system; for test_killed_records.

Reads lines `home TAB k` and answers each with `killed` or `finished`.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from esep.config import Settings
from esep.examination.pending import record
from esep.office import archive, events
from esep.records import turns
from examination.package_builder import NOW, examined, package
from office.killed_office import kill_before

NUMBER = "2025-000001"


def work(settings: Settings) -> None:
    """One verdict, two events, one entry of the journal; what a run before did is not done again."""
    turns.take_in(settings.home)  # as each task begins
    entry = archive.entry(settings, NUMBER)
    record(entry, examined(package()), settings)
    for turn in range(2):
        moment = NOW + timedelta(turn)
        if len(events.read(entry.folder, "arrived_again")) <= turn:
            events.append(entry.folder, "arrived_again", moment, "x", {"turn": turn})
    if not events.read_journal(settings):
        events.append_to_journal(settings, "reminder_drafted", NOW, "x", {})


def main() -> None:
    for line in sys.stdin:
        home, count = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            kill_before(int(count))
            work(Settings(home=Path(home)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else "finished" if status == 0 else f"status {status}", flush=True)


if __name__ == "__main__":
    main()
