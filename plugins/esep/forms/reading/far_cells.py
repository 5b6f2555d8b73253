"""Why a small workbook takes gigabytes: a cell far to the right or below, with nothing in between."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from esep.forms.reading import limits
from esep.forms.reading.cells import address, column_of

_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["']""")
_REPEATED = re.compile(rb"number-(columns|rows)-repeated=[\"'](\d{1,9})[\"'][^>]*office:value")
_PIECE = 1 << 20
_SPARSE = 100
"""Positions spanned for each cell that is there: more is not a table."""


def find_far_cell(path: Path) -> str | None:
    """Address of the cell that stretches a sheet beyond reason, or None."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if re.fullmatch(r"xl/.*sheet[^/]*\.xml", name):
                    with archive.open(name) as part:
                        found = _far_cell(_pieces(part))
                elif name == "content.xml":
                    with archive.open(name) as part:
                        found = _far_repeat(_pieces(part))
                else:
                    continue
                if found:
                    return found
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        return None
    return None


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    while block := part.read(_PIECE):
        yield block


def _far_cell(pieces: Iterator[bytes]) -> str | None:
    count, right, bottom = 0, 0, 0
    for piece in pieces:
        for match in _REFERENCE.finditer(piece):
            count += 1
            right = max(right, column_of(match[1].decode()))
            bottom = max(bottom, int(match[2]))
    if right >= limits.FAR_COLUMN or (right + 1) * bottom > _SPARSE * max(count, 1):
        return address(bottom, right)
    return None


def _far_repeat(pieces: Iterator[bytes]) -> str | None:
    for piece in pieces:
        for match in _REPEATED.finditer(piece):
            if int(match[2]) > limits.FAR_COLUMN:
                return f"{match[2].decode()} {match[1].decode()}"
    return None
