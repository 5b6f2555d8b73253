"""Making a backup, also while the office works.

What Esep keeps is written once and put in place by a rename, so a backup is whole if whatever a file refers to is
listed after it: letters refer to drafts in the journal, the journal to filings, a filing's verdict to Parquet files.
Records and the list of their heads are listed with the lock of `records.append` held, so that no chain has a gap.
Letters that are missing in the restored outbox are written again by the next run, to the same bytes.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

import esep
from esep import files
from esep.backup import container
from esep.backup.container import BackupError, Manifest, figures_of
from esep.config import Settings
from esep.office import archive, inbox
from esep.office.intake import LOCK
from esep.proof.check import check
from esep.proof.model import Damage
from esep.records import append, heads, offloading

LOCK_SECONDS = 900.0
"""How long a running intake is waited for."""

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of each file."""
BEFORE_ARCHIVE = ("outbox", "reports", "journal")
AFTER_ARCHIVE = ("reference", "lake", "proof", "looks", "mail", ".secrets")
FOLDERS = ("inbox", *BEFORE_ARCHIVE, "archive", *AFTER_ARCHIVE)
"""Below $ESEP_HOME. Not among them: the warehouse, which is built anew, locks, and Airflow's own data."""


@dataclass(frozen=True, slots=True)
class Saved:
    target: Path
    files: int
    filings: int
    size: int
    """Bytes of the files, before compression."""
    head: str
    """Head hash of the home (see `bin/esep verify`)."""
    damages: tuple[Damage, ...]
    """Files that are not what was recorded; they were kept as they are."""


def save(settings: Settings, target: Path, now: datetime, progress: Progress | None = None) -> Saved:
    """Write a backup under `target` (.tar, .tar.gz, .tar.zst, or a folder); it must not exist, nor be in the home.

    Everything is proved first; what is damaged is kept all the same and reported. The inbox is copied with the intake's
    lock held, the rest is listed with that of the records and copied without any. Raises BackupError.
    """
    target = target.expanduser().resolve()
    _check(settings, target)
    work = _Saving(settings, progress)
    report = check(settings, full=True)
    try:
        with container.writing(target) as writer:
            settings.locks.mkdir(parents=True, exist_ok=True)
            with FileLock(settings.locks / LOCK, timeout=LOCK_SECONDS):
                figures = figures_of(settings)
                work.copy(of_inbox(settings, now), writer)
            with append.adding(settings.home):
                listed = heads.path_of(settings.home).read_bytes() if heads.path_of(settings.home).exists() else None
                paths = list(of_office(settings))
            if listed is not None:
                work.add(heads.NAME, io.BytesIO(listed), len(listed), writer)
            work.copy(paths, writer)
            damaged = {damage.path: damage.what for damage in report.damages}
            manifest = Manifest(
                now.isoformat(), esep.__version__, work.digests, figures, heads.parse(listed or b"").hash, damaged
            ).as_bytes()
            writer.add(container.MANIFEST, io.BytesIO(manifest), len(manifest))
    except Timeout:
        raise BackupError(
            f"{settings.locks / LOCK}: an intake has been at work for more than {LOCK_SECONDS:g} s. Wait for it to end "
            "and run again."
        ) from None
    except OSError as error:
        raise BackupError(f"{target}: the backup could not be written ({error}); nothing was left of it.") from error
    receipts = [name for name in work.digests if name.startswith("archive/") and name.endswith("/receipt.json")]
    filings = len([name for name in receipts if name.count("/") == 3])
    return Saved(target, len(work.digests), filings, work.size, report.head, report.damages)


class _Saving:
    def __init__(self, settings: Settings, progress: Progress | None) -> None:
        self._home = settings.home
        self._progress = progress
        self.digests: dict[str, str] = {}
        self.size = 0

    def add(self, name: str, source: IO[bytes], size: int, writer: container.Writer) -> None:
        self.digests[name] = writer.add(name, source, size)
        self.size += size

    def copy(self, paths: list[Path], writer: container.Writer) -> None:
        total = len(self.digests) + len(paths)
        for path in paths:
            name = path.relative_to(self._home).as_posix()
            with path.open("rb") as source:
                size = source.seek(0, io.SEEK_END)
                source.seek(0)
                self.add(name, source, size, writer)
            if self._progress:
                self._progress(len(self.digests), total, name)


def _check(settings: Settings, target: Path) -> None:
    absent = offloading.offloaded(settings.home)
    if absent:
        raise BackupError(
            f"{settings.home}: the packages of {len(absent):,} filings are in the store alone. Keep versions or a copy "
            "of the bucket as their backup, or bring them back first: bin/esep store fetch."
        )
    if not settings.archive.is_dir():
        raise BackupError(f"{settings.home}: no archive is here, so there is nothing to keep. Is ESEP_HOME right?")
    if target.exists():
        raise BackupError(f"{target}: it exists already, and a backup is never written over. Give another name.")
    if target.is_relative_to(settings.home):
        raise BackupError(f"{target}: is in {settings.home} itself. Give a place outside, best on another disk.")
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent}: no such folder. Make it first.")


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
    for year in sorted(item.name for item in _items(settings.archive) if item.name != archive.STAGING):
        folder = settings.archive / year
        # Numbers are given in turn, so a second look finds every number below those of the first.
        last = max(archive.serials(folder), default=0)
        for serial in sorted(serial for serial in archive.serials(folder) if serial <= last):
            filing = folder / archive.number_of(year, serial)
            yield from _finished(filing, leave_out=archive.PACKAGE)
            yield from _all(filing / archive.PACKAGE)


def _finished(folder: Path, leave_out: str = archive.STAGING) -> Iterator[Path]:
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
            if item.name not in (leave_out, archive.STAGING):
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
