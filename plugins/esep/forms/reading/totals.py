"""Which rows of a 1-ЦМ table are totals: by what they lack and what they add up to, in any language.

A total names no distribution of its own (no taxpayer, wallet and day), and its figures are the sums of rows above it:
of all, of those since another total or the top of the page, of its group, or the figures of the total before it,
carried forward; where totals come first, of rows below it. Where that holds exactly the row is a total. So is one that
says "total" and names nothing of a distribution, but then a rule reports that its figures do not agree. Where a row
only looks like a total, it is doubtful and the rule asks. Rows that name a taxpayer, a wallet and a day are never
looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np
import pyarrow as pa

from esep.exact import plain
from esep.forms.document import ROW_FIELDS
from esep.forms.reading.sheets import Kinds
from esep.forms.reading.sums import PRECISION, Amounts, Runs
from esep.forms.reading.total_candidate import (
    AMOUNTS,
    IDENTITY,
    OF_A_DISTRIBUTION,
    TOTAL,
    Candidate,
    is_amount,
    names_group,
    says_nothing,
    without_words,
)
from esep.forms.values.cell import CellKind
from esep.forms.values.text import clean
from esep.law import assets

_SUM_FORMULA = re.compile(r"=\W*(?:SUM|SUBTOTAL|AGGREGATE|СУММ|ПРОМЕЖУТОЧНЫЕ\.ИТОГИ)\w*\(", re.IGNORECASE)
_FLOAT_ERROR = Decimal("1e-12")
"""A program's own sum of binary numbers may differ from the exact one by this share."""
_MOST_SPANS = 64


@dataclass(frozen=True, slots=True)
class Judgement:
    is_total: bool
    expected: str = ""
    """Where the figures do not agree: the sums of the rows above, as the columns 8 and 9.2 would have them."""


class Totals:
    """The table's figures, and what each candidate adds up to. Candidates are judged from top to bottom."""

    def __init__(self, columns: Sequence[pa.Array], kinds: Kinds, candidates: Sequence[Candidate]) -> None:
        """`columns`: texts of the ten columns; `kinds`: shape (10, rows); both without what is no row of the table."""
        self._columns = dict(zip(ROW_FIELDS, columns, strict=True))
        self._data = np.ones(kinds.shape[1], np.bool_)
        self._data[[one.place for one in candidates]] = False
        self._data_before = np.concatenate([[0], np.cumsum(self._data)])
        self._amounts = {
            name: Amounts(self._columns[name], kinds[ROW_FIELDS.index(name)], self._data) for name in AMOUNTS
        }
        self._runs: dict[str, Runs] = {}
        names = self._columns["miner_name"].filter(pa.array(self._data)).unique().to_pylist()
        self._places = [one.place for one in candidates]
        self._totals_come_first = False
        """Whether a total was found above the rows that it sums up."""
        self._names_with_words = {clean(name) for name in names if name and TOTAL.search(name)}
        self._borders = [0]
        self._last: Candidate | None = None

    def page_begins(self, place: int) -> None:
        """A repeated heading is above the row at `place`."""
        if self._borders[-1] != place:
            self._borders.append(place)

    def judge(self, one: Candidate) -> Judgement | None:
        """A total, a doubtful row, or None for a row that is data (or whatever else) after all."""
        with localcontext() as context:
            context.prec = PRECISION
            judgement = self._judged(one)
            if judgement is None:
                for amounts in self._amounts.values():
                    amounts.count(one.place)
            elif judgement.is_total:
                self.page_begins(one.place + 1)
                self._last = one
        return judgement

    def _judged(self, one: Candidate) -> Judgement | None:
        is_name = clean(one.text("miner_name") or "") in self._names_with_words
        worded = one.worded and not (is_name and one.words == 1)
        owned = {name for name in IDENTITY if one.owns(name)} | ({"miner_name"} if is_name else set())
        own_groups = owned - {"miner_name"}
        if len(owned & OF_A_DISTRIBUTION) > 1:
            return None
        if not worded and own_groups and (len(own_groups) > 1 or one.is_numbered):
            return None
        if not one.has_amounts:
            return Judgement(True) if worded and not owned else None
        counted = self._rows_it_sums(one, owned)
        if counted and (worded or (counted > 1 if owned or one.is_numbered else True)):
            # A name beside a number, and nothing else of a distribution, may be one that was not filled in.
            return None if owned and one.is_numbered and not worded else Judgement(True)
        if worded and not owned:
            return Judgement(True, self._expected(one))
        # A text in the place of a name, and figures, are no distribution either: `Среднее`, `Количество строк`.
        is_bare = not any(map(one.identifies, own_groups)) and says_nothing(one.text("asset"))
        is_of_group = any(self._adds_words(one, name) for name in own_groups)
        looks_like_one = worded or (not one.is_numbered and (is_bare or is_of_group or not owned or counted == 1))
        return Judgement(False, self._expected(one)) if looks_like_one else None

    def _rows_it_sums(self, one: Candidate, owned: set[str]) -> int:
        """How many rows above, or below, the figures of a row are the sum of; 0 if of none."""
        for start, asset in self._spans(one, owned):
            if rows := self._rows_of_sum(one, start, one.place, asset):
                return rows
        if self._is_carried(one):
            return 2
        for end, asset in self._spans_below(one, owned) if self._may_come_first(one) else ():
            if rows := self._rows_of_sum(one, one.place + 1, end, asset):
                self._totals_come_first = True
                return rows
        return 0

    def _rows_of_sum(self, one: Candidate, start: int, end: int, asset: str | None) -> int:
        """How many rows there are from `start` to before `end`; 0 if the row's figures are not their sums."""
        rows = self._rows(start, end, asset)
        return rows if rows and all(self._agrees(one, name, start, end, asset) for name in AMOUNTS) else 0

    def _spans(self, one: Candidate, owned: set[str]) -> Iterator[tuple[int, str | None]]:
        """Where the rows that a row may sum up begin, and of which asset they are.

        One that names a taxpayer, a licence, a wallet or a day may only be the total of the group above that does.
        """
        own_groups = owned - {"miner_name"}
        for name in own_groups or IDENTITY:
            start = self._group(one, name)
            if start is not None:
                yield start, None
        if own_groups:
            return
        asset = assets.resolve(without_words(one.text("asset")))
        for start in (0, *reversed(self._borders[-_MOST_SPANS:])):
            yield start, None
            if asset:
                yield start, asset

    def _may_come_first(self, one: Candidate) -> bool:
        """Whether totals stand above their rows here: no row is left above that one could sum up, or others do."""
        return self._totals_come_first or not self._rows(self._borders[-1], one.place, None)

    def _spans_below(self, one: Candidate, owned: set[str]) -> Iterator[tuple[int, str | None]]:
        """Where the rows end that a row above them may sum up: with its group, before another total, with the table."""
        own_groups = owned - {"miner_name"}
        for name in own_groups or IDENTITY:
            end = self._group_below(one, name)
            if end is not None:
                yield end, None
        if own_groups:
            return
        asset = assets.resolve(without_words(one.text("asset")))
        following = bisect_right(self._places, one.place)
        for end in (len(self._data), *self._places[following : following + _MOST_SPANS]):
            yield end, None
            if asset:
                yield end, asset

    def _group(self, one: Candidate, name: str) -> int | None:
        """The first of the rows right above that hold the row's own text in a column; None where there are none."""
        key = without_words(one.text(name))
        if says_nothing(key) or not self._data_before[one.place]:
            return None
        start, text = self._runs_of(name).last(int(self._data_before[one.place]) - 1)
        return start if names_group(key, text, name) else None

    def _group_below(self, one: Candidate, name: str) -> int | None:
        """One past the last of the rows right below that hold the row's own text in a column."""
        key, number = without_words(one.text(name)), int(self._data_before[one.place])
        if says_nothing(key) or number == self._data_before[-1]:
            return None
        end, text = self._runs_of(name).first(number)
        return end if names_group(key, text, name) else None

    def _runs_of(self, name: str) -> Runs:
        if name not in self._runs:
            self._runs[name] = Runs(self._columns[name], self._data)
        return self._runs[name]

    def _adds_words(self, one: Candidate, name: str) -> bool:
        """Whether a cell says more than the group above it that it names: `940140000385 Количество`."""
        start = self._group(one, name)
        return start is not None and clean(one.text(name) or "") != clean(self._columns[name][start].as_py() or "")

    def _rows(self, start: int, end: int, asset: str | None) -> int:
        """How many rows of data there are."""
        amounts = self._amounts["quantity"]
        if asset is not None:
            return amounts.of_asset(self._columns["asset"], asset, start, end)[0]
        return int(self._data_before[end] - self._data_before[start]) + amounts.counted(start, end)

    def _agrees(self, one: Candidate, name: str, start: int, end: int, asset: str | None) -> bool:
        text, kind = one.text(name), one.kind(name)
        if kind == CellKind.FORMULA:
            return bool(_SUM_FORMULA.match(text or ""))
        if not is_amount(text):
            return kind != CellKind.ERROR
        amounts = self._amounts[name]
        value = amounts.values[one.place]
        if value is None:
            return False
        if asset is not None:
            return is_same(value, kind, amounts.of_asset(self._columns["asset"], asset, start, end)[1])
        if is_same(value, kind, amounts.sum(start, end)):
            return True
        # A program's SUM leaves out numbers that are texts.
        return one.worded and kind == CellKind.NUMBER and is_same(value, kind, amounts.sum_of_numbers(start, end))

    def _is_carried(self, one: Candidate) -> bool:
        """Whether the figures are those of the total before it, brought forward to the next page."""
        if self._last is None or self._rows(self._last.place, one.place, None):
            return False
        before = self._last.place
        values = [amounts.values for amounts in self._amounts.values()]
        pairs = [(value[one.place], value[before]) for value in values if value[one.place] is not None]
        return bool(pairs) and all(own == carried for own, carried in pairs)

    def _expected(self, one: Candidate) -> str:
        groups = [start for start in (self._group(one, name) for name in IDENTITY) if start is not None]
        since = self._borders[-1] if self._rows(self._borders[-1], one.place, None) else 0
        start, end = max(groups, default=since), one.place
        if not self._rows(start, end, None):
            start, end = end + 1, len(self._data)
        asset = assets.resolve(without_words(one.text("asset")))
        sums = []
        for name, amounts in self._amounts.items():
            if one.kind(name) != CellKind.EMPTY:
                total = amounts.sum(start, end)
                if asset:
                    total = amounts.of_asset(self._columns["asset"], asset, start, end)[1]
                sums.append(plain(total))
        return "; ".join(sums)


def is_same(value: Decimal, kind: CellKind, total: Decimal) -> bool:
    """Whether a figure is this sum, or a program's own sum of binary numbers that comes next to it."""
    return value == total or (kind == CellKind.NUMBER and abs(value - total) <= abs(total) * _FLOAT_ERROR)
