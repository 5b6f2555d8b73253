"""The process that `annotate` has workbooks marked in: openpyxl is imported once, each file is opened in a fork.

Started as `python -m esep.letters.annotate_child` (see forms.reading.zygote). A job writes one line of result.jsonl per
workbook, at once, so that a later workbook that ends the fork takes nothing along.
"""

from __future__ import annotations

import errno
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

from esep.files import restamp
from esep.forms.document import FileError, FileRead, FileRole, FileState
from esep.forms.reading.default_password import decrypted
from esep.forms.reading.kinds import Kind, kind_of
from esep.forms.reading.signatures import read_signature
from esep.forms.reading.zip_files import inspect_container, unpack
from esep.forms.reading.zygote import serve
from esep.letters.marking import mark

LARGEST_BYTES = 12 * 1024**2
"""A larger .xlsx has more cells than openpyxl can hold in the memory allowed; the letter then says so."""
_NEAR_THE_LIMIT = 16 * 1024**2
"""Bytes. A process that came so close to its limit ran into it: allocations come in blocks of this order."""


def main() -> None:
    serve(run)


def run(job: dict[str, Any]) -> None:
    """Mark the workbooks of one file of a package. Keys: `path` (hex of its bytes), `name`, `out`, `memory` and, in
    the file `job.json` of `out`: `findings` (workbook → its findings), `general`, `heading`, `day`."""
    out = Path(job["out"])
    order = json.loads((out / "job.json").read_text(encoding="utf-8"))
    _search(job, order, Path(os.fsdecode(bytes.fromhex(job["path"]))), job["name"], out)


def _search(job: dict[str, Any], order: dict[str, Any], path: Path, name: str, out: Path) -> None:
    """Mark the file itself and those of its members that are asked for; what is no container has none."""
    inside = sorted(asked for asked in order["findings"] if asked.startswith(f"{name}/"))
    if name in order["findings"]:
        _one(job, order, path, name, out)
    if not inside:
        return
    folder = out / f"members-{len(list(out.glob('members-*')))}"
    folder.mkdir()
    try:
        members = _members(path, name, folder)
    except FileError as fault:
        for asked in inside:
            _report(out, asked, _outcome(fault, job["memory"]))
        return
    for inner, file in members:
        _search(job, order, folder / file, f"{name}/{inner}", out)


def _members(path: Path, name: str, folder: Path) -> list[tuple[str, str]]:
    """(name, file in `folder`) of what is in an archive or an attached signature, named as the reader names it."""
    kind = kind_of(path, name)
    if kind is Kind.ARCHIVE:
        return [(member.name, member.file) for member in unpack(path, folder) if member.file is not None]
    if kind is Kind.SIGNATURE:
        file = FileRead(name, "", path.stat().st_size, FileState.READ, FileRole.UNKNOWN)
        return [(member["name"], member["file"]) for member in read_signature(path, file, folder)[1]]
    return []


def _one(job: dict[str, Any], order: dict[str, Any], path: Path, name: str, out: Path) -> None:
    """Copy one file if it is a workbook of a kind that can be marked; report what became of it."""
    try:
        path = decrypted(path, out / f"decrypted-{len(list(out.glob('decrypted-*')))}")
        if kind_of(path, name) is not Kind.WORKBOOK_XML:
            _report(out, name, "not_xlsx")
            return
        inspect_container(path)
        if path.stat().st_size > LARGEST_BYTES:
            _report(out, name, "too_large")
            return
        number = len(list(out.glob("copy-*.xlsx")))
        raw, copy = out / f"raw-{number}.xlsx", out / f"copy-{number}.xlsx"
        general = [finding for finding in order["general"] if finding["file"] != name]
        commented, columns = mark(path, raw, name, order["findings"][name], general, order["heading"])
        restamp(raw, copy, date.fromisoformat(order["day"]))
        _report(out, name, "annotated", copy.name, commented, columns)
    except FileError as fault:
        _report(out, name, _outcome(fault, job["memory"]))
    except Exception as fault:  # openpyxl raises anything for what it cannot read; the letter says so
        _report(out, name, "too_large" if _memory_ran_out(fault, job["memory"]) else "unreadable")


def _outcome(fault: FileError, limit: int) -> str:
    if fault.state in (FileState.UNSAFE, FileState.NESTED_ARCHIVE):
        return "unsafe"
    return "too_large" if fault.state is FileState.TOO_LARGE or _memory_ran_out(fault, limit) else "unreadable"


def _memory_ran_out(fault: BaseException, limit: int) -> bool:
    """Whether the memory limit (bytes) is behind a fault, whatever a library made of it.

    Parsers and the dynamic loader report an allocation that failed as a syntax or import error of their own, so the
    most that this process ever had counts too.
    """
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, MemoryError) or getattr(cause, "errno", None) == errno.ENOMEM:
            return True
        cause = cause.__cause__ or cause.__context__
    return _peak_bytes() >= limit - _NEAR_THE_LIMIT


def _peak_bytes() -> int:
    """Largest address space of this process so far (VmPeak of proc(5), stated in kB)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmPeak:"):
            return int(line.split()[1]) * 1024
    return 0


def _report(
    out: Path,
    name: str,
    outcome: str,
    copy: str | None = None,
    commented_cells: int = 0,
    columns: dict[str, dict[str, str]] | None = None,
) -> None:
    line = {
        "file": name,
        "outcome": outcome,
        "copy": copy,
        "commented_cells": commented_cells,
        "columns": columns or {},
    }
    with (out / "result.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
