"""Cells of columns 2, 3 and 5 that hold `miner; pool`, as their headings ("miner and pool") allow."""

from __future__ import annotations

import re
from dataclasses import dataclass

from esep.forms.values.text import clean, same_name

_STRONG = re.compile(r"[;\n\r|]+")
_ANY = re.compile(r"[;\n\r|/,]+|\s+(?:и|және|and)\s+")
_NAMES = (_STRONG, re.compile(r"\s/\s"), re.compile(r"[/,]"), re.compile(r"\s+(?:и|және|and)\s+"))


@dataclass(frozen=True, slots=True)
class MinerPart:
    """The miner's part of a cell; `index` is its place among the parts, None where the cell is one whole."""

    text: str
    index: int | None = None


def split_pair(text: str) -> tuple[str, ...]:
    """Parts of a cell of numbers or wallets, cleaned: cut at `;`, `/`, `,`, a line break or the word "and"."""
    if not _ANY.search(text):
        whole = clean(text)
        return (whole,) if whole else ()
    parts = (clean(part) for part in _ANY.split(text))
    return tuple(part for part in parts if part)


def miner_of_ids(text: str, pool_id: str | None) -> MinerPart:
    """The miner's number in a cell of two: the one that is not the pool's, else the first.

    A cell that is not a pair of numbers is returned as it is.
    """
    parts = split_pair(text)
    if len(parts) != 2 or not all(re.search(r"[0-9]{6}", part) for part in parts):
        return MinerPart(clean(text))
    index = 1 if pool_id and pool_id in parts[0] and pool_id not in parts[1] else 0
    return MinerPart(parts[index], index)


def miner_of_names(text: str, pool_names: tuple[str, ...], index: int | None = None) -> MinerPart:
    """The miner's name in a cell of two names.

    Names hold commas and slashes themselves, so a cut counts only where one part is a known name of the pool, or at
    `;` and line breaks when column 3 of the row is a pair too (`index` is the miner's place there).
    """
    for separator in _NAMES:
        parts = [clean(part) for part in separator.split(text)]
        if len(parts) != 2 or not all(parts):
            continue
        pools = [any(same_name(part, name) for name in pool_names) for part in parts]
        if pools[0] != pools[1]:
            miner = pools.index(False)
            return MinerPart(parts[miner], miner)
        if separator is _STRONG and index is not None:
            return MinerPart(parts[index], index)
    return MinerPart(clean(text))


def miner_of_wallets(text: str, index: int | None = None) -> MinerPart:
    """The miner's wallet in a cell of two: at `index` (the miner's place in column 3), else the first."""
    parts = split_pair(text)
    if len(parts) != 2:
        return MinerPart(clean(text))
    place = 0 if index is None else index
    return MinerPart(parts[place], place)
