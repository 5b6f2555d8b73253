"""What the folders tell about work that is not done: the inbox, filings not examined or not loaded, refused files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from esep import files
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.office import archive, inbox, names

LONG = timedelta(hours=1)
"""The DAGs sweep every five and fifteen minutes: what has waited for so long does not wait for its turn."""


@dataclass(frozen=True, slots=True)
class InInbox:
    """Something that lies in the inbox."""

    name: str
    cause: str
    """`settled` for a package that can be taken, else why not: see `inbox.Unsettled.cause`."""
    since: datetime | None
    """Last change of a settled package; None for the others."""
    needs_attention: bool
    """Whether a person has to see to it: it is not taken by itself, or has waited for LONG."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The inbox at one moment."""

    items: tuple[InInbox, ...]
    """Those that need attention first, then by name."""
    is_readable: bool = True

    @property
    def attention(self) -> tuple[InInbox, ...]:
        """Packages that nobody took for LONG, and what a person has to see to."""
        return tuple(item for item in self.items if item.needs_attention)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Filings of the archive that have not come all the way, in order of their numbers."""

    unexamined: tuple[str, ...]
    """Registered, without a verdict."""
    unloaded: tuple[str, ...]
    """Not in the published warehouse, or with a verdict that is not."""
    registered_at: datetime | None
    """When the machine registered the first of the unloaded; None if there is none."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A reference file that was refused as a whole; its last accepted version stays in force."""

    name: str
    fault_count: int
    line: int | None
    """Line of the first fault."""
    words: Mapping[str, str]
    """The first fault, by language."""
    refused_at: datetime


def inbox_of(settings: Settings, now: datetime) -> Inbox:
    """What lies in the inbox now, from one look at it."""
    try:
        survey = inbox.survey(settings, now)
    except OSError:
        return Inbox((), is_readable=False)
    items = [InInbox(left.name, left.cause, None, left.settles_at is None) for left in survey.unsettled]
    for package in survey.waiting:
        since = datetime.fromtimestamp(package.changed_ns / 1e9, UTC).astimezone(TIMEZONE)
        items.append(InInbox(names.to_text(package.name), "settled", since, now - since > LONG))
    return Inbox(tuple(sorted(items, key=lambda item: (not item.needs_attention, item.name))))


def backlog(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Backlog:
    """Compares the archive's numbers with the warehouse; opens only folders that the warehouse has no verdict of."""
    known = dict(
        connection.execute(
            """
            select registered.registration_no, examination.filing_key is not null
            from registered
            left join examination on registered.filing_key = examination.filing_key and examination.is_latest
            """
        ).fetchall()
    )
    unexamined, unloaded = [], []
    for entry in archive.registered(settings):
        if not known.get(entry.number):
            is_examined = bool(entry.verdict_paths)
            if not is_examined:
                unexamined.append(entry.number)
            if is_examined or entry.number not in known:
                unloaded.append(entry)
    return Backlog(tuple(unexamined), tuple(entry.number for entry in unloaded), _registered_at(unloaded))


def _registered_at(entries: list[archive.Entry]) -> datetime | None:
    for entry in entries:
        try:
            return entry.receipt.registered_at
        except archive.ArchiveError:  # told by the examination
            continue
    return None


def refused_files(settings: Settings) -> tuple[RefusedFile, ...]:
    """Reference files with a report of faults beside them, by name."""
    found = []
    for path in sorted(settings.reference.glob("*.errors.json")):
        try:
            value = files.read_json(path)
            faults = value["errors"]
            first = faults[0]
            words = {language: str(first[f"message_{language}"]) for language in ("kk", "ru", "en")}
            moment = datetime.fromtimestamp(path.stat().st_mtime, TIMEZONE)
            found.append(RefusedFile(str(value["name"]), len(faults), first["line"], words, moment))
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            name = path.name.removesuffix(".errors.json")
            found.append(RefusedFile(name, 1, None, {}, datetime.fromtimestamp(0, TIMEZONE)))
    return tuple(found)
