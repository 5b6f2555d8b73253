"""Numbers and wallet addresses in a cell, told apart and joined by what they are, never by a separator alone.

A cell is wrapped (line break, spaces, hyphens, invisible signs inside one number or address), ends with a separator,
or holds two parties. Twelve digits are a BIN or IIN; an address is what checks as one for the asset of its row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from esep.forms.values.text import clean
from esep.law import assets, identifiers, wallets

_DIGITS = re.compile(r"[0-9]+")
_TWELVE = 12
_RUN_TOGETHER = re.compile(r"(?<![0-9])(?:[0-9]{12}){2,3}(?![0-9])")
_LABELS = frozenset("бсн жсн бин иин bin iin".split())  # noqa: SIM905
_AND = frozenset("и және and".split())  # noqa: SIM905
_MINER_WORDS = frozenset("майнер майнердің майнера miner".split())  # noqa: SIM905
_POOL_WORDS = frozenset("пул пулдың пула pool".split())  # noqa: SIM905
_WALLET_WORDS = frozenset(
    "адрес мекенжай мекенжайы мекен-жайы кошелек кошелёк кошелька әмиян әмияны wallet address".split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]+")
_SOFT = re.compile(r"[\s\-\u2010-\u2014\u2212.,'’]+")
"""What may stand inside one number, if its check digit then holds."""
_BLANK = re.compile(r"\s+")
_MOST_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One number or address of a cell, and whose it is where a word before it says so: `miner`, `pool` or empty."""

    text: str
    party: str = ""


def numbers_in(text: str) -> tuple[Part, ...]:
    """The numbers of twelve digits that the cell consists of, in order; empty where it is anything else.

    `940140 000385` is one number, `940140000385 230640000018` two. Labels (БСН, БИН) and the words miner and pool may
    stand beside them.
    """
    groups, between = _taken_apart(clean(text))
    if not groups or any(words - _LABELS - _AND - _MINER_WORDS - _POOL_WORDS for words, _ in between):
        return ()
    parts: list[Part] = []
    digits, party, is_soft, has_marks = "", "", True, False
    for place, group in enumerate(groups):
        words, marks = between[place]
        if digits:
            is_soft = is_soft and not words and bool(_SOFT.fullmatch(marks))
            has_marks = has_marks or not _BLANK.fullmatch(marks)
        else:
            party = "miner" if words & _MINER_WORDS else "pool" if words & _POOL_WORDS else ""
            is_soft, has_marks = True, False
        digits += group
        if len(digits) < _TWELVE:
            continue
        checks = identifiers.state_of(digits) is identifiers.IdentifierState.OK
        if len(digits) > _TWELVE or not is_soft or (has_marks and not checks):
            return ()
        parts.append(Part(digits, party))
        digits = ""
    return () if digits else tuple(parts)


def _taken_apart(text: str) -> tuple[list[str], list[tuple[frozenset[str], str]]]:
    """Groups of digits, and before each (and after the last) its words and what else stands there."""
    text = _RUN_TOGETHER.sub(_told_apart, text)
    groups = _DIGITS.findall(text)
    between = [(frozenset(word.casefold() for word in _WORD.findall(piece)), piece) for piece in _DIGITS.split(text)]
    return groups, between


def _told_apart(run: re.Match[str]) -> str:
    """Numbers that an invisible sign kept apart, where each checks by itself."""
    numbers = [run[0][start : start + _TWELVE] for start in range(0, len(run[0]), _TWELVE)]
    checks = all(identifiers.state_of(number) is identifiers.IdentifierState.OK for number in numbers)
    return " ".join(numbers) if checks else run[0]


_TOKENS = re.compile(r"[\s;,|/()\[\]{}<>«»\"'’‘`“”\-\u2010-\u2014\u2212]+")
_PLAIN_ADDRESS = re.compile(r"[0-9A-Za-z:]+")
_CHECKS = (wallets.WalletState.OK, wallets.WalletState.SHAPE_ONLY)


def is_one_run(text: str) -> bool:
    """Whether a cell is one run of letters and figures, in which there is nothing to join or to cut."""
    return _PLAIN_ADDRESS.fullmatch(text) is not None


def addresses_in(text: str, ticker: str | None) -> tuple[Part, ...]:
    """The addresses of the asset that the cell consists of, in order; empty where something of it is no address.

    The cell is cut into as many addresses as it can be: two on two lines are two, and a wrapped one, of whose pieces
    not each checks, is joined. Without a known asset an address of any will do.
    """
    tokens = [token.strip(".") for token in _TOKENS.split(clean(text)) if token.strip(".:")]
    if len(tokens) > _MOST_TOKENS:
        return ()
    return _addresses([(token, "") for token in tokens], ticker) or _addresses(_without_labels(tokens), ticker)


def _without_labels(tokens: list[str]) -> list[tuple[str, str]]:
    """The pieces that are no words beside an address, each with the party that the word before it names."""
    pieces: list[tuple[str, str]] = []
    party = ""
    for token in tokens:
        word = token.strip(":").casefold()
        if word in _MINER_WORDS | _POOL_WORDS:
            party = "miner" if word in _MINER_WORDS else "pool"
        elif not (word in _WALLET_WORDS | _AND or _is_asset(token.strip(":"))):
            pieces.append((token, party))
            party = ""
    return pieces


def _addresses(pieces: list[tuple[str, str]], ticker: str | None) -> tuple[Part, ...]:
    counts = _cut(tuple(piece for piece, _ in pieces), ticker)
    if counts is None:
        return ()
    parts, start = [], 0
    for count in counts:
        group = pieces[start : start + count]
        if any(party for _, party in group[1:]):
            return ()
        parts.append(Part("".join(piece for piece, _ in group), group[0][1]))
        start += count
    return tuple(parts)


def _cut(pieces: tuple[str, ...], ticker: str | None) -> tuple[int, ...] | None:
    """How many pieces each address takes, in the finest cut whose parts all check; None if there is no such cut."""
    best: list[tuple[int, ...] | None] = [None] * len(pieces) + [()]
    for start in range(len(pieces) - 1, -1, -1):
        joined = ""
        for end in range(start + 1, len(pieces) + 1):
            joined += pieces[end - 1]
            rest = best[end]
            if len(joined) > wallets.MAX_LENGTH:
                break
            if rest is None or not _is_address(ticker, joined):
                continue
            known = best[start]
            if known is None or len(known) < len(rest) + 1:
                best[start] = (end - start, *rest)
    return best[0] if pieces else None


@cache
def _known() -> tuple[str, ...]:
    return tuple(dict.fromkeys(asset.ticker for asset in assets.assets()))


def _is_address(ticker: str | None, text: str) -> bool:
    tickers = _known() if ticker is None else (ticker,)
    return any(wallets.state_of(one, text) in _CHECKS for one in tickers)


@cache
def _is_asset(word: str) -> bool:
    return assets.resolve(word) is not None
