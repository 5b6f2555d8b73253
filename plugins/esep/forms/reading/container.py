"""A look at a workbook or document before it is parsed: it is a zip of XML parts, and both can be weapons."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

from esep.forms.document import FileState
from esep.forms.reading import limits
from esep.forms.reading.fault import FileError

_XML_SUFFIXES = (".xml", ".rels", ".vml")
_PROLOG_BYTES = 64 * 1024
_ROOT = re.compile(r"<[^?!\s]")


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
        raise FileError(FileState.UNREADABLE, "zip_damaged", "The file is damaged.") from None


def _inspect_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > limits.WORKBOOK_PARTS:
        raise FileError(FileState.UNSAFE, "too_many_members", f"The file has {len(members)} parts.")
    (doubled, times), *_ = Counter(member.filename for member in members).most_common(1) or [("", 0)]
    if times > 1:
        raise FileError(FileState.UNSAFE, "doubled_member", f"The part {doubled} stands in the file twice.")
    if any(member.flag_bits & 1 for member in members):
        raise FileError(FileState.ENCRYPTED, "encrypted", "The file is protected with a password.")
    total = sum(member.file_size for member in members)
    if total > limits.WORKBOOK_BYTES:
        raise FileError(FileState.UNSAFE, "zip_bomb", f"The file unpacks to {total} bytes.")
    for member in members:
        check_ratio(member)


def check_ratio(member: zipfile.ZipInfo) -> None:
    """Raise FileError for a large member that is packed more tightly than real data ever are."""
    if member.file_size > limits.RATIO_FROM_BYTES and member.file_size > limits.RATIO * max(1, member.compress_size):
        raise FileError(
            FileState.UNSAFE,
            "zip_bomb",
            f"The part {member.filename[:80]} unpacks from {member.compress_size} to {member.file_size} bytes.",
        )


def _inspect_prolog(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """No form needs a document type definition; entities are declared only there, before the root element."""
    with archive.open(member) as part:
        start = part.read(_PROLOG_BYTES)
    utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[1:2] == b"\x00" or start[:1] == b"\x00"
    text = start.decode("utf-16" if utf16 else "latin-1", errors="replace")
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    root = _ROOT.search(text)
    prolog = text[: root.start()] if root else text
    if "<!DOCTYPE" in prolog.upper() or "<!ENTITY" in prolog.upper():
        raise FileError(
            FileState.UNSAFE, "xml_entity", f"The part {member.filename} declares a document type or entities."
        )


def _inspect_manifest(archive: zipfile.ZipFile) -> None:
    with archive.open("META-INF/manifest.xml") as part:
        if b"encryption-data" in part.read(1 << 20):
            raise FileError(FileState.ENCRYPTED, "encrypted", "The file is protected with a password.")
