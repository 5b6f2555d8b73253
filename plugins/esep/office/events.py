"""What people and programs did later: one JSON file per event, written once, never changed.

An event is kept with its filing, or in `journal/` where it belongs to none, for example that a pool's silence was
confirmed.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from esep.config import Settings
from esep.office import storage
from esep.office.archive import ArchiveError
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


def append(folder: Path, kind: str, moment: datetime, author: str, data: dict[str, Any]) -> Event:
    """Add an event to the filing in `folder`. Raises ArchiveError for a bad kind or a naive moment."""
    return _add(folder / EVENTS, kind, moment, author, data)


def append_to_journal(settings: Settings, kind: str, moment: datetime, author: str, data: dict[str, Any]) -> Event:
    """Add an event that belongs to no filing. Raises ArchiveError for a bad kind or a naive moment."""
    return _add(settings.journal, kind, moment, author, data)


def read(folder: Path, kind: str | None = None) -> list[Event]:
    """The filing's events (of one kind), in order of their moments."""
    return _all(folder / EVENTS, kind)


def read_journal(settings: Settings, kind: str | None = None) -> list[Event]:
    """The journal (of one kind of event), in order of the moments."""
    return _all(settings.journal, kind)


def _add(directory: Path, kind: str, moment: datetime, author: str, data: dict[str, Any]) -> Event:
    path = directory / name_of(kind, moment)
    storage.make_folder(directory)
    records.add(path, content_of(kind, moment, author, data))
    return Event(kind, moment, author, data, path)


def name_of(kind: str, moment: datetime) -> str:
    """A file name that sorts by moment; its last part keeps two of one moment apart. Raises ArchiveError."""
    if not _KIND.fullmatch(kind):
        raise ArchiveError(
            f"{kind!r}: the kind of an event is small Latin letters, digits and _, as in first_detection"
        )
    if moment.tzinfo is None:
        raise ArchiveError(f"{moment.isoformat()}: a moment needs its time zone")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{kind}-{uuid.uuid4().hex}.json"


def content_of(kind: str, moment: datetime, author: str, data: dict[str, Any]) -> dict[str, Any]:
    """The content of an event's file, apart from its seal."""
    return {"event": kind, "at": moment.isoformat(), "author": author, "data": data}


def _all(directory: Path, kind: str | None) -> list[Event]:
    """The events of a folder, in order; an absent folder holds none."""
    pattern = "*.json" if kind is None else f"*-{kind}-*.json"
    return [read_file(path) for path in sorted(directory.glob(pattern))]


def read_file(path: Path) -> Event:
    """One event; raises ArchiveError naming a file that is none."""
    try:
        value = seal.read(path)
        return Event(value["event"], datetime.fromisoformat(value["at"]), value["author"], value["data"], path)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ArchiveError(f"{path}: not an event that can be read ({error!r}). Restore it from a backup.") from error
