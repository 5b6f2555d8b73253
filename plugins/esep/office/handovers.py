"""What is on record of handing filings over to the other body to which the order sends them (paras 5, 7 and 8).

All of it is in the journal: that a bundle was handed over, what the other body's receipt says, and from which day the
office wants each filing handed over on its day of registration. The order names both bodies and no way between them,
so that duty is a reading: there is none until the office switches it on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from esep import clock, files
from esep.config import Settings
from esep.file_names import to_text
from esep.office import events, storage
from esep.office.archive import ArchiveError
from esep.office.decisions import DecisionError, Recorded, alone, is_same, moment_words, stated
from esep.office.events import Event

HANDED_OVER = "handed_over"
ACKNOWLEDGED = "handover_acknowledged"
SWITCHED_ON = "handover_switched_on"
SWITCHED_OFF = "handover_switched_off"
"""Events of the journal."""
RECEIVED = "received"
"""Folder of the journal for what came back; its files are named by events, with their hashes."""

_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-([1-9][0-9]*))?")
_SUFFIX = re.compile(r"\.[0-9a-z]{1,10}")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was handed over."""

    name: str
    """The day of registration, `2025-02-10`; a further bundle of that day is `2025-02-10-2`."""
    day: date
    numbers: tuple[str, ...]
    """Registration numbers of its filings."""
    target: str
    manifest_sha256: str
    at: datetime
    author: str


def bundle_name(day: date, serial: int) -> str:
    """The name of the `serial`-th bundle of a day, counted from 1."""
    return day.isoformat() if serial == 1 else f"{day.isoformat()}-{serial}"


def bundles(settings: Settings) -> list[Bundle]:
    """All bundles that were handed over, in order. Raises ArchiveError for a record that cannot be read."""
    found = [_bundle(event) for event in events.read_journal(settings, HANDED_OVER)]
    return sorted(found, key=lambda one: (one.at, parts_of(one.name)))


def record(
    settings: Settings, name: str, numbers: Iterable[str], target: str, manifest_sha256: str, author: str, at: datetime
) -> Bundle:
    """Record that a bundle is in its place. To be called once it is, with the lock of handing over held."""
    day, _ = parts_of(name)
    data = {
        "bundle": name,
        "day": day.isoformat(),
        "numbers": list(numbers),
        "target": target,
        "manifest_sha256": manifest_sha256,
    }
    return _bundle(events.append_to_journal(settings, HANDED_OVER, at, author, data))


def parts_of(name: str) -> tuple[date, int]:
    """Day and serial of a bundle's name; raises DecisionError for any other text."""
    match = _NAME.fullmatch(name)
    try:
        if match and match[2] != "1":
            return date.fromisoformat(match[1]), int(match[2] or 1)
    except ValueError:  # a day that no month has
        pass
    raise DecisionError(f"{name!r}: a bundle is named by its day of registration, such as 2025-02-10 or 2025-02-10-2.")


def acknowledge(
    settings: Settings,
    name: str,
    receipt_no: str,
    received_on: date,
    author: str,
    at: datetime,
    file: Path | None = None,
) -> Recorded:
    """Record the other body's receipt for a bundle: its number, its day, and a copy of its file if there is one.

    The last one on record counts, so that a wrong number can be put right.
    """
    parts_of(name)
    receipt_no, author = receipt_no.strip(), author.strip()
    if not receipt_no:
        raise DecisionError(f"{name}: the number of the receipt is empty. Give the number that the other body wrote.")
    stated(receipt_no, author, at)
    bundle = next((one for one in bundles(settings) if one.name == name), None)
    if bundle is None:
        raise DecisionError(f"{name}: no such bundle was handed over. bin/esep handover --day {name[:10]} makes it.")
    handed_over_on, today = clock.local_date(bundle.at), clock.local_date(at)
    if not handed_over_on <= received_on <= today:
        raise DecisionError(
            f"{name}: received on {received_on}, but it was handed over on {handed_over_on} and today is {today}. "
            "Check the day on the receipt."
        )
    data: dict[str, Any] = {"bundle": name, "receipt_no": receipt_no, "received_on": received_on.isoformat()}
    content = _content(file) if file else None
    if file and content is not None:
        digest = hashlib.sha256(content).hexdigest()
        suffix = file.suffix.lower() if _SUFFIX.fullmatch(file.suffix.lower()) else ""
        kept = f"{RECEIVED}/{name}/{digest}{suffix}"
        data |= {"file_name": to_text(file.name), "file_path": kept, "file_sha256": digest}
    with alone(settings):
        own = [one for one in events.read_journal(settings, ACKNOWLEDGED) if one.data.get("bundle") == name]
        if own and is_same(own[-1], author, data):
            return Recorded(own[-1], written=False)
        if content is not None:
            _keep(settings, data["file_path"], content)
        return Recorded(events.append_to_journal(settings, ACKNOWLEDGED, at, author, data), written=True)


def switch_on(settings: Settings, since: date, reason: str, author: str, at: datetime) -> Recorded:
    """From `since` a filing that is not handed over on its day of registration is overdue. The last decision counts."""
    return _switch(settings, SWITCHED_ON, {"since": since.isoformat()}, reason, author, at)


def switch_off(settings: Settings, reason: str, author: str, at: datetime) -> Recorded:
    """No filing is due to be handed over."""
    return _switch(settings, SWITCHED_OFF, {}, reason, author, at)


def required_since(settings: Settings) -> date | None:
    """The day from which filings are due to be handed over; None while that is switched off."""
    last = _last_switch(settings)
    return date.fromisoformat(last.data["since"]) if last and last.kind == SWITCHED_ON else None


def _switch(settings: Settings, kind: str, data: dict[str, Any], reason: str, author: str, at: datetime) -> Recorded:
    reason, author = stated(reason, author, at)
    data = data | {"reason": reason}
    with alone(settings):
        last = _last_switch(settings)
        if last and last.kind == kind and is_same(last, author, data):
            return Recorded(last, written=False)
        if last and at <= last.at:
            raise DecisionError(
                f"handover: a decision of {moment_words(last.at)} is on record, and the last counts; none can be added "
                f"before it, at {moment_words(at)}. Is the clock of this machine right?"
            )
        return Recorded(events.append_to_journal(settings, kind, at, author, data), written=True)


def _last_switch(settings: Settings) -> Event | None:
    switched = [*events.read_journal(settings, SWITCHED_ON), *events.read_journal(settings, SWITCHED_OFF)]
    return max(switched, key=lambda event: (event.at, event.path.name), default=None)


def _bundle(event: Event) -> Bundle:
    data = event.data
    try:
        return Bundle(
            str(data["bundle"]),
            date.fromisoformat(data["day"]),
            tuple(data["numbers"]),
            str(data["target"]),
            str(data["manifest_sha256"]),
            event.at,
            event.author,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError(
            f"{event.path}: not the record of a bundle ({error!r}). Restore it from a backup."
        ) from error


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DecisionError(f"{file}: the receipt cannot be read ({error.strerror}).") from None


def _keep(settings: Settings, path: str, content: bytes) -> None:
    """Put the other body's receipt into the journal; it is named by its content, so a second time changes nothing."""
    target = settings.journal / path
    for folder in (settings.journal, target.parents[1], target.parent):
        storage.make_folder(folder)
    with files.replacing(target) as temporary:
        temporary.write_bytes(content)
        files.set_mode(temporary, storage.FILE_MODE)
