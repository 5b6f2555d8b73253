"""Paths longer than the system takes at once (4,095 bytes): reached step by step, folder by folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_ONCE = 4_000
"""Bytes."""
_STEP = 1_000
"""Characters, of up to four bytes each; a single name has at most 255 bytes."""


@contextmanager
def reached(path: Path) -> Iterator[tuple[str, int | None]]:
    """What os.open, os.unlink and their like take as path and as `dir_fd`: the path itself and None if it is short.

    Raises OSError if a folder on the way cannot be opened.
    """
    name, folder = os.fspath(path), None
    try:
        while len(name) > _STEP and len(os.fsencode(name)) > _AT_ONCE:
            cut = name.rindex("/", 0, _STEP)
            inner = os.open(name[:cut], os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
            if folder is not None:
                os.close(folder)
            folder, name = inner, name[cut + 1 :]
        yield name, folder
    finally:
        if folder is not None:
            os.close(folder)


def opened(path: Path, flags: int = 0) -> int:
    """A descriptor of a file or folder, open for reading. Raises OSError."""
    with reached(path) as (name, folder):
        return os.open(name, os.O_RDONLY | flags, dir_fd=folder)


@contextmanager
def listed(folder: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
    """As os.scandir. What it gives may be asked for its name and its state, while it is open. Raises OSError."""
    descriptor = opened(folder, os.O_DIRECTORY)
    try:
        with os.scandir(descriptor) as items:
            yield items
    finally:
        os.close(descriptor)
