"""Making a backup, also while the office works; see `contents` for why it is whole all the same."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

import esep
from esep.backup import container, contents
from esep.backup.errors import BackupError
from esep.backup.manifest import Manifest, figures_of
from esep.config import Settings
from esep.office.intake import LOCK
from esep.proof.check import check
from esep.proof.model import Damage
from esep.records import append, heads

LOCK_SECONDS = 900.0
"""How long a running intake is waited for."""

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of each file."""


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
    """Write a backup under `target` (.tar, .tar.gz, .tar.zst, or a folder); it must not exist, nor lie in the home.

    Everything is proved first; what is damaged is kept all the same and told. The inbox is copied with the intake's
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
                work.copy(contents.of_inbox(settings, now), writer)
            with append.adding(settings.home):
                listed = heads.path_of(settings.home).read_bytes() if heads.path_of(settings.home).exists() else None
                paths = list(contents.of_office(settings))
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
    if not settings.archive.is_dir():
        raise BackupError(f"{settings.home}: no archive is here, so there is nothing to keep. Is ESEP_HOME right?")
    if target.exists():
        raise BackupError(f"{target}: it exists already, and a backup is never written over. Give another name.")
    if target.is_relative_to(settings.home):
        raise BackupError(f"{target}: lies in {settings.home} itself. Give a place outside, best on another disk.")
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent}: no such folder. Make it first.")
