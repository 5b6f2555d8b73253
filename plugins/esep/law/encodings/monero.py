"""Monero addresses: Base58 in blocks of eight bytes, four bytes of Keccak-256 at the end."""

from __future__ import annotations

from esep.law.encodings.base58 import VALUES

NETWORK_BYTES = {95: (18, 42), 106: (19,)}
"""First byte by the length of the text: standard and subaddress, integrated address (main network)."""
CHECKSUM_BYTES = 4
_BLOCK = 11
_BYTES_OF_BLOCK = {2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}


def decode(text: str) -> bytes | None:
    """The bytes of an address; None for a foreign character, a block of impossible length or too large a block."""
    raw = b""
    for start in range(0, len(text), _BLOCK):
        block = text[start : start + _BLOCK]
        size = _BYTES_OF_BLOCK.get(len(block))
        number = 0
        try:
            for character in block:
                number = number * 58 + VALUES[character]
        except KeyError:
            return None
        if size is None or number >= 1 << 8 * size:
            return None
        raw += number.to_bytes(size, "big")
    return raw
