"""A large sheet for the fast reader, unpacked once for that and for its screening.

The fast reader (python-calamine 0.9) unpacks and parses a sheet twice: the second time for its list of merged cells,
which it looks for from the beginning although it is behind the data. That is a third of its time. So it gets a copy of
the workbook in which the sheet is not packed and begins with an empty list; the real one is read here.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from esep.forms.document import FileError
from esep.forms.reading.fast_reader import FastCells, FastWorkbook
from esep.forms.reading.ooxml import screening
from esep.forms.reading.ooxml.sheet import range_of
from esep.forms.reading.opc import Parts

LARGE = 8 * 1024**2
"""Bytes of an unpacked sheet, some 20,000 rows, from which on the copy is worth its while."""
_BESIDE = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
)
"""The parts that the fast reader opens beside a sheet, in the places where it finds them."""
_NOTHING_MERGED = b"<mergeCells></mergeCells>"
_END_OF_DATA = b"</sheetData"
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([^"'>]*)""")


def fast_cells(parts: Parts, part: str, place: int, folder: Path) -> FastCells | None:
    """The cells of the sheet `part`, which is at `place` among all sheets; the copy is in `folder` meanwhile.

    None where the fast reader stumbles or may read otherwise than Excel. Raises OSError if there is no room for a copy.
    """
    with tempfile.NamedTemporaryFile(suffix=".xlsx", dir=folder) as file:
        with zipfile.ZipFile(file, "w") as copy:
            for name in filter(parts.__contains__, _BESIDE):
                with parts.open(name) as beside:
                    copy.writestr(name, beside.read())
            with parts.open(part) as source, copy.open(parts.member(part) or part, "w", force_zip64=True) as target:
                copying = _Copying(source, target)
                if screening.is_odd(copying):
                    return None
        file.flush()
        try:
            cells = FastWorkbook(Path(file.name)).cells(place)
        except FileError:
            return None
    found = (range_of(reference.decode("ascii", "replace")) for reference in _MERGED.findall(copying.around_data))
    cells.merged_cell_ranges = [one for one in found if one]
    return cells


class _Copying:
    """A sheet's part that is copied while it is read, with an empty list of merged cells in front."""

    def __init__(self, part: IO[bytes], target: IO[bytes]) -> None:
        self._part = part
        self._target = target
        self._begun = self._is_behind = False
        self._before = b""
        self.around_data = bytearray()
        """The beginning of the part, and what comes behind the rows."""

    def read(self, size: int) -> bytes:
        block = self._part.read(size)
        seen = self._before + block
        end = seen.find(_END_OF_DATA)
        if self._begun:
            self._target.write(block)
            self.around_data += block if self._is_behind else seen[end:] if end >= 0 else b""
        else:
            begin = screening.end_of_root(block) or 0
            for piece in (block[:begin], _NOTHING_MERGED, block[begin:]):
                self._target.write(piece)
            self.around_data += block
            self._begun = True
        self._is_behind |= end >= 0
        self._before = block[-len(_END_OF_DATA) :]
        return block
