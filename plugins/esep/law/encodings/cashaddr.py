"""CashAddr of Bitcoin Cash: Bech32's letters with a 40-bit checksum and a version byte that tells the hash's size."""

from __future__ import annotations

from functools import cache

from esep.law.encodings.bech32 import VALUES, byte_length, combined_generators

PREFIX = "bitcoincash"
CHECKSUM_LENGTH = 8
_GENERATORS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_TABLE = combined_generators(_GENERATORS)
_HASH_BYTES = (20, 24, 28, 32, 40, 48, 56, 64)


def values_of(text: str) -> list[int] | None:
    """Five-bit values after the optional prefix; None where the form is wrong (letters, mixed case, size, version)."""
    if text != text.lower():
        if text != text.upper():
            return None
        text = text.lower()
    try:
        values = [VALUES[character] for character in text.removeprefix(f"{PREFIX}:")]
    except KeyError:
        return None
    payload = values[:-CHECKSUM_LENGTH]
    if len(payload) < 2:
        return None
    version = payload[0] << 3 | payload[1] >> 2
    # Bit 7 is reserved; bits 3-6 tell the kind of address, bits 0-2 the size of the hash.
    if version & 0x80 or byte_length(payload) != 1 + _HASH_BYTES[version & 7]:
        return None
    return values


def checksum_holds(values: list[int]) -> bool:
    """Whether the values end in their checksum."""
    state = _prefix_state()
    for value in values:
        state = (state & 0x07FFFFFFFF) << 5 ^ value ^ _TABLE[state >> 35]
    return state == 1


@cache
def _prefix_state() -> int:
    state = 1
    for value in (*(ord(character) & 31 for character in PREFIX), 0):
        state = (state & 0x07FFFFFFFF) << 5 ^ value ^ _TABLE[state >> 35]
    return state
