"""Packages that are handed in by a page or come by mail: laid out aside, then put into the inbox by one rename.

What was laid out waits in `inbox/.hand-in/<id>/` with its stamp, for a day. A note beside it, `<id>.json`, says who put
it in and under which name, so that doing it again changes nothing, and what became of it can be found.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from esep import files
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.file_names import to_text
from esep.office import archive, events, inbox, messages, storage
from esep.office.archive import Entry
from esep.office.intake import ARRIVED_AGAIN
from esep.office.package import Package
from esep.office.stamp import LETTER, STAMP, read_stamp
from esep.records import heads, journal
from esep.records.journal import Mark

FOLDER = ".hand-in"
"""Below the inbox, on the same disk; hidden, so that intake passes it by."""
LAID_OUT_FOR = timedelta(days=1)
NOTED_FOR = timedelta(days=92)
_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 200
"""Bytes of a file's name; the system takes 255."""
_LAST_OF_NAME = 20
"""Characters at the end of a longer one that stay: its ending, that of a signature's file too."""


class Fate(StrEnum):
    """What became of a package that was put into the inbox."""

    WAITING = "waiting"
    """It is in the inbox."""
    REGISTERED = "registered"
    REPEATED = "repeated"
    """Its bytes were registered already."""
    MESSAGE = "message"
    """It is a message without a registration number (office.messages)."""
    GONE = "gone"
    """It is not in the inbox, and nothing of it is known: somebody took it away."""


@dataclass(frozen=True, slots=True)
class PutIn:
    """A package that was put into the inbox."""

    name: str
    """In the inbox."""
    by: str
    at: datetime
    package_sha256: str
    fate: Fate
    number: str | None = None
    """Of the filing, or of the one that it repeats; of a message its id."""


def kept_names(names: Iterable[str]) -> list[str]:
    """The names under which files are kept in a package, in their order, each once.

    Without folders and signs that do not print. A name that would mean something to the inbox (a stamp, an unfinished
    or hidden file) gets a `_`; one that is there already a number; one that is too long keeps beginning and ending.
    """
    kept: list[str] = []
    taken: set[str] = set()
    serials: dict[str, int] = {}  # the last number of a name: a letter may have ten thousand of one
    for name in names:
        wanted = plain = _plain(name)
        stem, dot, ending = wanted.partition(".")
        while plain.casefold() in taken:
            serial = serials[wanted.casefold()] = serials.get(wanted.casefold(), 1) + 1
            plain = f"{stem} ({serial}){dot}{ending}"
        taken.add(plain.casefold())
        kept.append(plain)
    return kept


def _plain(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    printed = "".join("_" if unicodedata.category(sign)[0] == "C" else sign for sign in last)
    plain = unicodedata.normalize("NFC", printed).strip().rstrip(".") or "file"
    if (
        inbox.is_hidden(plain)
        or inbox.is_stamp(plain.casefold())
        or plain.casefold() == LETTER
        or plain.startswith("~$")
    ):
        plain = f"_{plain}"
    if inbox.says_unfinished(plain):
        plain = f"{plain}_"
    beginning, ending = plain[:-_LAST_OF_NAME], plain[-_LAST_OF_NAME:]
    while beginning and len(f"{beginning}{ending}".encode()) > _LONGEST_NAME:
        beginning = beginning[:-1]
    return f"{beginning}{ending}"


def lay_out(
    settings: Settings,
    named: Sequence[tuple[str, IO[bytes]]],
    office: Sequence[tuple[str, bytes]],
    now: datetime,
    key: str = "",
) -> str:
    """Keep files (name, content) as a package, with the office's own (stamp, letter); gives the id to ask for it by.

    The names are those of `kept_names`. `key` is that id where it is determined, 32 hex digits: what was put in or laid
    out under it stays as it is. What has waited for too long goes. Raises OSError.
    """
    shelf = settings.inbox / FOLDER
    _sweep(shelf, now)
    key = key or uuid.uuid4().hex
    if (shelf / key).exists() or _note_path(settings, key).exists():
        return key
    storage.make_folder(shelf)
    aside = shelf / f".{key}-{uuid.uuid4().hex}"
    storage.make_folder(aside)
    for name, content in named:
        with (aside / name).open("xb") as kept:
            shutil.copyfileobj(content, kept)
    for name, written in office:
        (aside / name).write_bytes(written)
    for path in aside.iterdir():
        files.set_mode(path, storage.FILE_MODE)
        files.flush_to_disk(path)
    files.flush_to_disk(aside)
    aside.rename(shelf / key)
    return key


def laid_out(settings: Settings, key: str, now: datetime) -> Package | None:
    """The package as it would be taken from the inbox; None where it is no longer there."""
    path = _place(settings, key)
    if path is None or not path.is_dir():
        return None
    return Package(path, True, storage.scan(path), (path / STAMP,), read_stamp(path / STAMP, now), 0)


def put_in(
    settings: Settings, key: str, package_sha256: str, by: str, now: datetime, channel: str = "hand-in"
) -> str | None:
    """Put what was laid out into the inbox, once; gives its name there, None where it is no longer there.

    Sent twice, or again after a kill, it is put in once.
    """
    path = _place(settings, key)
    if path is None:
        return None
    note = _note_path(settings, key)
    if not note.exists():
        if not path.is_dir():
            return None
        name = f"{channel}-{now.astimezone(TIMEZONE):%Y%m%d-%H%M%S}-{key[:8]}"
        mark, _ = journal.since(settings.home, None)
        value = {"name": name, "by": by, "at": now, "package_sha256": package_sha256, "mark": list(mark or ())}
        with suppress(FileExistsError):  # of two that put the same in at the same moment, the first one's name counts
            files.write_new(note, f"{files.as_json(value)}\n".encode())
    name = str(files.read_json(note)["name"])
    try:
        path.rename(settings.inbox / name)
    except FileNotFoundError:
        return name  # it was put in before
    files.flush_to_disk(settings.inbox)
    return name


def found(settings: Settings, key: str) -> PutIn | None:
    """What became of the package with this id; None where nothing is known of it."""
    note = _note_path(settings, key)
    try:
        kept = files.read_json(note) if _place(settings, key) else None
    except (OSError, ValueError):
        return None
    return _put_in(settings, note, kept) if kept else None


def waiting_with(settings: Settings, package_sha256: str) -> PutIn | None:
    """A package with these bytes that was put in and still waits in the inbox."""
    for note in sorted((settings.inbox / FOLDER).glob("*.json")):
        one = found(settings, note.stem)
        if one and one.package_sha256 == package_sha256 and one.fate is Fate.WAITING:
            return one
    return None


def _put_in(settings: Settings, note: Path, kept: dict[str, Any]) -> PutIn:
    name = kept["name"]
    if "fate" not in kept:
        if (settings.inbox / name).exists():
            fate, number = Fate.WAITING, None
        else:
            fate, number = _fate(settings, name, kept["mark"])
        if number:  # it is settled: nobody has to look again
            kept |= {"fate": fate.value, "number": number}
            files.write_json(note, kept)
    else:
        fate, number = Fate(kept["fate"]), kept["number"]
    return PutIn(name, kept["by"], datetime.fromisoformat(kept["at"]), kept["package_sha256"], fate, number)


def _fate(settings: Settings, name: str, marked: Sequence[Any]) -> tuple[Fate, str | None]:
    """Looks through what was recorded since it was put in."""
    _, chains = journal.since(settings.home, Mark(*marked) if marked else None)
    source = to_text(name)
    for entry in _entries(settings, chains):
        if _receipt_name(entry) == source:
            return Fate.REGISTERED, entry.number
        if any(event.data.get("source_name") == source for event in events.read(entry.folder, ARRIVED_AGAIN)):
            return Fate.REPEATED, entry.number
    if chains is None or heads.JOURNAL in chains:
        for kind in (messages.REPORTED, messages.ARRIVED_AGAIN):
            for event in events.read_journal(settings, kind):
                if event.data.get("source_name") == source:
                    return Fate.MESSAGE, str(event.data["message_id"])
    return Fate.GONE, None


def _entries(settings: Settings, chains: frozenset[str] | None) -> Iterable[Entry]:
    if chains is None:
        return archive.registered(settings)
    numbers = {chain.rpartition("/")[2] for chain in chains if chain.startswith(f"{heads.ARCHIVE}/")}
    return archive.present(settings, filter(archive.is_number, numbers))


def _receipt_name(entry: Entry) -> str | None:
    try:
        return entry.receipt.source_name
    except archive.ArchiveError:
        return None


def _place(settings: Settings, key: str) -> Path | None:
    return settings.inbox / FOLDER / key if _ID.fullmatch(key) else None


def _note_path(settings: Settings, key: str) -> Path:
    return settings.inbox / FOLDER / f"{key}.json"


def _sweep(shelf: Path, now: datetime) -> None:
    """Remove what nobody put in within a day, and old notes."""
    for name in files.names_in(shelf):
        path = shelf / name
        try:
            age = now - datetime.fromtimestamp(path.stat().st_mtime, TIMEZONE)
        except FileNotFoundError:
            continue
        is_begun = (shelf / f"{name}.json").exists()  # it was killed on its way: the next form or run goes on
        if age > (NOTED_FOR if name.endswith(".json") else LAID_OUT_FOR) and not is_begun:
            storage.remove(path)
