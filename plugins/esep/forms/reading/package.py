"""All files of a package, in path order, each with what became of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from esep.config import Settings
from esep.file_names import to_text
from esep.forms.document import FileRead, PackageRead
from esep.forms.reading.budget import Budget
from esep.forms.reading.copies import counted_once
from esep.forms.reading.helper import ReaderUnavailableError
from esep.forms.reading.queue import Queue


def read_package(folder: Path, work: Path, settings: Settings) -> PackageRead:
    """Read every file of the package in `folder` (or the single file `folder`), using `work` for what lies between.

    Archives and signatures are opened, and what lies inside is a member of the package, named `outer.zip/inner.xlsx`.
    Rows stay mapped from files in `work`, where unpacked members lie too; it may be deleted when the result is no
    longer used. Raises only for faults of the machine (OSError, ReaderUnavailableError); whatever is wrong with a
    filer's file is told in its FileRead.
    """
    work.mkdir(parents=True, exist_ok=True)
    queue = Queue(Path(tempfile.mkdtemp(prefix="read-", dir=work)).absolute(), settings, Budget.of(settings))
    files = queue.read(files_of(folder))
    return _package(folder, files, queue)


def files_of(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files below a folder with their names in the package, as the receipt writes them.

    Links are not followed, but named. Raises OSError for a folder that cannot be listed.
    """
    if not folder.is_dir():
        yield folder, to_text(folder.name)
        return
    to_do = [""]
    while to_do:  # a stack, because folders may be nested deeper than Python's recursion goes
        parent = to_do.pop()
        with os.scandir(folder / parent) as items:
            for item in sorted(items, key=lambda item: item.name):
                relative = f"{parent}/{item.name}" if parent else item.name
                if item.is_dir(follow_symlinks=False):
                    to_do.append(relative)
                else:
                    yield folder / relative, to_text(relative)


def _package(folder: Path, files: list[FileRead], queue: Queue) -> PackageRead:
    kept, left_out = counted_once(sorted(files, key=lambda file: file.path))
    contents = {path: place for path, place in queue.contents.items() if path not in left_out}
    return PackageRead(folder, tuple(kept), contents)


__all__ = ["ReaderUnavailableError", "files_of", "read_package"]
