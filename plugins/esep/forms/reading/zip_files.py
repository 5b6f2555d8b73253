"""Zip files: a look at a workbook or document before it is parsed, and archives unpacked one level.

Both can be weapons. Names of members only ever become labels, never paths.
"""

from __future__ import annotations

import codecs
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import IO

from esep.forms.document import FileError, FileState, encrypted
from esep.forms.reading import limits
from esep.forms.reading.opc import comparable

_XML_SUFFIXES = (".xml", ".rels", ".vml")
_PIECE = 64 * 1024
_ASIDES = (("<!--", "-->"), ("<?", "?>"))
"""What may come before the root element, and how each of them ends: a comment, a processing instruction."""
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


_WRITTEN_PIECE = 1 << 20
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_FIELD = struct.Struct("<HH")
_NAME_AT = 5
"""After the field's version and the checksum."""
_KAZAKH_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯәғқңөұүһіӘҒҚҢӨҰҮҺІ№«»")


@dataclass(frozen=True, slots=True)
class Member:
    """One member: unpacked into `file` (a name in the target folder), or why not."""

    name: str
    file: str | None
    size: int
    fault: FileError | None = None


def unpack(archive_path: Path, target: Path) -> list[Member]:
    """Unpack all members that are safe; raises FileError when the archive as a whole is not."""
    try:
        with zipfile.ZipFile(archive_path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _inspect(members)
            names = [_name_of(member) for member in members]
            return [
                _unpack_member(archive, member, name, names.count(name) > 1, target / str(number))
                for number, (member, name) in enumerate(zip(members, names, strict=True))
            ]
    except FileError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        raise FileError(FileState.UNREADABLE, "archive_damaged") from None


def _inspect(members: list[zipfile.ZipInfo]) -> None:
    if not members:
        raise FileError(FileState.EMPTY, "empty_archive")
    if len(members) > limits.ARCHIVE_MEMBERS:
        raise FileError(FileState.UNSAFE, "too_many_members", number=len(members), limit=limits.ARCHIVE_MEMBERS)
    total = sum(member.file_size for member in members)
    if total > limits.ARCHIVE_BYTES:
        raise FileError(FileState.UNSAFE, "archive_bomb", number=total, limit=limits.ARCHIVE_BYTES)


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, doubled: bool, target: Path) -> Member:
    try:
        _expect_plain_name(name)
        if doubled:
            raise FileError(FileState.UNSAFE, "doubled_member")
        if member.flag_bits & 1:
            raise encrypted()
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            raise FileError(FileState.UNSAFE, "symbolic_link")
        check_ratio(member)
        size = _copy(archive, member, target)
    except FileError as fault:
        return Member(name, None, member.file_size, fault)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        return Member(name, None, member.file_size, FileError(FileState.UNREADABLE, "member_damaged"))
    return Member(name, target.name, size)


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> int:
    written = 0
    with archive.open(member) as source, target.open("wb") as file:
        while piece := source.read(_WRITTEN_PIECE):
            written += len(piece)
            if written > limits.ARCHIVE_BYTES:
                raise FileError(FileState.UNSAFE, "size_understated")
            file.write(piece)
    return written


def _expect_plain_name(name: str) -> None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in name:
        raise FileError(FileState.UNSAFE, "path_traversal")


def _name_of(member: zipfile.ZipInfo) -> str:
    """The member's name: of its Unicode field where that is about this name, else by flag and letters.

    Without the UTF-8 flag zipfile decodes cp437; the bytes may be UTF-8, cp866 or cp1251 with Kazakh letters.
    """
    unicode = _unicode_path(member)
    if unicode is not None:
        return unicode.replace("\\", "/")
    name = member.orig_filename.split("\x00", 1)[0] if "\x00" in member.orig_filename else member.orig_filename
    name = name.replace("\\", "/")
    if member.flag_bits & _UTF8_FLAG or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates = [raw.decode(encoding, errors="replace") for encoding in ("cp866", "kz1048")]
    return max(candidates, key=_letters)


def _unicode_path(member: zipfile.ZipInfo) -> str | None:
    """The name in extra field 0x7075, if its checksum is that of the raw name (APPNOTE 4.6.9); else None."""
    extra = member.extra
    while len(extra) >= _FIELD.size:
        kind, size = _FIELD.unpack_from(extra)
        content, extra = extra[_FIELD.size : _FIELD.size + size], extra[_FIELD.size + size :]
        if kind != _UNICODE_PATH or len(content) != size or size <= _NAME_AT or content[0] != 1:
            continue
        raw = member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8_FLAG else "cp437", "replace")
        if int.from_bytes(content[1:_NAME_AT], "little") != zlib.crc32(raw):
            continue  # the name was changed by a program that does not know the field
        try:
            return content[_NAME_AT:].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return None


def _letters(name: str) -> int:
    """How much a decoded name looks like words: Cyrillic letters, less the changes of case inside a word."""
    letters = sum(letter in _KAZAKH_RUSSIAN for letter in name)
    odd = sum(first.islower() and second.isupper() for first, second in pairwise(name))
    return letters - 2 * odd
