"""Putting what was restored into its home, which may be a disk of its own, as may each folder in it.

A folder takes its place by a rename; where that is another disk, file by file. Either may be killed and done again:
what has its place already is compared, never written over. While it is not done, `.restoring/` in the home holds
`of.json` (the backup), `files/` (what is not in its place yet) and, once every file was checked, the backup's own
`manifest.json`. It is removed at the very end.
"""

from __future__ import annotations

import errno
import os
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

from esep import files
from esep.backup.container import MANIFEST, BackupError, Manifest
from esep.file_names import to_text
from esep.office import storage
from esep.office.storage import scan

ASIDE = ".restoring"
_OF = "of.json"
LOST_AND_FOUND = "lost+found"
"""What some file systems have at their top from the beginning."""
_DEEPEST_EMPTY = 3
"""Levels of empty folders (disks that wait for their content) that an empty home may have."""
_NOT_BY_RENAME = frozenset({errno.EXDEV, errno.EBUSY, errno.ENOTDIR, errno.ENOTEMPTY, errno.EEXIST})


class State(NamedTuple):
    path: str
    """The backup as it was named."""
    source: str
    """See `fingerprint`."""
    has_placed: bool
    """Whether files may have got their places: every one was checked by then."""


def interrupted(home: Path) -> State | None:
    """The state of an interrupted restore into `home`; None where there is none, or it had not begun to unpack."""
    aside = home / ASIDE
    try:
        value = files.read_json(aside / _OF)
        return State(str(value["path"]), str(value["source"]), (aside / MANIFEST).exists())
    except (OSError, ValueError, KeyError, TypeError):
        return State("", "", has_placed=False) if aside.is_dir() else None


def begin(home: Path, source: Path) -> None:
    """Mark the home as being restored; what an earlier try left aside goes."""
    storage.remove(home / ASIDE)
    (home / ASIDE).mkdir(mode=0o700)
    value = {"path": to_text(str(source)), "source": fingerprint(source), "how": how_to_go_on(home, source)}
    files.write_json(home / ASIDE / _OF, value)


def keep_manifest(aside: Path, manifest: Manifest) -> None:
    """Every file was checked: from now on they get their places."""
    with files.replacing(aside / MANIFEST) as temporary:
        temporary.write_bytes(manifest.as_bytes())


def fingerprint(source: Path) -> str:
    """What distinguishes a backup from another one: size and time of the file, or of the manifest in its folder."""
    status = (source / MANIFEST if source.is_dir() else source).stat()
    return f"{status.st_size}-{status.st_mtime_ns}"


def how_to_go_on(home: Path, source: Path) -> str:
    command = f"bin/esep restore {shlex.quote(str(source))} {shlex.quote(str(home))}"
    return f"The same command goes on where this one ended: {command}"


def is_empty(home: Path) -> bool:
    """Whether nothing is in a folder but empty folders, disks that are mounted in it or linked from it among them.

    The folder of a restore that was interrupted before anything had its place does not count.
    """
    return _is_empty(home, _DEEPEST_EMPTY, (LOST_AND_FOUND, ASIDE))


def _is_empty(folder: Path, levels: int, left_out: tuple[str, ...] = (LOST_AND_FOUND,)) -> bool:
    with os.scandir(folder) as items:
        return all(
            item.name in left_out or (levels > 0 and item.is_dir() and _is_empty(Path(item.path), levels - 1))
            for item in items
        )


def place(source: Path, home: Path) -> None:
    """Move every folder of `source` to its name in `home`. BackupError where other bytes are in a place."""
    for name in sorted(item.name for item in source.iterdir()):
        try:
            (source / name).rename(home / name)
        except OSError as error:
            if error.errno not in _NOT_BY_RENAME:
                raise
            _merge(source / name, home / name)
            storage.remove(source / name)
        files.flush_to_disk(home)


def _merge(source: Path, target: Path) -> None:
    found = scan(source)
    for relative in ("", *found.folders):
        folder = target / relative
        folder.mkdir(parents=True, exist_ok=True)
        _give_mode(folder, source / relative)
    for file in found.files:
        there = target / file.path
        if not there.exists():
            files.remove_unfinished(there)
            with files.replacing(there) as temporary:
                shutil.copyfile(source / file.path, temporary)
                _give_mode(temporary, source / file.path)
        elif files.sha256_of(there) != files.sha256_of(source / file.path):
            raise BackupError(
                f"{there}: other bytes have come under this name since the restore began; they are left as they are. "
                "Move the file away, or restore into another folder."
            )
    for relative in ("", *found.folders):
        files.flush_to_disk(target / relative)


def _give_mode(path: Path, like: Path) -> None:
    files.set_mode(path, like.stat().st_mode & 0o7777)
