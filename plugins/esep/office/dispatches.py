"""Letters of the outbox and the decisions about them: approval or return before one leaves, and that it was sent.

A letter's number is `<folder>/<code>`, for example `2025-000017/R-1` or `230640000008-2025-03/N-1`. Paras 8 and 10 are
met by sending, so each dispatch is an event with moment, channel and proof, whatever the channel. The events go to the
letter's filing, or to the journal where it is about none. See `decisions` for what they share.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any

from esep import clock, files
from esep.config import Settings
from esep.office import archive, events
from esep.office.archive import ArchiveError
from esep.office.decisions import REFUSAL_OVERRULED, RULE_WAIVED, DecisionError, Recorded, alone, moment_words, stated
from esep.office.events import Event

_NUMBER = re.compile(r"([0-9A-Za-z][0-9A-Za-z-]{0,60})/([ARQNMS]-[1-9][0-9]{0,3})")
_FOLDER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,60}")

DISPATCHED = "dispatched"
LETTER_APPROVED = "letter_approved"
LETTER_RETURNED = "letter_returned"
NOTICE_DRAFTED = "notice_drafted"
NOTICE_WITHDRAWN = "notice_withdrawn"
"""Events of the journal: supervision drafted a notice; it found that no ground is left."""


Journal = Callable[[str], list[Event]]
"""Gives the journal's events of a kind."""


def journal_once(settings: Settings) -> Journal:
    """The journal, of which each kind of event is read once: for many letters, which all ask for the same."""
    return cache(partial(events.read_journal, settings))


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A letter of the outbox and what goes with it."""

    letter_no: str
    kind: str
    """receipt, refusal, request, notice, reminder or message_receipt."""
    dated: date
    registration_no: str | None
    pool_id: str | None
    pool_name: str | None
    period: date | None
    """First day of the month."""
    send_by: date | None
    """Last day on which it is sent in time; None where there is none, as in letters of history."""
    files: tuple[Path, ...]
    """The letter as .pdf and .docx, then what goes with it; the status file last."""


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


def letter(settings: Settings, letter_no: str) -> OutgoingLetter:
    """The letter of that number; raises ArchiveError if it is not in the outbox."""
    match = _NUMBER.fullmatch(letter_no)
    if not match:
        raise ArchiveError(
            f"{letter_no!r}: the number of a letter is written as it is printed on the letter, "
            "for example 2025-000017/R-1 or 230640000008-2025-03/N-1"
        )
    folder = settings.outbox / match[1]
    for path in (folder / "status.json", folder / f"status-{match[2]}.json"):
        if path.is_file():
            found = _read(path)
            if found.letter_no == letter_no:
                return found
    raise ArchiveError(f"{letter_no}: there is no such letter in {settings.outbox}. Look there for its number.")


def written_since(settings: Settings, moment: datetime) -> tuple[list[OutgoingLetter], list[ArchiveError]]:
    """Letters whose status file was put in place at or after `moment`, by folder, and those that cannot be read.

    The outbox keeps the letters of many years: older files are not opened, nor are folders that got no file since.
    """
    since = moment.timestamp()
    try:
        with os.scandir(settings.outbox) as items:
            folders = [Path(item.path) for item in items if item.stat().st_mtime >= since and item.is_dir()]
    except FileNotFoundError:
        return [], []
    return _read_all(
        path for folder in folders for path in folder.glob("status*.json") if path.stat().st_mtime >= since
    )


def of_folder(settings: Settings, name: str) -> tuple[list[OutgoingLetter], list[ArchiveError]]:
    """The letters in one folder of the outbox (a registration number or `BIN-YYYY-MM`) by date and number, and those
    that cannot be read."""
    if not _FOLDER.fullmatch(name):
        return [], []
    letters, faults = _read_all((settings.outbox / name).glob("status*.json"))
    return sorted(letters, key=lambda letter: (letter.dated, letter.letter_no)), faults


def append(
    settings: Settings, about: OutgoingLetter, kind: str, moment: datetime, author: str, data: dict[str, Any]
) -> Event:
    """Add an event about the letter: to its filing, or to the journal with pool and period where it has none."""
    data = {"letter_no": about.letter_no, **data}
    if about.registration_no:
        folder = archive.entry(settings, about.registration_no).folder
        return events.append(folder, kind, moment, author, data)
    of_pool = {"pool_id": about.pool_id, "period": about.period.isoformat() if about.period else None}
    return events.append_to_journal(settings, kind, moment, author, data | of_pool)


def events_of(settings: Settings, about: OutgoingLetter, *kinds: str, journal: Journal | None = None) -> list[Event]:
    """The letter's events of these kinds, in order of their moments."""
    if about.registration_no:
        folder = archive.entry(settings, about.registration_no).folder
        found = [event for kind in kinds for event in events.read(folder, kind)]
    else:
        read = journal or partial(events.read_journal, settings)
        found = [event for kind in kinds for event in read(kind)]
    own = [event for event in found if event.data.get("letter_no") == about.letter_no]
    return sorted(own, key=lambda event: (event.at, event.path.name))


def _read_all(paths: Iterable[Path]) -> tuple[list[OutgoingLetter], list[ArchiveError]]:
    letters: list[OutgoingLetter] = []
    faults: list[ArchiveError] = []
    for path in sorted(paths):
        try:
            letters.append(_read(path))
        except ArchiveError as error:
            faults.append(error)
    return letters, faults


def _read(path: Path) -> OutgoingLetter:
    try:
        value = files.read_json(path)
        term = value["term"]
        return OutgoingLetter(
            letter_no=value["letter_no"],
            kind=value["kind"],
            dated=date.fromisoformat(value["dated"]),
            registration_no=value["registration_no"],
            pool_id=value["pool_id"],
            pool_name=value["pool_name"],
            period=date.fromisoformat(f"{value['period']}-01") if value["period"] else None,
            send_by=date.fromisoformat(term["ends_on"]) if term else None,
            files=(*(path.parent / file["name"] for file in value["files"]), path),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ArchiveError(
            f"{path}: not a status file that can be read ({error!r}). Restore it or move it away."
        ) from error


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

    `sent_at` None means `at`, and then a record with the same channel and proof is the same one at any moment.
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
        raise DecisionError(f"{letter_no}: sent at {moment_words(moment)} is in the future. Record what has happened.")
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
        for event in events_of(settings, letter, DISPATCHED):
            compared = data if sent_at else {"channel": str(channel), "proof": proof}
            if event.author == author and {name: event.data.get(name) for name in compared} == compared:
                return Recorded(event, written=False)
        return Recorded(append(settings, letter, DISPATCHED, at, author, data), written=True)


def approve_letter(settings: Settings, letter_no: str, reason: str, author: str, at: datetime) -> Recorded:
    """The officer lets the letter leave. A letter returned before may be approved later: the last decision counts."""
    return _decide(settings, LETTER_APPROVED, letter_no, reason, author, at)


def return_letter(settings: Settings, letter_no: str, reason: str, author: str, at: datetime) -> Recorded:
    """The officer holds the letter back: Esep does not send it."""
    return _decide(settings, LETTER_RETURNED, letter_no, reason, author, at)


def letter_of(settings: Settings, letter_no: str) -> OutgoingLetter:
    """The letter in the outbox; raises DecisionError where there is none, or where its filing is unknown."""
    try:
        found = letter(settings, letter_no)
        if found.registration_no:
            archive.entry(settings, found.registration_no)
    except ArchiveError as error:
        raise DecisionError(str(error)) from None
    return found


def still_holds(settings: Settings, letter: OutgoingLetter, today: date, journal: Journal | None = None) -> bool:
    """False for a refusal of a filing that is refused no longer, and for a notice that was withdrawn or is waived.

    A refusal falls when it is overruled, or the filing accepted when examined again. A request falls once its filing
    has a verdict: nothing is asked any more.
    """
    if letter.kind == "notice":
        read = journal or partial(events.read_journal, settings)
        gone = any(event.data["letter_no"] == letter.letter_no for event in read(NOTICE_WITHDRAWN))
        return not gone and not _is_waived(settings, letter, today, read)
    if letter.kind not in ("refusal", "request") or not letter.registration_no:
        return True
    filing = archive.entry(settings, letter.registration_no)
    if letter.kind == "request":
        return (filing.verdict or {}).get("verdict") is None
    overruled = events.read(filing.folder, REFUSAL_OVERRULED)
    return not overruled and (filing.verdict or {}).get("verdict") == "refused"


def _is_waived(settings: Settings, letter: OutgoingLetter, today: date, journal: Journal) -> bool:
    """Whether every fact of the notice is one that an officer has set aside for the day."""
    grounds = [
        ground
        for event in journal(NOTICE_DRAFTED)
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
        decided = events_of(settings, letter, LETTER_APPROVED, LETTER_RETURNED)
        if decided and (decided[-1].kind, decided[-1].author, decided[-1].data["reason"]) == (kind, author, reason):
            return Recorded(decided[-1], written=False)
        return Recorded(append(settings, letter, kind, at, author, {"reason": reason}), written=True)
