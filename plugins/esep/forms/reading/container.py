"""A look at a workbook or document before it is parsed: it is a zip of XML parts, and both can be weapons."""

from __future__ import annotations

import codecs
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from esep.forms.document import FileState
from esep.forms.reading import limits
from esep.forms.reading.fault import FileError, encrypted
from esep.forms.reading.ooxml.parts import comparable

_XML_SUFFIXES = (".xml", ".rels", ".vml")
_PIECE = 64 * 1024
_ASIDES = (("<!--", "-->"), ("<?", "?>"))
"""What may stand before the root element, and how each of them ends: a comment, a processing instruction."""
_LONGEST_MARK = 16


def inspect_container(path: Path) -> None:
    """Raise FileError when the parts of the zip at `path` are unsafe, encrypted or too large to be parsed."""
    try:
        with zipfile.ZipFile(path) as archive:
            _inspect_members(archive.infolist())
            for member in archive.infolist():
                if member.filename.lower().endswith(_XML_SUFFIXES):
                    _inspect_prolog(archive, member)
            if "META-INF/manifest.xml" in archive.namelist():
                _inspect_manifest(archive)
    except FileError:
        raise
    except Exception:  # zipfile and zlib raise many kinds for damaged files
        raise FileError(FileState.UNREADABLE, "file_damaged") from None


def _inspect_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > limits.WORKBOOK_PARTS:
        raise FileError(FileState.UNSAFE, "too_many_parts", number=len(members))
    (doubled, times), *_ = Counter(comparable(member.filename) for member in members).most_common(1) or [("", 0)]
    if times > 1:
        raise FileError(FileState.UNSAFE, "doubled_part", part=doubled)
    if any(member.flag_bits & 1 for member in members):
        raise encrypted()
    total = sum(member.file_size for member in members)
    if total > limits.WORKBOOK_BYTES:
        raise FileError(FileState.UNSAFE, "zip_bomb", number=total)
    for member in members:
        check_ratio(member)


def check_ratio(member: zipfile.ZipInfo) -> None:
    """Raise FileError for a large member that is packed more tightly than real data ever are."""
    if member.file_size > limits.RATIO_FROM_BYTES and member.file_size > limits.RATIO * max(1, member.compress_size):
        raise FileError(
            FileState.UNSAFE,
            "part_bomb",
            part=member.filename[:80],
            packed=member.compress_size,
            number=member.file_size,
        )


def _inspect_prolog(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """No form needs a document type definition; entities are declared only there, before the root element."""
    with archive.open(member) as part:
        if _declares_a_type(part):
            raise FileError(FileState.UNSAFE, "part_entity", part=member.filename)


def _declares_a_type(part: IO[bytes]) -> bool:
    """Whether a document type comes before the root element, however long the comments before it are."""
    text, awaited = "", ""
    for piece in _decoded(part):
        text += piece
        while text:
            if awaited:
                end = text.find(awaited)
                if end < 0:
                    text = text[-_LONGEST_MARK:]
                    break
                text, awaited = text[end + len(awaited) :], ""
            begin = text.find("<")
            if begin < 0:
                text = ""
                break
            text = text[begin:]
            if len(text) < _LONGEST_MARK:
                break
            awaited = next((closing for opening, closing in _ASIDES if text.startswith(opening)), "")
            if not awaited:
                return text[:2] == "<!"
    return text.startswith("<!") and not awaited


def _decoded(part: IO[bytes]) -> Iterator[str]:
    """A part as text in pieces. Marks of XML are ASCII letters in each encoding but UTF-16."""
    start = part.read(_PIECE)
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[1:2] == b"\x00" or start[:1] == b"\x00"
    little = start.startswith(b"\xff\xfe") or start[1:2] == b"\x00"
    encoding = ("utf-16-le" if little else "utf-16-be") if wide else "latin-1"
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while start:
        yield decoder.decode(start)
        start = part.read(_PIECE)


def _inspect_manifest(archive: zipfile.ZipFile) -> None:
    with archive.open("META-INF/manifest.xml") as part:
        if b"encryption-data" in part.read(1 << 20):
            raise encrypted()
