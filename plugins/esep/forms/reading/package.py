"""All files of a package, in path order, each with what became of it.

Many small ones are read by one child process; what is opened in turn adds its members.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from esep.config import Settings
from esep.detail import Detail
from esep.file_names import to_text
from esep.files import sha256_of
from esep.forms.document import FileError, FileRead, FileRole, FileState, PackageRead, far_cell
from esep.forms.reading import limits
from esep.forms.reading.limits import Budget, out_of_time
from esep.forms.reading.result import Plain, file_from_dict, results_of
from esep.forms.reading.zygote import HELPER, Helper, ReaderUnavailableError


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
            is_part = _holds_annex(file) or file.messages or file.role is FileRole.SIGNATURE
            if outside and not is_part:
                left_out.add(file.path)  # signed, but no part of a filing, and no message
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
    files, left_out = counted_once(sorted(queue.read(files_of(folder)), key=lambda file: file.path))
    contents = {path: place for path, place in queue.contents.items() if path not in left_out}
    return PackageRead(folder, tuple(files), contents)


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


_DIAGNOSIS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Item:
    """One file to be read. `wrappings`: archives and signatures that it was taken out of."""

    path: Path
    name: str
    size: int
    wrappings: int = 0
    in_archive: bool = False
    """Whether the innermost of them is an archive: an archive inside it is not opened; out of a signature, one is."""

    def as_job(self) -> Plain:
        return {
            "path": str(self.path.absolute()),
            "name": self.name,
            "sha256": sha256_of(self.path),
            "size": self.size,
            "nested": self.in_archive,
        }


class Queue:
    """Reads files within the budget of their package. `contents`: see PackageRead.contents."""

    def __init__(self, work: Path, settings: Settings, budget: Budget) -> None:
        self._work = work
        self._settings = settings
        self._budget = budget
        self._jobs = 0
        self._todo: deque[Item] = deque()
        self._done: list[FileRead] = []
        self.contents: dict[str, Path] = {}

    def read(self, found: Iterable[tuple[Path, str]]) -> list[FileRead]:
        """Every file and all that is inside it, in no order."""
        for path, name in found:
            state = path.lstat()
            if stat.S_ISREG(state.st_mode):
                self._add(Item(path, name, state.st_size))
            else:
                self._report(name, 0, FileError(FileState.UNSAFE, "link_or_device"))
        while self._todo:
            self._read_batch(self._next_batch())
        return self._done

    def _add(self, item: Item) -> None:
        self.contents[item.name] = item.path
        self._todo.append(item)

    def _report(self, name: str, size: int, fault: FileError, sha256: str = "") -> None:
        self._done.append(FileRead(name, sha256, size, fault.state, FileRole.UNKNOWN, fault.detail))

    def _next_batch(self) -> list[Item]:
        """One file, or as many small ones as fit; empty where those at hand pass the budget."""
        batch: list[Item] = []
        size = 0
        while self._todo and len(batch) < limits.BATCH_FILES:
            item = self._todo[0]
            size += item.size
            if batch and size > limits.BATCH_BYTES:
                break
            self._todo.popleft()
            try:
                self._budget.take(item.size)
            except FileError as fault:
                self._report(item.name, item.size, fault)
                continue
            batch.append(item)
        return batch

    def _read_batch(self, batch: list[Item]) -> None:
        """In one child after the other: a file that ends its child is read again alone, with the limits of one file."""
        while batch:
            if not self._budget.seconds:
                for item in batch:
                    self._report(item.name, item.size, out_of_time())
                return
            jobs = [item.as_job() for item in batch]
            seconds = limits.BATCH_SECONDS if len(batch) > 1 else self._settings.reader_seconds
            outcome, out, results = self._run({"task": "read", "files": jobs}, min(seconds, self._budget.seconds))
            for number, (item, result) in enumerate(zip(batch, results, strict=False)):
                self._take(item, result, out / str(number))
            if len(results) == len(batch):
                return
            culprit = batch[len(results)]
            batch = batch[len(results) + 1 :]
            if len(jobs) == 1:
                fault = unread(outcome, self._far_cell(jobs[0]) if outcome == "memory" else None)
                self._report(culprit.name, culprit.size, fault, jobs[0]["sha256"])
            else:
                self._read_batch([culprit])

    def _take(self, item: Item, result: Plain, folder: Path) -> None:
        self._done += [file_from_dict(file, folder) for file in result["files"]]
        for member in result["members"]:
            name = f"{item.name}/{member['name']}"
            if item.wrappings >= limits.WRAPPINGS:
                fault = FileError(FileState.NESTED_ARCHIVE, "nested_too_deep", limit=limits.WRAPPINGS)
                self._report(name, member["size"], fault)
            else:
                path, in_archive = folder / member["file"], member["in_archive"]
                self._add(Item(path, name, member["size"], item.wrappings + 1, in_archive))

    def _run(self, job: Plain, seconds: float) -> tuple[str, Path, list[Plain]]:
        """How a job ended, its folder, and the results as far as it came."""
        self._jobs += 1
        out = self._work / str(self._jobs)
        out.mkdir()
        outcome = HELPER.run({**job, "out": str(out)}, memory=self._settings.reader_memory_bytes, seconds=seconds)
        return outcome, out, results_of(out)

    def _far_cell(self, job: Plain) -> str | None:
        """Whether a far-off cell was the reason."""
        seconds = min(_DIAGNOSIS_SECONDS, self._settings.reader_seconds, max(1.0, self._budget.seconds))
        outcome, _, results = self._run({**job, "task": "diagnose"}, seconds)
        return results[0]["far_cell"] if outcome == "done" else None


def unread(outcome: str, cell: str | None) -> FileError:
    """Why the reading of a file alone was stopped; `cell`: the far-off one that made it too large, if one did."""
    if cell is not None:
        return far_cell(cell)
    if outcome == "time":
        return FileError(FileState.TOO_LARGE, "time_limit")
    if outcome == "memory":
        return FileError(FileState.TOO_LARGE, "memory_limit")
    return FileError(FileState.UNREADABLE, "reader_failed")


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
