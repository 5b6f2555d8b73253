"""Cells of columns 2, 3 and 5, which may hold `miner; pool`, as their headings ("miner and pool") allow.

A cell is wrapped (line break, spaces, hyphens, invisible signs inside one number or address), ends with a separator,
or holds two parties. Where it is cut is decided by what the parts are: twelve digits are a BIN or IIN; an address is
what checks as one for the asset of its row. A separator alone decides only where a part is at fault, so that the fault
is reported of the miner's part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from esep.forms.values.text import clean, same_name
from esep.law import assets, identifiers, wallets
from esep.law.encodings import CASH_PREFIX

_DIGITS = re.compile(r"[0-9]+")
_TWELVE = 12
_RUN_TOGETHER = re.compile(r"(?<![0-9])(?:[0-9]{12}){2,3}(?![0-9])")
_LABELS = frozenset("бсн жсн бин иин bin iin".split())  # noqa: SIM905
_AND = frozenset("и және and".split())  # noqa: SIM905
_MINER_WORDS = frozenset("майнер майнердің майнера miner".split())  # noqa: SIM905
_POOL_WORDS = frozenset("пул пулдың пула pool".split())  # noqa: SIM905
_WALLET_WORDS = frozenset(
    "адрес мекен жай жайы мекенжай мекенжайы кошелек кошелёк кошелька әмиян әмияны wallet address".split()  # noqa: SIM905
)
_BESIDE_NUMBERS = _LABELS | _AND | _MINER_WORDS | _POOL_WORDS
_WORD = re.compile(r"[^\W\d_]+")
_SOFT = re.compile(r"[\s\-\u2010-\u2014\u2212.,'’]+")
"""What may be inside one number, if its check digit then holds."""
_BLANK = re.compile(r"\s+")
_MOST_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One number, name or address of a cell."""

    text: str
    party: str = ""
    """Whose it is where a word beside it says so: `miner`, `pool` or empty."""
    index: int | None = None
    """Of a miner's part: its place among the parts; None where the cell is one whole."""


def numbers_in(text: str) -> tuple[Part, ...]:
    """The numbers of twelve digits that the cell consists of, in order; empty where it is anything else.

    `940140 000385` is one number, `940140000385 230640000018` two. Labels (БСН, БИН) and the words miner and pool may
    be beside them.
    """
    plain = _RUN_TOGETHER.sub(_separated, clean(text))
    groups, between = _DIGITS.findall(plain), _DIGITS.split(plain)
    words = [_WORD.findall(marks.casefold()) for marks in between]
    if not groups or not _BESIDE_NUMBERS.issuperset(chain.from_iterable(words)):
        return ()
    numbers: list[str] = []
    gaps: list[list[str]] = []
    digits, is_soft, has_marks = "", True, False
    for place, group in enumerate(groups):
        if digits:
            is_soft = is_soft and bool(_SOFT.fullmatch(between[place]))
            has_marks = has_marks or not _BLANK.fullmatch(between[place])
        else:
            gaps.append(words[place])
            is_soft, has_marks = True, False
        digits += group
        if len(digits) < _TWELVE:
            continue
        checks = identifiers.state_of(digits) is identifiers.IdentifierState.OK
        if len(digits) > _TWELVE or not is_soft or (has_marks and not checks):
            return ()
        numbers.append(digits)
        digits = ""
    parties = _parties([*gaps, words[-1]], text)
    return () if digits else tuple(map(Part, numbers, parties))


_PARTY = "|".join(sorted(_MINER_WORDS | _POOL_WORDS, key=len, reverse=True))
_SEPARATED_BEFORE = re.compile(rf"[;,|/\n\r]\W*(?:{_PARTY})\b|(?:{_PARTY})\s*:", re.IGNORECASE)
_SEPARATED_AFTER = re.compile(rf"(?:{_PARTY})\s*[)\];,|/\n\r]", re.IGNORECASE)


def _parties(gaps: Sequence[Sequence[str]], text: str) -> list[str]:
    """Whose each part is, from the words before the first part, between the parts and after the last.

    The words come before their parts (`miner: A, pool: B`) or after them (`A (miner), B (pool)`): those beside the
    first and the last part decide which; of a word between parts only, the separator on one side of it.
    """
    found = [[party for word in gap if (party := _party(word))] for gap in gaps]
    before = [gap[-1] if gap else "" for gap in found[:-1]]
    after = [gap[0] if gap else "" for gap in found[1:]]
    if found[0] or found[-1]:
        return before if found[0] else after
    is_before, is_after = bool(_SEPARATED_BEFORE.search(text)), bool(_SEPARATED_AFTER.search(text))
    if is_before == is_after:
        return [""] * len(before)
    return before if is_before else after


def _separated(run: re.Match[str]) -> str:
    """Numbers that an invisible sign kept apart, where each checks by itself."""
    numbers = [run[0][start : start + _TWELVE] for start in range(0, len(run[0]), _TWELVE)]
    checks = all(identifiers.state_of(number) is identifiers.IdentifierState.OK for number in numbers)
    return " ".join(numbers) if checks else run[0]


_TOKENS = re.compile(r"[\s;,|/()\[\]{}<>«»\"'’‘`“”\-\u2010-\u2014\u2212]+")
_PLAIN_ADDRESS = re.compile(rf"(?:{CASH_PREFIX}:(?=[qp]))?[0-9A-Za-z]+", re.IGNORECASE)
_COLON = re.compile(r":(?=[^\s:])")
_CHECKS = (wallets.WalletState.OK, wallets.WalletState.SHAPE_ONLY)


def is_one_run(text: str) -> bool:
    """Whether a cell is one run of letters and figures, in which there is nothing to join or to cut."""
    return _PLAIN_ADDRESS.fullmatch(text) is not None


def addresses_in(text: str, ticker: str | None) -> tuple[Part, ...]:
    """The addresses of the asset that the cell consists of, in order; empty where something of it is no address.

    The cell is cut into as many addresses as it can be: two on two lines are two, and a wrapped one, of whose pieces
    not each checks, is joined. Without a known asset an address of any will do.
    """
    tokens = [token.strip(".") for token in _TOKENS.split(_COLON.sub(": ", clean(text))) if token.strip(".")]
    if len(tokens) > _MOST_TOKENS:
        return ()
    cut = _cut(tokens, ticker) or ()
    if any(_party(token) for start, end in cut for token in tokens[start + 1 : end]):
        return ()
    ends = [0, *(end for _, end in cut)]
    starts = [*(start for start, _ in cut), len(tokens)]
    parties = _parties([tokens[end:start] for end, start in zip(ends, starts, strict=True)], text)
    return tuple(Part("".join(tokens[start:end]), party) for (start, end), party in zip(cut, parties, strict=True))


def _cut(tokens: list[str], ticker: str | None) -> tuple[tuple[int, int], ...] | None:
    """First and one past the last token of each address, as many as can be; None if there is no cut.

    A word, or a colon, may be beside addresses or in one: `ltc` is Litecoin's ticker and the start of its addresses.
    """
    best: list[tuple[tuple[int, int], ...] | None] = [None] * len(tokens) + [()]
    for start in range(len(tokens) - 1, -1, -1):
        cuts = [best[start + 1]] if _is_word(tokens[start]) else []
        joined = ""
        for end in range(start + 1, len(tokens) + 1):
            joined += tokens[end - 1]
            if len(joined) > wallets.MAX_LENGTH:
                break
            rest = best[end]
            if rest is not None and _is_address(ticker, joined):
                cuts.append(((start, end), *rest))
        best[start] = max((cut for cut in cuts if cut is not None), key=_preference, default=None)
    return best[0]


def _preference(cut: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """More addresses first, then fewer words left out."""
    return len(cut), sum(end - start for start, end in cut)


def _party(token: str) -> str:
    word = token.strip(":").casefold()
    return "miner" if word in _MINER_WORDS else "pool" if word in _POOL_WORDS else ""


def _is_word(token: str) -> bool:
    word = token.strip(":").casefold()
    return not word or word in _MINER_WORDS | _POOL_WORDS | _WALLET_WORDS | _AND or _is_asset(token.strip(":"))


@cache
def _known() -> tuple[str, ...]:
    return tuple(dict.fromkeys(asset.ticker for asset in assets.assets()))


def _is_address(ticker: str | None, text: str) -> bool:
    tickers = _known() if ticker is None else (ticker,)
    return any(wallets.state_of(one, text) in _CHECKS for one in tickers)


@cache
def _is_asset(word: str) -> bool:
    return assets.resolve(word) is not None


_ANY = re.compile(r"[;\n\r|/,]+|\s+(?:и|және|and)\s+")
_HARD = re.compile(r"[;|/,]+|\s+(?:и|және|and)\s+")
_STRONG = re.compile(r"[;|]+")
_LINES = re.compile(r"[\n\r]+")
_NAMES = (_STRONG, _LINES, re.compile(r"\s/\s"), re.compile(r"[/,]"), re.compile(r"\s+(?:и|және|and)\s+"))
_AROUND = " ;|/,\n\r\t"
_APOSTROPHES = "'’‘`´"


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


def miner_of_ids(text: str, pool_id: str | None) -> Part:
    """The miner's number in a cell of several: the one that is not the pool's, else the first of two.

    A cell that is no such list is returned as it is, without a separator at its end.
    """
    numbers = numbers_in(text)
    if len(numbers) == 1:
        return Part(numbers[0].text)
    if numbers:
        chosen = _miner(numbers, pool_id)
        return Part(_whole(text)) if chosen is None else Part(numbers[chosen].text, index=chosen)
    parts = split_pair(text)
    if len(parts) != 2 or not all(re.search(r"[0-9]{6}", part) for part in parts):
        return Part(_whole(text))
    index = 1 if pool_id and pool_id in parts[0] and pool_id not in parts[1] else 0
    return Part(parts[index], index=index)


def _miner(parts: Sequence[Part], pool_id: str | None = None) -> int | None:
    """Place of the miner's part: the one so called, the only one that is not the pool's, the first of two."""
    called = [place for place, part in enumerate(parts) if part.party == "miner"]
    if len(called) == 1:
        is_contradicted = parts[called[0]].text == pool_id and any(part.text != pool_id for part in parts)
        return None if is_contradicted else called[0]
    others = {part.text: place for place, part in reversed(list(enumerate(parts))) if part.party != "pool"}
    of_miner = [place for number, place in others.items() if number != pool_id]
    if len(of_miner) == 1:
        return of_miner[0]
    return 0 if len(parts) == 2 or len({part.text for part in parts}) == 1 else None


def miner_of_names(text: str, pool_names: tuple[str, ...], index: int | None = None) -> Part:
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
            return Part(_whole(parts[place]), index=place)
        if separator in (_STRONG, _LINES) and index is not None and len(parts) == 2:
            return Part(_whole(parts[index]), index=index)
    return Part(_whole(text))


def _is_closed(name: str) -> bool:
    """Whether each quotation mark of a part has its fellow: a line break inside quotes is no cut."""
    pairs = (("«", "»"), ("“", "”"), ("(", ")"))
    return all(name.count(first) == name.count(last) for first, last in pairs) and name.count('"') % 2 == 0


def miner_of_wallets(text: str, index: int | None = None, ticker: str | None = None) -> Part:
    """The miner's wallet in a cell of two: at `index` (the miner's place in column 3), else the first.

    `ticker`, the asset of the row, decides what an address is; without one, that of any asset.
    """
    if is_one_run(text):
        return Part(text)
    addresses = addresses_in(text, ticker)
    if len(addresses) == 1:
        return Part(addresses[0].text)
    if addresses:
        called = _miner(addresses) if any(part.party for part in addresses) else None
        place = called if called is not None else index or 0
        one = len({part.text for part in addresses}) == 1
        return Part(addresses[place].text, index=place) if one or len(addresses) == 2 else Part(_whole(text))
    return _of_faulty_wallets(text, index, ticker)


def _of_faulty_wallets(text: str, index: int | None, ticker: str | None) -> Part:
    """Where not all of a cell are addresses. A line break cuts only if a line is an address by itself."""
    parts = _parts(_HARD, text)
    if len(parts) == 1:
        lines = _parts(_LINES, text)
        if len(lines) == 2 and any(len(addresses_in(line, ticker)) == 1 for line in lines):
            parts = lines
    if len(parts) != 2:
        return Part(_whole(text))
    place = 0 if index is None else index
    return Part(parts[place], index=place)
