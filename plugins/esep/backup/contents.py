"""What belongs to a backup, in the order in which it is listed while the office goes on working.

What Esep keeps is written once and put in place by a rename, so a backup is whole if whatever a file refers to is
listed after it: letters refer to drafts in the journal, the journal to filings, a filing's verdict to Parquet files.
Records and the list of their heads are listed with the lock of `records.append` held, so that no chain has a gap.
Letters that are missing in the restored outbox are written again by the next run, to the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from esep import files
from esep.config import Settings
from esep.office import archive, inbox
from esep.records import heads

STAGING = ".staging"
"""Folder of archive and outbox in which things are built before they have their place."""
BEFORE_ARCHIVE = ("outbox", "reports", "journal")
AFTER_ARCHIVE = ("reference", "lake", "proof", ".secrets")
FOLDERS = ("inbox", *BEFORE_ARCHIVE, "archive", *AFTER_ARCHIVE)
"""Below $ESEP_HOME. Not among them: the warehouse, which is built anew, locks, and Airflow's own data."""


def of_inbox(settings: Settings, now: datetime) -> list[Path]:
    """Files of the packages that wait in the inbox and have settled, with their stamps.

    To be called, and the files copied, with the intake's lock held: half a package would become another filing.
    """
    found: dict[Path, None] = {}
    for package in inbox.waiting(settings, now):
        found |= dict.fromkeys(_all(package.path) if package.is_folder else [package.path])
        found |= dict.fromkeys(package.stamp_paths)
    return list(found)


def of_office(settings: Settings) -> Iterator[Path]:
    """All other files but the list of heads, which grows: to be listed, and the list read, with the records' lock."""
    for name in BEFORE_ARCHIVE:
        yield from _finished(settings.home / name)
    yield from _filings(settings)
    for name in AFTER_ARCHIVE:
        yield from (path for path in _finished(settings.home / name) if path != heads.path_of(settings.home))


def _filings(settings: Settings) -> Iterator[Path]:
    for year in sorted(item.name for item in _items(settings.archive) if item.name != STAGING):
        folder = settings.archive / year
        # Numbers are given in turn, so a second look finds every number below those of the first.
        last = max(archive.serials(folder), default=0)
        for serial in sorted(serial for serial in archive.serials(folder) if serial <= last):
            filing = folder / archive.number_of(year, serial)
            yield from _finished(filing, leave_out=archive.PACKAGE)
            yield from _all(filing / archive.PACKAGE)


def _finished(folder: Path, leave_out: str = STAGING) -> Iterator[Path]:
    """What Esep wrote: unfinished files and folders called `leave_out` are left out.

    A folder that is a link to another disk is followed, for only the office puts one there; a loop of them is not.
    """
    yield from _written(folder, leave_out, frozenset())


def _written(folder: Path, leave_out: str, above: frozenset[str]) -> Iterator[Path]:
    here = os.path.realpath(folder)
    if here in above:
        return
    for item in sorted(_items(folder), key=lambda item: item.name):
        if item.is_dir():
            if item.name not in (leave_out, STAGING):
                yield from _written(Path(item.path), leave_out, above | {here})
        elif item.is_file() and not item.name.endswith(files.TEMPORARY):
            yield Path(item.path)


def _all(folder: Path) -> Iterator[Path]:
    """What a filer sent: regular files in the order of their names; links are left out, as the office leaves them."""
    to_do = [folder]
    while to_do:  # a stack, because a filer's folders may be nested deeper than Python's recursion goes
        items = sorted(_items(to_do.pop()), key=lambda item: item.name)
        yield from (Path(item.path) for item in items if item.is_file(follow_symlinks=False))
        to_do += [Path(item.path) for item in reversed(items) if item.is_dir(follow_symlinks=False)]


def _items(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as items:
            return list(items)
    except FileNotFoundError:
        return []
