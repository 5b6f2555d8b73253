"""Columns of figures: quantities to exact decimals, ordinal numbers to whole numbers, with words for the suites.

As in `typed`: all columns have the length of the sheet, what cannot be read is null beside a word that says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.cells import NONE, choose_words, distinct, kinds_of, one_chunk, spread_words
from esep.examination.typed import CELL_WORDS, state_word
from esep.forms.document import CellKind
from esep.forms.values import quantity
from esep.lake.schema import QUANTITY

_NUMERIC_KINDS = (CellKind.TEXT, CellKind.NUMBER)
_WHOLE_NUMBER = r"^[0-9]{1,15}$"
_NO_NUMBER = re.compile("[a-df-zA-DF-Zа-яА-Я]")
"""Letters that no quantity holds: all but the e of an exponent."""
_MORE_THAN_18_DECIMALS = re.compile("-?[0-9]{1,20}[.,][0-9]{18,}[1-9]")


@dataclass(frozen=True)
class Quantities:
    values: pa.Array
    """decimal128(38,18), units of the asset; null where no single reading exists."""
    words: pa.DictionaryArray
    signs: pa.DictionaryArray


def quantities(rows: pa.Table, field: str) -> Quantities:
    """Columns 8 and 9.2 of one sheet, exact. Plain figures are cast at once, everything else goes to the parser."""
    texts = one_chunk(rows[field])
    commas = _comma_for_thousands(texts)
    if not commas:
        texts = _with_points(texts)
    plain = pc.and_(
        pc.fill_null(pc.match_substring_regex(texts, quantity.FAST), False),
        pa.array(np.isin(kinds_of(rows, field), _NUMERIC_KINDS)),
    )
    values = pc.if_else(plain, texts, pa.scalar(None, pa.string())).cast(QUANTITY)
    words: list[str | None] = ["ok"]
    codes = np.zeros(len(texts), np.int64)
    others = pc.invert(plain)
    if pc.any(others).as_py():
        cells = distinct(rows.filter(others), field)
        read = [_quantity(text, kind, commas) for text, kind in zip(cells.texts, cells.kinds, strict=True)]
        values = pc.replace_with_mask(values, others, cells.column([value for value, _ in read], QUANTITY))
        words += [state_word(state) for _, state in read]
        codes[others.to_numpy(zero_copy_only=False)] = cells.codes + 1
    return Quantities(values, spread_words(words, codes), _signs(values))


def _comma_for_thousands(texts: pa.Array) -> bool:
    """As quantity.column_uses_comma_for_thousands; only texts with a comma and one more mark can show it."""
    with_comma = texts.filter(pc.match_substring(texts, ","))
    candidates = with_comma.filter(pc.match_substring_regex(with_comma, ",.*[,.]"))
    return quantity.column_uses_comma_for_thousands(candidates.unique().to_pylist())


def _with_points(texts: pa.Array) -> pa.Array:
    """Texts with a decimal comma get a point in its place; all others stay as they are."""
    with_comma = pc.fill_null(pc.match_substring_regex(texts, quantity.FAST_COMMA), False)
    return pc.if_else(with_comma, pc.replace_substring(texts, ",", "."), texts) if pc.any(with_comma).as_py() else texts


def _quantity(text: str | None, kind: CellKind, commas: bool) -> tuple[Decimal | None, str]:
    """As quantity.parse; two frequent faults are told at once, for a sheet may hold a million of them."""
    if kind is CellKind.TEXT and text:
        if _NO_NUMBER.search(text):
            return None, "unreadable"
        if _MORE_THAN_18_DECIMALS.fullmatch(text) and not (commas and "," in text):
            return None, "too_many_decimals"
    read = quantity.parse(text, kind, commas)
    return read.value, read.state


def _signs(values: pa.Array) -> pa.DictionaryArray:
    zero = pa.scalar(0, QUANTITY)
    positive = pc.fill_null(pc.greater(values, zero), False).to_numpy(zero_copy_only=False)
    negative = pc.fill_null(pc.less(values, zero), False).to_numpy(zero_copy_only=False)
    known = values.is_valid().to_numpy(zero_copy_only=False)
    choice = np.where(known, np.where(positive, 0, np.where(negative, 2, 1)), NONE)
    return choose_words(choice, "positive", "zero", "negative")


@dataclass(frozen=True)
class Numbers:
    values: pa.Array
    words: pa.DictionaryArray


def ordinal_numbers(rows: pa.Table) -> Numbers:
    """Column 1: positive whole numbers, a dot or bracket after them allowed."""
    texts = one_chunk(rows["row_no"])
    if not pc.all(pc.match_substring_regex(texts, _WHOLE_NUMBER)).as_py():
        texts = pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), r"[.)]$", "")
    kinds = kinds_of(rows, "row_no")
    whole = pc.and_(
        pc.fill_null(pc.match_substring_regex(texts, _WHOLE_NUMBER), False), pa.array(np.isin(kinds, _NUMERIC_KINDS))
    )
    values = pc.if_else(whole, texts, pa.scalar(None, pa.string())).cast(pa.int64())
    right = pc.fill_null(pc.greater(values, 0), False).to_numpy(zero_copy_only=False)
    filled = ~np.isin(kinds, (CellKind.EMPTY, *CELL_WORDS))
    return Numbers(values, choose_words(np.where(filled, np.where(right, 0, 1), NONE), "ok", "unreadable"))
