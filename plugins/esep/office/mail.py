"""Letters of the office's mailbox become packages of the inbox, each once; the mailbox itself is only read.

`mail/letters/<id>.json` says of each letter what became of it; the id is the beginning of the hash of its bytes.
`mail/attention/<id>.eml` are letters that an officer should look at: there is nothing in them to register. Once it is
seen to, the file may be moved away. `mail/state.json` says up to which letter the mailbox was read.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from esep import files
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.file_names import in_one_line
from esep.office import hand_in, storage
from esep.office.letter import OUTLOOK, Letter, read_letter
from esep.office.package import arrival_of
from esep.office.stamp import LETTER, STAMP, stamp_of, written_stamp

AUTHOR = "mail_intake"
"""Who hands in what comes by mail."""
LARGEST = 128 * 1024**2
"""Bytes of a letter that is taken."""
_FOLDER, _LETTERS, _ATTENTION, _STATE = "mail", "letters", "attention", "state.json"
_DIGITS_OF_ID = 32
_LONGEST_WORDS = 500
log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a letter."""

    PUT_IN = "put_in"
    """Its attachments are a package of the inbox."""
    KNOWN = "known"
    """It was taken before."""
    NO_ATTACHMENT = "no_attachment"
    UNREADABLE = "unreadable"
    """No parser could take it apart."""
    TOO_LARGE = "too_large"
    """Only its head was fetched: the letter waits on the server."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter on the server."""

    uid: int
    arrived_at: datetime | None
    """When the server received it (INTERNALDATE)."""
    size: int
    """Bytes."""


class Mailbox(Protocol):
    """A folder of letters, read only. All may raise what says that the server cannot be read."""

    name: str
    """By which its state is kept: server, user and folder."""
    validity: str
    """Letters have other numbers once this is another (UIDVALIDITY)."""

    def after(self, uid: int) -> list[int]:
        """Numbers of the letters after this one, in order."""

    def waiting(self, uid: int) -> Waiting | None:
        """One of them; None if it is no longer there."""

    def content(self, uid: int, *, only_head: bool = False) -> bytes:
        """Its bytes; b"" if it is no longer there."""


def take_letters(mailbox: Mailbox, settings: Settings, now: datetime) -> list[dict[str, Any]]:
    """Take every letter that came since the last run, in order; gives the record of each.

    After a kill at any moment the next call goes on, and none is taken twice. Raises OSError.
    """
    return list(_taken(mailbox, settings, now))


def _taken(mailbox: Mailbox, settings: Settings, now: datetime) -> Iterator[dict[str, Any]]:
    state = _State.of(settings, mailbox)
    for uid in mailbox.after(state.uid):
        waiting = mailbox.waiting(uid)
        if waiting is not None:
            is_large = waiting.size > LARGEST
            content = mailbox.content(uid, only_head=is_large)
            if content:
                yield take(content, waiting.arrived_at, settings, now, is_large=is_large)
        state.advance(uid)


def take(
    content: bytes, arrived_at: datetime | None, settings: Settings, now: datetime, *, is_large: bool = False
) -> dict[str, Any]:
    """Put the attachments of a letter into the inbox as one package, or keep it for an officer; gives the record."""
    key = sha256(content).hexdigest()[:_DIGITS_OF_ID]
    record = _folder(settings, _LETTERS) / f"{key}.json"
    if record.exists():
        return files.read_json(record) | {"outcome": Outcome.KNOWN.value}
    letter, outcome = _read(content)
    if is_large:
        outcome = Outcome.TOO_LARGE
    moment = _arrival(arrived_at, letter, now)
    name = None
    if outcome is Outcome.PUT_IN:
        name = _put_in(content, letter, key, moment, settings, now)
    else:
        with files.replacing(_folder(settings, _ATTENTION) / f"{key}.eml") as aside:
            aside.write_bytes(content)
    kept = {
        "id": key,
        "outcome": outcome.value,
        "package": name,
        "received_at": moment,
        "taken_at": now,
        "message_id": letter.message_id[:_LONGEST_WORDS],
        "from": letter.sender[:_LONGEST_WORDS],
        "subject": letter.subject[:_LONGEST_WORDS],
        "attachments": len(letter.attachments),
    }
    files.write_json(record, kept)
    _log(kept, letter)
    return kept


def _read(content: bytes) -> tuple[Letter, Outcome]:
    try:
        letter = read_letter(content)
    except Exception:  # one letter must not hold up those after it
        log.exception("a letter could not be taken apart")
        return Letter("", "", "", None, ()), Outcome.UNREADABLE
    return letter, Outcome.PUT_IN if letter.attachments else Outcome.NO_ATTACHMENT


def _put_in(
    content: bytes, letter: Letter, key: str, moment: datetime | None, settings: Settings, now: datetime
) -> str | None:
    """Lay the package out under a determined id, and put it in; a run that was killed on the way is gone on with."""
    names = hand_in.kept_names(one.name for one in letter.attachments)
    named = [(name, io.BytesIO(one.content)) for name, one in zip(names, letter.attachments, strict=True)]
    stamp = written_stamp({"received_at": moment, "handed_in_by": AUTHOR, "message_id": letter.message_id[:200]})
    hand_in.lay_out(settings, named, [(STAMP, stamp), (LETTER, content)], now, key)
    package = hand_in.laid_out(settings, key, now)
    digest = arrival_of(package).package_sha256 if package else ""
    return hand_in.put_in(settings, key, digest, AUTHOR, now, channel="mail")


def _arrival(arrived_at: datetime | None, letter: Letter, now: datetime) -> datetime | None:
    """When the server received it, else when it says that it was written; None where no stamp may say so."""
    moment = arrived_at or letter.written_at
    if moment is None:
        return None
    local = min(moment, now).astimezone(TIMEZONE)
    is_usable = stamp_of(written_stamp({"received_at": local}), now).received_at is not None
    return local if is_usable else None


def _log(kept: dict[str, Any], letter: Letter) -> None:
    about = in_one_line(f"{kept['from']}, {kept['subject']!r}")
    if kept["outcome"] == Outcome.PUT_IN:
        log.info("letter %s: %d attachments put into the inbox as %s", about, kept["attachments"], kept["package"])
    elif kept["outcome"] == Outcome.TOO_LARGE:
        log.warning("letter %s: larger than %d bytes, it stays on the server; an officer should look", about, LARGEST)
    else:
        what = "a letter without attachments" if kept["outcome"] == Outcome.NO_ATTACHMENT else "no parser can read it"
        words = "letter %s: %s: nothing to register, an officer should look (mail/%s/%s.eml)"
        log.warning(words, about, what, _ATTENTION, kept["id"])
    if any(one.name.lower() == OUTLOOK for one in letter.attachments):
        log.warning("letter %s: %s holds files that only Outlook opens; ask for the files themselves", about, OUTLOOK)


def for_attention(settings: Settings) -> list[dict[str, Any]]:
    """Records of the letters that an officer should look at, oldest first; with `path`, below the home."""
    found = []
    for name in files.names_in(settings.home / _FOLDER / _ATTENTION):
        key = name.removesuffix(".eml")
        try:
            record = files.read_json(settings.home / _FOLDER / _LETTERS / f"{key}.json")
        except (OSError, ValueError):
            continue  # no letter of ours
        found.append(record | {"path": f"{_FOLDER}/{_ATTENTION}/{name}"})
    return sorted(found, key=lambda record: (str(record["taken_at"]), record["id"]))


class _State:
    """Up to which letter a mailbox was read."""

    def __init__(self, path: Path, known: dict[str, Any], mailbox: Mailbox) -> None:
        self._path, self._known, self._mailbox = path, known, mailbox
        last = known.get(mailbox.name) or {}
        self.uid = int(last["uid"]) if last.get("validity") == mailbox.validity else 0

    @classmethod
    def of(cls, settings: Settings, mailbox: Mailbox) -> _State:
        """From the beginning where nothing is known: letters that were taken are known by their bytes."""
        path = _folder(settings) / _STATE
        try:
            known = files.read_json(path)
        except (OSError, ValueError):
            known = {}
        return cls(path, known if isinstance(known, dict) else {}, mailbox)

    def advance(self, uid: int) -> None:
        self.uid = uid
        self._known[self._mailbox.name] = {"validity": self._mailbox.validity, "uid": uid}
        files.write_json(self._path, self._known)


def _folder(settings: Settings, *parts: str) -> Path:
    folder = settings.home.joinpath(_FOLDER, *parts)
    storage.make_folder(folder)
    return folder
