"""Restoring a backup into an empty home: unpacked aside, each file checked, put in place, the warehouse built anew."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from esep import files
from esep.backup import container, contents, manifest
from esep.backup.errors import BackupError
from esep.backup.manifest import Manifest
from esep.config import Settings
from esep.office import archive
from esep.warehouse import masked
from esep.warehouse.rebuild import rebuild

SHOWN = 20
"""Files at fault that are named."""

Progress = Callable[[int, str], None]
"""Called with files done and the name of each file."""


@dataclass(frozen=True, slots=True)
class Restored:
    home: Path
    files: int
    filings: int
    made_at: str
    warehouse: str
    """What the rebuild says of itself."""
    figures: list[dict[str, str]] | None
    figures_then: list[dict[str, str]] | None
    """Annual sums of the rebuilt warehouse, and of the one that was published when the backup was made."""

    @property
    def agrees(self) -> bool | None:
        """Whether the figures are the same; None where none were published at the time."""
        return None if self.figures_then is None else self.figures == self.figures_then


def restore(source: Path, settings: Settings, home: Path, now: datetime, progress: Progress | None = None) -> Restored:
    """Restore into `home`, which must not exist or be empty; `settings` give everything but the home.

    Raises BackupError naming the files that are damaged, missing or in excess; nothing is put in place then.
    Raises WarehouseError if the warehouse cannot be built: the files are in place, `bin/esep rebuild` tries again.
    """
    source, home = source.expanduser().resolve(), home.expanduser().resolve()
    _check(source, home)
    aside = home.with_name(f".{home.name}.{uuid.uuid4().hex}{files.TEMPORARY}")
    try:
        aside.mkdir(mode=0o700)
        last = "its beginning"
        for done, last in enumerate(container.unpack(source, aside), start=1):
            if progress:
                progress(done, last)
        told = manifest.read(aside / container.MANIFEST, last)
        _verify(aside, told, source)
        (aside / container.MANIFEST).unlink()
        _set_modes(aside)
        aside.rename(home)
    except OSError as error:
        raise BackupError(f"{home}: could not be restored ({error}); nothing was put in place.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    restored = replace(settings, home=home)
    report = rebuild(restored, now)
    masked.publish(restored)
    count = sum(1 for _ in archive.registered(restored))
    figures = manifest.figures_of(restored)
    return Restored(home, len(told.files), count, told.made_at, report.summary(), figures, told.figures)


def _check(source: Path, home: Path) -> None:
    if not (source.is_dir() or (source.is_file() and container.is_file_name(source))):
        raise BackupError(
            f"{source}: no backup is here; a folder or a file {', '.join(container.ENDINGS)} is expected."
        )
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BackupError(f"{home}: not an empty folder. Nothing is ever restored over data: give a new one.")
    if not home.parent.is_dir():
        raise BackupError(f"{home.parent}: no such folder. Make it first.")


def _verify(folder: Path, told: Manifest, source: Path) -> None:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {container.MANIFEST}
    faults = [f"{name}: missing" for name in sorted(told.files.keys() - there)]
    faults += [f"{name}: not in the manifest" for name in sorted(there - told.files.keys())]
    faults += [f"{name}: belongs to no backup" for name in sorted(there) if name.split("/")[0] not in contents.FOLDERS]
    faults += [
        f"{name}: its bytes are not those that were kept"
        for name in sorted(there & told.files.keys())
        if files.sha256_of(folder / name) != told.files[name]
    ]
    if faults:
        more = f"\n  … and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise BackupError(
            f"{source}: {len(faults)} files are at fault, so nothing was restored. Take another copy of the backup, or "
            "an older one.\n  " + "\n  ".join(faults[:SHOWN]) + more
        )


def _set_modes(folder: Path) -> None:
    """The modes of a home; and the folders of packages without a file, which no backup holds."""
    for path in sorted(folder.rglob("*")):
        secret = path.relative_to(folder).parts[0] == ".secrets"
        path.chmod((0o700 if secret else 0o750) if path.is_dir() else (0o600 if secret else 0o640))
        if path.name == archive.RECEIPT and not (path.parent / archive.PACKAGE).exists():
            (path.parent / archive.PACKAGE).mkdir(mode=0o750)
    folder.chmod(0o751)
