"""Separated values (CSV, TSV, text of Excel): every cell is a text. RFC 4180, and what programs write instead."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from esep.forms.document import FileState
from esep.forms.reading.fault import FileError
from esep.forms.reading.sheets import Grid, Sheet
from esep.forms.reading.text_files import LOOKED_AT, NUMBER_LINE, text_of

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
