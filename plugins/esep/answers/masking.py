"""Personal data as a reader without the right to them sees it: enough to tell rows apart, too little to name a person."""

from __future__ import annotations

from esep.law import identifiers

HIDDEN = "•••"


def is_person(taxpayer_id: str | None) -> bool:
    """Whether a number may be a person's: everything that is no valid BIN, so that a mistyped IIN is hidden too."""
    return taxpayer_id is not None and not identifiers.is_bin(taxpayer_id)


def masked_taxpayer(taxpayer_id: str | None, name: str | None) -> tuple[str | None, str | None]:
    """Number and name: a legal person's as they are; of others the first and last two signs, and no name."""
    if not is_person(taxpayer_id):
        return taxpayer_id, name if taxpayer_id is not None else _hidden(name)
    return _ends(taxpayer_id, 2), _hidden(name)


def masked_wallet(wallet: str | None) -> str | None:
    """The first and the last four signs of an address."""
    return _ends(wallet, 4)


def _ends(value: str | None, kept: int) -> str | None:
    if value is None:
        return None
    return f"{value[:kept]}{HIDDEN}{value[-kept:]}" if len(value) >= 4 * kept else HIDDEN


def _hidden(value: str | None) -> str | None:
    return None if value is None else HIDDEN
