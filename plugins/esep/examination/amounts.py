"""Columns of figures: quantities to exact decimals, ordinal numbers to whole numbers, with words for the suites.

As in `typed`: all columns have the length of the sheet, what cannot be read is null beside a word that says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from esep.examination.cells import (
    NONE,
    Read,
    choose_words,
    distinct,
    encoded,
    first_rows,
    kinds_of,
    one_chunk,
    paired,
    spread_words,
)
from esep.examination.typed import CELL_WORDS, Assets, state_word
from esep.forms.values import quantity
from esep.forms.values.cell import CellKind, Parsed
from esep.forms.values.quantity import QuantityState
from esep.lake.schema import QUANTITY
from esep.law import assets

_NUMERIC_KINDS = (CellKind.TEXT, CellKind.NUMBER)
_COUNTED_BELOW = pa.scalar(quantity.COUNTED_BELOW, QUANTITY)
_WHOLE_NUMBER = r"^[0-9]{1,15}$"
_NO_NUMBER = re.compile("[a-df-zA-DF-Zа-яА-Я]")
"""Letters that no quantity holds: all but the e of an exponent."""
_MORE_THAN_18_DECIMALS = re.compile("-?[0-9]{1,20}[.,][0-9]{18,}[1-9]")


@dataclass(frozen=True)
class Quantities:
    values: pa.Array
    """decimal128(38,18), units of the asset; null where no single reading exists."""
    words: pa.DictionaryArray
    """State of each quantity; `too_large` too where it has a value that no figure can hold."""
    rounded: pa.Array
    """Whether a number cell showed more decimals than `values` can keep."""

    @property
    def signs(self) -> pa.DictionaryArray:
        """Null where there is no value, or a too large one."""
        zero = pa.scalar(0, QUANTITY)
        counted = _is(pc.less(pc.abs(self.values), _COUNTED_BELOW))
        positive, negative = _is(pc.greater(self.values, zero)), _is(pc.less(self.values, zero))
        choice = np.where(counted, np.where(positive, 0, np.where(negative, 2, 1)), NONE)
        return choose_words(choice, "positive", "zero", "negative")


def quantities(rows: pa.Table, field: str) -> Quantities:
    """Columns 8 and 9.2 of one sheet, exact. Plain figures are cast at once, everything else goes to the parser."""
    texts, kinds = one_chunk(rows[field]), kinds_of(rows, field)
    texts, commas = _with_points(texts)
    plain = pc.or_(_plain(texts, quantity.FAST, kinds == CellKind.TEXT), _plain_numbers(texts, kinds))
    values = pc.if_else(plain, texts, pa.scalar(None, pa.string())).cast(QUANTITY)
    words: list[str | None] = ["ok"]
    codes = np.zeros(len(texts), np.int64)
    rounded = np.zeros(len(texts), np.bool_)
    others = pc.invert(plain)
    if pc.any(others).as_py():
        cells = distinct(rows.filter(others), field)
        read = [_quantity(text, kind, commas) for text, kind in zip(cells.texts, cells.kinds, strict=True)]
        values = pc.replace_with_mask(values, others, cells.column([one.value for one in read], QUANTITY))
        words += [state_word(one.state) for one in read]
        places = others.to_numpy(zero_copy_only=False)
        codes[places] = cells.codes + 1
        rounded[places] = np.array([one.note == quantity.ROUNDED for one in read])[cells.codes]
    counted = pc.fill_null(pc.less(pc.abs(values), _COUNTED_BELOW), True)
    if not pc.all(counted).as_py():
        codes[~counted.to_numpy(zero_copy_only=False)] = len(words)
        words.append(QuantityState.TOO_LARGE)
    return Quantities(values, spread_words(words, codes), pa.array(rounded))


def counted_in_all(read: Quantities) -> Quantities:
    """The quantities of a whole filing, without the largest where they come to COUNTED_IN_ALL_BELOW or more.

    Of equal ones all or none; what is left out is `too_large`.
    """
    if len(read.values) < quantity.COUNTED_IN_ALL_BELOW // int(quantity.COUNTED_BELOW):
        return read
    sizes = np.abs(read.values.cast(pa.float64()).fill_null(0).to_numpy(zero_copy_only=False))
    sizes[sizes >= float(quantity.COUNTED_BELOW)] = 0  # in no figure as it is
    if sizes.sum() < quantity.COUNTED_IN_ALL_BELOW:
        return read
    ordered = np.sort(sizes)
    place = int(np.searchsorted(ordered.cumsum(), quantity.COUNTED_IN_ALL_BELOW))
    left_out = pa.array(sizes >= ordered[min(place, len(ordered) - 1)])  # the two sums may differ in their last bit
    words = pc.if_else(left_out, QuantityState.TOO_LARGE.value, read.words.dictionary_decode())
    values = pc.if_else(left_out, pa.scalar(None, QUANTITY), read.values)
    return Quantities(values, words.dictionary_encode(), read.rounded)


def not_counted(values: pa.Array) -> int:
    """How many quantities are in no figure: without a value, or with one that is too large."""
    return len(values) - int(pc.sum(pc.fill_null(pc.less(pc.abs(values), _COUNTED_BELOW), False)).as_py() or 0)


def _plain(texts: pa.Array, pattern: str, where: npt.NDArray[np.bool_]) -> pa.Array:
    if not where.any():
        return pa.array(where)
    return pc.and_(pc.fill_null(pc.match_substring_regex(texts, pattern), False), pa.array(where))


def _plain_numbers(texts: pa.Array, kinds: npt.NDArray[Any]) -> pa.Array:
    """Number cells with no more digits than Excel shows; by their length first, as matching costs more."""
    numbers = kinds == CellKind.NUMBER
    if not numbers.any():
        return pa.array(numbers)
    short = pc.less_equal(pc.fill_null(pc.binary_length(texts), 0), quantity.NUMBER_CELL_DIGITS)
    plain = _plain(texts, quantity.FAST, numbers & short.to_numpy(zero_copy_only=False))
    longer = numbers & ~short.to_numpy(zero_copy_only=False)
    return pc.or_(plain, _plain(texts, quantity.FAST_NUMBER, longer)) if longer.any() else plain


def _with_points(texts: pa.Array) -> tuple[pa.Array, bool]:
    """The texts with a point in place of a decimal comma, and whether the column uses the comma for thousands.

    As quantity.column_uses_comma_for_thousands, which only texts with a comma and one more mark can show; then all
    stay as they are.
    """
    with_comma = pc.fill_null(pc.match_substring(texts, ","), False)
    if not pc.any(with_comma).as_py():
        return texts, False
    decimal = pc.fill_null(pc.match_substring_regex(texts, quantity.FAST_COMMA), False)
    others = texts.filter(pc.and_not(with_comma, decimal))
    candidates = others.filter(pc.match_substring_regex(others, ",.*[,.]"))
    if quantity.column_uses_comma_for_thousands(candidates.unique().to_pylist()):
        return texts, True
    replaced = pc.replace_substring(texts, ",", ".")
    return (replaced if pc.all(decimal).as_py() else pc.if_else(decimal, replaced, texts)), False


def _quantity(text: str | None, kind: CellKind, commas: bool) -> Parsed[Decimal, QuantityState]:
    """As quantity.parse; two frequent faults are recognised at once, for a sheet may hold a million of them."""
    if kind is CellKind.TEXT and text:
        if _NO_NUMBER.search(text):
            return Parsed(None, QuantityState.UNREADABLE)
        if _MORE_THAN_18_DECIMALS.fullmatch(text) and not (commas and "," in text):
            return Parsed(None, QuantityState.TOO_MANY_DECIMALS)
    return quantity.parse(text, kind, commas)


def frame(field_name: str, read: Quantities, asset: Assets, days: Read) -> dict[str, pa.DictionaryArray]:
    """The columns of frame_column.csv about a quantity."""
    return {
        f"{field_name}_state": read.words,
        f"{field_name}_sign": read.signs,
        f"{field_name}_unit": _whole_units(read, asset, days),
    }


def _whole_units(read: Quantities, asset: Assets, days: Read) -> pa.DictionaryArray:
    """`whole`, or `remainder` where a quantity has more decimals than its asset's smallest unit on the day.

    Null where quantity, asset or smallest unit is not known.
    """
    numbers, ticker_of, day_of = paired(encoded(asset.known), days.codes)
    tickers, day_by_code = asset.known.dictionary.to_pylist(), days.values.take(pa.array(first_rows(days.codes)))
    decimals = np.array(
        [
            NONE if ticker < 0 else _decimals(tickers[ticker], None if day < 0 else day_by_code[day].as_py())
            for ticker, day in zip(ticker_of, day_of, strict=True)
        ],
        np.int64,
    )[numbers]
    choice = np.full(len(decimals), NONE)
    for count in np.unique(decimals[decimals >= 0]).tolist():
        finer = pc.not_equal(read.values, pc.round(read.values, min(count, quantity.MAX_DECIMALS), "towards_zero"))
        if count <= quantity.MAX_DECIMALS:
            finer = pc.or_(finer, read.rounded)
        remains = pc.cast(finer, pa.int8()).fill_null(NONE).to_numpy(zero_copy_only=False)
        choice = np.where(decimals == count, remains, choice)
    return choose_words(choice, "whole", "remainder")


def _decimals(ticker: str, day: date | None) -> int:
    """Decimals of the smallest unit; of a day that is not known, or off the list, those of the latest row."""
    asset = assets.in_force(ticker, day) if day else None
    if asset is None:
        asset = max((one for one in assets.assets() if one.ticker == ticker), key=lambda one: one.valid_from)
    return asset.decimals


def _is(holds: pa.Array) -> npt.NDArray[np.bool_]:
    """Null counts as no."""
    return pc.fill_null(holds, False).to_numpy(zero_copy_only=False)


def ordinal_numbers(rows: pa.Table) -> tuple[pa.Array, pa.DictionaryArray]:
    """Column 1: positive whole numbers, a dot or bracket after them allowed; and the state of each."""
    texts, kinds = one_chunk(rows["row_no"]), kinds_of(rows, "row_no")
    whole = pc.match_substring_regex(texts, _WHOLE_NUMBER)
    if not pc.all(whole).as_py():
        texts = pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), r"^['’‘ʼ`´]|[.)]$", "")
        whole = pc.match_substring_regex(texts, _WHOLE_NUMBER)
    whole = pc.and_(pc.fill_null(whole, False), pa.array(np.isin(kinds, _NUMERIC_KINDS)))
    values = pc.if_else(whole, texts, pa.scalar(None, pa.string())).cast(pa.int64())
    right = _is(pc.greater(values, 0))
    filled = ~np.isin(kinds, (CellKind.EMPTY, *CELL_WORDS))
    return (values, choose_words(np.where(filled, np.where(right, 0, 1), NONE), "ok", "unreadable"))
