"""Digital assets: from what a cell says to a ticker, and what the law says of a ticker on a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from esep.law import tables

MAX_LENGTH = 200
"""No name of an asset is longer; what comes after is not looked at."""
_LATIN_FOR_CYRILLIC = str.maketrans("авсенкмортхуі", "abcehkmoptxyi")
_NOT_LETTERS = re.compile(r"[\W_]+")
_PARTS = re.compile(r"[()\[\]/,;|]|\s[-–—]\s")
_NOISE = re.compile(
    r"\b(?:криптовалют[а-я]*|криптоактив\w*|валют[а-яі]*|монет[а-я]*|токен\w*|цифров[а-я]+ актив[а-я]*|"
    r"цифрлық актив\w*|(?:crypto)?currency|cryptocurrency|digital asset|token)\b",
    re.IGNORECASE,
)
"""Words that only say that an asset is an asset."""
_SYMBOLS = str.maketrans({"₿": " btc ", "Ξ": " eth ", "Ð": " doge ", "Ł": " ltc "})


@dataclass(frozen=True, slots=True)
class Asset:
    """One row of asset.csv. `decimals` is the number of decimals of the smallest unit."""

    ticker: str
    asset_class: str
    decimals: int
    valid_from: date
    valid_to: date | None
    source: str


@lru_cache(maxsize=1000)
def resolve(text: str | None) -> str | None:
    """The ticker meant by a ticker or a name in English, Russian or Kazakh; None when it is not on the list.

    Letter case, spaces, hyphens and quotes do not matter. `Bitcoin (BTC)` is read when all its parts mean one asset.
    A name typed with letters of another alphabet of the same look is read as well (see `is_lookalike`).
    """
    return _resolve(text, _lookup) or _resolve(text, _lookup_by_look)


def is_lookalike(text: str | None) -> bool:
    """Whether a text names an asset only if letters of the same look count as one: `ВТС` in Cyrillic letters."""
    return _resolve(text, _lookup) is None and _resolve(text, _lookup_by_look) is not None


def _resolve(text: str | None, lookup: Callable[[str], str | None]) -> str | None:
    if not text:
        return None
    for reading in _readings(text[:MAX_LENGTH]):
        tickers = {lookup(part) for part in reading}
        if len(tickers) == 1 and None not in tickers:
            return tickers.pop()
    return None


def in_force(ticker: str, day: date) -> Asset | None:
    """The asset's row valid on `day`; None when the ticker is not on the list that day."""
    for asset in assets():
        if asset.ticker == ticker and asset.valid_from <= day and (asset.valid_to is None or day <= asset.valid_to):
            return asset
    return None


def on_price_list(ticker: str, day: date) -> bool:
    """Whether the asset is on the official price list of `day`, the day of receipt; ETH never was.

    Only what is on it has a value in tenge, whatever prices a file holds (Finance order № 172, facts section 4).
    """
    return any(tables.in_force(row, day) for row in _on_price_list().get(ticker, ()))


@cache
def assets() -> tuple[Asset, ...]:
    """All rows of asset.csv, in file order."""
    return tuple(Asset(**row) for row in tables.read("asset"))


@cache
def _on_price_list() -> dict[str, list[dict[str, Any]]]:
    spans: dict[str, list[dict[str, Any]]] = {}
    for row in tables.read("price_list"):
        spans.setdefault(row["ticker"], []).append(row)
    return spans


def _readings(text: str) -> Iterator[list[str]]:
    """Ways to take a text apart: whole, without words of no meaning, at brackets, ticker before or after the name."""
    yield [text]
    text = _NOISE.sub(" ", text)
    parts = [part for part in _PARTS.split(text) if _key(part)]
    yield parts
    if len(parts) == 1:
        first, _, after = parts[0].strip().partition(" ")
        before, _, last = parts[0].strip().rpartition(" ")
        yield [first, after]
        yield [before, last]


def _lookup(text: str) -> str | None:
    return _tickers_by_key().get(_key(text))


def _lookup_by_look(text: str) -> str | None:
    return _tickers_by_look().get(_key(text).translate(_LATIN_FOR_CYRILLIC))


@cache
def _tickers_by_look() -> dict[str, str]:
    """Names by their look; one that would mean two assets is left out."""
    meanings: dict[str, set[str]] = {}
    for key, ticker in _tickers_by_key().items():
        meanings.setdefault(key.translate(_LATIN_FOR_CYRILLIC), set()).add(ticker)
    return {look: tickers.pop() for look, tickers in meanings.items() if len(tickers) == 1}


def _key(text: str) -> str:
    """Letters and digits only, case folded, so that spelling habits do not matter."""
    folded = unicodedata.normalize("NFKC", text.translate(_SYMBOLS)).casefold().replace("ё", "е")
    return _NOT_LETTERS.sub("", folded)


@cache
def _tickers_by_key() -> dict[str, str]:
    """Raises TableError when an alias means two assets or one that asset.csv does not know."""
    known = {asset.ticker for asset in assets()}
    by_key = {_key(ticker): ticker for ticker in known}
    for row in tables.read("asset_alias"):
        ticker, key = row["ticker"], _key(row["alias"])
        if ticker not in known:
            raise tables.TableError(f"asset_alias.csv: {row['alias']} names {ticker}, which asset.csv does not hold")
        if by_key.setdefault(key, ticker) != ticker:
            raise tables.TableError(f"asset_alias.csv: {row['alias']} means both {by_key[key]} and {ticker}")
    return by_key
