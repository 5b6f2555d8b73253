"""Which rows of a 1-ЦМ table are totals: by what they lack and what they add up to, in any language.

A total names no distribution of its own (no taxpayer, wallet and day), and its figures are the sums of rows above it:
of all, of those since another total or the top of the page, of its group, or the figures of the total before it,
carried forward. Where that holds exactly the row is a total. So is one that says "total" and names nothing of a
distribution, but then a rule reports that its figures do not agree. Where a row only looks like a total, it is doubtful
and the rule asks. Rows that name a taxpayer, a wallet and a day are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.exact import plain
from esep.forms.annex2 import TOTAL_WORDS
from esep.forms.document import ROW_FIELDS
from esep.forms.reading.sheets import Kinds, Mask
from esep.forms.reading.sums import PRECISION, Amounts, Runs
from esep.forms.reading.words import any_of
from esep.forms.values import dates
from esep.forms.values.cell import CellKind
from esep.forms.values.text import clean
from esep.law import assets

TOTAL = re.compile(any_of(TOTAL_WORDS), re.IGNORECASE)
_SUM_FORMULA = re.compile(r"=\W*(?:SUM|SUBTOTAL|AGGREGATE|СУММ|ПРОМЕЖУТОЧНЫЕ\.ИТОГИ)\w*\(", re.IGNORECASE)
_FLOAT_ERROR = Decimal("1e-12")
"""A program's own sum of binary numbers may differ from the exact one by this share."""
_MOST_SPANS = 64
_AMOUNTS = ("quantity", "reward_quantity")
_IDENTITY = ("miner_name", "miner_id", "licence", "wallet", "distributed_on")
_OF_A_DISTRIBUTION = frozenset(("miner_id", "wallet", "distributed_on"))
_SHORT = 6
"""Bytes of a cell that may be crossed out (`х`, `–`, `---`)."""


def may_be_totals(texts: Sequence[pa.Array]) -> Mask:
    """Rows in which two of taxpayer, wallet and day are empty or crossed out; a clean table has none."""
    lacking = np.zeros(len(texts[0]), np.int8)
    for name in _OF_A_DISTRIBUTION:
        short = pc.less_equal(pc.binary_length(texts[ROW_FIELDS.index(name)]), _SHORT)
        lacking += pc.fill_null(short, True).to_numpy(zero_copy_only=False)
    return lacking >= 2


def says_nothing(text: str | None) -> bool:
    """Whether a cell is empty or crossed out (`х`, `–`), as the cells of a total are."""
    return sum(letter.isalnum() for letter in text or "") <= 1


def is_amount(text: str | None) -> bool:
    """Whether a cell of a figure is filled and not crossed out."""
    return not says_nothing(text) or (text or "").strip().isdigit()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be a total. `place` is its position among the rows of the table."""

    place: int
    texts: tuple[str | None, ...]
    kinds: tuple[CellKind, ...]
    words: int
    """Cells of the row that say "total"."""

    @property
    def worded(self) -> bool:
        return self.words > 0

    def text(self, name: str) -> str | None:
        return self.texts[ROW_FIELDS.index(name)]

    def kind(self, name: str) -> CellKind:
        return self.kinds[ROW_FIELDS.index(name)]

    def owns(self, name: str) -> bool:
        """Whether a cell says something that is no word of a total."""
        text = self.text(name)
        return not says_nothing(text) and not TOTAL.search(text or "")

    @property
    def is_numbered(self) -> bool:
        return (self.text("row_no") or "").strip(" .)").isdigit()

    @property
    def has_amounts(self) -> bool:
        return any(is_amount(self.text(name)) for name in _AMOUNTS)


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
            name: Amounts(self._columns[name], kinds[ROW_FIELDS.index(name)], self._data) for name in _AMOUNTS
        }
        self._runs: dict[str, Runs] = {}
        names = self._columns["miner_name"].filter(pa.array(self._data)).unique().to_pylist()
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
        owned = {name for name in _IDENTITY if one.owns(name)} | ({"miner_name"} if is_name else set())
        own_groups = owned - {"miner_name"}
        if len(owned & _OF_A_DISTRIBUTION) > 1:
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
        is_bare = not own_groups and says_nothing(one.text("asset"))
        looks_like_one = worded or (not one.is_numbered and (is_bare or not owned or counted == 1))
        return Judgement(False, self._expected(one)) if looks_like_one else None

    def _rows_it_sums(self, one: Candidate, owned: set[str]) -> int:
        """How many rows above the figures of a row are the sum of; 0 if of none."""
        for start, asset in self._spans(one, owned):
            rows = self._rows(start, one.place, asset)
            if rows and all(self._agrees(one, name, start, asset) for name in _AMOUNTS):
                return rows
        return 2 if self._is_carried(one) else 0

    def _spans(self, one: Candidate, owned: set[str]) -> Iterator[tuple[int, str | None]]:
        """Where the rows that a row may sum up begin, and of which asset they are.

        One that names a taxpayer, a licence, a wallet or a day may only be the total of the group above that does.
        """
        own_groups = owned - {"miner_name"}
        for name in own_groups or _IDENTITY:
            start = self._group(one, name)
            if start is not None:
                yield start, None
        if own_groups:
            return
        asset = assets.resolve(_without_words(one.text("asset")))
        for start in (0, *reversed(self._borders[-_MOST_SPANS:])):
            yield start, None
            if asset:
                yield start, asset

    def _group(self, one: Candidate, name: str) -> int | None:
        """The first of the rows right above that hold the row's own text in a column; None where there are none."""
        key = _without_words(one.text(name))
        if says_nothing(key) or not self._data_before[one.place]:
            return None
        if name not in self._runs:
            self._runs[name] = Runs(self._columns[name], self._data)
        start, text = self._runs[name].last(int(self._data_before[one.place]) - 1)
        of_run = _without_words(text)
        # `Итого по 940140000385`, `940140000385 бойынша жиыны`
        same = key == of_run or key.endswith(f" {of_run}") or key.startswith(f"{of_run} ")
        if not same and name == "distributed_on":
            day = dates.parse(key).value
            same = day is not None and dates.parse(text).value == day
        return start if same else None

    def _rows(self, start: int, end: int, asset: str | None) -> int:
        """How many rows of data there are."""
        amounts = self._amounts["quantity"]
        if asset is not None:
            return amounts.of_asset(self._columns["asset"], asset, start, end)[0]
        return int(self._data_before[end] - self._data_before[start]) + amounts.counted(start, end)

    def _agrees(self, one: Candidate, name: str, start: int, asset: str | None) -> bool:
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
            return _same(value, kind, amounts.of_asset(self._columns["asset"], asset, start, one.place)[1])
        if _same(value, kind, amounts.sum(start, one.place)):
            return True
        # A program's SUM leaves out numbers that are texts.
        return one.worded and kind == CellKind.NUMBER and _same(value, kind, amounts.sum_of_numbers(start, one.place))

    def _is_carried(self, one: Candidate) -> bool:
        """Whether the figures are those of the total before it, brought forward to the next page."""
        if self._last is None or self._rows(self._last.place, one.place, None):
            return False
        before = self._last.place
        values = [amounts.values for amounts in self._amounts.values()]
        pairs = [(value[one.place], value[before]) for value in values if value[one.place] is not None]
        return bool(pairs) and all(own == carried for own, carried in pairs)

    def _expected(self, one: Candidate) -> str:
        groups = [start for start in (self._group(one, name) for name in _IDENTITY) if start is not None]
        since = self._borders[-1] if self._rows(self._borders[-1], one.place, None) else 0
        start = max(groups, default=since)
        asset = assets.resolve(_without_words(one.text("asset")))
        sums = []
        for name, amounts in self._amounts.items():
            if one.kind(name) != CellKind.EMPTY:
                total = amounts.sum(start, one.place)
                if asset:
                    total = amounts.of_asset(self._columns["asset"], asset, start, one.place)[1]
                sums.append(plain(total))
        return "; ".join(sums)


def _without_words(text: str | None) -> str:
    """A text without the words of a total, which a miner's own name may hold as well."""
    return clean(TOTAL.sub(" ", text or "")).strip(" :–—-.")


def _same(value: Decimal, kind: CellKind, total: Decimal) -> bool:
    return value == total or (kind == CellKind.NUMBER and abs(value - total) <= abs(total) * _FLOAT_ERROR)
