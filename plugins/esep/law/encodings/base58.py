"""Base58: of Bitcoin and its relatives as one number with a checksum, of Monero in blocks.

Base58Check is a big-endian number in base 58 with four bytes of double SHA-256 at the end. Monero writes blocks of
eight bytes, four bytes of Keccak-256 at the end.
"""

from __future__ import annotations

from hashlib import sha256

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
CHECKSUM_BYTES = 4
MONERO_NETWORK_BYTES = {95: (18, 42), 106: (19,)}
"""First byte by the length of the text: standard and subaddress, integrated address (main network)."""
_BLOCK = 11
_BYTES_OF_BLOCK = {7: 5, 11: 8}
"""Texts of those lengths end with a block of seven characters."""


def decode(text: str) -> bytes | None:
    """The bytes a Base58 text stands for, each leading `1` a zero byte; None if a character is foreign to it."""
    number = _number(text)
    if number is None:
        return None
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def checksum_holds(raw: bytes) -> bool:
    """Whether the last four bytes are the double SHA-256 of those before them."""
    return sha256(sha256(raw[:-CHECKSUM_BYTES]).digest()).digest()[:CHECKSUM_BYTES] == raw[-CHECKSUM_BYTES:]


def decode_monero(text: str) -> bytes | None:
    """The bytes of an address of such a length; None for a foreign character or too large a block."""
    raw = b""
    for start in range(0, len(text), _BLOCK):
        block = text[start : start + _BLOCK]
        size, number = _BYTES_OF_BLOCK[len(block)], _number(block)
        if number is None or number >= 1 << 8 * size:
            return None
        raw += number.to_bytes(size, "big")
    return raw


def _number(text: str) -> int | None:
    number = 0
    try:
        for character in text:
            number = number * 58 + _VALUES[character]
    except KeyError:
        return None
    return number
