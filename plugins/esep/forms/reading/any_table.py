"""Any table that an office may be given, a price list for example: the cells of each sheet, as text and kind.

A workbook is opened by a limited child process, as filers' files are; a text is taken apart here.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from esep.config import Settings
from esep.forms.document import FileError, FileState
from esep.forms.reading.kinds import COMPOUND
from esep.forms.reading.package import unread
from esep.forms.reading.result import Plain, results_of
from esep.forms.reading.text_files import text_of
from esep.forms.reading.zygote import Helper
from esep.forms.values.cell import CellKind

_SECONDS = 60.0
_SEPARATORS = ";\t,"
_LOOKED_AT = 1 << 16


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown: the text without blanks around it, None where there is nothing."""

    text: str | None
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class TableRow:
    """A filled row; `number` is the 1-based worksheet row, or the line of a text."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A visible sheet. A text is one sheet without a name."""

    name: str
    rows: tuple[TableRow, ...]


def is_workbook(content: bytes) -> bool:
    """Whether a file can only be opened by a program for workbooks."""
    return content.startswith((b"PK", COMPOUND))


def read_table(name: str, content: bytes, settings: Settings) -> list[TableSheet]:
    """The visible sheets of a file, with their filled rows. Raises FileError, ReaderUnavailableError, OSError."""
    if not is_workbook(content):
        return [TableSheet("", tuple(_rows_of_text(content)))]
    helper = Helper("esep.forms.reading.jobs")
    try:
        with tempfile.TemporaryDirectory(prefix="esep-table-") as out:
            path = Path(out) / "table"
            path.write_bytes(content)
            job = {"task": "table", "path": str(path), "name": name, "out": out}
            seconds = min(_SECONDS, settings.reader_seconds)
            outcome = helper.run(job, memory=settings.reader_memory_bytes, seconds=seconds)
            results = results_of(Path(out))
    finally:
        helper.close()
    if outcome != "done":
        raise unread(outcome, None)
    return _sheets(results)


def _sheets(results: list[Plain]) -> list[TableSheet]:
    sheets: dict[str, list[TableRow]] = {}
    for one in results:
        if "fault" in one:
            raise FileError(FileState(one["fault"]["state"]), one["fault"]["code"], **one["fault"]["values"])
        if "row" not in one:
            sheets[one["sheet"]] = []
        else:
            cells = tuple(Cell(text, CellKind(kind)) for text, kind in one["cells"])
            sheets[one["sheet"]].append(TableRow(one["row"], cells))
    return [TableSheet(name, tuple(rows)) for name, rows in sheets.items()]


def _rows_of_text(content: bytes) -> Iterator[TableRow]:
    """Rows with their first line. Strict about quotes, for one without its other half would swallow what follows."""
    text = text_of(content).lstrip("\ufeff")
    head = text[:_LOOKED_AT].splitlines()
    separator = max(_SEPARATORS, key=lambda sign: max((line.count(sign) for line in head), default=0))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for values in reader:
            cells = tuple(Cell(value.strip() or None) for value in values)
            if any(cell.text for cell in cells):
                yield TableRow(line, cells)
            line = reader.line_num + 1
    except csv.Error:
        raise FileError(FileState.UNREADABLE, "separated_damaged") from None
