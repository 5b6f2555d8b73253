"""Signatures as the reader finds them: inside documents, and files that are signatures with what is inside them.

XMLDSig (W3C, `Signature` of 2000/09/xmldsig#) as OPC packages (.docx, .xlsx: ECMA-376 part 2 § 12), OpenDocument
(part 3 § 5) and NCALayer write it; PDF signatures by their byte ranges (ISO 32000-1 § 12.8.1). esep.signature judges
them.
"""

from __future__ import annotations

import io
import mmap
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from esep.detail import Detail
from esep.forms.document import FileError, FileRead, FileRole, FileState
from esep.forms.reading.kinds import SIGNATURE_SUFFIXES, ZIPPED, Kind
from esep.forms.reading.safe_xml import safe_parser
from esep.signature import InsideSignature, cms_file, opening
from esep.signature.opening import Holds, opened

_LARGEST_PART = 5 * 1024 * 1024
_MOST = 16
"""Signatures of one document that are looked at."""
_LONGEST_CERTIFICATE = 64 * 1024
_PART = re.compile(r"_xmlsignatures/[^/]+\.xml|META-INF/[^/]*signatures[^/]*\.xml", re.IGNORECASE)
_SIGNATURE = f"{{{opening.DIGITAL_SIGNATURE.decode()}}}Signature"
_CERTIFICATE = f".//{{{opening.DIGITAL_SIGNATURE.decode()}}}X509Certificate"
_TIMES = ("SigningTime", "Value")
"""Of XAdES, and of the SignatureTime of Office (`mdssi:Value`)."""
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_LONGEST_PDF_SIGNATURE = 4 * 1024 * 1024
_PIECE = 1 << 20


def signatures_inside(path: Path, kind: Kind, out: Path) -> tuple[InsideSignature, ...]:
    """The signatures of a workbook or document; what belongs to those of a PDF is written into the folder `out`.

    A part that is no signature after all counts as none; what is signed and whether it holds is not asked here.
    """
    if kind is Kind.PDF:
        return tuple(_pdf_signatures(path, out))
    if kind not in ZIPPED:
        return ()
    found: list[InsideSignature] = []
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if _PART.fullmatch(member.filename.replace("\\", "/").lstrip("/")) and len(found) < _MOST:
                with archive.open(member) as part:
                    found += xml_signatures(part.read(_LARGEST_PART))
    return tuple(found[:_MOST])


def xml_signatures(data: bytes) -> tuple[InsideSignature, ...]:
    """The signatures of an XML file. XML that breaks off or declares entities is still a signature, but unread."""
    if not opening.is_xml(data):
        return ()
    try:
        root = _root(data)
    except (etree.XMLSyntaxError, ValueError):
        return (InsideSignature(),)
    elements = islice(root.iter(_SIGNATURE), _MOST)
    return tuple(_signature(element) for element in elements)


def _root(data: bytes) -> etree._Element:
    if b"<!DOCTYPE" in data or b"<!DOCTYPE".decode().encode("utf-16-le") in data:
        raise ValueError("a document type")
    return etree.fromstring(data, safe_parser())


def _signature(element: etree._Element) -> InsideSignature:
    certificate = element.findtext(_CERTIFICATE)
    time = next(
        (node.text for node in element.iter() if isinstance(node.tag, str) and node.tag.rpartition("}")[2] in _TIMES),
        None,
    )
    return InsideSignature(
        certificate=certificate if certificate and len(certificate) <= _LONGEST_CERTIFICATE else None,
        signed_at=time.strip()[:40] if time else None,
    )


def _pdf_signatures(path: Path, out: Path) -> Iterator[InsideSignature]:
    """Each signature value is in the gap of its byte range, as hexadecimal digits in angle brackets."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = {tuple(map(int, match.groups())) for match in islice(_BYTE_RANGE.finditer(content), _MOST)}
        for number, (first, length, second, rest) in enumerate(sorted(found)):
            begin = first + length
            gap = content[begin:second] if begin < second <= begin + _LONGEST_PDF_SIGNATURE else b""
            digits = gap.strip(b" \r\n\t")
            if not (digits.startswith(b"<") and digits.endswith(b">")):
                continue
            try:
                value = bytes.fromhex(digits[1:-1].decode("ascii"))
            except ValueError:
                continue
            if not value.strip(b"\0"):
                continue  # reserved for a signature that was never made
            cms = out / f"signature-{number}.cms"
            cms.write_bytes(value)
            covered = None
            if first == 0 and gap == digits and second + rest == len(content):
                covered = out / f"signed-{number}"
                _write_all_but(content, begin, second, covered)
            yield InsideSignature(cms=cms, covered=covered)


def _write_all_but(content: mmap.mmap, begin: int, end: int, target: Path) -> None:
    with target.open("wb") as file:
        for start, stop in ((0, begin), (end, len(content))):
            for position in range(start, stop, _PIECE):
                file.write(content[position : min(stop, position + _PIECE)])


_STRIPPED = SIGNATURE_SUFFIXES | {".txt", ".pem", ".b64", ".base64", ".der", ".asc", ".hex"}
_LONGEST_SUFFIX = 6


def read_signature(path: Path, file: FileRead, out: Path) -> tuple[FileRead, list[dict[str, Any]]]:
    """The signature, and as a member the content it holds, which is written into the folder `out`."""
    with path.open("rb") as source:
        data = source.read(cms_file.MAX_BYTES + 1)
    signature = replace(file, state=FileState.NOT_READ, role=FileRole.SIGNATURE)
    if opening.is_xml(data):
        return replace(signature, inside=xml_signatures(data)), []
    found = opened(data)
    if found.holds is Holds.ENCRYPTED:
        raise FileError(FileState.ENCRYPTED, "encrypted_cms")
    if found.holds is not Holds.SIGNATURE:
        return replace(signature, role=FileRole.ATTACHMENT, detail=Detail(_NO_SIGNATURE[found.holds])), []
    if found.too_large:
        signature = replace(signature, detail=Detail.of("signature_too_large", limit=cms_file.MAX_BYTES))
    if found.content is None:
        return signature, []
    inner = "content"
    (out / inner).write_bytes(found.content)
    name = _content_name(file.path, found.content)
    return signature, [{"name": name, "file": inner, "size": len(found.content), "in_archive": False}]


_NO_SIGNATURE = {
    Holds.CERTIFICATES: "certificates_only",
    Holds.TIME_STAMP: "time_stamp",
}


def _content_name(name: str, content: bytes) -> str:
    """The signature's name without its own ending; where that leaves none, one by the content."""
    plain = PurePosixPath(name).name
    suffix = PurePosixPath(plain).suffix
    stem = (plain[: -len(suffix)] if suffix.lower() in _STRIPPED else plain) or "encapsulated"
    ending, by_content = PurePosixPath(stem).suffix, _suffix_of(content)
    if by_content == ".zip":
        return stem if ending.lower() == ".zip" else f"{stem}.zip"  # the signature of several files bears one's name
    if 1 < len(ending) <= _LONGEST_SUFFIX and ending[1:].isalnum() and not ending[1:].isdigit():
        return stem
    return stem + by_content


def _suffix_of(content: bytes) -> str:
    if content.startswith(b"PK"):
        return _suffix_of_zip(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return ".doc" if "WordDocument".encode("utf-16-le") in content else ".xls"
    if b"%PDF-" in content[:1024]:
        return ".pdf"
    return ".p7s" if opening.content_type(content[: opening.SEARCHED]) else ""


def _suffix_of_zip(content: bytes) -> str:
    """By the names of its own members where they can be read: an archive may hold documents uncompressed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name.replace("\\", "/").lower() for name in archive.namelist()]
    except Exception:  # a damaged one is named by what its bytes look like
        names = []
    if names and not {"[content_types].xml", "mimetype"} & set(names):
        return ".zip"
    parts = (("word/", ".docx"), ("xl/", ".xlsx"))
    by_name = (suffix for part, suffix in parts if any(name.startswith(part) for name in names))
    marks = (
        (b"opendocument.spreadsheet", ".ods"),
        (b"opendocument.text", ".odt"),
        (b"word/", ".docx"),
        (b"xl/", ".xlsx"),
    )
    by_bytes = (suffix for mark, suffix in marks if mark in content)
    return next(by_name, None) or next(by_bytes, ".zip")
