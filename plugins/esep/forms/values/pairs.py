"""Cells of columns 2, 3 and 5 that hold `miner; pool`, as their headings ("miner and pool") allow.

What the parts are decides where a cell is cut (see `wrapped`); a separator alone does only where a part is at fault,
so that the fault is told of the miner's part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from esep.forms.values.text import clean, same_name
from esep.forms.values.wrapped import Part, addresses_in, is_one_run, numbers_in

_ANY = re.compile(r"[;\n\r|/,]+|\s+(?:и|және|and)\s+")
_HARD = re.compile(r"[;|/,]+|\s+(?:и|және|and)\s+")
_STRONG = re.compile(r"[;|]+")
_LINES = re.compile(r"[\n\r]+")
_NAMES = (_STRONG, _LINES, re.compile(r"\s/\s"), re.compile(r"[/,]"), re.compile(r"\s+(?:и|және|and)\s+"))
_AROUND = " ;|/,\n\r\t"
_APOSTROPHES = "'’‘`´"


@dataclass(frozen=True, slots=True)
class MinerPart:
    """The miner's part of a cell; `index` is its place among the parts, None where the cell is one whole."""

    text: str
    index: int | None = None


def split_pair(text: str) -> tuple[str, ...]:
    """Parts of a cell of numbers or wallets, cleaned: cut at `;`, `/`, `,`, a line break or the word "and"."""
    return _parts(_ANY, text)


def _parts(separator: re.Pattern[str], text: str) -> tuple[str, ...]:
    if not separator.search(text):
        whole = clean(text)
        return (whole,) if whole else ()
    parts = (clean(part) for part in separator.split(text))
    return tuple(part for part in parts if part)


def _whole(text: str) -> str:
    """The cell as one: no separator at its end, no apostrophe that made it text."""
    bare = clean(text).strip(_AROUND)
    return (bare.lstrip(_APOSTROPHES) if sum(bare.count(mark) for mark in _APOSTROPHES) == 1 else bare) or clean(text)


def miner_of_ids(text: str, pool_id: str | None) -> MinerPart:
    """The miner's number in a cell of several: the one that is not the pool's, else the first of two.

    A cell that is no such list is returned as it is, without a separator at its end.
    """
    numbers = numbers_in(text)
    if len(numbers) == 1:
        return MinerPart(numbers[0].text)
    if numbers:
        chosen = _miner(numbers, pool_id)
        return MinerPart(_whole(text)) if chosen is None else MinerPart(numbers[chosen].text, chosen)
    parts = split_pair(text)
    if len(parts) != 2 or not all(re.search(r"[0-9]{6}", part) for part in parts):
        return MinerPart(_whole(text))
    index = 1 if pool_id and pool_id in parts[0] and pool_id not in parts[1] else 0
    return MinerPart(parts[index], index)


def _miner(parts: Sequence[Part], pool_id: str | None = None) -> int | None:
    """Place of the miner's part: the one so called, the only one that is not the pool's, the first of two."""
    called = [place for place, part in enumerate(parts) if part.party == "miner"]
    if len(called) == 1:
        return called[0]
    others = {part.text: place for place, part in reversed(list(enumerate(parts))) if part.party != "pool"}
    of_miner = [place for number, place in others.items() if number != pool_id]
    if len(of_miner) == 1:
        return of_miner[0]
    return 0 if len(parts) == 2 or len({part.text for part in parts}) == 1 else None


def miner_of_names(text: str, pool_names: tuple[str, ...], index: int | None = None) -> MinerPart:
    """The miner's name in a cell of several.

    Names hold commas, slashes and line breaks themselves, so a cut counts only where the other parts are a known name
    of the pool or the same name, or at `;` and line breaks when column 3 of the row is a pair too (`index` is the
    miner's place there).
    """
    for separator in _NAMES:
        parts = [part for part in map(clean, separator.split(text)) if part]
        if len(parts) < 2 or (separator is _LINES and not all(map(_is_closed, parts))):
            continue
        is_pool = [any(same_name(part, name) for name in pool_names) for part in parts]
        miners = [place for place, pool in enumerate(is_pool) if not pool]
        if len(miners) == 1 or all(same_name(part, parts[0]) for part in parts):
            place = miners[0] if miners else 0
            return MinerPart(_whole(parts[place]), place)
        if separator in (_STRONG, _LINES) and index is not None and len(parts) == 2:
            return MinerPart(_whole(parts[index]), index)
    return MinerPart(_whole(text))


def _is_closed(name: str) -> bool:
    """Whether each quotation mark of a part has its fellow: a line break inside quotes is no cut."""
    pairs = (("«", "»"), ("“", "”"), ("(", ")"))
    return all(name.count(first) == name.count(last) for first, last in pairs) and name.count('"') % 2 == 0


def miner_of_wallets(text: str, index: int | None = None, ticker: str | None = None) -> MinerPart:
    """The miner's wallet in a cell of two: at `index` (the miner's place in column 3), else the first.

    `ticker`, the asset of the row, tells what an address is; without one, that of any asset.
    """
    if is_one_run(text):
        return MinerPart(text)
    addresses = addresses_in(text, ticker)
    if len(addresses) == 1:
        return MinerPart(addresses[0].text)
    if addresses:
        called = _miner(addresses) if any(part.party for part in addresses) else None
        place = called if called is not None else index or 0
        one = len({part.text for part in addresses}) == 1
        return MinerPart(addresses[place].text, place) if one or len(addresses) == 2 else MinerPart(_whole(text))
    return _of_faulty_wallets(text, index, ticker)


def _of_faulty_wallets(text: str, index: int | None, ticker: str | None) -> MinerPart:
    """Where not all of a cell are addresses. A line break cuts only if a line is an address by itself."""
    parts = _parts(_HARD, text)
    if len(parts) == 1:
        lines = _parts(_LINES, text)
        if len(lines) == 2 and any(len(addresses_in(line, ticker)) == 1 for line in lines):
            parts = lines
    if len(parts) != 2:
        return MinerPart(_whole(text))
    place = 0 if index is None else index
    return MinerPart(parts[place], place)
