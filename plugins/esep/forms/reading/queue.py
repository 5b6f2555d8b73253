"""Files to be read, many small ones to a child process: what is opened in turn adds its members."""

from __future__ import annotations

import json
import stat
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esep.config import Settings
from esep.files import sha256_of
from esep.forms.document import FileRead, FileRole, FileState
from esep.forms.reading import limits
from esep.forms.reading.fault import FileError, far_cell
from esep.forms.reading.helper import HELPER
from esep.forms.reading.limits import Budget, out_of_time
from esep.forms.reading.result import RESULT, RESULTS, fault_from_dict, file_from_dict

_DIAGNOSIS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Item:
    """One file to be read. `wrappings`: archives and signatures that it was taken out of."""

    path: Path
    name: str
    size: int
    wrappings: int = 0
    in_archive: bool = False
    """Whether the innermost of them is an archive: an archive inside it is not opened."""

    def as_job(self) -> dict[str, Any]:
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
                self._tell(name, 0, FileError(FileState.UNSAFE, "link_or_device"))
        while self._todo:
            self._read_batch(self._next_batch())
        return self._done

    def _add(self, item: Item) -> None:
        self.contents[item.name] = item.path
        self._todo.append(item)

    def _tell(self, name: str, size: int, fault: FileError, sha256: str = "") -> None:
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
                self._tell(item.name, item.size, fault)
                continue
            batch.append(item)
        return batch

    def _read_batch(self, batch: list[Item]) -> None:
        """In one child after the other: a file that ends its child is read again alone, with the limits of one file."""
        while batch:
            if not self._budget.seconds:
                for item in batch:
                    self._tell(item.name, item.size, out_of_time())
                return
            jobs = [item.as_job() for item in batch]
            seconds = limits.BATCH_SECONDS if len(batch) > 1 else self._settings.reader_seconds
            outcome, out, results = self._run(jobs, seconds)
            for number, (item, result) in enumerate(zip(batch, results, strict=False)):
                self._take(item, result, out / str(number))
            if len(results) == len(batch):
                return
            culprit = batch[len(results)]
            batch = batch[len(results) + 1 :]
            if len(jobs) == 1:
                fault = _unread(outcome, self._far_cell(jobs[0]) if outcome == "memory" else None)
                self._tell(culprit.name, culprit.size, fault, jobs[0]["sha256"])
            else:
                self._read_batch([culprit])

    def _take(self, item: Item, result: dict[str, Any], folder: Path) -> None:
        if "file" in result:
            self._done.append(file_from_dict(result["file"], folder))
        for member in result.get("members", ()):
            name = f"{item.name}/{member['name']}"
            if member["file"] is None:
                self._tell(name, member["size"], fault_from_dict(member["fault"]))
            elif item.wrappings >= limits.WRAPPINGS:
                fault = FileError(FileState.NESTED_ARCHIVE, "nested_too_deep", limit=limits.WRAPPINGS)
                self._tell(name, member["size"], fault)
            else:
                # Out of a signature, an archive is opened as if it had come by itself.
                in_archive = "file" not in result
                self._add(Item(folder / member["file"], name, member["size"], item.wrappings + 1, in_archive))

    def _run(self, files: list[dict[str, Any]], seconds: float) -> tuple[str, Path, list[dict[str, Any]]]:
        """How a job ended, its folder, and the results as far as it came."""
        self._jobs += 1
        out = self._work / str(self._jobs)
        out.mkdir()
        outcome = HELPER.run(
            {"task": "read", "files": files, "out": str(out)},
            memory=self._settings.reader_memory_bytes,
            seconds=min(seconds, self._budget.seconds),
        )
        try:
            lines = (out / RESULTS).read_text(encoding="utf-8").split("\n")[:-1]
        except FileNotFoundError:
            lines = []
        results = [json.loads(line) for line in lines]
        return ("crash" if outcome == "done" and len(results) < len(files) else outcome), out, results

    def _far_cell(self, job: dict[str, Any]) -> str | None:
        """Whether a far-off cell was the reason."""
        self._jobs += 1
        out = self._work / str(self._jobs)
        out.mkdir()
        outcome = HELPER.run(
            {**job, "task": "diagnose", "out": str(out)},
            memory=self._settings.reader_memory_bytes,
            seconds=min(_DIAGNOSIS_SECONDS, self._settings.reader_seconds, max(1.0, self._budget.seconds)),
        )
        if outcome != "done":
            return None
        found: str | None = json.loads((out / RESULT).read_text(encoding="utf-8"))["far_cell"]
        return found


def _unread(outcome: str, cell: str | None) -> FileError:
    """Why the reading of a file alone was stopped; `cell`: the far-off one that made it too large."""
    if cell is not None:
        return far_cell(cell)
    if outcome == "time":
        return FileError(FileState.TOO_LARGE, "time_limit")
    if outcome == "memory":
        return FileError(FileState.TOO_LARGE, "memory_limit")
    return FileError(FileState.UNREADABLE, "reader_failed")
