"""Sheets as every reader gives them: rows of values; and what the values are as texts, kinds, lines and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.forms.reading.words import with_kazakh_i
from esep.forms.values.cell import CellKind

Kinds = np.ndarray[Any, np.dtype[np.uint8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_BLANK_LINE = re.compile(r"[_ ]*")
_ARROW_PLAIN_FROM, _ARROW_PLAIN_BELOW = 1e-4, 1e10


@dataclass(frozen=True, slots=True)
class MarkedCell:
    """A cell that the fast reader shows as empty although it holds an error or an uncalculated formula."""

    kind: CellKind
    text: str

    def __str__(self) -> str:
        return self.text


def number_text(value: float | int) -> str:
    """The shortest decimal that gives the same float; whole numbers without `.0`."""
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def moment_text(value: datetime) -> str:
    """`YYYY-MM-DD`, with the time of day where there is one."""
    if value.hour or value.minute or value.second or value.microsecond:
        return value.strftime("%Y-%m-%d %H:%M:%S") if value.year >= 1000 else value.isoformat(" ")
    return value.date().isoformat()


_TEXT: dict[type, Callable[[Any], str]] = {
    str: str,
    float: number_text,
    int: number_text,
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: moment_text,
    time: time.isoformat,
    timedelta: str,
    MarkedCell: str,
}
_KIND: dict[type, CellKind] = {
    str: CellKind.TEXT,
    float: CellKind.NUMBER,
    int: CellKind.NUMBER,
    bool: CellKind.BOOLEAN,
    date: CellKind.DATE,
    datetime: CellKind.DATE,
    time: CellKind.DATE,
    timedelta: CellKind.DATE,
}


def cell_text(value: Any) -> tuple[str | None, CellKind]:
    """Text and kind of one cell; (None, EMPTY) for a cell of nothing but white space or a blank line of `_`."""
    if value is None or (type(value) is str and _BLANK_LINE.fullmatch(value.strip())):
        return None, CellKind.EMPTY
    if type(value) is MarkedCell:
        return value.text, value.kind
    return _TEXT[type(value)](value), _KIND[type(value)]


def column_texts(values: Sequence[Any]) -> tuple[pa.Array, Kinds]:
    """Texts (null where empty) and kinds of a column of cells, as cell_text gives them one by one."""
    if values and type(values[0]) is str:
        with suppress(pa.ArrowTypeError):  # raised for a value of another type further down
            return _blanks_out(pa.array(values, pa.string()), np.full(len(values), CellKind.TEXT, np.uint8))
    types = set(map(type, values))
    if types == {float}:
        return _number_texts(values), np.full(len(values), CellKind.NUMBER, np.uint8)
    if types == {date}:
        return pa.array(values, pa.date32()).cast(pa.string()), np.full(len(values), CellKind.DATE, np.uint8)
    if MarkedCell in types:
        pairs = [cell_text(value) for value in values]
        kinds = np.fromiter((kind for _, kind in pairs), np.uint8, len(pairs))
        return pa.array([text for text, _ in pairs], pa.string()), kinds
    texts = pa.array([value if type(value) is str else _TEXT[type(value)](value) for value in values], pa.string())
    return _blanks_out(texts, np.fromiter(map(_KIND.__getitem__, map(type, values)), np.uint8, len(values)))


def _blanks_out(texts: pa.Array, kinds: Kinds) -> tuple[pa.Array, Kinds]:
    """White space and blank lines become null and EMPTY."""
    trimmed = pc.utf8_trim_whitespace(texts)
    blank = pc.equal(pc.binary_length(trimmed), 0)
    underscored = pc.starts_with(trimmed, "_")
    if pc.any(underscored).as_py():
        blank = pc.or_(blank, pc.match_substring_regex(trimmed, r"^[_ ]+$"))
    if pc.any(blank).as_py():
        kinds[blank.to_numpy(zero_copy_only=False)] = CellKind.EMPTY
        texts = pc.if_else(blank, pa.scalar(None, pa.string()), texts)
    return texts, kinds


def _number_texts(values: Sequence[float]) -> pa.Array:
    """As number_text. Arrow writes the same shortest digits, but goes over to exponents earlier than Python."""
    numbers = np.array(values, np.float64)
    size = np.abs(numbers)
    texts = pa.array(numbers).cast(pa.string())
    differing = ~((size >= _ARROW_PLAIN_FROM) & (size < _ARROW_PLAIN_BELOW) | (size == 0))
    if differing.any():
        as_python_writes = pa.array([number_text(values[n]) for n in np.flatnonzero(differing).tolist()], pa.string())
        texts = pc.replace_with_mask(texts, pa.array(differing), as_python_writes)
    return texts


@dataclass(frozen=True, slots=True)
class Line:
    """The filled cells of one worksheet row, left to right: (0-based column, text)."""

    row: int
    """1-based worksheet row."""
    cells: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.cells)


def line_of(row: int, values: Iterable[Any], first_column: int) -> Line:
    """The line of a row as the workbook reader gives it; `first_column` is the 0-based column of its first value."""
    cells = []
    for column, value in enumerate(values, start=first_column):
        if value == "":
            continue
        text, _ = cell_text(value)
        if text is not None:
            cells.append((column, with_kazakh_i(text.strip())))
    return Line(row, tuple(cells))


def address(row: int, column: int) -> str:
    """A1 address of a 1-based row and a 0-based column."""
    return f"{letters(column)}{row}"


def letters(column: int) -> str:
    """The letters of a 0-based column."""
    text = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@lru_cache(maxsize=1024)
def column_of(reference: str) -> int:
    """0-based column of an A1 address."""
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number - 1


Range = tuple[tuple[int, int], tuple[int, int]]


class Cells(Protocol):
    """The cells of one sheet, as the workbook library gives them."""

    @property
    def start(self) -> tuple[int, int] | None:
        """0-based (row, column) of the first filled cell; None for a sheet without cells."""

    @property
    def merged_cell_ranges(self) -> Sequence[Range] | None:
        """0-based ((top, left), (bottom, right)) of merged cells."""

    def iter_rows(self) -> Iterator[list[Any]]:
        """Rows from the sheet's first row on; all of one length, from the column of `start` on, `""` where empty."""


def _nothing_more() -> Cells | None:
    return None


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    hidden: bool
    cells: Cells
    again: Callable[[], Cells | None] = _nothing_more
    """A second look where blanks are seen: the same cells, errors and formulas marked, if there are any among them.

    May raise FileError.
    """
    since_1904: bool = False
    """Whether the workbook counts its days from 1904, so that a bare number in a date column means another day."""
    repeats: bool = False
    """Whether it shows a part of the file that an earlier sheet shows: read once, so that its rows count once."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in memory, from row 1 and column A on: str, float, int, bool, date, datetime or MarkedCell; `""` empty."""

    rows: Sequence[Sequence[Any]]
    merged_cell_ranges: Sequence[Range] = ()

    @property
    def start(self) -> tuple[int, int] | None:
        return (0, 0) if self.rows else None

    def iter_rows(self) -> Iterator[list[Any]]:
        width = max(map(len, self.rows), default=0)
        for row in self.rows:
            yield [*row, *[""] * (width - len(row))]


Marks = dict[int, dict[int, MarkedCell | str]]
"""By 1-based row and 0-based column; a text where the other reader would cut it."""


class MarkedSheet:
    """A sheet with marked cells in place of what another reader gave, to be asked as `sheets.Cells`."""

    def __init__(self, cells: Cells, marks: Marks, merged: Sequence[Range] = ()) -> None:
        """`merged`: merged cells, where the other reader does not know them."""
        self._cells = cells
        self._marks = marks
        self.merged_cell_ranges: Sequence[Range] | None = merged or cells.merged_cell_ranges
        self.start: tuple[int, int] | None = (0, 0) if marks or cells.start else None

    def iter_rows(self) -> Iterator[list[Any]]:
        """The rows from the sheet's column A on."""
        row = 0
        start = self._cells.start
        left = [""] * (start[1] if start else 0)
        width = max((column + 1 for marked in self._marks.values() for column in marked), default=0)
        for values in self._cells.iter_rows() if start else ():
            row += 1
            full = left + values
            full += [""] * (width - len(full))
            width = len(full)
            marked = self._marks.get(row)
            yield _with_marks(full, marked) if marked else full
        for beyond in range(row + 1, max(self._marks, default=0) + 1):
            yield _with_marks([""] * width, self._marks.get(beyond, {}))


def _with_marks(values: list[Any], marked: dict[int, MarkedCell | str]) -> list[Any]:
    for column, cell in marked.items():
        values[column] = cell
    return values
