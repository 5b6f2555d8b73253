"""Files of plain text: how they are encoded, and which are tables that Excel opens (pages, XML, separated values).

What programs write in Kazakhstan does not say, or says wrongly, how it is encoded. Whether a text is a table is told by
a look at its first part; one that is none is an attachment and is not parsed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import Path

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ONE_BYTE = ("kz1048", "cp866", "mac-cyrillic")
"""Windows (cp1251 with the Kazakh letters in place of the Ukrainian and Serbian ones), DOS, old Macintosh."""
_WORDS = re.compile(
    r"наименован|количеств|цифров|майн|кошел|адрес|период|форма|индекс|лиценз|дата|актив|бин|пул|руководит|исполнит"
    r"|телефон|саны|атауы|кезең|нысан|басшы|орындаушы|мекенжай|лицензия|күні|әмиян|цифрлық"
)
"""Beginnings of words of the forms, in small letters."""
_KNOWN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі№«»–")
_SAMPLE = 1 << 20


def text_of(raw: bytes, declared: str | None = None) -> str:
    """The text; `declared` is the encoding that the file names itself. Signs that no encoding has become U+FFFD."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if wide := _wide(raw):
        return raw.decode(wide, "replace")
    try:
        return raw.decode("utf-8")  # other encodings of Cyrillic letters are never valid UTF-8
    except UnicodeDecodeError:
        pass
    candidates: tuple[str, ...] = ("utf-8", *ONE_BYTE)  # UTF-8 again: a few bytes of it may be damaged
    if declared and (known := _known(declared)) and known != "cp1251" and not known.startswith("utf"):
        candidates = (*candidates, known)
    return raw.decode(best_encoding(raw[:_SAMPLE], candidates), "replace")


def best_encoding(sample: bytes, candidates: Sequence[str] = ONE_BYTE) -> str:
    """The encoding in which a sample reads most like the forms; the first where none does."""
    return max(candidates, key=lambda encoding: _likeness(sample.decode(encoding, "replace")))


def _likeness(text: str) -> int:
    """Words of the forms count most, then small letters: in the wrong encoding these become capitals and signs."""
    return 20 * len(_WORDS.findall(text.lower())) + sum(letter in _KNOWN for letter in text) - 5 * text.count("\ufffd")


def _wide(raw: bytes) -> str | None:
    """UTF-16 without a mark: in texts of digits and Latin letters every other byte is 0."""
    start = raw[:4096]
    pairs = max(1, len(start) // 2)
    if start[1::2].count(0) > pairs // 4 and start[0::2].count(0) < pairs // 20:
        return "utf-16-le"
    if start[0::2].count(0) > pairs // 4 and start[1::2].count(0) < pairs // 20:
        return "utf-16-be"
    return None


def _known(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


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
