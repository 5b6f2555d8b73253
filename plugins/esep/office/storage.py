"""Files and folders of inbox and archive as the file system has them: listed, copied, removed.

Names, sizes and times are looked at without opening anything or following a link. What is copied is on disk before
anything relies on it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from esep import files

_SECOND = 1_000_000_000
_DAY = 24 * 3600 * _SECOND
LONGEST_PATH = 65_536
"""Bytes of a path below the package that are taken. Beyond them listing alone would fill the memory."""
LONGEST_KEPT = 3_000
"""Bytes of such a path that are kept as they are: the system takes 4,095 with all folders above (see files.reached)."""
FILE_MODE = 0o640
FOLDER_MODE = 0o750
"""The archive is for its owner and group: taxpayers' data are no one else's business."""
_PIECE = 1024 * 1024


class FoundFile(NamedTuple):
    """A regular file. `path` is relative, with `/`, in the file system's own spelling; empty for a lone file."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything below one path; all tuples sorted, so that equal contents compare equal."""

    files: tuple[FoundFile, ...]
    folders: tuple[str, ...]
    """Sub-folders, parents before children."""
    others: tuple[tuple[str, str], ...]
    """(path, what it is) of links, sockets and the like."""
    newest_mtime_ns: int
    newest_ctime_ns: int

    def changed_ns(self, now_ns: int) -> int:
        """Nanoseconds since the epoch of the last change that can be believed at `now_ns`.

        ctime is set by the machine at every change, mtime by anybody. So an mtime in the future is not believed, and
        a ctime only if it is not more than a day ahead, as after a clock was set back: nothing waits forever.
        """
        believable = [0]
        if self.newest_mtime_ns <= now_ns:
            believable.append(self.newest_mtime_ns)
        if self.newest_ctime_ns <= now_ns + _DAY:
            believable.append(self.newest_ctime_ns)
        return max(believable)


def scan(path: Path, longest_path: int | None = LONGEST_PATH) -> Contents:
    """The contents of a folder, or of a lone file as a folder of one.

    Raises OSError for what cannot be listed, and where a path below it is longer than `longest_path` bytes.
    """
    top = path.lstat()
    if stat.S_ISREG(top.st_mode):
        only = FoundFile("", top.st_size, top.st_mtime_ns)
        return Contents((only,), (), (), top.st_mtime_ns, top.st_ctime_ns)
    regular: list[FoundFile] = []
    folders: list[str] = []
    others: list[tuple[str, str]] = []
    mtime, ctime = top.st_mtime_ns, top.st_ctime_ns
    to_do = [""]
    while to_do:  # a stack, because folders may be nested deeper than Python's recursion goes
        parent = to_do.pop()
        with files.listed(path / parent) as items:
            for item in items:
                relative = f"{parent}/{item.name}" if parent else item.name
                if longest_path is not None and len(os.fsencode(relative)) > longest_path:
                    raise OSError(
                        errno.ENAMETOOLONG, "folders are nested too deep or have too long names; shorten them"
                    )
                state = item.stat(follow_symlinks=False)
                mtime, ctime = max(mtime, state.st_mtime_ns), max(ctime, state.st_ctime_ns)
                if stat.S_ISDIR(state.st_mode):
                    folders.append(relative)
                    to_do.append(relative)
                elif stat.S_ISREG(state.st_mode):
                    regular.append(FoundFile(relative, state.st_size, state.st_mtime_ns))
                else:
                    others.append((relative, kind_of(state.st_mode)))
    return Contents(tuple(sorted(regular)), tuple(sorted(folders)), tuple(sorted(others)), mtime, ctime)


def kind_of(mode: int) -> str:
    """The kind of a thing, in words, for something that is neither a file nor a folder."""
    if stat.S_ISLNK(mode):
        return "symbolic link"
    if stat.S_ISFIFO(mode):
        return "named pipe"
    if stat.S_ISSOCK(mode):
        return "socket"
    return "device"


def copy(source: Path, target: Path) -> str:
    """Copy a regular file, flush it, and give the hex SHA-256 of what was copied. Never follows a link.

    Raises FileExistsError if the target exists, OSError if the source is a link or cannot be read.
    """
    digest = hashlib.sha256()
    with os.fdopen(files.opened(source, os.O_NOFOLLOW), "rb") as incoming:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "wb") as kept:
            files.set_mode(descriptor, FILE_MODE)
            while piece := incoming.read(_PIECE):
                digest.update(piece)
                kept.write(piece)
            kept.flush()
            os.fsync(descriptor)
    return digest.hexdigest()


def make_folder(path: Path) -> None:
    """Make a folder for owner and group; missing parents get the usual mode, a folder that exists is left as it is."""
    if path.is_dir():
        return
    path.mkdir(parents=True, exist_ok=True)
    files.set_mode(path, FOLDER_MODE)


def flush(folders: Iterable[Path]) -> None:
    """fsync folders, so that the names in them survive a power cut."""
    for folder in folders:
        files.flush_to_disk(folder)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, write-protected or not; links are removed, not followed. Absent is fine."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(mode):
        path.unlink()
        return
    _unlock(path)
    contents = scan(path, longest_path=None)
    for relative in contents.folders:
        _unlock(path / relative)
    for relative in (*(file.path for file in contents.files), *(other for other, _ in contents.others)):
        with files.reached(path / relative) as (name, folder), suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)
    for relative in reversed(contents.folders):
        with files.reached(path / relative) as (name, folder):
            os.rmdir(name, dir_fd=folder)
    path.rmdir()


def _unlock(folder: Path) -> None:
    """Let the owner remove what is inside; someone else's folder is left as it is, and the removal then says so."""
    files.set_mode(folder, 0o700)
