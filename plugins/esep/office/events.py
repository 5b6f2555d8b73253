"""What people and programs did with a filing later: one JSON file per event, written once, never changed."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from esep.office import storage
from esep.records import append as records
from esep.records import seal

EVENTS = "events"

_KIND = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `at` is the moment it happened, `author` a person's name or the program that did it."""

    kind: str
    at: datetime
    author: str
    data: dict[str, Any]
    path: Path


class EventError(ValueError):
    """An event that cannot be written or read; the text says what is wrong with it."""


def append(folder: Path, kind: str, moment: datetime, author: str, data: dict[str, Any]) -> Path:
    """Add an event to the filing in `folder`; gives its file. Raises EventError for a bad kind or a naive moment."""
    return write(folder / EVENTS, kind, moment, author, data)


def read(folder: Path, kind: str | None = None) -> list[Event]:
    """The filing's events (of one kind), in order of their moments."""
    return read_all(folder / EVENTS, kind)


def write(directory: Path, kind: str, moment: datetime, author: str, data: dict[str, Any]) -> Path:
    """The same for any folder of events."""
    path = directory / name_of(kind, moment)
    storage.make_folder(directory)
    records.add(path, content_of(kind, moment, author, data))
    return path


def name_of(kind: str, moment: datetime) -> str:
    """A file name that sorts by moment; its last part keeps two of one moment apart. Raises EventError."""
    if not _KIND.fullmatch(kind):
        raise EventError(f"{kind!r}: the kind of an event is small Latin letters, digits and _, as in first_detection")
    if moment.tzinfo is None:
        raise EventError(f"{moment.isoformat()}: a moment needs its time zone")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{kind}-{uuid.uuid4().hex}.json"


def content_of(kind: str, moment: datetime, author: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the file of an event holds, apart from its seal."""
    return {"event": kind, "at": moment.isoformat(), "author": author, "data": data}


def read_all(directory: Path, kind: str | None = None) -> list[Event]:
    """All events of a folder of events, in order; an absent folder holds none."""
    pattern = "*.json" if kind is None else f"*-{kind}-*.json"
    return [read_file(path) for path in sorted(directory.glob(pattern))]


def read_file(path: Path) -> Event:
    """One event; raises EventError naming a file that is none."""
    try:
        value = seal.read(path)
        return Event(value["event"], datetime.fromisoformat(value["at"]), value["author"], value["data"], path)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise EventError(f"{path}: not an event that can be read ({error!r}). Restore it from a backup.") from error
