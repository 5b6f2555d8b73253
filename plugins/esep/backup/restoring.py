"""Restoring a backup into an empty home: unpacked aside, each file checked, put in place, the warehouse built anew.

All of it happens in the home itself, which may be a disk that nothing can be renamed over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from esep import files
from esep.backup import container, placing, saving
from esep.backup.container import MANIFEST, BackupError, Manifest
from esep.config import Settings
from esep.office import archive, storage
from esep.office.storage import scan
from esep.warehouse import masked
from esep.warehouse.errors import WarehouseError
from esep.warehouse.rebuild import rebuild

FILES = "files"
"""Where the files are, below the folder of the unfinished restore, until all of them are checked."""
HOME_MODE = 0o751
SECRETS = ".secrets"
_RECEIPT_DEPTH = 3
"""Slashes in archive/YYYY/YYYY-NNNNNN/receipt.json."""
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
        """Whether the figures are the same; None where none were published at the time.

        Compared is what both give: earlier versions wrote quantities otherwise.
        """
        if self.figures_then is None:
            return None
        if self.figures is None or len(self.figures) != len(self.figures_then):
            return False
        return all(
            now[name] == then[name]
            for now, then in zip(self.figures, self.figures_then, strict=True)
            for name in now.keys() & then.keys()
        )


def restore(
    source: Path,
    settings: Settings,
    home: Path,
    now: datetime,
    progress: Progress | None = None,
    placed: Callable[[Path], None] | None = None,
) -> Restored:
    """Restore into `home`, which must not exist or hold nothing but empty folders; `settings` give all but the home.

    A home in which a restore of the same backup was interrupted is taken up where that one ended. `placed` is called
    once all files are in place, before the warehouse is built, which takes longest.
    Raises BackupError naming the files that are damaged, missing or in excess; nothing is put in place then.
    Raises WarehouseError if the warehouse cannot be built: the files are in place, the same call tries again.
    """
    source, home = source.expanduser().resolve(), home.expanduser().resolve()
    _check(source)
    is_new = not home.exists()
    state = placing.interrupted(home)
    _check_home(source, home, state)
    aside = home / placing.ASIDE
    try:
        home.mkdir(exist_ok=True)
        kept = _checked(aside, source, state)
        if kept is None:
            placing.begin(home, source)
            kept = _unpack(source, aside / FILES, progress)
            placing.keep_manifest(aside, kept)
        if (aside / FILES).is_dir():
            placing.place(aside / FILES, home)
            (aside / FILES).rmdir()
        files.set_mode(home, HOME_MODE)
    except (BackupError, OSError) as error:
        if not (aside / MANIFEST).exists():  # nothing has left the folder aside
            storage.remove(aside)
            if is_new and home.is_dir():
                home.rmdir()
        if isinstance(error, BackupError):
            raise
        raise BackupError(f"{home}: could not be restored ({error}). {placing.how_to_go_on(home, source)}") from error
    if placed:
        placed(home)
    restored = replace(settings, home=home)
    try:
        report = rebuild(restored, now)
        masked.publish(restored)
    except WarehouseError as error:
        how = placing.how_to_go_on(home, source)
        raise WarehouseError(f"All files are in place, but the warehouse could not be built: {error} {how}") from error
    count = sum(1 for _ in archive.registered(restored))
    figures = container.figures_of(restored)
    storage.remove(aside)
    return Restored(home, len(kept.files), count, kept.made_at, report.summary(), figures, kept.figures)


def _checked(aside: Path, source: Path, state: placing.State | None) -> Manifest | None:
    """The manifest of an interrupted restore whose files were all checked; None where it has to begin anew."""
    if state is None or state.source != placing.fingerprint(source):
        return None
    return container.read_manifest(aside / MANIFEST, "its beginning") if (aside / MANIFEST).exists() else None


def _unpack(source: Path, folder: Path, progress: Progress | None) -> Manifest:
    """All files of the backup, checked, in `folder`."""
    storage.remove(folder)
    folder.mkdir(mode=0o700)
    last = "its beginning"
    for done, last in enumerate(container.unpack(source, folder), start=1):
        if progress:
            progress(done, last)
    kept = container.read_manifest(folder / MANIFEST, last)
    _verify(folder, kept, source)
    (folder / MANIFEST).unlink()
    _set_modes(folder)
    return kept


def _check(source: Path) -> None:
    if not (source.is_dir() or (source.is_file() and container.is_file_name(source))):
        raise BackupError(
            f"{source}: no backup is here; a folder or a file {', '.join(container.ENDINGS)} is expected."
        )


def _check_home(source: Path, home: Path, state: placing.State | None) -> None:
    if not home.parent.is_dir():
        raise BackupError(f"{home.parent}: no such folder. Make it first.")
    if state is not None and state.has_placed:
        if state.source != placing.fingerprint(source):
            raise BackupError(
                f"{home}: the restore of {state.path} was interrupted here, and files of it are in place. "
                f"{placing.how_to_go_on(home, Path(state.path))}"
            )
        return
    if home.exists() and (not home.is_dir() or not placing.is_empty(home)):
        raise BackupError(f"{home}: not an empty folder. Nothing is ever restored over data: give a new one.")


def _verify(folder: Path, kept: Manifest, source: Path) -> None:
    there = {file.path for file in scan(folder).files} - {MANIFEST}
    faults = [f"{name}: missing" for name in sorted(kept.files.keys() - there)]
    faults += [f"{name}: not in the manifest" for name in sorted(there - kept.files.keys())]
    faults += [f"{name}: belongs to no backup" for name in sorted(there) if name.split("/")[0] not in saving.FOLDERS]
    faults += [
        f"{name}: its bytes are not those that were kept"
        for name in sorted(there & kept.files.keys())
        if files.sha256_of(folder / name) != kept.files[name]
    ]
    if faults:
        more = f"\n  … and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise BackupError(
            f"{source}: {len(faults)} files are at fault, so nothing was restored. Take another copy of the backup, or "
            "an older one.\n  " + "\n  ".join(faults[:SHOWN]) + more
        )


def _set_modes(folder: Path) -> None:
    """The modes of a home; and the folders of packages without a file, which no backup holds."""
    found = scan(folder)
    modes = dict.fromkeys(found.folders, (0o700, 0o750)) | {file.path: (0o600, 0o640) for file in found.files}
    for relative, (of_secrets, usual) in modes.items():
        files.set_mode(folder / relative, of_secrets if relative.split("/")[0] == SECRETS else usual)
    for file in found.files:
        path = folder / file.path
        if path.name == archive.RECEIPT and file.path.count("/") == _RECEIPT_DEPTH:
            package = path.parent / archive.PACKAGE
            if not package.exists():
                package.mkdir(mode=0o750)
