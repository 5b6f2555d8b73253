"""What the filing's page puts together from several answers: its events in order, the days of its month."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from esep import clock
from esep.answers.filing_archive import Archived, LetterShown
from esep.answers.tables import Row
from esep.office.events import Event
from esep.texts.words import event_words
from esep.web.access import Reader


@dataclass(frozen=True, slots=True)
class Happened:
    """An event in words of the reader's language."""

    at: datetime
    author: str
    words: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day of the month's story: `key` is a text of filing.toml, with a number of a filing or letter."""

    day: date
    key: str
    number: str | None
    is_own: bool
    """Whether it is about the filing whose page this is."""


def happened(kept: Archived | None, of_month: Iterable[Event], number: str, reader: Reader) -> list[Happened]:
    """The filing's events, and those of its pool and month that concern it, in order."""
    concerning = [event for event in of_month if event.data.get("registration_no") in (None, number)]
    return month_happened((*(kept.events if kept else ()), *concerning), reader)


def month_happened(events: Iterable[Event], reader: Reader) -> list[Happened]:
    """Events in words, in order of their moments."""
    return [
        Happened(event.at, event.author, event_words(event.kind, event.data, reader.language), _reason(event))
        for event in sorted(events, key=lambda event: (event.at, event.path.name))
    ]


def _reason(event: Event) -> str | None:
    reason = event.data.get("reason")
    return reason if isinstance(reason, str) and reason.strip() else None


def timeline(of: Row, versions: Iterable[Row], letters: Iterable[LetterShown]) -> list[Milestone]:
    """Due dates, arrivals, verdicts and dispatches of the month in order of their days."""
    days: list[Milestone] = []
    first = True
    for version in versions:
        own = version.registration_no == of.registration_no
        if first and version.due_effective_on and version.kind != "correction":
            days.append(Milestone(version.due_effective_on, "due", None, False))
            first = False
        days.append(Milestone(version.registered_on, f"came_{version.kind}", version.registration_no, own))
        if version.correction_due_on and version.kind == "correction":
            days.append(Milestone(version.correction_due_on, "correction_due", version.registration_no, own))
        if version.decided_at and not version.is_history:
            decided = clock.local_date(version.decided_at)
            days.append(Milestone(decided, f"told_{version.examined_verdict}", version.registration_no, own))
        if version.overruled_at:
            overruled = clock.local_date(version.overruled_at)
            days.append(Milestone(overruled, "overruled", version.registration_no, own))
    for shown in letters:
        for dispatch in shown.dispatches:
            sent = clock.local_date(dispatch.sent_at)
            days.append(Milestone(sent, f"sent_{shown.letter.kind}", shown.letter.letter_no, True))
    return sorted(days, key=lambda milestone: milestone.day)


def plain_name(path: str) -> str:
    """The name alone, without signs that hide or turn round what it is."""
    name = PurePosixPath(path.replace("\\", "/")).name or "file"
    return "".join("_" if unicodedata.category(sign).startswith("C") else sign for sign in name)[-150:]
