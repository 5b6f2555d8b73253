"""The same facts give the same bytes: .docx and .xlsx are zip files whose clocks are set to the letter's date."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import IO

_CORE = "docProps/core.xml"
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def restamp(source: Path | IO[bytes], target: Path, day: date) -> None:
    """Copy the zip `source` to `target` with every time in it set to noon UTC of `day`, in a fixed compression."""
    stamp = f"{day.isoformat()}T12:00:00Z".encode()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == _CORE:
                data = _WRITTEN.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            member = zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, data)
