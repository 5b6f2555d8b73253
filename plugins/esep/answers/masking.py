"""Personal data as a viewer of the pages sees them: shortened beyond use, but still telling rows of a page apart.

Operators see all in full. The masked snapshot is another matter (warehouse.masked): it is given away, so it has
pseudonyms that only a secret could undo.
"""

from __future__ import annotations

import re

from esep.law import assets
from esep.law.identifiers import is_bin
from esep.warehouse.masked_values import is_organisation

DOT = "•"
_SHOWN = 2
_WALLET_SHOWN = 4
HIDDEN = DOT * 3
_NUMBER_OR_DAY = re.compile(r"[-−+]?\d[\d \u00a0\u202f.,:eE+-]{0,40}")
_MOST_DIGITS = 10
"""Of a whole number: one with more may be an IIN in the wrong column."""


def is_person(taxpayer_id: str | None) -> bool:
    """Whether the number may be a person's: an IIN, or anything that is no faultless BIN."""
    return taxpayer_id is not None and not is_bin(taxpayer_id)


def masked_taxpayer(taxpayer_id: str | None, name: str | None) -> tuple[str | None, str | None]:
    """(number, name) as a viewer sees them: `06••••••••12` and initials; a BIN and its organisation as they are.

    A name beside a BIN that is not an organisation's becomes initials, too. None stays None.
    """
    if taxpayer_id is None or is_person(taxpayer_id):
        return _shortened(taxpayer_id, _SHOWN), _initials(name)
    return taxpayer_id, name if name is None or is_organisation(name) else _initials(name)


def masked_wallet(wallet: str | None) -> str | None:
    """The first and the last four characters of an address: `bc1q…f3t4`. None stays None."""
    if wallet is None:
        return None
    if len(wallet) <= 3 * _WALLET_SHOWN:
        return HIDDEN
    return f"{wallet[:_WALLET_SHOWN]}…{wallet[-_WALLET_SHOWN:]}"


def _shortened(text: str | None, shown: int) -> str | None:
    if text is None:
        return None
    if len(text) <= 3 * shown:
        return DOT * len(text)
    return text[:shown] + DOT * (len(text) - 2 * shown) + text[-shown:]


def _initials(name: str | None) -> str | None:
    """`А. Ә.` of the capitalised words; three dots where there are none."""
    if name is None:
        return None
    letters = [word[0] for word in name.split() if word[0].isalpha() and word[0].isupper() and not word.isupper()]
    return " ".join(f"{letter}." for letter in letters) or HIDDEN


def is_impersonal(value: str | None) -> bool:
    """Whether a cell's text can be nothing of a person: a number, a day, a known asset, or nothing at all."""
    if value is None or assets.resolve(value) is not None:
        return True
    whole = re.split(r"[.,]", value, maxsplit=1)[0]
    return bool(_NUMBER_OR_DAY.fullmatch(value)) and sum(sign.isdigit() for sign in whole) <= _MOST_DIGITS
