"""A signature file as the reader takes it: what it is by its content, and the document that lies inside it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from esep.detail import Detail
from esep.forms.document import FileRead, FileRole, FileState
from esep.forms.reading.fault import FileError
from esep.forms.reading.result import file_as_dict
from esep.forms.reading.signature_files import SIGNATURE_SUFFIXES
from esep.forms.reading.signatures_inside import xml_signatures
from esep.signature import cms_file, opening
from esep.signature.opening import Holds, opened

_STRIPPED = SIGNATURE_SUFFIXES | {".txt", ".pem", ".b64", ".base64", ".der", ".asc", ".hex"}
_LONGEST_SUFFIX = 6


def read_signature(path: Path, file: FileRead, out: Path) -> dict[str, Any]:
    """The result of a job: the signature, and the content it holds as a member; written into the folder `out`."""
    with path.open("rb") as source:
        data = source.read(cms_file.MAX_BYTES + 1)
    signature = replace(file, state=FileState.NOT_READ, role=FileRole.SIGNATURE)
    if opening.is_xml(data):
        inside = xml_signatures(data)
        return {"file": file_as_dict(replace(signature, inside=inside), [])}
    found = opened(data)
    if found.holds is Holds.ENCRYPTED:
        raise FileError(FileState.ENCRYPTED, "encrypted_cms")
    if found.holds is not Holds.SIGNATURE:
        detail = Detail(_NO_SIGNATURE[found.holds])
        return {"file": file_as_dict(replace(signature, role=FileRole.ATTACHMENT, detail=detail), [])}
    if found.too_large:
        signature = replace(signature, detail=Detail.of("signature_too_large", limit=cms_file.MAX_BYTES))
    result: dict[str, Any] = {"file": file_as_dict(signature, [])}
    if found.content is not None:
        inner = "content"
        (out / inner).write_bytes(found.content)
        result["members"] = [
            {"name": _content_name(file.path, found.content), "file": inner, "size": len(found.content)}
        ]
    return result


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
