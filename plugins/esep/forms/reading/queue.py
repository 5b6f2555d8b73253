"""Files to be read, many small ones to a child process: what is opened in turn adds its members."""

from __future__ import annotations

import stat
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from esep.config import Settings
from esep.files import sha256_of
from esep.forms.document import FileError, FileRead, FileRole, FileState, far_cell
from esep.forms.reading import limits
from esep.forms.reading.limits import Budget, out_of_time
from esep.forms.reading.result import Plain, file_from_dict, results_of
from esep.forms.reading.zygote import HELPER

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
                fault = _unread(outcome, self._far_cell(jobs[0]) if outcome == "memory" else None)
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


def _unread(outcome: str, cell: str | None) -> FileError:
    """Why the reading of a file alone was stopped; `cell`: the far-off one that made it too large."""
    if cell is not None:
        return far_cell(cell)
    if outcome == "time":
        return FileError(FileState.TOO_LARGE, "time_limit")
    if outcome == "memory":
        return FileError(FileState.TOO_LARGE, "memory_limit")
    return FileError(FileState.UNREADABLE, "reader_failed")
