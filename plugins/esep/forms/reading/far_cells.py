"""Why a small workbook takes gigabytes: a cell far to the right or below, with nothing in between."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from esep.forms.reading import limits
from esep.forms.reading.cells import address, column_of
from esep.forms.reading.opc import comparable

_SHEET = re.compile(r".*sheet[^/]*\.xml")
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
"""The address of a cell; nothing else in a sheet has an attribute of this name and form."""
_REPEATED = re.compile(rb"number-(columns|rows)-repeated=[\"']([0-9]{1,9})[\"']")
_PIECE = 1 << 20
_TAG = 4096
"""A tag that is cut by the end of a piece is seen whole in the next one, up to this length."""


def find_far_cell(path: Path) -> str | None:
    """Address of the cell that stretches a sheet beyond reason, or None."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if _SHEET.fullmatch(comparable(name)):
                    with archive.open(name) as part:
                        found = _far_cell(_tags(part))
                elif name == "content.xml":
                    with archive.open(name) as part:
                        found = _far_repeat(_tags(part))
                else:
                    continue
                if found:
                    return found
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        return None
    return None


def _tags(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that end where a tag begins, so that none is cut and none comes twice."""
    rest = b""
    while block := part.read(_PIECE):
        piece = rest + block
        cut = piece.rfind(b"<", max(0, len(piece) - _TAG))
        cut = len(piece) if cut < 0 else cut
        yield piece[:cut]
        rest = piece[cut:]
    yield rest


def _far_cell(pieces: Iterator[bytes]) -> str | None:
    count, right, bottom = 0, 0, 0
    for piece in pieces:
        for match in _REFERENCE.finditer(piece):
            count += 1
            right = max(right, column_of(match[1].decode()))
            bottom = max(bottom, int(match[2]))
    if right >= limits.FAR_COLUMN or (right + 1) * bottom > limits.SPARSE * max(count, 1):
        return address(bottom, right)
    return None


def _far_repeat(pieces: Iterator[bytes]) -> str | None:
    """A cell repeated beyond reason that has a value; the value stands in the same tag."""
    for piece in pieces:
        for match in _REPEATED.finditer(piece):
            if int(match[2]) > limits.FAR_COLUMN and b"office:value" in _rest_of_tag(piece, match.end()):
                return f"{match[2].decode()} {match[1].decode()}"
    return None


def _rest_of_tag(piece: bytes, begin: int) -> bytes:
    end = piece.find(b">", begin, begin + _TAG)
    return piece[begin : end if end >= 0 else begin + _TAG]
