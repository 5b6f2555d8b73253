"""All files of a package, in path order, each with what became of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from esep.config import Settings
from esep.detail import Detail
from esep.file_names import to_text
from esep.forms.document import FileRead, FileRole, FileState, PackageRead
from esep.forms.reading.limits import Budget
from esep.forms.reading.queue import Queue
from esep.forms.reading.result import results_of
from esep.forms.reading.zygote import Helper, ReaderUnavailableError


def counted_once(files: Sequence[FileRead]) -> tuple[list[FileRead], set[str]]:
    """The files with what they hold counted once, and the paths that no signature is to be held against.

    Of equal bytes the one outside of archives and signatures counts. A file inside a signature that differs from the
    one of its name outside is another version of it: the one outside counts, and the signature is not over it, nor is
    one that holds what is no part of a filing.
    """
    first: dict[str, FileRead] = {}
    for file in sorted(files, key=_outermost):
        if _holds_annex(file):
            first.setdefault(file.sha256, file)
    signatures = {file.path for file in files if file.role is FileRole.SIGNATURE}
    by_path = {file.path: file for file in files}
    kept: list[FileRead] = []
    left_out: set[str] = set()
    for file in files:
        outside = _outside(file.path, signatures)
        beside = by_path.get(outside) if outside else None
        first_of_these = first.get(file.sha256)
        if first_of_these and first_of_these is not file and _holds_annex(file):
            kept.append(_emptied(file, Detail.of("same_bytes", file=first_of_these.path)))
            left_out.add(file.path)
        elif beside and _holds_annex(beside) and beside.sha256 != file.sha256:
            kept.append(_emptied(file, Detail.of("other_version", file=beside.path)))
            left_out.add(file.path)
        else:
            kept.append(file)
            if outside and not _holds_annex(file) and file.role is not FileRole.SIGNATURE:
                left_out.add(file.path)  # signed, but no part of a filing
    return kept, left_out


def _outermost(file: FileRead) -> tuple[int, str]:
    return file.path.count("/"), file.path


def _outside(path: str, signatures: set[str]) -> str | None:
    """Where the file inside a signature would be if it had come beside it; None for a file that is in none."""
    holder = str(PurePosixPath(path).parent)
    return str(PurePosixPath(holder).parent / PurePosixPath(path).name) if holder in signatures else None


def _holds_annex(file: FileRead) -> bool:
    return bool(file.forms or file.applications)


def _emptied(file: FileRead, detail: Detail) -> FileRead:
    return replace(
        file,
        state=FileState.NOT_READ,
        role=FileRole.ATTACHMENT,
        detail=detail,
        forms=(),
        applications=(),
        hidden_sheets=(),
    )


def read_package(folder: Path, work: Path, settings: Settings) -> PackageRead:
    """Read every file of the package in `folder` (or the single file `folder`), with `work` for what is in between.

    Archives and signatures are opened, and what is inside is a member of the package, named `outer.zip/inner.xlsx`.
    Rows stay mapped from files in `work`, where unpacked members are too; it may be deleted when the result is no
    longer used. Raises only for faults of the machine (OSError, ReaderUnavailableError); whatever is wrong with a
    filer's file is named in its FileRead.
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


_COLUMNS_SECONDS = 15.0
_COLUMNS_MEMORY = 2 * 1024**3
_COLUMNS_HELPER = Helper("esep.forms.reading.jobs")
"""Ended after each use: the processes of the web site keep none."""

Columns = Mapping[tuple[str, str], Mapping[str, str]]
"""(file, sheet) → printed column → letters of the worksheet's column."""


@lru_cache(maxsize=512)
def columns_of(package: Path) -> Columns:
    """Where the form's columns are in every 1-ЦМ sheet below a folder of the archive, whose bytes never change.

    This is asked for a link's words only: what is not found within its limits is left out.
    """
    try:
        with tempfile.TemporaryDirectory() as out:
            job = {"task": "columns", "package": str(package.absolute()), "out": out}
            _COLUMNS_HELPER.run(job, memory=_COLUMNS_MEMORY, seconds=_COLUMNS_SECONDS)
            found = results_of(Path(out))
    except (OSError, ReaderUnavailableError):
        return {}
    finally:
        _COLUMNS_HELPER.close()
    return {(one["file"], one["sheet"]): one["columns"] for one in found}
