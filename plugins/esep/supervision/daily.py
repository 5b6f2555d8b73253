"""Supervision of one day, and of many days in turn (paras 5, 8, 9 and 10).

A run of day D knows what was received, decided or recorded before D began. It finds faults across filings, silent
months and the grounds of notices, and records each once as an event, from which the letters are written. Whatever
was recorded by an earlier run stays as it is: a day may be run again, and history may be replayed. Letters are written
from their events into the outbox, where they are missing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import duckdb

from esep import files
from esep.config import Settings
from esep.examination.model import Finding, Lane, Severity
from esep.examination.register import entries_of, pools_of
from esep.letters import outbox
from esep.letters.facts import Fact, LetterKind, NoticeReason, Pool, status_name
from esep.letters.missing import Job, write_all
from esep.letters.outbox import recorded_findings
from esep.letters.placing import Letter
from esep.letters.remarks import findings_of_rows
from esep.office import archive, events
from esep.office.archive import Entry
from esep.office.dispatches import NOTICE_DRAFTED
from esep.office.events import Event
from esep.office.questions import DETECTED
from esep.records.turns import turn
from esep.supervision import notices
from esep.supervision.across import Held, fingerprint, holding, record_detected
from esep.supervision.knowledge import REMINDER, Memory, knowledge, turning_days
from esep.supervision.notices import grounds
from esep.warehouse import published

log = logging.getLogger(__name__)

LOCK = "supervision.lock"


@dataclass(frozen=True, slots=True)
class DayReport:
    """Counts of one day's run: findings that no run had made before."""

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
    with turn(settings.home, LOCK):
        memory = Memory.read(settings)
        connection = published.connect(settings)
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


def letters(settings: Settings, progress: Callable[[Letter], None] | None = None) -> list[Letter]:
    """Write the notices and reminders that are drafted and not in the outbox; raises LettersError as write_all does."""
    with files.lock(settings.locks / LOCK):
        return write_all(_jobs(settings), progress)


def _jobs(settings: Settings) -> Iterator[Job]:
    for event in events.read_journal(settings):
        if event.kind in (NOTICE_DRAFTED, REMINDER) and not _is_written(settings, event):
            yield _fields(event), partial(_notice if event.kind == NOTICE_DRAFTED else _reminder, settings, event)


def _fields(event: Event) -> dict[str, str]:
    """Fields of log lines about the letter; a letter about silence has no registration number."""
    return {name: str(event.data[name]) for name in ("letter_no", "registration_no") if event.data.get(name)}


def _is_written(settings: Settings, event: Event) -> bool:
    folder = str(event.data["letter_no"]).partition("/")[0]
    kind = LetterKind.NOTICE if event.kind == NOTICE_DRAFTED else LetterKind.REMINDER
    return (settings.outbox / folder / status_name(kind, int(event.data["serial"]))).exists()


def _reminder(settings: Settings, event: Event) -> Letter:
    data = event.data
    period, dated = date.fromisoformat(data["period"]), date.fromisoformat(data["dated"])
    pool = addressee(settings, data["pool_id"], period)
    return outbox.write_reminder(settings, pool, period, dated, serial=int(data["serial"]))


def _notice(settings: Settings, event: Event) -> Letter:
    data = event.data
    period = date.fromisoformat(data["period"])
    number = data["registration_no"]
    return outbox.write_notice(
        settings,
        addressee(settings, data["pool_id"], period),
        period,
        list(_facts(settings, data["grounds"])),
        date.fromisoformat(data["detected_on"]),
        date.fromisoformat(data["dated"]),
        entry=archive.entry(settings, number) if number else None,
        serial=int(data["serial"]),
    )


def _facts(settings: Settings, grounds: list[Mapping[str, Any]]) -> Iterator[Fact]:
    """The facts of the notice: one for each ground, the rules of one examination together."""
    rules: dict[tuple[str, date], set[str]] = defaultdict(set)
    for ground in grounds:
        reason, detected_on = NoticeReason(ground["reason"]), date.fromisoformat(ground["detected_on"])
        number = ground["registration_no"]
        entry = archive.entry(settings, number) if number else None
        if entry is None:
            yield Fact(reason, detected_on)
        elif reason is NoticeReason.LATE:
            changed = ground["change_date"]
            yield Fact(reason, detected_on, entry, change_date=date.fromisoformat(changed) if changed else None)
        elif reason is NoticeReason.INCOMPLETE:
            findings = [one for one in _examined(settings, entry) if one.lane is Lane.COMPLETENESS]
            yield Fact(reason, detected_on, entry, findings)
        elif ground["across"]:
            yield Fact(reason, detected_on, entry, [_as_fault(_across(entry, ground["across"]))])
        else:
            rules[number, detected_on].add(ground["rule_id"])
    for (number, detected_on), broken in sorted(rules.items()):
        entry = archive.entry(settings, number)
        findings = [_as_fault(one) for one in _examined(settings, entry) if one.rule_id in broken]
        yield Fact(NoticeReason.UNRELIABLE, detected_on, entry, findings)


def _as_fault(finding: Finding) -> Finding:
    """What the notice states as a fact: an error, or a warning that an officer found to be a fault when asked."""
    return replace(finding, severity=Severity.ERROR)


def _examined(settings: Settings, entry: Entry) -> list[Finding]:
    return recorded_findings(settings, entry.number, entry.verdict or {"lake": []})


def _across(entry: Entry, key: str) -> Finding:
    """The fault as it was when it was first detected."""
    for event in events.read(entry.folder, DETECTED):
        if event.data["key"] == key:
            return findings_of_rows([event.data])[0]
    raise LookupError(f"{entry.number}: no event {DETECTED} about {key}; restore archive/ from a backup")


def addressee(settings: Settings, pool_id: str, period: date) -> Pool:
    """The pool as the register has it for the month, else as it has it at all, else by its number alone."""
    entries = entries_of(pools_of(settings), pool_id)
    for entry in [*(one for one in entries if one.accredited_in(period)), *reversed(entries)]:
        return Pool(pool_id, entry.pool_name, entry.email)
    return Pool(pool_id)
