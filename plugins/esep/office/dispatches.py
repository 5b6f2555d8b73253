"""Decisions about letters: approval or return before one leaves, and the record that it was sent.

Paras 8 and 10 are met by sending, so each dispatch is an event with moment, channel and proof, whatever the channel.
The events go to the letter's filing, or to the journal where it is about none. See `decisions` for what they share.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from esep import clock
from esep.config import Settings
from esep.office import archive, events, journal, outgoing
from esep.office.decisions import REFUSAL_OVERRULED, RULE_WAIVED
from esep.office.outgoing import OutgoingError, OutgoingLetter
from esep.office.recording import DecisionError, Recorded, alone, moment_words, stated

DISPATCHED = "dispatched"
LETTER_APPROVED = "letter_approved"
LETTER_RETURNED = "letter_returned"
NOTICE_DRAFTED = "notice_drafted"
NOTICE_WITHDRAWN = "notice_withdrawn"
"""Events of the journal: supervision drafted a notice; it found that nothing is left to tell."""


class Channel(StrEnum):
    """How a letter left."""

    SMTP = "smtp"
    """Sent by Esep itself."""
    INFORMATION_SYSTEM = "information_system"
    """The way that para 10 names."""
    EMAIL = "email"
    """From an officer's own mailbox."""
    POST = "post"
    IN_PERSON = "in_person"


BY_HAND = tuple(channel.value for channel in Channel if channel is not Channel.SMTP)


def record_dispatch(
    settings: Settings,
    letter_no: str,
    channel: str,
    sent_at: datetime | None,
    proof: str,
    author: str,
    at: datetime,
    recipients: Iterable[str] = (),
) -> Recorded:
    """Record that a letter was sent at `sent_at`, and what proves it, such as a tracking number or a Message-ID.

    `sent_at` None stands for `at`, and then a record with the same channel and proof is the same one at any moment.
    """
    proof = proof.strip()
    if not proof:
        raise DecisionError(
            f"{letter_no}: the proof is empty. Name what shows the dispatch, such as a tracking number."
        )
    _, author = stated(proof, author, at)
    if channel not in set(Channel):
        raise DecisionError(f"{channel!r}: not a channel. The channels are {', '.join(Channel)}.")
    moment = sent_at or at
    if moment.tzinfo is None:
        raise DecisionError(f"sent at {moment.isoformat()}: a moment needs its time zone, for example +05:00")
    letter = letter_of(settings, letter_no)
    if moment > at:
        raise DecisionError(
            f"{letter_no}: sent at {moment_words(moment)} lies in the future. Record what has happened."
        )
    if clock.local_date(moment) < letter.dated:
        raise DecisionError(
            f"{letter_no}: sent at {moment_words(moment)}, but the letter is dated {letter.dated}. Check the moment."
        )
    data: dict[str, Any] = {
        "letter_kind": letter.kind,
        "channel": str(channel),
        "sent_at": moment.astimezone(clock.TIMEZONE).isoformat(),
        "proof": proof,
        "recipients": [text.strip() for text in recipients if text.strip()],
    }
    with alone(settings):
        for event in outgoing.events_of(settings, letter, DISPATCHED):
            compared = data if sent_at else {"channel": str(channel), "proof": proof}
            if event.author == author and {name: event.data.get(name) for name in compared} == compared:
                return Recorded(event, written=False)
        path = outgoing.append(settings, letter, DISPATCHED, at, author, data)
        return Recorded(events.read_file(path), written=True)


def approve_letter(settings: Settings, letter_no: str, reason: str, author: str, at: datetime) -> Recorded:
    """The officer lets the letter leave. A letter returned before may be approved later: the last decision counts."""
    return _decide(settings, LETTER_APPROVED, letter_no, reason, author, at)


def return_letter(settings: Settings, letter_no: str, reason: str, author: str, at: datetime) -> Recorded:
    """The officer holds the letter back: Esep does not send it."""
    return _decide(settings, LETTER_RETURNED, letter_no, reason, author, at)


def letter_of(settings: Settings, letter_no: str) -> OutgoingLetter:
    """The letter in the outbox; raises DecisionError where there is none, or where its filing is unknown."""
    try:
        letter = outgoing.letter(settings, letter_no)
        if letter.registration_no:
            archive.entry(settings, letter.registration_no)
    except (OutgoingError, archive.ArchiveError) as error:
        raise DecisionError(str(error)) from None
    return letter


def still_holds(settings: Settings, letter: OutgoingLetter, today: date) -> bool:
    """False for a refusal of a filing that is refused no longer, and for a notice that was withdrawn or is waived.

    A refusal falls when it is overruled, or the filing accepted when examined again.
    """
    if letter.kind == "notice":
        withdrawn = journal.read(settings, NOTICE_WITHDRAWN)
        gone = any(event.data["letter_no"] == letter.letter_no for event in withdrawn)
        return not gone and not _is_waived(settings, letter, today)
    if letter.kind != "refusal" or not letter.registration_no:
        return True
    filing = archive.entry(settings, letter.registration_no)
    overruled = events.read(filing.folder, REFUSAL_OVERRULED)
    return not overruled and (filing.verdict or {}).get("verdict") == "refused"


def _is_waived(settings: Settings, letter: OutgoingLetter, today: date) -> bool:
    """Whether every fact of the notice is one that an officer has set aside for the day."""
    grounds = [
        ground
        for event in journal.read(settings, NOTICE_DRAFTED)
        if event.data["letter_no"] == letter.letter_no
        for ground in event.data["grounds"]
    ]
    return bool(grounds) and all(
        ground["registration_no"]
        and any(
            event.data["rule_id"] == ground["rule_id"] and event.data["until"] >= today.isoformat()
            for event in events.read(archive.entry(settings, ground["registration_no"]).folder, RULE_WAIVED)
        )
        for ground in grounds
    )


def _decide(settings: Settings, kind: str, letter_no: str, reason: str, author: str, at: datetime) -> Recorded:
    reason, author = stated(reason, author, at)
    letter = letter_of(settings, letter_no)
    with alone(settings):
        decided = outgoing.events_of(settings, letter, LETTER_APPROVED, LETTER_RETURNED)
        if decided and (decided[-1].kind, decided[-1].author, decided[-1].data["reason"]) == (kind, author, reason):
            return Recorded(decided[-1], written=False)
        path = outgoing.append(settings, letter, kind, at, author, {"reason": reason})
        return Recorded(events.read_file(path), written=True)
