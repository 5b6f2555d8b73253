"""Copies of the filer's workbooks with comments on the faulty cells, made in a child process with limits.

The workbook is a stranger's: what is opened here may be a bomb, so the child has bounded memory and time, and what
becomes of each workbook is told by a stable code instead of an exception.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from esep.config import Settings
from esep.examination.model import Finding
from esep.forms.reading.kinds import WORKBOOK_SUFFIXES
from esep.letters.wording import found_in_all

LIMIT_SECONDS = 180.0
"""Wall time for the workbooks of one file of the package; never more than settings.reader_seconds."""
_LIBRARY = Path(__file__).resolve().parents[2]
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_CONTAINERS = (b"PK", b"\xd0\xcf\x11\xe0")


class CopyOutcome(StrEnum):
    """What became of the copy of one workbook; the codes stand in status.json."""

    ANNOTATED = "annotated"
    NOT_XLSX = "not_xlsx"
    UNREADABLE = "unreadable"
    UNSAFE = "unsafe"
    TOO_LARGE = "too_large"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Copy:
    """One workbook of the package. `path` is the copy's file, None unless annotated."""

    file: str
    outcome: CopyOutcome
    path: Path | None = None
    commented_cells: int = 0
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Sheet → printed column of the form → letter of the worksheet's column."""
    registration_no: str | None = None
    """The filing, in a letter that may tell of several."""


def annotate_package(
    package: Path, findings: Sequence[Finding], heading: str, day: date, work: Path, settings: Settings
) -> list[Copy]:
    """A copy of each workbook in `package` that carries the form or a finding, in path order.

    `heading` is the line that the summary sheet begins with, `work` an empty folder for the copies. Raises only for
    faults of this machine (OSError).
    """
    known = [finding.as_dict() | {"found": found_in_all(finding)} for finding in findings]
    copies: list[Copy] = []
    for path, name in _files(package):
        if _may_be_workbook(path, name):
            copies += _annotate_file(path, name, known, heading, day, work, settings)
    told = {copy.file for copy in copies}
    for name in sorted({finding.file for finding in findings if finding.file and finding.sheet} - told):
        copies.append(Copy(name, CopyOutcome.MISSING))
    return sorted(copies, key=lambda copy: copy.file)


def _files(package: Path) -> list[tuple[Path, str]]:
    """Files with their names as the reader of packages gives them (forms.reading.package)."""
    found = []
    for root, folders, names in os.walk(package, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = Path(root) / name
            if path.is_file() and not path.is_symlink():
                relative = path.relative_to(package).as_posix()
                found.append((path, os.fsencode(relative).decode("utf-8", "backslashreplace")))
    return found


def _may_be_workbook(path: Path, name: str) -> bool:
    """Whether it is worth a child process: a zip (package, workbook), an old workbook, or one by its name."""
    with path.open("rb") as file:
        start = file.read(4)
    return start.startswith(_CONTAINERS) or Path(name).suffix.lower() in WORKBOOK_SUFFIXES


def _annotate_file(
    path: Path, name: str, findings: list[dict[str, Any]], heading: str, day: date, work: Path, settings: Settings
) -> list[Copy]:
    out = Path(tempfile.mkdtemp(dir=work))
    seconds = int(min(settings.reader_seconds, LIMIT_SECONDS)) + 1
    job = {
        "path": os.fsencode(path).hex(),
        "name": name,
        "findings": [one for one in findings if not one["sheet"] or _belongs(one["file"], name)],
        "heading": heading,
        "day": day.isoformat(),
        "out": str(out),
        "memory": settings.reader_memory_bytes,
        "seconds": seconds,
    }
    (out / "job.json").write_text(json.dumps(job), encoding="utf-8")
    finished = _run_child(out / "job.json", seconds)
    copies = [_copy(line, out) for line in _lines(out / "result.jsonl")]
    if not finished:
        copies.append(Copy(name, CopyOutcome.TOO_LARGE))
    return copies


def _belongs(file: str | None, name: str) -> bool:
    return file is None or file == name or file.startswith(f"{name}/")


def _run_child(job: Path, seconds: float) -> bool:
    """Whether the child did its job to the end; passing its memory or time, or an abort, is False."""
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": str(_LIBRARY), "MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    command = [sys.executable, "-m", "esep.letters.annotate_child", str(job)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]


def _copy(line: dict[str, Any], out: Path) -> Copy:
    path = out / line["copy"] if line["copy"] else None
    return Copy(line["file"], CopyOutcome(line["outcome"]), path, line["commented_cells"], line["columns"])
