"""A row of a 1-ЦМ table that may be a total: what its cells say, and whether that is anything of a distribution."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esep.forms.annex2 import TOTAL_WORDS
from esep.forms.document import ROW_FIELDS
from esep.forms.reading.sheets import Mask
from esep.forms.reading.words import any_of
from esep.forms.values import dates, period
from esep.forms.values.cell import CellKind
from esep.forms.values.text import clean

TOTAL = re.compile(any_of(TOTAL_WORDS), re.IGNORECASE)
AMOUNTS = ("quantity", "reward_quantity")
IDENTITY = ("miner_name", "miner_id", "licence", "wallet", "distributed_on")
OF_A_DISTRIBUTION = frozenset(("miner_id", "wallet", "distributed_on"))
_SHORT = 6
"""Bytes of a cell that may be crossed out (`х`, `–`, `---`)."""


def may_be_totals(texts: Sequence[pa.Array]) -> Mask:
    """Rows in which two of taxpayer, wallet and day are empty or crossed out; a clean table has none."""
    lacking = np.zeros(len(texts[0]), np.int8)
    for name in OF_A_DISTRIBUTION:
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
        """Whether a cell says something that is no word of a total; a month in the place of the day is none."""
        text = self.text(name)
        if says_nothing(text) or TOTAL.search(text or ""):
            return False
        return name != "distributed_on" or not _is_span(text)

    def identifies(self, name: str) -> bool:
        """Whether a cell says something that could be a number, an address or a day: each has figures."""
        return any(map(str.isdigit, self.text(name) or ""))

    @property
    def is_numbered(self) -> bool:
        return (self.text("row_no") or "").strip(" .)").isdigit()

    @property
    def has_amounts(self) -> bool:
        return any(is_amount(self.text(name)) for name in AMOUNTS)


def without_words(text: str | None) -> str:
    """A text without the words of a total, which a miner's own name may hold as well."""
    return clean(TOTAL.sub(" ", text or "")).strip(" :–—-.")


def names_group(key: str, text: str | None, name: str) -> bool:
    """Whether the text of a total names the group that has `text`: `Итого по 940140000385`, `05.03.2025 Итог`."""
    of_group = without_words(text)
    if key == of_group or key.endswith(f" {of_group}") or key.startswith(f"{of_group} "):
        return True
    day = dates.parse(key).value if name == "distributed_on" else None
    return day is not None and dates.parse(text).value == day


def _is_span(text: str | None) -> bool:
    """Whether a text names a month or several days, and no day."""
    if dates.parse(text).value is not None:
        return False
    return period.parse(text).value is not None or len(dates.find_all(dates.fold(text or ""))) > 1
