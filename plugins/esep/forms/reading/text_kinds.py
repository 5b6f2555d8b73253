"""Tables that Excel opens although they are texts: web pages, XML Spreadsheet 2003, separated values.

Told by a look at the first part of the file; a text that is none of them is an attachment and is not parsed.
"""

from __future__ import annotations

import re
from pathlib import Path

from esep.forms.reading.text_encoding import text_of

LOOKED_AT = 1 << 20
"""Bytes in which the number row of a text is looked for."""
WEB_PAGE, WEB_ARCHIVE, XML_SPREADSHEET, SEPARATED = "html", "mht", "xml2003", "csv"
_SPREADSHEET = re.compile(r"<(?:[\w.-]+:)?Workbook\b[^>]*[\"']urn:schemas-microsoft-com:office:spreadsheet[\"']")
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|table|tr|td|div|meta|style)\b", re.IGNORECASE)
_ARCHIVE = re.compile(r"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_PAGE_ARCHIVE = re.compile(r"^(?:x-document-type:|from:\s*.{0,40}saved by|snapshot-content-location:)", re.I | re.M)
_PAGE_SUFFIXES = frozenset({".mht", ".mhtml", ".xls", ".xlsx", ".doc", ".docx"})
_NEXT = r"[ .]?\"*[ ]*\1(?:[=\" ]|\1)*"
NUMBER_LINE = re.compile(
    r"(?<![^;,\t|\r\n\"= ])1[ .]?\"*[ ]*([;,\t|])(?:[=\" ]|\1)*" + _NEXT.join("2345678") + _NEXT + r"(?:9|10)(?!\d)"
)
"""The number row as a line of separated values; group 1 is the separator."""


def kind_of_text(path: Path, start: bytes, suffix: str) -> str:
    """Which of the kinds above a file is, by its content; empty for none. `start` holds its first bytes."""
    head = text_of(start).lstrip("\ufeff \t\r\n")
    if _ARCHIVE.search(head) and (_PAGE_ARCHIVE.search(head) or suffix in _PAGE_SUFFIXES):
        return WEB_ARCHIVE
    if head.startswith("<"):
        if _SPREADSHEET.search(head):
            return XML_SPREADSHEET
        return WEB_PAGE if _PAGE.search(head) else ""
    if _is_binary(head):
        return ""
    with path.open("rb") as file:
        text = text_of(file.read(LOOKED_AT))
    return SEPARATED if NUMBER_LINE.search(text) else ""


def _is_binary(head: str) -> bool:
    return any(sign < " " and sign not in "\t\n\r\f\x1a" for sign in head)
