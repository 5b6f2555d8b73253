"""Decisions about several letters at once: each gets its own event, by the same functions as one alone.

A letter that cannot be decided does not hold up the others; what is on record already counts as done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from esep.config import Settings
from esep.office import dispatches
from esep.office.archive import ArchiveError
from esep.office.decisions import DecisionError, Recorded
from esep.office.dispatches import DISPATCHED, LETTER_APPROVED, LETTER_RETURNED, Journal
from esep.office.events import Event
from esep.office.letter_state import hindrance

Act = Callable[[str], Recorded]
"""Records the decision about the letter of that number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter."""

    letter_no: str
    recorded: Recorded | None
    """None where nothing was recorded; `fault` says why."""
    fault: str = ""


def numbers_of(text: str) -> list[str]:
    """Numbers of letters out of a text, separated by blanks, commas or semicolons; each once, in order."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text) if part))


def approve(settings: Settings, numbers: Iterable[str], reason: str, author: str, now: datetime) -> list[Outcome]:
    """The officer lets the letters leave."""
    return _each(
        settings,
        numbers,
        LETTER_APPROVED,
        {"author": author, "reason": reason},
        lambda number: dispatches.approve_letter(settings, number, reason, author, now),
        now,
    )


def send_back(settings: Settings, numbers: Iterable[str], reason: str, author: str, now: datetime) -> list[Outcome]:
    """The officer holds the letters back."""
    return _each(
        settings,
        numbers,
        LETTER_RETURNED,
        {"author": author, "reason": reason},
        lambda number: dispatches.return_letter(settings, number, reason, author, now),
        now,
    )


def record_dispatches(
    settings: Settings,
    numbers: Iterable[str],
    channel: str,
    sent_at: datetime | None,
    proof: str,
    author: str,
    now: datetime,
    recipients: Iterable[str] = (),
) -> list[Outcome]:
    """The letters were sent by hand, all by one channel, at one moment, with one proof. A letter sent otherwise before
    is not sent a second time: that is recorded for one letter alone (`dispatches.record_dispatch`)."""
    to = list(recipients)
    return _each(
        settings,
        numbers,
        DISPATCHED,
        {"author": author, "channel": channel, "proof": proof},
        lambda number: dispatches.record_dispatch(settings, number, channel, sent_at, proof, author, now, to),
        now,
    )


def _each(
    settings: Settings, numbers: Iterable[str], kind: str, same: Mapping[str, str], act: Act, now: datetime
) -> list[Outcome]:
    journal = dispatches.journal_once(settings)  # one letter's event changes nothing about another
    return [_one(settings, number, kind, same, act, now, journal) for number in dict.fromkeys(numbers)]


def _one(
    settings: Settings, number: str, kind: str, same: Mapping[str, str], act: Act, now: datetime, journal: Journal
) -> Outcome:
    try:
        if not _is_on_record(settings, number, kind, same, journal):
            reason = hindrance(settings, dispatches.letter_of(settings, number), now, journal)
            if reason:
                return Outcome(number, None, reason)
        return Outcome(number, act(number))
    except (DecisionError, ArchiveError) as error:
        return Outcome(number, None, str(error))


def _is_on_record(settings: Settings, number: str, kind: str, same: Mapping[str, str], journal: Journal) -> bool:
    """Whether this very decision is on record: a run that was ended by force is repeated."""
    kinds = (DISPATCHED,) if kind == DISPATCHED else (LETTER_APPROVED, LETTER_RETURNED)
    found = dispatches.events_of(settings, dispatches.letter_of(settings, number), *kinds, journal=journal)
    considered = found if kind == DISPATCHED else found[-1:]
    wanted = {name: value.strip() for name, value in same.items()}

    def said(event: Event) -> dict[str, Any]:
        return {name: event.author if name == "author" else event.data.get(name) for name in wanted}

    return any(event.kind == kind and said(event) == wanted for event in considered)
