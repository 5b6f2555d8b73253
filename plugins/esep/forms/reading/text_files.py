"""Files of plain text: how they are encoded, and separated values (CSV, TSV, text of Excel) as a table.

What programs write in Kazakhstan does not say, or says wrongly, how it is encoded. Of separated values every cell is a
text: RFC 4180, and what programs write instead.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from esep.forms.document import FileError, FileState
from esep.forms.reading.sheets import Grid, Sheet

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
_NEXT = r"[ .]?\"*[ ]*\1(?:[=\" ]|\1)*"
NUMBER_LINE = re.compile(
    r"(?<![^;,\t|\r\n\"= ])1[ .]?\"*[ ]*([;,\t|])(?:[=\" ]|\1)*"
    + _NEXT.join("2345678")
    + _NEXT
    + r"(?:0?[19]|10)(?!\d)"
)
"""The number row as a line of separated values; group 1 is the separator. 9.1 may have become 9 January."""
SHEET = "1-ЦМ"
"""The one sheet of a text, which has no names of its own."""
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)
_AS_TEXT = re.compile(r'\s*="(.*)"\s*', re.DOTALL)
"""`="0001"`: how a program keeps Excel from making a number of a text."""
_LONGEST_CELL = 1 << 17


def read_separated(path: Path) -> list[Sheet]:
    """The cells, rows counted as Excel shows them. Raises FileError for a text that cannot be taken apart."""
    text = text_of(path.read_bytes()).lstrip("\ufeff").rstrip("\x1a\x00")
    first = _SEPARATOR_LINE.match(text)
    number_line = NUMBER_LINE.search(text, 0, LOOKED_AT)
    separator = first[1] if first else number_line[1] if number_line else ";"
    csv.field_size_limit(_LONGEST_CELL)
    lines = io.StringIO(text[first.end() :] if first else text, newline="")
    try:
        rows = [[_value(cell) for cell in row] for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        raise FileError(FileState.UNREADABLE, "separated_damaged") from None
    return [Sheet(SHEET, hidden=False, cells=Grid(rows))]


def _value(cell: str) -> str:
    if not cell.startswith(("=", " =")):
        return cell
    as_text = _AS_TEXT.fullmatch(cell)
    return as_text[1].replace('""', '"') if as_text else cell
