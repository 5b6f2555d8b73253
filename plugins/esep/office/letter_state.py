"""Where a letter stands: waiting for an officer, approved and not sent, returned, sent, or not to leave any more.

The warehouse says the same of approved letters after its next load (`approved_letter`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from esep import clock
from esep.config import Settings
from esep.office import archive, dispatches, history
from esep.office.dispatches import DISPATCHED, LETTER_APPROVED, LETTER_RETURNED, Journal, OutgoingLetter
from esep.office.events import Event

DECIDED_KINDS = ("refusal", "request", "notice")
"""Letters that are put before an officer by themselves."""


class LetterState(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    """Nobody has approved or returned it."""
    APPROVED = "approved"
    """Approved and not sent: nothing is met yet."""
    RETURNED = "returned"
    SENT = "sent"
    LIFTED = "lifted"
    """Must not leave any more: overruled, withdrawn, waived or decided otherwise."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A letter with where it stands."""

    letter: OutgoingLetter
    state: LetterState
    decided: Event | None
    """The last approval or return."""
    sent: tuple[Event, ...]
    """Its dispatches, in order."""


def standing_of(settings: Settings, letter: OutgoingLetter, now: datetime, journal: Journal | None = None) -> Standing:
    """By archive, journal and outbox as they are now; raises ArchiveError for what cannot be read."""
    sent = tuple(dispatches.events_of(settings, letter, DISPATCHED, journal=journal))
    decided = decisions(settings, letter, journal)
    last = decided[-1] if decided else None
    if sent:
        state = LetterState.SENT
    elif not dispatches.still_holds(settings, letter, clock.local_date(now), journal):
        state = LetterState.LIFTED
    elif last is None:
        state = LetterState.WAITING
    else:
        state = LetterState.APPROVED if last.kind == LETTER_APPROVED else LetterState.RETURNED
    return Standing(letter, state, last, sent)


def decisions(settings: Settings, letter: OutgoingLetter, journal: Journal | None = None) -> list[Event]:
    """Approvals and returns of the letter, in order."""
    return dispatches.events_of(settings, letter, LETTER_APPROVED, LETTER_RETURNED, journal=journal)


def decision(settings: Settings, letter: OutgoingLetter, journal: Journal | None = None) -> Event | None:
    """The officer's last word on the letter: its approval or its return; None where nobody has decided yet."""
    decided = decisions(settings, letter, journal)
    return decided[-1] if decided else None


def is_of_history(settings: Settings, letter: OutgoingLetter) -> bool:
    """Whether it is the refusal of a filing that was loaded as history: sent in its own time, if at all."""
    if letter.kind != "refusal" or not letter.registration_no:
        return False
    return history.mark_of(archive.entry(settings, letter.registration_no)) is not None


def hindrance(settings: Settings, letter: OutgoingLetter, now: datetime, journal: Journal | None = None) -> str | None:
    """Why the letter must not be sent (again), whatever an officer says; None if it may."""
    if letter.dated > clock.local_date(now):
        return f"{letter.letter_no}: dated {letter.dated}, which is yet to come."
    for event in dispatches.events_of(settings, letter, DISPATCHED, journal=journal):
        return f"{letter.letter_no}: sent already ({event.data['channel']}, {event.data['sent_at']})."
    if not dispatches.still_holds(settings, letter, clock.local_date(now), journal):
        fallen = "was withdrawn or waived" if letter.kind == "notice" else "no longer holds"
        return f"{letter.letter_no}: the {letter.kind} {fallen}, so it must not leave."
    return None
