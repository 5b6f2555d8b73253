"""What a folder's files look like from outside: names, sizes and times, by which a change is noticed without reading.

What a program writes, even with its old time put back, changes `ctime`. What a failing disk changes by itself does not:
for that everything is read at `rebuild`, at `verify`, and once a day.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

UNSETTLED_NS = 2_000_000_000
"""A file that changed so shortly before a look could change again within one tick of the clock: not remembered."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file: path relative to the home, size, whether it is a regular file, and all that tells a change."""

    path: str
    size: int
    is_file: bool
    changed_ns: int
    mark: str


def below(home: Path, folder: str) -> list[Seen]:
    """All files below a folder, in the order of their paths; an absent folder has none. Links are not followed."""
    found: list[Seen] = []
    _walk(home / folder, folder, found)
    found.sort(key=lambda seen: seen.path)
    return found


def of(home: Path, paths: Iterable[str]) -> list[Seen]:
    """The files of these paths that are there."""
    found = []
    for path in paths:
        try:
            found.append(_seen(path, os.lstat(home / path)))
        except OSError:
            continue
    return found


def fingerprint(seen: Iterable[Seen], *context: object) -> str:
    """One short text for many files and whatever else a proof depends on."""
    digest = hashlib.blake2b(repr(context).encode(), digest_size=16)
    for one in seen:
        digest.update(f"\n{one.path} {one.mark}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _walk(folder: Path | str, relative: str, found: list[Seen]) -> None:
    try:
        with os.scandir(folder) as items:
            entries = list(items)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        path = f"{relative}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            _walk(entry.path, path, found)
        else:
            try:
                found.append(_seen(path, entry.stat(follow_symlinks=False)))
            except FileNotFoundError:
                continue


def _seen(path: str, status: os.stat_result) -> Seen:
    changed = max(status.st_ctime_ns, status.st_mtime_ns)
    mark = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
    return Seen(path, status.st_size, stat.S_ISREG(status.st_mode), changed, mark)
