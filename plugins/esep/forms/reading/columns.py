"""Where the form's columns stand in the workbooks of a package: `python -m esep.forms.reading.columns FOLDER`.

The child process of `columns_of`. It opens strangers' workbooks, so it has bounded memory and time, and it reads no
further than each sheet's number row. A workbook that it cannot read is left out: this is asked for a link's words only,
and the examination has told what is wrong with the file.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esep.forms.reading.sheets import Cells

SECONDS = 15
"""Time in which the child finds what it finds."""
LARGEST_BYTES = 40 * 1024**2
"""Larger files are not opened for this."""
_MEMORY = 2 * 1024**3
_LIBRARY = Path(__file__).resolve().parents[3]
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")

Columns = Mapping[tuple[str, str], Mapping[str, str]]
"""(file, sheet) → printed column → letters of the worksheet's column."""


@lru_cache(maxsize=512)
def columns_of(package: Path) -> Columns:
    """The columns of every 1-ЦМ sheet below a folder of the archive, whose bytes never change; empty at any fault."""
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": str(_LIBRARY), "MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "esep.forms.reading.columns", str(package)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    found = [json.loads(line) for line in done.stdout.decode("utf-8", "replace").splitlines() if line.endswith("}")]
    return {(one["file"], one["sheet"]): one["columns"] for one in found}


def main() -> None:
    """Print a line of JSON for each sheet, at once: what ends the process later takes nothing along."""
    from esep.forms.reading.kinds import Kind, kind_of
    from esep.forms.reading.package import files_of
    from esep.forms.reading.zip_files import unpack

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with tempfile.TemporaryDirectory() as work:
        for number, (path, name) in enumerate(files_of(Path(sys.argv[1]))):
            if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_BYTES:
                continue
            try:
                if _first_bytes(path) != b"PK" or kind_of(path, name) is not Kind.ARCHIVE:
                    _tell(path, name, Path(work) / f"{number}")
                    continue
                unpacked = Path(work) / f"archive-{number}"
                unpacked.mkdir()
                for inner, member in enumerate(unpack(path, unpacked)):
                    if member.file is not None:
                        _tell(unpacked / member.file, f"{name}/{member.name}", Path(work) / f"{number}-{inner}")
            except Exception:  # noqa: S112 - whatever a stranger's file makes the readers raise
                continue


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(2)


def _tell(path: Path, name: str, link: Path) -> None:
    from esep.forms.reading.default_password import decrypted
    from esep.forms.reading.jobs import SHEETS_OF
    from esep.forms.reading.kinds import Kind, kind_of
    from esep.forms.reading.open_workbook import sheets_of
    from esep.forms.reading.zip_files import inspect_container

    path = decrypted(path, link)
    kind = kind_of(path, name)
    if kind in SHEETS_OF:
        for sheet in SHEETS_OF[kind](path):
            if columns := _columns(sheet.cells):
                print(json.dumps({"file": name, "sheet": sheet.name, "columns": columns}), flush=True)
        return
    if kind not in (Kind.WORKBOOK_XML, Kind.WORKBOOK_OPEN, Kind.WORKBOOK_BINARY):
        return
    if kind is not Kind.WORKBOOK_BINARY:
        inspect_container(path)
    source = link.with_suffix(f".{kind.value}")  # the reader goes by the suffix
    source.symlink_to(path.absolute())
    for sheet in sheets_of(source, kind):
        columns = _columns(sheet.cells)
        if columns:
            print(json.dumps({"file": name, "sheet": sheet.name, "columns": columns}), flush=True)


def _columns(sheet: Cells) -> dict[str, str]:
    """Printed column → letters, by the sheet's number row; empty if it has none."""
    from openpyxl.utils import get_column_letter

    from esep.forms.reading import limits
    from esep.forms.reading.number_row import find_number_row, find_number_row_over_two

    above: list[object] = []
    first_column = sheet.start[1] if sheet.start else 0
    for count, values in enumerate(sheet.iter_rows() if sheet.start else ()):
        if count > limits.HEAD_LINES:
            break
        if not any(values):
            continue
        number_row = find_number_row(values) or (find_number_row_over_two(above, values) if above else None)
        if number_row is not None:
            printed = number_row.printed.items()
            return {number: get_column_letter(first_column + position + 1) for number, position in printed}
        above = values
    return {}


if __name__ == "__main__":
    main()
