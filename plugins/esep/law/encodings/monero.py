"""Monero addresses: Base58 in blocks of eight bytes, four bytes of Keccak-256 at the end."""

from __future__ import annotations

from esep.law.encodings.base58 import VALUES

NETWORK_BYTES = {95: (18, 42), 106: (19,)}
"""First byte by the length of the text: standard and subaddress, integrated address (main network)."""
CHECKSUM_BYTES = 4
_BLOCK = 11
_BYTES_OF_BLOCK = {7: 5, 11: 8}
"""Texts of these lengths end with a block of seven characters."""


def decode(text: str) -> bytes | None:
    """The bytes of an address of such a length; None for a foreign character or too large a block."""
    raw = b""
    for start in range(0, len(text), _BLOCK):
        block = text[start : start + _BLOCK]
        size = _BYTES_OF_BLOCK[len(block)]
        number = 0
        try:
            for character in block:
                number = number * 58 + VALUES[character]
        except KeyError:
            return None
        if number >= 1 << 8 * size:
            return None
        raw += number.to_bytes(size, "big")
    return raw
