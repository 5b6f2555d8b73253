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
    parts, last = [], 0
    for start, end in _cut(tokens, ticker) or ():
        if any(_party(token) for token in tokens[start + 1 : end]):
            return ()
        named = [party for token in tokens[last:start] if (party := _party(token))]
        parts.append(Part("".join(tokens[start:end]), named[-1] if named else ""))
        last = end
    return tuple(parts)


def _cut(tokens: list[str], ticker: str | None) -> tuple[tuple[int, int], ...] | None:
    """First and one past the last token of each address, as many as can be; None if there is no cut.

    A word may stand beside the addresses or begin one: `ltc` is Litecoin's ticker and the start of its addresses.
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
    return word in _MINER_WORDS | _POOL_WORDS | _WALLET_WORDS | _AND or _is_asset(token.strip(":"))


@cache
def _known() -> tuple[str, ...]:
    return tuple(dict.fromkeys(asset.ticker for asset in assets.assets()))


def _is_address(ticker: str | None, text: str) -> bool:
    tickers = _known() if ticker is None else (ticker,)
    return any(wallets.state_of(one, text) in _CHECKS for one in tickers)


@cache
def _is_asset(word: str) -> bool:
    return assets.resolve(word) is not None
