"""Supervision of one day, and of many days in turn (paras 5, 8, 9 and 10).

A run of day D knows what was received, decided or recorded before D began. It finds faults across filings, silent
months and the grounds of notices, and records each once as an event, from which the letters are written. Whatever
was recorded by an earlier run stays as it is: a day may be run again, and history may be replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import duckdb

from esep import files
from esep.config import Settings
from esep.letters.placing import Letter
from esep.supervision import notices
from esep.supervision.across import Held, fingerprint, holding, record_detected
from esep.supervision.knowledge import Memory, knowledge, turning_days
from esep.supervision.letters import write_drafted
from esep.supervision.notices import grounds
from esep.warehouse import read

LOCK = "supervision.lock"


@dataclass(frozen=True, slots=True)
class DayReport:
    """What one day's run found that no run had found before."""

    as_of: date
    faults_across: int
    silences: int
    reminders: int
    withdrawn: int
    """Notices that were drafted, not sent, and have no ground left."""
    notices: int

    def __str__(self) -> str:
        return (
            f"{self.as_of}: {self.faults_across} new faults across filings, {self.silences} silent months, "
            f"{self.reminders} reminders, {self.notices} notices, {self.withdrawn} notices withdrawn"
        )

    @property
    def found(self) -> int:
        return self.faults_across + self.silences + self.reminders + self.notices + self.withdrawn


Progress = Callable[[DayReport], None]


def supervise(
    settings: Settings, as_of: date, since: date | None = None, progress: Progress | None = None
) -> list[DayReport]:
    """Run the days from `since` (default: `as_of` alone) to `as_of`. Then call `letters`.

    Gives a report of each day on which anything could be new (see turning_days); the others are as the day before.
    Reads the published warehouse: refresh it before, so that the latest filings and decisions count, and after, so that
    what was recorded shows. Raises NoSnapshotError while there is no warehouse, ValueError for `since` after `as_of`.
    """
    first = since or as_of
    if first > as_of:
        raise ValueError(f"since {first} is after as_of {as_of}: give the earlier day first")
    with files.lock(settings.locks / LOCK):
        memory = Memory.read(settings)
        connection = read.connect(settings)
        try:
            reports = []
            across = _Across(connection, settings)
            for day in turning_days(connection, first, as_of):
                reports.append(_run(connection, across, memory, day))
                if progress:
                    progress(reports[-1])
        finally:
            connection.close()
    return reports


def letters(settings: Settings, progress: Callable[[Letter], None] | None = None) -> list[Letter]:
    """Write the notices and reminders that are drafted and not in the outbox; see `write_drafted`."""
    with files.lock(settings.locks / LOCK):
        return write_drafted(settings, progress)


def _run(connection: duckdb.DuckDBPyConnection, across: _Across, memory: Memory, day: date) -> DayReport:
    known = knowledge(connection, day)
    held = across.holding(day)
    new = record_detected(memory, known, held)
    held_today = grounds(connection, known, held, memory)
    return DayReport(
        as_of=day,
        faults_across=new,
        silences=notices.find_silences(known, memory),
        reminders=notices.remind(connection, known, memory),
        withdrawn=notices.withdraw(memory, held_today, day),
        notices=notices.draft(memory, held_today, day),
    )


class _Across:
    """Faults across filings of one day after another; asked anew only when the data that the rules see changed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
        self._connection = connection
        self._settings = settings
        self._seen: str | None = None
        self._held: list[Held] = []

    def holding(self, day: date) -> list[Held]:
        state = fingerprint(self._connection, self._settings, day)
        if state != self._seen:
            self._held = holding(self._connection, self._settings, day)
            self._seen = state
        return self._held
