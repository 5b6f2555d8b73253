"""A web page in a single file (.mht, also under .xls): its pages as sheets. RFC 2557."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import Message
from html import unescape
from pathlib import Path, PurePosixPath

from esep.forms.reading.sheets import Sheet
from esep.forms.reading.text_encoding import text_of
from esep.forms.reading.web_page import read_page

_NAMED = re.compile(
    r"<x:Name>([^<]{1,200})</x:Name>(?:(?!<x:Name>).)*?<x:WorksheetSource\s+HRef=[\"']([^\"']{1,300})[\"']", re.S | re.I
)
_MOST_PAGES = 200


def read_archive(path: Path) -> list[Sheet]:
    """A sheet for each page of the archive that holds anything; Excel's index of sheets gives their names."""
    message = email.message_from_bytes(path.read_bytes(), policy=policy.compat32)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"][:_MOST_PAGES]
    contents = [_content(page) for page in pages]
    names: dict[str, str] = {}
    for raw in contents:
        names |= {_base(place): unescape(name) for name, place in _NAMED.findall(text_of(raw[: 1 << 20]))}
    sheets = []
    for number, (page, raw) in enumerate(zip(pages, contents, strict=True), start=1):
        base = _base(str(page.get("Content-Location") or ""))
        if names and base not in names and len(pages) > 1:
            continue  # the frame around the sheets, the bar of their names
        grid = read_page(raw)
        if grid.rows:
            sheets.append(Sheet(names.get(base) or f"{number}", hidden=False, cells=grid))
    return sheets


def _content(page: Message) -> bytes:
    content = page.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _base(place: str) -> str:
    return PurePosixPath(place.strip().replace("\\", "/")).name.lower()
