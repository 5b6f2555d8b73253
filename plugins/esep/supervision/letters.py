"""The letters of drafted notices and reminders: written from their events into the outbox, where they are missing."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from esep import failures
from esep.config import Settings
from esep.examination.model import Finding, Lane, Severity
from esep.examination.register import entries_of, pools_of
from esep.failures import Faults, one_by_one
from esep.letters import outbox
from esep.letters.facts import Fact, LetterKind, NoticeReason, Pool
from esep.letters.missing import recorded_findings
from esep.letters.placing import Letter, status_name
from esep.letters.remarks import findings_of_rows
from esep.office import archive, events
from esep.office.archive import Entry
from esep.office.dispatches import NOTICE_DRAFTED
from esep.office.events import Event
from esep.supervision.knowledge import DETECTED, REMINDER

log = logging.getLogger(__name__)

Progress = Callable[[Letter], None]


class LettersError(RuntimeError):
    """Some letters could not be written; the next run takes them up."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(
            f"{len(faults)} letters could not be written: {failures.in_few_words(faults)}. Repair the cause and "
            "run supervision again."
        )


def write_drafted(settings: Settings, progress: Progress | None = None) -> list[Letter]:
    """Write the notices and reminders that are drafted and not in the outbox.

    One letter's fault does not stop the others; at the end LettersError names those that failed.
    """
    drafts = (
        event
        for event in events.read_journal(settings)
        if event.kind in (NOTICE_DRAFTED, REMINDER) and not _is_written(settings, event)
    )
    written: list[Letter] = []
    faults: Faults = []
    for _, letter in one_by_one(drafts, lambda event: _write(settings, event), _fields, faults, log):
        written.append(letter)
        if progress:
            progress(letter)
    if faults:
        raise LettersError(faults)
    return written


def _write(settings: Settings, event: Event) -> Letter:
    return (_notice if event.kind == NOTICE_DRAFTED else _reminder)(settings, event)


def _fields(event: Event) -> dict[str, str]:
    """What log lines about the letter carry; a letter about silence has no registration number."""
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
            yield Fact(reason, detected_on, entry, [_across(entry, ground["across"])])
        else:
            rules[number, detected_on].add(ground["rule_id"])
    for (number, detected_on), broken in sorted(rules.items()):
        entry = archive.entry(settings, number)
        findings = [one for one in _examined(settings, entry) if one.rule_id in broken or _is_warning(one)]
        yield Fact(NoticeReason.UNRELIABLE, detected_on, entry, findings)


def _is_warning(finding: Finding) -> bool:
    return finding.lane is Lane.RELIABILITY and finding.severity is Severity.WARNING


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
