"""What lies in a package, by the file system alone: names, sizes and times, nothing opened, no link followed."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from esep import long_paths

_SECOND = 1_000_000_000
_DAY = 24 * 3600 * _SECOND
LONGEST_PATH = 65_536
"""Bytes of a path below the package that are taken. Beyond them listing alone would fill the memory."""
LONGEST_KEPT = 3_000
"""Bytes of such a path that are kept as they are: the system takes 4,095 with all folders above (see long_paths)."""


@dataclass(frozen=True, slots=True, order=True)
class FoundFile:
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
    files: list[FoundFile] = []
    folders: list[str] = []
    others: list[tuple[str, str]] = []
    mtime, ctime = top.st_mtime_ns, top.st_ctime_ns
    to_do = [""]
    while to_do:  # a stack, because folders may be nested deeper than Python's recursion goes
        parent = to_do.pop()
        with long_paths.listed(path / parent) as items:
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
                    files.append(FoundFile(relative, state.st_size, state.st_mtime_ns))
                else:
                    others.append((relative, kind_of(state.st_mode)))
    return Contents(tuple(sorted(files)), tuple(sorted(folders)), tuple(sorted(others)), mtime, ctime)


def kind_of(mode: int) -> str:
    """What stands there, in words, for something that is neither a file nor a folder."""
    if stat.S_ISLNK(mode):
        return "symbolic link"
    if stat.S_ISFIFO(mode):
        return "named pipe"
    if stat.S_ISSOCK(mode):
        return "socket"
    return "device"
