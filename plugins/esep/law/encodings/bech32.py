"""Segregated-witness addresses: Bech32 (BIP-173) for version 0, Bech32m (BIP-350) for later versions."""

from __future__ import annotations

from functools import cache

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
VALUES = {character: value for value, character in enumerate(CHARSET)}
MAX_LENGTH = 90
CHECKSUM_LENGTH = 6
_BECH32 = 1
_BECH32M = 0x2BC830A3
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def combined_generators(generators: tuple[int, ...]) -> tuple[int, ...]:
    """For each five-bit value the generators of its bits, added up (XOR): one look-up for each step of a checksum."""
    table = []
    for top in range(32):
        value = 0
        for bit, generator in enumerate(generators):
            if top >> bit & 1:
                value ^= generator
        table.append(value)
    return tuple(table)


_TABLE = combined_generators(_GENERATORS)


def witness(prefix: str, text: str) -> tuple[int, int] | None:
    """Version and length in bytes of the witness program of a well-formed text; None where the form is wrong.

    The checksum is not part of the form: see checksum_holds. `text` begins with `prefix` and `1`.
    """
    values = _values(prefix, text)
    if values is None or len(values) <= CHECKSUM_LENGTH:
        return None
    version, program = values[0], values[1:-CHECKSUM_LENGTH]
    length = byte_length(program)
    if version > 16 or length is None or not 2 <= length <= 40 or (version == 0 and length not in (20, 32)):
        return None
    return version, length


def checksum_holds(prefix: str, text: str) -> bool:
    """Whether the checksum fits prefix and data, with the constant of the witness version."""
    values = _values(prefix, text)
    if not values:
        return False
    state = _prefix_state(prefix)
    for value in values:
        state = (state & 0x1FFFFFF) << 5 ^ value ^ _TABLE[state >> 25]
    return state == (_BECH32 if values[0] == 0 else _BECH32M)


def byte_length(values: list[int]) -> int | None:
    """Bytes held by five-bit values; None if more than four bits are left over or one of them is not zero."""
    left_over = len(values) * 5 % 8
    if left_over > 4 or (values and values[-1] & ((1 << left_over) - 1)):
        return None
    return len(values) * 5 // 8


def _values(prefix: str, text: str) -> list[int] | None:
    """Five-bit values after the prefix; None for mixed case, a foreign character or too long a text."""
    if len(text) > MAX_LENGTH:
        return None
    if text != text.lower():
        if text != text.upper():
            return None
        text = text.lower()
    if not text.startswith(f"{prefix}1"):
        return None
    try:
        return [VALUES[character] for character in text[len(prefix) + 1 :]]
    except KeyError:
        return None


@cache
def _prefix_state(prefix: str) -> int:
    state = 1
    for value in (*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)):
        state = (state & 0x1FFFFFF) << 5 ^ value ^ _TABLE[state >> 25]
    return state
