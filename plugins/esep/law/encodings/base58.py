"""Base58Check of Bitcoin and its relatives: big-endian number in base 58, four bytes of double SHA-256 at the end."""

from __future__ import annotations

from hashlib import sha256

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
CHECKSUM_BYTES = 4


def decode(text: str) -> bytes | None:
    """The bytes a Base58 text stands for, each leading `1` a zero byte; None if a character is foreign to it."""
    number = 0
    try:
        for character in text:
            number = number * 58 + VALUES[character]
    except KeyError:
        return None
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def checksum_holds(raw: bytes) -> bool:
    """Whether the last four bytes are the double SHA-256 of those before them."""
    return sha256(sha256(raw[:-CHECKSUM_BYTES]).digest()).digest()[:CHECKSUM_BYTES] == raw[-CHECKSUM_BYTES:]
