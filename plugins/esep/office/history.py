"""History: what a person loads as history, and nothing else, however long a package lay (para 8 knows no exemption).

The mark is in the receipt where it was given at the load (`office.json`, `bin/esep history load`), and in each case an
event `loaded_as_history` of the filing, with its author and moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from esep import clock
from esep.config import Settings
from esep.office import archive, events
from esep.office.archive import ArchiveError, Entry
from esep.office.decisions import DecisionError, alone, stated
from esep.office.events import Event
from esep.office.registration import LOADED_AS_HISTORY


@dataclass(frozen=True, slots=True)
class Marked:
    """A filing and its mark. `written` is False where it had one already, which is then `event`."""

    number: str
    event: Event
    written: bool


def mark_of(entry: Entry) -> Event | None:
    """The first mark of the filing as history; None where nobody loaded or declared it as such."""
    return next(iter(events.read(entry.folder, LOADED_AS_HISTORY)), None)


def loads_before(settings: Settings, day: date) -> list[str]:
    """Numbers of the filings received before `day` and registered on a later day than they were received.

    What was registered on the day it came is the office's everyday work, whatever its age.
    """
    return [
        entry.number for entry in archive.registered(settings) if entry.receipt.registered_on < day and _is_load(entry)
    ]


def mark(settings: Settings, numbers: Iterable[str], reason: str, author: str, at: datetime) -> list[Marked]:
    """Declare filings that were loaded earlier to be history. There is no way back.

    Nothing is marked if one of them cannot be: DecisionError names it. A filing that has a mark keeps it alone.
    """
    reason, author = stated(reason, author, at)
    with alone(settings):
        entries = [_loaded(settings, number) for number in dict.fromkeys(numbers)]
        return [_marked(entry, reason, author, at) for entry in entries]


def _marked(entry: Entry, reason: str, author: str, at: datetime) -> Marked:
    known = mark_of(entry)
    if known:
        return Marked(entry.number, known, written=False)
    data = {"basis": "decision", "reason": reason}
    return Marked(entry.number, events.append(entry.folder, LOADED_AS_HISTORY, at, author, data), written=True)


def _loaded(settings: Settings, number: str) -> Entry:
    try:
        entry = archive.entry(settings, number)
        is_load = _is_load(entry)
    except ArchiveError as error:
        raise DecisionError(f"{error}. The archive is {settings.archive}.") from None
    if not is_load:
        raise DecisionError(
            f"{number}: it was registered on the day it was received, {entry.receipt.registered_on}, so it is no "
            "load of history. Leave it out; nothing was marked."
        )
    return entry


def _is_load(entry: Entry) -> bool:
    return entry.receipt.registered_on < clock.local_date(entry.receipt.registered_at)
