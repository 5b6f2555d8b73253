"""What supervision has done before, from the files of archive and journal, so that nothing is noticed twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from esep.clock import local_date
from esep.config import Settings
from esep.office import archive, events
from esep.office.dispatches import DISPATCHED, NOTICE_DRAFTED, NOTICE_WITHDRAWN
from esep.supervision.knowledge import start_of

AUTHOR = "esep.supervision"
DETECTED = "finding_detected"
WITHDRAWN = "finding_withdrawn"
SILENCE = "silence_found"
REMINDER = "reminder_drafted"

PoolMonth = tuple[str, date]


class Detection(NamedTuple):
    """A fault across filings: first seen on `detected_on`; `holds` by its last event, which was of the day `last`."""

    detected_on: date
    holds: bool
    last: date


class DraftedNotice(NamedTuple):
    """A notice that has not been sent."""

    month: PoolMonth
    dated: date
    facts: tuple[str, ...]


@dataclass(slots=True)
class Memory:
    """Everything supervision has recorded; what it records goes to the files and in here."""

    settings: Settings
    detections: dict[tuple[str, str], Detection] = field(default_factory=dict)
    """(registration number, key of the fault)."""
    noticed: Counter[str] = field(default_factory=Counter)
    """Keys of the facts that notices tell, withdrawn ones left out."""
    withdrawn: dict[str, date] = field(default_factory=dict)
    """Keys of the facts of withdrawn notices, with the last day on which one was."""
    unsent: dict[str, DraftedNotice] = field(default_factory=dict)
    """Notices neither dispatched nor withdrawn, by number."""
    notices: Counter[str] = field(default_factory=Counter)
    """Notices drafted, by folder of the outbox."""
    silences: set[PoolMonth] = field(default_factory=set)
    reminders: set[PoolMonth] = field(default_factory=set)

    @classmethod
    def read(cls, settings: Settings) -> Memory:
        """The memory as the files tell it; raises ArchiveError naming a file that cannot be read."""
        memory = cls(settings)
        for entry in archive.registered(settings):
            told = [event for kind in (DETECTED, WITHDRAWN) for event in events.read(entry.folder, kind)]
            for event in sorted(told, key=lambda event: event.at):
                memory._remember_detection(entry.number, event.kind, event.data, local_date(event.at))
        recorded = events.read_journal(settings)
        for event in recorded:
            if event.kind in (SILENCE, REMINDER, NOTICE_DRAFTED):
                memory._remember(event.kind, event.data)
        for event in recorded:
            if event.kind in (NOTICE_WITHDRAWN, DISPATCHED):
                memory._remember(event.kind, event.data)
        for letter_no in list(memory.unsent):
            number = letter_no.partition("/")[0]
            if archive.is_number(number):
                for event in events.read(archive.entry(settings, number).folder, DISPATCHED):
                    memory._remember(event.kind, event.data)
        return memory

    def is_noticed(self, key: str, day: date) -> bool:
        """Whether a notice tells the fact; after one was withdrawn, a later day may draft another."""
        return self.noticed[key] > 0 or self.withdrawn.get(key, date.min) >= day

    def detect(self, number: str, key: str, data: Mapping[str, Any], day: date, *, holds: bool) -> None:
        """Record that a fault across filings was first seen, is seen again, or is gone."""
        kind = DETECTED if holds else WITHDRAWN
        entry = archive.entry(self.settings, number)
        content = dict(data) | {"key": key, "registration_no": number}
        events.append(entry.folder, kind, start_of(day), AUTHOR, content)
        self._remember_detection(number, kind, content, day)

    def record(self, kind: str, pool_id: str, period: date, day: date, data: Mapping[str, Any]) -> None:
        """Record an event of the journal about a pool and period."""
        content = {"pool_id": pool_id, "period": period.isoformat(), **data}
        events.append_to_journal(self.settings, kind, start_of(day), AUTHOR, content)
        self._remember(kind, content)

    def _remember_detection(self, number: str, kind: str, data: Mapping[str, Any], day: date) -> None:
        known = self.detections.get((number, data["key"]))
        first = known.detected_on if known else date.fromisoformat(data["detected_on"])
        self.detections[number, data["key"]] = Detection(first, kind == DETECTED, day)

    def _remember(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == DISPATCHED:
            self.unsent.pop(data["letter_no"], None)
            return
        month = (str(data["pool_id"]), date.fromisoformat(data["period"]))
        if kind == SILENCE:
            self.silences.add(month)
        elif kind == REMINDER:
            self.reminders.add(month)
        elif kind == NOTICE_WITHDRAWN:
            withdrawn = self.unsent.pop(data["letter_no"], None)
            for fact in withdrawn.facts if withdrawn else ():
                self.noticed[fact] -= 1
                day = date.fromisoformat(data["withdrawn_on"])
                self.withdrawn[fact] = max(day, self.withdrawn.get(fact, day))
        else:
            facts = tuple(data["facts"])
            self.noticed.update(facts)
            self.notices[str(data["letter_no"]).partition("/")[0]] += 1
            drafted = DraftedNotice(month, date.fromisoformat(data["dated"]), facts)
            self.unsent[data["letter_no"]] = drafted
