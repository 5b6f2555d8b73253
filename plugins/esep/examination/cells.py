"""A column seen through its distinct cells: parsers run once for each distinct text, numpy and Arrow do the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from esep.forms.values.cell import CellKind

Result = TypeVar("Result")
Codes = npt.NDArray[np.int64]

NONE = -1
"""Code of a missing value."""
_KINDS = tuple(map(CellKind, range(8)))


@dataclass(frozen=True)
class Read:
    """A column of a filing's rows as it was read; what cannot be read is null beside a word in `frame`."""

    values: pa.Array
    codes: Codes
    """Numbers that are equal for equal values; NONE for null."""
    frame: Mapping[str, Any] = field(default_factory=dict)
    """The columns of frame_column.csv about it."""
    lake: Mapping[str, pa.Array] = field(default_factory=dict)
    """The columns of the lake that hold it, by name."""


@dataclass(frozen=True)
class Distinct:
    """Distinct (text, kind) pairs of a column, and for each row the position of its pair."""

    texts: list[str | None]
    kinds: list[CellKind]
    codes: Codes

    def parsed(self, parse: Callable[[str | None, CellKind], Result]) -> list[Result]:
        """The parser's result for each distinct cell."""
        return [parse(text, kind) for text, kind in zip(self.texts, self.kinds, strict=True)]

    def column(self, values: Sequence[Any], kind: pa.DataType) -> pa.Array:
        """One value for each distinct cell, spread over the rows."""
        return pa.array(values, kind).take(pa.array(self.codes))

    def words(self, values: Sequence[str | None]) -> pa.DictionaryArray:
        """As `column`, dictionary-encoded: what the suites look at."""
        return spread_words(values, self.codes)

    def keys(self, values: Sequence[Any]) -> Codes:
        """For each row a number that is equal for equal values; NONE for None."""
        return spread_keys(values, self.codes)


def distinct(rows: pa.Table, field: str) -> Distinct:
    """The distinct cells of a raw column (`<field>` and `<field>_kind` of document.RAW_ROWS)."""
    kinds = kinds_of(rows, field)
    encoded = pc.dictionary_encode(one_chunk(rows[field]), null_encoding="encode")
    keys = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64) * 8 + kinds
    used = np.zeros((len(encoded.dictionary) + 1) * 8, bool)
    used[keys] = True
    present = np.flatnonzero(used)
    number = np.zeros(len(used), np.int64)
    number[present] = np.arange(len(present))
    return Distinct(
        encoded.dictionary.take(pa.array(present >> 3)).to_pylist(),
        [_KINDS[kind] for kind in (present & 7).tolist()],
        number[keys],
    )


def kinds_of(rows: pa.Table, field: str) -> npt.NDArray[np.uint8]:
    return one_chunk(rows[f"{field}_kind"]).to_numpy(zero_copy_only=False)


def one_chunk(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        # combine_chunks copies a single chunk and keeps an empty column chunked
        if column.num_chunks == 1:
            return column.chunk(0)
        return column.combine_chunks() if column.num_chunks else pa.array([], column.type)
    return column


def spread_words(values: Sequence[str | None], codes: Codes) -> pa.DictionaryArray:
    """One word for each code, spread over the rows as a dictionary array; None becomes null."""
    encoded = pc.dictionary_encode(pa.array(values, pa.string()))
    indices = pc.fill_null(encoded.indices, NONE).to_numpy(zero_copy_only=False)[codes]
    return _dictionary(indices, encoded.dictionary)


def spread_keys(values: Sequence[Any], codes: Codes) -> Codes:
    """For each row a number that is equal for equal values of its code; NONE for None."""
    by_value = dict.fromkeys(value for value in values if value is not None)
    number = {value: position for position, value in enumerate(by_value)}
    return np.array([NONE if value is None else number[value] for value in values], np.int64)[codes]


def choose_words(choice: npt.NDArray[Any], *words: str) -> pa.DictionaryArray:
    """words[choice] for each row; null where the choice is NONE."""
    return _dictionary(choice, pa.array(words, pa.string()))


def _dictionary(indices: npt.NDArray[Any], words: pa.Array) -> pa.DictionaryArray:
    narrow = indices.astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(narrow, mask=narrow < 0), words)


def paired(one: Codes, other: Codes) -> tuple[Codes, Codes, Codes]:
    """Distinct pairs of two code columns: the pair's number for each row, and both codes of each pair."""
    width = int(other.max(initial=NONE)) + 2
    numbers, pairs = numbered((one + 1) * width + (other + 1))
    return numbers, pairs // width - 1, pairs % width - 1


def numbered(keys: Codes) -> tuple[Codes, Codes]:
    """For each row a number that is equal for equal keys, from 0 by first appearance; and the key of each number."""
    found = pc.dictionary_encode(pa.array(keys))
    return found.indices.to_numpy().astype(np.int64), found.dictionary.to_numpy()


def joined(key: Codes, codes: Codes) -> Codes:
    """For each row a number that is equal where both are."""
    width = int(codes.max(initial=NONE)) + 2
    return numbered(key * width + codes + 1)[0]


def held_twice(keys: Codes) -> Codes:
    """The keys that more than one row has, by sorting: far cheaper than to say which row has which."""
    ordered = np.sort(keys)
    return ordered[1:][ordered[1:] == ordered[:-1]]


def seen_before(keys: Codes) -> npt.NDArray[np.bool_]:
    """The rows whose key a row above has."""
    if not held_twice(keys).size:
        return np.zeros(len(keys), np.bool_)
    numbers, _ = numbered(keys)
    before = np.full(len(numbers), NONE)
    np.maximum.accumulate(numbers[:-1], out=before[1:])
    seen: npt.NDArray[np.bool_] = numbers <= before
    return seen


def encoded(column: pa.Array | pa.ChunkedArray) -> Codes:
    """For each row a number that is equal for equal values; NONE for null."""
    whole = one_chunk(column)
    indices = (whole if pa.types.is_dictionary(whole.type) else pc.dictionary_encode(whole)).indices
    return pc.fill_null(indices, NONE).to_numpy(zero_copy_only=False).astype(np.int64)


def first_rows(codes: Codes) -> Codes:
    """For each code but NONE, 0 to the largest, the first row that has it."""
    first = np.zeros(int(codes.max(initial=NONE)) + 2, np.int64)
    # Written backwards, so that the first row of each code is the one that stays; NONE takes the place in front.
    first[codes[::-1] + 1] = np.arange(len(codes))[::-1]
    return first[1:]
