"""Copying into the archive and removing from the inbox: bytes unchanged, on disk before anything relies on them."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from esep import files, long_paths
from esep.office.contents import scan

FILE_MODE = 0o640
FOLDER_MODE = 0o750
"""The archive is for its owner and group: taxpayers' data are no one else's business."""

_PIECE = 1024 * 1024


def copy(source: Path, target: Path) -> str:
    """Copy a regular file, flush it, and give the hex SHA-256 of what was copied. Never follows a link.

    Raises FileExistsError if the target exists, OSError if the source is a link or cannot be read.
    """
    digest = hashlib.sha256()
    with os.fdopen(long_paths.opened(source, os.O_NOFOLLOW), "rb") as incoming:
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


def write_json(path: Path, value: Any) -> None:
    """Write JSON as people read it, atomically, for owner and group."""
    make_folder(path.parent)
    with files.replacing(path) as temporary:
        temporary.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        files.set_mode(temporary, FILE_MODE)


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
        with long_paths.reached(path / relative) as (name, folder), suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)
    for relative in reversed(contents.folders):
        with long_paths.reached(path / relative) as (name, folder):
            os.rmdir(name, dir_fd=folder)
    path.rmdir()


def _unlock(folder: Path) -> None:
    """Let the owner remove what is inside; someone else's folder is left as it is, and the removal then says so."""
    files.set_mode(folder, 0o700)
