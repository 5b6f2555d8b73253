"""Texts that mean the same thing under one key: wallets, licence numbers, names."""

from __future__ import annotations

import re

from esep.forms.values.text import normalise_name

_ANY_CASE = re.compile(r"(?:0x)?[0-9a-f]+|(?:bc1|ltc1|zs1|u1|bitcoincash:)[0-9a-z]+", re.IGNORECASE)
"""Hexadecimal, Bech32 and CashAddr: addresses in which letter case does not tell wallets apart."""
_SHORTEST_ADDRESS = 20
_BITCOIN_CASH = "bitcoincash:"
_NO_SIGN = re.compile(r"[\W_]+")
_LATIN_FOR_CYRILLIC = str.maketrans("АВЕКМНОРСТУХІ", "ABEKMHOPCTYXI")


def wallet_key(address: str) -> str:
    """The address as it is compared: case kept only where it matters (Base58), without the prefix `bitcoincash:`.

    Empty for a text too short to be an address of any asset.
    """
    if len(address) < _SHORTEST_ADDRESS:
        return ""
    key = address.lower() if _ANY_CASE.fullmatch(address) else address
    return key.removeprefix(_BITCOIN_CASH)


def licence_key(number: str) -> str:
    """The number as it is compared: capital letters and figures only, Cyrillic letters as the Latin ones they resemble.

    `KZ-12 345` and `kz12345` are one number.
    """
    return _NO_SIGN.sub("", number).upper().translate(_LATIN_FOR_CYRILLIC)


def name_key(name: str) -> str:
    """The name without case, quotes, punctuation and legal form; empty if nothing is left."""
    return normalise_name(name)
