"""Sums over spans of a table's rows, each found at once however many are asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal, localcontext
from itertools import accumulate

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.forms.reading.sheets import Kinds, Mask
from esep.forms.values import quantity
from esep.forms.values.cell import CellKind
from esep.law import assets

PRECISION = 60
"""Digits of a sum: 20 before the point, 18 after it, and what a million rows add."""


class Runs:
    """Runs of equal texts in a column, rows that are no data left out."""

    def __init__(self, texts: pa.Array, data: Mask) -> None:
        places = np.flatnonzero(data)
        codes = pc.fill_null(pc.dictionary_encode(texts).indices, -1).to_numpy(zero_copy_only=False)[places]
        begins = np.concatenate([[True], codes[1:] != codes[:-1]]) if len(codes) else np.zeros(0, np.bool_)
        self._starts = np.maximum.accumulate(np.where(begins, np.arange(len(codes)), 0))
        self._begins = np.flatnonzero(begins)
        self._places = places
        self._texts = texts

    def last(self, number: int) -> tuple[int, str | None]:
        """Of the data row of that number (from 0): place of the first row of its run, and their text."""
        return int(self._places[self._starts[number]]), self._texts[int(self._places[number])].as_py()

    def first(self, number: int) -> tuple[int, str | None]:
        """The same the other way: one past the place of the last row of its run, and their text."""
        following = int(np.searchsorted(self._begins, number, "right"))
        last = int(self._begins[following]) - 1 if following < len(self._begins) else len(self._places) - 1
        return int(self._places[last]) + 1, self._texts[int(self._places[number])].as_py()


class Amounts:
    """A column of figures: its values, and their sums over the rows of data."""

    def __init__(self, texts: pa.Array, kinds: Kinds, data: Mask) -> None:
        self.values = _decimals(texts, kinds)
        self._data = data
        self._sums = _prefix(self.values, data)
        numbers = kinds == CellKind.NUMBER
        self._numbers = self._sums if numbers[data].all() else _prefix(self.values, data & numbers)
        self._more: list[int] = []
        self._more_sums = [Decimal(0)]
        self._of_assets: dict[str, tuple[list[int], list[Decimal]]] | None = None

    def count(self, place: int) -> None:
        """A row turned out to be data: it counts in the sums over it. Called from top to bottom."""
        self._more.append(place)
        self._more_sums.append(self._more_sums[-1] + (self.values[place] or Decimal(0)))

    def counted(self, start: int, end: int) -> int:
        """How many of these rows there are from `start` to before `end`."""
        return bisect_left(self._more, end) - bisect_left(self._more, start)

    def sum(self, start: int, end: int) -> Decimal:
        """The sum from the row at `start` to the one before `end`."""
        first, last = bisect_left(self._more, start), bisect_left(self._more, end)
        return self._sums[end] - self._sums[start] + self._more_sums[last] - self._more_sums[first]

    def sum_of_numbers(self, start: int, end: int) -> Decimal:
        """The same, of numeric cells alone."""
        return self._numbers[end] - self._numbers[start]

    def of_asset(self, names: pa.Array, ticker: str, start: int, end: int) -> tuple[int, Decimal]:
        """Rows of data of an asset from `start` to before `end`, and their sum."""
        if self._of_assets is None:
            self._of_assets = self._by_asset(names)
        places, sums = self._of_assets.get(ticker, ([], [Decimal(0)]))
        first, last = bisect_left(places, start), bisect_left(places, end)
        return last - first, sums[last] - sums[first]

    def _by_asset(self, names: pa.Array) -> dict[str, tuple[list[int], list[Decimal]]]:
        encoded = pc.dictionary_encode(names)
        tickers = [assets.resolve(name) for name in encoded.dictionary.to_pylist()]
        codes = pc.fill_null(encoded.indices, len(tickers)).to_numpy(zero_copy_only=False)
        number = {ticker: place for place, ticker in enumerate(dict.fromkeys(one for one in tickers if one))}
        of_row = np.array([number.get(one or "", -1) for one in (*tickers, None)], np.int64)[codes]
        found = {}
        for ticker, wanted in number.items():
            places = np.flatnonzero((of_row == wanted) & self._data).tolist()
            found[ticker] = places, _summed(self.values[place] for place in places)
        return found


def _prefix(values: list[Decimal | None], counts: Mask) -> list[Decimal]:
    return _summed(value if counted else None for value, counted in zip(values, counts.tolist(), strict=True))


def _summed(values: Iterable[Decimal | None]) -> list[Decimal]:
    with localcontext() as context:
        context.prec = PRECISION
        return list(accumulate((value or Decimal(0) for value in values), initial=Decimal(0)))


def _decimals(texts: pa.Array, kinds: Kinds) -> list[Decimal | None]:
    """The figures of a column, read as `examination.amounts` reads them; None for a cell that holds none."""
    candidates = texts.filter(pc.fill_null(pc.match_substring_regex(texts, ",.*[,.]"), False))
    commas = quantity.column_uses_comma_for_thousands(candidates.unique().to_pylist())
    readable = np.isin(kinds, (CellKind.TEXT, CellKind.NUMBER))
    plain = pc.and_(pc.fill_null(pc.match_substring_regex(texts, quantity.FAST), False), pa.array(readable))
    fast = pc.if_else(plain, texts, pa.scalar(None, pa.string())).to_pylist()
    values = [None if text is None else Decimal(text) for text in fast]
    for place in np.flatnonzero(readable & ~plain.to_numpy(zero_copy_only=False)).tolist():
        values[place] = quantity.parse(texts[place].as_py(), CellKind(int(kinds[place])), commas).value
    return values
