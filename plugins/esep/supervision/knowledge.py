"""What supervision knows on a day, and what it has recorded before.

A run knows everything received, decided or recorded before its day began (local time). So the run of a morning and a
replay of that day years later see the same; and a replay of years need not look at the days between those on which
anything new can be seen (`turning_days`). What earlier runs recorded is read from the files of archive and journal, so
that nothing is noticed twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import duckdb

from esep.clock import TIMEZONE, local_date, month_after, month_before
from esep.config import Settings
from esep.law import calendar
from esep.office import archive, events
from esep.office.dispatches import DISPATCHED, NOTICE_DRAFTED, NOTICE_WITHDRAWN
from esep.office.questions import DETECTED, SILENCE_FOUND, WITHDRAWN
from esep.warehouse.calls import column, records, rows

AUTHOR = "esep.supervision"
SILENCE = SILENCE_FOUND
REMINDER = "reminder_drafted"

PoolMonth = tuple[str, date]
_DAY = timedelta(days=1)


def start_of(day: date) -> datetime:
    """The moment at which the local day begins; events of a run of that day carry it."""
    return datetime.combine(day, time(), TIMEZONE)


def known_on(as_of: date) -> datetime:
    """The last moment that a run of `as_of` knows of, for the macros `…_as_of(today, known_on)`."""
    return start_of(as_of) - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class KnownFiling:
    """A registered filing that has a pool and a period, as it is known on a day."""

    registration_no: str
    pool_id: str
    period: date
    status: str
    kind: str
    verdict: str | None
    refused_on: date | None
    """Local day from which a refused pool has to file again: of the refusal's dispatch, of the arrival for history."""
    change_date: date | None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The facts of one day from which grounds, silences and reminders follow."""

    as_of: date
    filings: Mapping[str, KnownFiling]
    """By registration number, in order of arrival."""
    waived_until: Mapping[tuple[str, str], date]
    """(registration number, rule) → last day of the waiver."""
    confirmed: Mapping[tuple[str, str], date]
    """(registration number, rule) → day on which an officer, when asked, found a warning of the rule to be a fault."""
    without_filing: Mapping[tuple[str, date], str]
    """(pool, period) → `silent` or `not_filed`, by pool and period."""


def knowledge(connection: duckdb.DuckDBPyConnection, as_of: date) -> Knowledge:
    """The facts of the day, from the warehouse."""
    moment = known_on(as_of)
    arrived = "from internal.known_filing($moment) order by received_at, filing_key"
    waived = "from waiver where waived_at <= $moment group by registration_no, rule_id"
    confirmed = "from internal.confirmed_warning($moment)"
    months = """
        from filing_calendar_as_of($as_of, $moment)
        where state in ('silent', 'not_filed')
        order by pool_id, period
    """
    filings = records(connection, KnownFiling, arrived, moment=moment)
    waivers = rows(connection, ("registration_no", "rule_id", "max(waived_until)"), waived, moment=moment)
    found = rows(connection, ("registration_no", "rule_id", "confirmed_on"), confirmed, moment=moment)
    without = rows(connection, ("pool_id", "period", "state"), months, as_of=as_of, moment=moment)
    return Knowledge(
        as_of,
        {filing.registration_no: filing for filing in filings},
        {(number, rule): until for number, rule, until in waivers},
        {(number, rule): day for number, rule, day in found},
        {(pool_id, period): state for pool_id, period, state in without},
    )


def turning_days(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> list[date]:
    """`first`, and the days up to `last` after which a run may find what the day before could not, in order.

    These follow an arrival, an examination, an event, the end of a waiver, of a month's time for filing or for filing
    again; and the days on which reminders are drafted.
    """
    after_news = (day + _DAY for day in _days(connection, "known"))
    refiling_over = (calendar.refile_by(day) + _DAY for day in _days(connection, "refused"))
    found = {first, *after_news, *refiling_over, *_reminders(first, last)}
    return sorted(day for day in found if first <= day <= last)


def _days(connection: duckdb.DuckDBPyConnection, kind: str) -> tuple[date, ...]:
    return column(connection, "day", "from internal.day_of_news() where kind = $kind and day is not null", kind=kind)


def _reminders(first: date, last: date) -> Iterator[date]:
    period = month_before(first)
    while period <= last:
        yield calendar.remind_on(period)
        period = month_after(period)


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
    """Keys of the facts that notices state, withdrawn ones left out."""
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
        """The memory from the files; raises ArchiveError naming a file that cannot be read."""
        memory = cls(settings)
        for entry in archive.registered(settings):
            found = [event for kind in (DETECTED, WITHDRAWN) for event in events.read(entry.folder, kind)]
            for event in sorted(found, key=lambda event: event.at):
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
        """Whether a notice states the fact; after one was withdrawn, a later day may draft another."""
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
