"""Copies of the filer's workbooks with comments on the faulty cells, made in a child process with limits.

The workbook is a stranger's: what is opened here may be a bomb, so each is opened in a fork of a warm process with
bounded memory and time, and what becomes of it is given by a stable code instead of an exception.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from esep.config import Settings
from esep.examination.model import Finding
from esep.file_names import from_text
from esep.forms.reading.zygote import Helper
from esep.letters.wording import found_in_all

MOST_COPIES = 25
"""Workbooks whose copies go with one letter; the letter says how many others have faulty cells."""
GENERAL = 1000
"""Findings of the package as a whole that a copy's summary sheet can list."""
LIMIT_SECONDS = 60.0
"""Wall time for the workbooks of one file of the package; never more than settings.reader_seconds."""
HELPER = Helper("esep.letters.annotate_child")


class CopyOutcome(StrEnum):
    """What became of the copy of one workbook; the codes are in status.json."""

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
    """The filing, in a letter that may be about several."""


def annotate_package(
    package: Path,
    findings: Sequence[Finding],
    heading: str,
    day: date,
    work: Path,
    settings: Settings,
    most: int = MOST_COPIES,
) -> list[Copy]:
    """A copy of each workbook in `package` that has a faulty cell, in path order, at most `most` of them.

    What has no faulty cell is not opened. A file that the examination could not read has none, so it is never opened a
    second time. `heading` is the line that the summary sheet begins with, `work` an empty folder for the copies.
    Raises only for faults of this machine (OSError, ReaderUnavailableError).
    """
    faulty = faulty_workbooks(findings)[:most]
    wanted: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    places: dict[str, Path] = {}
    copies: list[Copy] = []
    of_file = _by_file(findings, faulty)
    for name in faulty:
        outer, path = _outer_of(package, name) or ("", None)
        if path is None:
            copies.append(Copy(name, CopyOutcome.MISSING))
        elif outer == name and not _may_be_marked(path):
            copies.append(Copy(name, CopyOutcome.NOT_XLSX))
        else:
            places[outer] = path
            wanted[outer][name] = of_file[name]
    general = [_as_dict(finding) for finding in findings if not finding.sheet][:GENERAL]
    for number, (outer, asked) in enumerate(wanted.items(), start=1):
        out = work / str(number)
        out.mkdir()
        order = {"findings": asked, "general": general, "heading": heading, "day": day.isoformat()}
        copies += _marked(places[outer], outer, order, out, settings)
    return sorted(copies, key=lambda copy: copy.file)


def faulty_workbooks(findings: Iterable[Finding]) -> list[str]:
    """Files with a faulty cell, in the order of their names."""
    return sorted({finding.file for finding in findings if finding.file and finding.row is not None})


def _by_file(findings: Iterable[Finding], files: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in files}
    for finding in findings:
        if finding.file in found:
            found[finding.file].append(_as_dict(finding))
    return found


def _as_dict(finding: Finding) -> dict[str, Any]:
    return finding.as_dict() | {"found": found_in_all(finding)}


def _outer_of(package: Path, name: str) -> tuple[str, Path] | None:
    """The file that holds `name`: itself, or the archive or signature in which it is; None if it is not there.

    By the name that the reader gives it (forms.reading.package), with its path.
    """
    for outer in (*(parent.as_posix() for parent in reversed(PurePosixPath(name).parents) if parent.name), name):
        once = from_text(outer)
        for spelling in (once, from_text(once)):  # findings recorded by 0.1.0 have odd names escaped twice
            path = package / spelling
            try:
                if path.is_file() and not path.is_symlink():
                    return outer, path
            except OSError:  # longer than any path: no file of the package, but a member of one
                continue
    return None


def _may_be_marked(path: Path) -> bool:
    """Whether it is worth a child process: today's workbook is a zip file, or encrypted with Excel's own password."""
    with path.open("rb") as file:
        return file.read(4).startswith((b"PK", b"\xd0\xcf\x11\xe0"))


def _marked(path: Path, name: str, order: dict[str, Any], out: Path, settings: Settings) -> list[Copy]:
    """The copies of one file of the package; what the child did not come to was too large for it."""
    (out / "job.json").write_text(json.dumps(order), encoding="utf-8")
    memory = settings.reader_memory_bytes
    job = {"path": os.fsencode(path.absolute()).hex(), "name": name, "out": str(out.absolute()), "memory": memory}
    HELPER.run(job, memory=memory, seconds=min(settings.reader_seconds, LIMIT_SECONDS))
    copies = [_copy(line, out) for line in _lines(out / "result.jsonl")]
    reported = {copy.file for copy in copies}
    return copies + [Copy(inner, CopyOutcome.TOO_LARGE) for inner in order["findings"] if inner not in reported]


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]


def _copy(line: dict[str, Any], out: Path) -> Copy:
    path = out / line["copy"] if line["copy"] else None
    return Copy(line["file"], CopyOutcome(line["outcome"]), path, line["commented_cells"], line["columns"])
