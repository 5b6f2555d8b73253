"""Error cells and uncalculated formulas of an .xls file, and its epoch: its records are walked once ([MS-XLS] 2.1).

Excel stores the last result with each formula. Programs that do not calculate store one of two things instead: 0
with the flag "calculate on load" (Apache POI, Spreadsheet::WriteExcel), or an empty text in a file whose beginning
names no program (xlwt and what is built on it).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from esep.forms.reading.cells import MarkedCell
from esep.forms.reading.sheets import Marks
from esep.forms.values.cell import CellKind

_BOF, _EOF, _BOUNDSHEET, _DATEMODE, _UNCALCULATED = 0x0809, 0x000A, 0x0085, 0x0022, 0x005E
_FORMULA, _BOOLEAN_OR_ERROR = 0x0006, 0x0205
_HEADER = struct.Struct("<HH")
_CELL = struct.Struct("<HH")
_RESULT_AT, _FLAGS_AT = 6, 14
_CALCULATE_ON_LOAD = 0x02
_NOT_A_NUMBER = b"\xff\xff"
_EMPTY_TEXT, _ERROR = 3, 2
_HISTORY_AT = 8
"""Place of the flags in BOF that say which programs edited the file; Excel sets at least one ([MS-XLS] 2.4.21)."""
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_NO_TEXT = "=…"
"""The formula is stored as tokens, not as text."""

Record = tuple[int, int, int]
"""Kind, and the bytes from where to where."""


class Look:
    """What was found: marks by the sheet's place in the file, and the epoch."""

    def __init__(self) -> None:
        self.since_1904 = False
        self._marks: dict[int, Marks] = {}

    def marks(self, place: int) -> Marks:
        """The marked cells of the sheet at this place, 0-based, charts counted too."""
        return self._marks.get(place, {})

    def _mark(self, place: int, content: bytes, at: int, cell: MarkedCell) -> None:
        row, column = _CELL.unpack_from(content, at)
        self._marks.setdefault(place, {}).setdefault(row + 1, {})[column] = cell


def look(path: Path) -> Look:
    """Look through the file. A file that is none of Excel's, or damaged, gives nothing: the fast reader tells that."""
    found = Look()
    content = _stream(path)
    places: dict[int, int] = {}
    for kind, begin, end in _records(content, 0):
        if kind == _BOUNDSHEET and end - begin >= 4:
            places[int.from_bytes(content[begin : begin + 4], "little")] = len(places)
        elif kind == _DATEMODE and end - begin >= 2:
            found.since_1904 = content[begin] == 1
    for position, place in places.items():
        _look_at_sheet(content, position, place, found)
    return found


def _stream(path: Path) -> bytes:
    """The workbook's records: a stream of a compound file, or the file itself (Excel 4 and before)."""
    try:
        with olefile.OleFileIO(str(path)) as compound:
            for name in ("Workbook", "Book"):
                if compound.exists(name):
                    return bytes(compound.openstream(name).read())
    except (OSError, ValueError, struct.error):
        return b""
    return b""


def _records(content: bytes, at: int) -> Iterator[Record]:
    """The records from a BOF to its EOF; those of charts inside are passed over."""
    depth = 0
    while at + 4 <= len(content):
        kind, length = _HEADER.unpack_from(content, at)
        begin, at = at + 4, at + 4 + length
        if at > len(content):
            return
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth == 1:
            yield kind, begin, at


def _look_at_sheet(content: bytes, position: int, place: int, found: Look) -> None:
    without_program = uncalculated = False
    for kind, begin, end in _records(content, position):
        if kind == _FORMULA and end - begin > _FLAGS_AT:
            cell = _formula(content[begin + _RESULT_AT : begin + _FLAGS_AT + 1], without_program, uncalculated)
            if cell is not None:
                found._mark(place, content, begin, cell)
        elif kind == _BOOLEAN_OR_ERROR and end - begin >= 8 and content[begin + 7] == 1:
            error = MarkedCell(CellKind.ERROR, _ERRORS.get(content[begin + 6], "#ERR"))
            found._mark(place, content, begin, error)
        elif kind == _UNCALCULATED:
            uncalculated = True
        elif kind == _BOF:
            without_program = not any(content[begin + _HISTORY_AT : min(begin + _HISTORY_AT + 4, end)])


def _formula(stored: bytes, without_program: bool, uncalculated: bool) -> MarkedCell | None:
    """The mark for a formula's stored result (8 bytes and the low byte of its flags)."""
    result, flags = stored[:8], stored[8]
    if result[6:] == _NOT_A_NUMBER:
        if result[0] == _ERROR:
            return MarkedCell(CellKind.ERROR, _ERRORS.get(result[2], "#ERR"))
        if result[0] == _EMPTY_TEXT and (without_program or uncalculated):
            return MarkedCell(CellKind.FORMULA, _NO_TEXT)
        return None
    zero = not any(result)
    return MarkedCell(CellKind.FORMULA, _NO_TEXT) if zero and (uncalculated or flags & _CALCULATE_ON_LOAD) else None
