"""Workbooks of Excel 2.0 to 95 (BIFF2-BIFF5), by xlrd: 1C and other programs write them to this day.

Their texts have one byte a letter. The record that names the code page is often missing or wrong, so the code page
is the one in which the texts read like the forms; [MS-XLS] 2.4.52 has the record.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import xlrd

from esep.forms.reading.cells import MarkedCell
from esep.forms.reading.fault import damaged_workbook, encrypted
from esep.forms.reading.sheets import Grid, Sheet
from esep.forms.reading.text_files import ONE_BYTE, best_encoding
from esep.forms.values.cell import CellKind

_AS_BYTES = "latin-1"
_SAMPLE = 200_000


def read_old_workbook(path: Path) -> list[Sheet]:
    """All sheets. Raises FileError for a workbook that cannot be read."""
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
        return MarkedCell(CellKind.ERROR, xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""
