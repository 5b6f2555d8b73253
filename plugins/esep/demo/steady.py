"""Packed files whose bytes do not tell when they were written, so that one seed gives one demo, byte by byte."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

_EPOCH = (2024, 1, 1, 0, 0, 0)
_SAVED_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def make_steady(path: Path) -> None:
    """Rewrite an .xlsx or .docx with a fixed time of saving, inside and in its directory."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    if core in members:
        members[core] = _SAVED_AT.sub(rb"\g<1>2024-01-01T00:00:00Z", members[core])
    path.write_bytes(packed(members))


def packed(members: dict[str, bytes]) -> bytes:
    """The bytes of a zip with these members, in the given order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=1)
    return buffer.getvalue()
