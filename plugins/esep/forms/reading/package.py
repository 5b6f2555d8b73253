"""All files of a package, in path order, each with what became of it."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from esep.config import Settings
from esep.files import sha256_of
from esep.forms.document import FileRead, FileRole, FileState, PackageRead
from esep.forms.reading.helper import HELPER, ReaderUnavailableError
from esep.forms.reading.result import RESULT, file_from_dict

_DIAGNOSIS_SECONDS = 60.0


def read_package(folder: Path, work: Path, settings: Settings) -> PackageRead:
    """Read every file of the package in `folder` (or the single file `folder`), using `work` for what lies between.

    Archives are unpacked one level; their members are named `outer.zip/inner.xlsx`. Rows stay mapped from files in
    `work`, where unpacked members lie too; it may be deleted when the result is no longer used. Raises only for faults
    of the machine (OSError, ReaderUnavailableError); whatever is wrong with a filer's file is told in its FileRead.
    """
    work.mkdir(parents=True, exist_ok=True)
    reader = _Reader(Path(tempfile.mkdtemp(prefix="read-", dir=work)).absolute(), settings)
    files = [file for path, name in files_of(folder) for file in reader.read(path, name)]
    return PackageRead(folder, tuple(sorted(files, key=lambda file: file.path)), reader.contents)


def files_of(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files below a folder with their names in the package; links are not followed, but named."""
    if not folder.is_dir():
        yield folder, _shown(folder.name)
        return
    for root, folders, names in os.walk(folder, followlinks=False):
        linked = [name for name in folders if (Path(root) / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(linked))
        for name in sorted((*names, *linked)):
            path = Path(root) / name
            yield path, _shown(path.relative_to(folder).as_posix())


def _shown(name: str) -> str:
    """A name that can be printed, also when its bytes are no UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


class _Reader:
    def __init__(self, work: Path, settings: Settings) -> None:
        self._work = work
        self._settings = settings
        self._jobs = 0
        self.contents: dict[str, Path] = {}
        """See PackageRead.contents."""

    def read(self, path: Path, name: str) -> list[FileRead]:
        """One file; several for an archive."""
        if not stat.S_ISREG(path.lstat().st_mode):
            detail = "A link or device is no part of a filing; it was not followed."
            return [FileRead(name, "", 0, FileState.UNSAFE, FileRole.UNKNOWN, detail, "symbolic_link")]
        self.contents[name] = path
        result = self._run("read", path, name, nested=False)
        if "members" not in result:
            return [self._file(result)]
        files = []
        for member in result["members"]:
            inner = f"{name}/{member['name']}"
            if member["file"] is None:
                state = FileState(member["state"])
                files.append(
                    FileRead(inner, "", member["size"], state, FileRole.UNKNOWN, member["detail"], member["code"])
                )
            else:
                unpacked = Path(result["out"]) / member["file"]
                self.contents[inner] = unpacked
                files.append(self._file(self._run("read", unpacked, inner, nested=True)))
        return files

    def _file(self, result: dict[str, Any]) -> FileRead:
        return file_from_dict(result["file"], Path(result["out"]))

    def _run(self, task: str, path: Path, name: str, *, nested: bool) -> dict[str, Any]:
        """A job's result with the folder `out` it was written to; an unanswered job gives a file that is too large."""
        self._jobs += 1
        out = self._work / str(self._jobs)
        out.mkdir()
        job = {
            "task": task,
            "path": str(path.absolute()),
            "name": name,
            "out": str(out.absolute()),
            "sha256": sha256_of(path),
            "size": path.stat().st_size,
            "nested": nested,
        }
        outcome = HELPER.run(job, memory=self._settings.reader_memory_bytes, seconds=self._settings.reader_seconds)
        if outcome == "done":
            result: dict[str, Any] = json.loads((out / RESULT).read_text(encoding="utf-8"))
        else:
            result = {"file": _unread(job, outcome, self._far_cell(job) if outcome == "memory" else None)}
        return {**result, "out": str(out)}

    def _far_cell(self, job: dict[str, Any]) -> str | None:
        """Whether a far-off cell was the reason."""
        out = Path(f"{job['out']}-diagnosis")
        out.mkdir()
        outcome = HELPER.run(
            {**job, "task": "diagnose", "out": str(out)},
            memory=self._settings.reader_memory_bytes,
            seconds=min(_DIAGNOSIS_SECONDS, self._settings.reader_seconds),
        )
        if outcome != "done":
            return None
        found: str | None = json.loads((out / RESULT).read_text(encoding="utf-8"))["far_cell"]
        return found


def _unread(job: dict[str, Any], outcome: str, far_cell: str | None) -> dict[str, Any]:
    """The plain values of a FileRead for a file whose reading was stopped."""
    state, code, detail = {
        "time": (FileState.TOO_LARGE, "time_limit", "Reading the file took longer than is allowed."),
        "memory": (FileState.TOO_LARGE, "memory_limit", "Reading the file takes more memory than is allowed."),
        "crash": (FileState.UNREADABLE, "reader_failed", "The file is so damaged that the reader failed on it."),
    }[outcome]
    if far_cell is not None:
        state, code = FileState.UNSAFE, "far_cell"
        detail = f"A cell far from all others ({far_cell}) makes the sheet too large to be read: delete it."
    return {
        "path": job["name"],
        "sha256": job["sha256"],
        "size": job["size"],
        "state": state.value,
        "role": FileRole.UNKNOWN.value,
        "detail": detail,
        "detail_code": code,
        "forms": [],
        "applications": [],
        "hidden_sheets": [],
    }


__all__ = ["ReaderUnavailableError", "files_of", "read_package"]
