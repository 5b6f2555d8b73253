"""What in a sheet's XML the fast reader reads otherwise than Excel: looked for as bytes, without parsing.

The fast reader cuts a value at a comment, a character reference, CDATA or a processing instruction (tafia/quick-xml
#968) or at an element, takes a shared-string index with a space for 0, knows no encoding but UTF-8 and sees elements of
any namespace. Of two values of a cell it takes one. And it knows no formulas: a zero that may be no result is for the
exact reader to judge.
All of these are rare, so a sheet that has one anywhere is read by the exact reader.

And why a small workbook takes gigabytes: a cell far to the right or below, with nothing in between.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

import numpy as np

from esep.forms.reading import limits
from esep.forms.reading.opc import comparable
from esep.forms.reading.sheets import address, column_of

_PIECE = 1 << 18
"""So small that a piece and what is worked out of it stay in the processor's cache."""
_OVERLAP = 64
"""Longer than any mark, so that one at the border of two pieces is seen in the second."""
_ROOT = re.compile(rb"<[A-Za-z][^>]*>")
_MAIN_ROOT = re.compile(rb"<(?:worksheet|sst)[\s>]")
_DECLARATION = re.compile(rb"""<\?xml[^>]*?(?:encoding\s*=\s*["'](?P<encoding>[^"']*)["'][^>]*)?\?>""")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HEAD = 1024
_UTF_8 = frozenset({b"", b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_WHERE_IGNORED = (b":c ", b":c>", b":v>", b":Choice")
"""Elements of other namespaces; Excel passes over them where the root says so (mc:Ignorable)."""
_BLANKS = tuple(mark for blank in (b" ", b"\n", b"\r", b"\t") for mark in (b"<v>" + blank, blank + b"</v>"))
_PRESERVE = b"preserve"
_ELEMENT_IN_TEXT = re.compile(rb"""(?:<[vt]>|preserve["']>)\s*<[^/]|</v>\s*<v|[^>\s]\s*<[^/!?]""")
_SPACE, _LESS, _SLASH, _GREATER, _V, _T = b" </>vt"
_FORMULA = re.compile(rb"<f[\s>/]")
_ZERO = b"<v>0.0</v>"
_ZERO_OF_FORMULA = re.compile(rb"(?:</f>|/>)<v>0\.0</v>")
"""As Apache POI writes a formula that it did not calculate (cell_values.Formulas)."""


class Readable(Protocol):
    """What is read in pieces."""

    def read(self, size: int, /) -> bytes: ...


def pieces(part: Readable) -> Iterator[bytes]:
    """The part in pieces, each beginning with the end of the one before."""
    rest = b""
    while block := part.read(_PIECE):
        piece = rest + block
        yield piece
        rest = piece[-_OVERLAP:]


def is_odd(part: Readable) -> bool:
    """Whether a sheet's part holds anything that the fast reader may read otherwise than Excel."""
    ignored: tuple[bytes, ...] | None = None
    for piece in pieces(part):
        content = piece
        if ignored is None:
            begin, ignores = _root(piece)
            if begin is None:
                return True
            content = piece[begin:]
            ignored = _WHERE_IGNORED if ignores else ()
        if any(mark in content for mark in ignored) or _has_rare(content) or _element_in_text(content):
            return True
        if _ZERO in content and _ZERO_OF_FORMULA.search(content):
            return True
    return False


def has_elements_in_texts(part: Readable) -> bool:
    """Whether shared strings hold anything but text, of which the fast reader may read a part."""
    begin: int | None = None
    for piece in pieces(part):
        begin = _root(piece)[0] if begin is None else 0
        if begin is None or b"xmlns" in piece[begin:] or _element_in_text(piece[begin:]):
            return True
    return False


def _element_in_text(piece: bytes) -> bool:
    """Whether an element begins inside of a value or text, or a second value follows.

    What begins after anything but a tag, or after one whose name ends in v or t, is looked for in all bytes at once;
    only where there is such a place it is looked at closely.
    """
    octets = np.frombuffer(piece, np.uint8)
    name, before = octets[:-3], octets[1:-2]
    begins = (octets[2:-1] == _LESS) & (octets[3:] != _SLASH)
    inside = begins & ((before != _GREATER) | (name == _V) | (name == _T))
    preserved = b"x" in piece and _PRESERVE in piece  # xml:space
    return (preserved or bool(inside.any())) and _ELEMENT_IN_TEXT.search(piece) is not None


def _has_rare(piece: bytes) -> bool:
    """Marks that begin with a byte which plain sheets hardly have: looked for by that byte first."""
    if b"!" in piece and b"<!" in piece:
        return True
    if b"?" in piece and b"<?" in piece:
        return True
    if b"&" in piece and b"&#" in piece:
        return True
    if b"x" in piece and b"xmlns" in piece:
        return True
    return _blank_beside_tag(piece) and any(mark in piece for mark in _BLANKS)


def _blank_beside_tag(piece: bytes) -> bool:
    octets = np.frombuffer(piece, np.uint8)
    blank = octets <= _SPACE
    after = blank[1:] & (octets[:-1] == _GREATER)
    return bool(after.any()) or bool((blank[:-1] & (octets[1:] == _LESS)).any())


def is_utf_8(start: bytes) -> bool:
    """Whether a part that begins so is in UTF-8, the only encoding that the fast reader knows."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start[:4]:
        return False
    declaration = _DECLARATION.match(start.removeprefix(_BYTE_ORDER_MARK))
    return declaration is None or (declaration["encoding"] or b"").lower() in _UTF_8


def _root(piece: bytes) -> tuple[int | None, bool]:
    """Where the root's tag ends, None if the beginning is odd; whether elements below it are to be ignored."""
    if not is_utf_8(piece[:_HEAD]):
        return None, False
    begin = len(_BYTE_ORDER_MARK) if piece.startswith(_BYTE_ORDER_MARK) else 0
    declaration = _DECLARATION.match(piece, begin)
    begin = declaration.end() if declaration is not None else begin
    root = _ROOT.search(piece, begin)
    if root is None or piece[begin : root.start()].strip() or not _MAIN_ROOT.match(root[0]):
        return None, False
    return root.end(), b"Ignorable" in root[0]


def end_of_root(start: bytes) -> int | None:
    """Where the root's tag ends in a part that begins so; None for an odd beginning."""
    return _root(start)[0]


def has_formulas(part: Readable) -> bool:
    """Whether a sheet that is not odd holds a formula."""
    return any(b"<f" in piece and _FORMULA.search(piece) is not None for piece in pieces(part))


def has_errors(part: Readable) -> bool:
    """Whether a sheet that is not odd may hold an error value."""
    return any(b'"e"' in piece or b"'e'" in piece for piece in pieces(part))


_SHEET = re.compile(r".*sheet[^/]*\.xml")
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
"""The address of a cell; nothing else in a sheet has an attribute of this name and form."""
_REPEATED = re.compile(rb"number-(columns|rows)-repeated=[\"']([0-9]{1,9})[\"']")
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
    """A cell repeated beyond reason that has a value; the value is in the same tag."""
    for piece in pieces:
        for match in _REPEATED.finditer(piece):
            if int(match[2]) > limits.FAR_COLUMN and b"office:value" in _rest_of_tag(piece, match.end()):
                return f"{match[2].decode()} {match[1].decode()}"
    return None


def _rest_of_tag(piece: bytes, begin: int) -> bytes:
    end = piece.find(b">", begin, begin + _TAG)
    return piece[begin : end if end >= 0 else begin + _TAG]
