"""Rows of a 1-ЦМ table, some at a time and column by column, and what a single one of them looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.forms.document import RAW_ROWS, ROW_FIELDS, TEXT_FIELDS
from esep.forms.reading.sheets import Kinds, Mask
from esep.forms.reading.total_candidate import says_nothing
from esep.forms.reading.words import with_kazakh_i
from esep.forms.values.cell import CellKind

FEW = 4
"""A row with so few of its ten cells filled is looked at one by one."""
_ROW_NO = ROW_FIELDS.index("row_no")
_DISTRIBUTED_ON = ROW_FIELDS.index("distributed_on")
_MINER_ID = ROW_FIELDS.index("miner_id")
_QUANTITIES = (ROW_FIELDS.index("quantity"), ROW_FIELDS.index("reward_quantity"))


@dataclass(slots=True)
class Batch:
    """Rows one below the other, from the worksheet row `first_row` on."""

    first_row: int
    texts: list[pa.Array]
    kinds: Kinds
    """Shape (10, rows)."""
    beside: Mapping[str, pa.Array]
    """Texts of those TEXT_FIELDS that the sheet has."""
    filled: np.ndarray[Any, np.dtype[np.int64]]
    keep: Mask
    lacking: Mask
    """Rows that may be totals, by what they lack."""
    total_expected: dict[int, str] = field(default_factory=dict)
    """Doubtful rows by position."""

    def ten(self, position: int) -> tuple[str | None, ...]:
        """The texts of a row as line_of gives them."""
        texts = (column[position].as_py() for column in self.texts)
        return tuple(text if text is None else with_kazakh_i(text.strip()) for text in texts)


def record_batch(batch: Batch, kept: np.ndarray[Any, np.dtype[np.intp]]) -> pa.RecordBatch:
    count = len(batch.keep)
    rows = pa.array(np.arange(batch.first_row, batch.first_row + count, dtype=np.int32))
    beside = [batch.beside.get(name, pa.nulls(count, pa.string())) for name in TEXT_FIELDS]
    kinds = [pa.array(kind) for kind in batch.kinds]
    expected = (
        pa.array([batch.total_expected.get(n) for n in range(count)], pa.string())
        if batch.total_expected
        else (pa.nulls(count, pa.string()))
    )
    whole = pa.RecordBatch.from_arrays([rows, *batch.texts, *kinds, *beside, expected], schema=RAW_ROWS)
    return whole if kept.size == count else whole.take(pa.array(kept))


def equal(texts: pa.Array, expected: str) -> Mask:
    result: Mask = pc.equal(texts, expected).fill_null(False).to_numpy(zero_copy_only=False)
    return result


def is_group_caption(batch: Batch, position: int) -> bool:
    """Whether the only cell of a row heads a group of rows (an asset, a day, a miner): words, or a day, in column 1."""
    text = batch.texts[_ROW_NO][position].as_py() or ""
    return bool(batch.kinds[_ROW_NO, position] == CellKind.DATE) or any(map(str.isalpha, text))


def is_heading(ten: tuple[str | None, ...], kinds: Kinds) -> bool:
    """Words where a distribution has numbers. Asked only right above a repeated number row."""
    numeric = (ten[position] for position in (_MINER_ID, _DISTRIBUTED_ON, *_QUANTITIES))
    only_words = bool(np.isin(kinds, (CellKind.EMPTY, CellKind.TEXT)).all())
    return only_words and not any(letter.isdigit() for text in numeric for letter in text or "")


def is_note(ten: tuple[str | None, ...], kinds: Kinds) -> bool:
    """A pre-printed ordinal number, a remark, or a name beside a label that is no footer field's: no distribution.

    Asked only below the last row that is data without doubt.
    """
    filled = np.flatnonzero(kinds).tolist()
    if filled == [0]:
        return True
    if (kinds[filled] != CellKind.TEXT).any() or any(position in _QUANTITIES for position in filled):
        return False
    return len(filled) == 1 or (len(filled) == 2 and not any(letter.isdigit() for text in ten for letter in text or ""))


_ZERO = re.compile(r"0+(?:[.,]0+)?")


def is_unused(ten: tuple[str | None, ...], kinds: Kinds) -> bool:
    """A line crossed out (`–`, `х`), or with the zeros that a template's formulas give where nothing was filled in."""
    told = (CellKind.DATE, CellKind.BOOLEAN, CellKind.ERROR, CellKind.FORMULA)
    return not np.isin(kinds, told).any() and all(
        (says_nothing(text) and not (text or "").isdigit())
        or (position in _QUANTITIES and _ZERO.fullmatch(text or "") is not None)
        for position, text in enumerate(ten)
        if position != _ROW_NO
    )


def looks_like_data(batch: Batch, position: int) -> bool:
    """A row with a taxpayer's number and more cells than any footer line has values."""
    if batch.filled[position] <= FEW:
        return False
    return sum(map(str.isdigit, batch.texts[_MINER_ID][position].as_py() or "")) >= 9
