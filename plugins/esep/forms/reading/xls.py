"""Binary workbooks of Excel (.xls): those of Excel 97 and later by the fast reader, older ones (BIFF2-BIFF5) by xlrd.

The fast reader shows neither error cells nor uncalculated formulas nor the epoch, so the records of the file are walked
once ([MS-XLS] 2.1). Excel stores the last result with each formula. Programs that do not calculate store one of two
things instead: 0 with the flag "calculate on load" (Apache POI, Spreadsheet::WriteExcel), or an empty text in a file
whose beginning names no program (xlwt and what is built on it).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import olefile
import xlrd

from esep.forms.document import damaged_workbook, encrypted
from esep.forms.reading.fast_reader import FastWorkbook
from esep.forms.reading.sheets import Grid, MarkedCell, MarkedSheet, Marks, Sheet
from esep.forms.reading.text_files import ONE_BYTE, best_encoding
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
_ERRORS = xlrd.error_text_from_code
_NO_TEXT = "=…"
"""The formula is stored as tokens, not as text."""

Record = tuple[int, int, int]
"""Kind, and the bytes from where to where."""


def read_binary_workbook(path: Path) -> Iterator[Sheet]:
    """The worksheets of a workbook of Excel 97 or later in order. Raises FileError."""
    workbook = FastWorkbook(path)
    marks, since_1904 = second_look(path)
    for place, sheet in workbook.worksheets():
        marked = MarkedSheet(sheet.cells, marks[place]) if place in marks else sheet.cells
        yield replace(sheet, cells=marked, since_1904=since_1904)


def second_look(path: Path) -> tuple[dict[int, Marks], bool]:
    """Marks by the sheet's place in the file, 0-based, charts counted too; and whether days count from 1904.

    A file that is none of Excel's, or damaged, gives nothing: the fast reader reports it.
    """
    content = _stream(path)
    places: dict[int, int] = {}
    since_1904 = False
    for kind, begin, end in _records(content, 0):
        if kind == _BOUNDSHEET and end - begin >= 4:
            places[int.from_bytes(content[begin : begin + 4], "little")] = len(places)
        elif kind == _DATEMODE and end - begin >= 2:
            since_1904 = content[begin] == 1
    marks = {place: _marks_of(content, position) for position, place in places.items()}
    return {place: found for place, found in marks.items() if found}, since_1904


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


def _marks_of(content: bytes, position: int) -> Marks:
    """The marked cells of the sheet whose records begin at this position."""
    marks: Marks = {}
    without_program = uncalculated = False
    for kind, begin, end in _records(content, position):
        cell = None
        if kind == _FORMULA and end - begin > _FLAGS_AT:
            cell = _formula(content[begin + _RESULT_AT : begin + _FLAGS_AT + 1], without_program, uncalculated)
        elif kind == _BOOLEAN_OR_ERROR and end - begin >= 8 and content[begin + 7] == 1:
            cell = MarkedCell(CellKind.ERROR, _ERRORS.get(content[begin + 6], "#ERR"))
        elif kind == _UNCALCULATED:
            uncalculated = True
        elif kind == _BOF:
            without_program = not any(content[begin + _HISTORY_AT : min(begin + _HISTORY_AT + 4, end)])
        if cell is not None:
            row, column = _CELL.unpack_from(content, begin)
            marks.setdefault(row + 1, {})[column] = cell
    return marks


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


_AS_BYTES = "latin-1"
"""Texts of old workbooks have one byte a letter. The record that names the code page ([MS-XLS] 2.4.52) is often missing
or wrong, so the code page is the one in which the texts read like the forms."""
_SAMPLE = 200_000


def read_old_workbook(path: Path) -> list[Sheet]:
    """All sheets of a workbook of Excel 2.0 to 95, which 1C and other programs write to this day. Raises FileError."""
    try:
        book = xlrd.open_workbook(
            file_contents=path.read_bytes(), encoding_override=_AS_BYTES, logfile=io.StringIO(), on_demand=False
        )
        if book.biff_version >= 80:  # texts in Unicode: none of the override was used
            return [_sheet(sheet, book.datemode, None) for sheet in book.sheets()]
        encoding = best_encoding(_sample(book), _candidates(book.codepage))
        return [_sheet(sheet, book.datemode, encoding) for sheet in book.sheets()]
    except MemoryError:
        raise
    except Exception as error:  # xlrd passes on whatever a damaged file makes it stumble over
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise encrypted() from None
        raise damaged_workbook("old_workbook_damaged") from None


def _candidates(codepage: int | None) -> tuple[str, ...]:
    """The likely ones first; the declared one as well, where it is another."""
    known = {1251: "kz1048", 866: "cp866", 10007: "mac-cyrillic"}
    declared = known.get(codepage or 0)
    if declared:
        return (declared, *(encoding for encoding in ONE_BYTE if encoding != declared))
    return (*ONE_BYTE, "utf-8")


def _sample(book: Any) -> bytes:
    texts, length = [], 0
    for sheet in book.sheets():
        for row in range(sheet.nrows):
            for cell in sheet.row(row):
                if cell.ctype == xlrd.XL_CELL_TEXT:
                    texts.append(cell.value.encode(_AS_BYTES, "replace"))
                    length += len(cell.value)
            if length > _SAMPLE:
                break
    return b"\n".join(texts)


def _sheet(sheet: Any, epoch: int, encoding: str | None) -> Sheet:
    rows = [[_value(cell, epoch, encoding) for cell in sheet.row(row)] for row in range(sheet.nrows)]
    return Sheet(_text(sheet.name, encoding), bool(sheet.visibility), Grid(rows))


def _text(text: str, encoding: str | None) -> str:
    return text.encode(_AS_BYTES, "replace").decode(encoding, "replace") if encoding else text


def _value(cell: Any, epoch: int, encoding: str | None) -> Any:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return _text(cell.value, encoding)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, epoch)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return MarkedCell(CellKind.ERROR, _ERRORS.get(cell.value, "#N/A"))
    return ""
