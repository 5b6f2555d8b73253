"""Addresses written in the letters of Bech32: segregated witness, and CashAddr of Bitcoin Cash.

Segregated-witness addresses are Bech32 (BIP-173) for version 0, Bech32m (BIP-350) for later versions. CashAddr has a
40-bit checksum and a version byte that tells the hash's size.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(CHARSET)}
_MAX_LENGTH = 90
_CHECKSUM_LENGTH = 6
_BECH32 = 1
_BECH32M = 0x2BC830A3
_CASH_PREFIX = "bitcoincash"
_CASH_CHECKSUM_LENGTH = 8
_CASH_HASH_BYTES = (20, 24, 28, 32, 40, 48, 56, 64)


class _Code(NamedTuple):
    """A checksum code: for each five-bit value the generators of its bits, added up (XOR), and the bits below them."""

    table: tuple[int, ...]
    low_bits: int

    def state(self, values: Iterable[int], state: int = 1) -> int:
        """The state after further five-bit values."""
        table, low_bits = self
        low = (1 << low_bits) - 1
        for value in values:
            state = (state & low) << 5 ^ value ^ table[state >> low_bits]
        return state


def _code(low_bits: int, *generators: int) -> _Code:
    table = []
    for top in range(32):
        value = 0
        for bit, generator in enumerate(generators):
            if top >> bit & 1:
                value ^= generator
        table.append(value)
    return _Code(tuple(table), low_bits)


_WITNESS = _code(25, 0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASH = _code(35, 0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def witness(prefix: str, text: str) -> tuple[int, int] | None:
    """Version and length in bytes of the witness program of a well-formed text; None where the form is wrong.

    The checksum is not part of the form: see witness_holds. `text` begins with `prefix` and `1`.
    """
    values = _witness_values(prefix, text)
    if values is None or len(values) <= _CHECKSUM_LENGTH:
        return None
    version, program = values[0], values[1:-_CHECKSUM_LENGTH]
    length = _byte_length(program)
    if version > 16 or length is None or not 2 <= length <= 40 or (version == 0 and length not in (20, 32)):
        return None
    return version, length


def witness_holds(prefix: str, text: str) -> bool:
    """Whether the checksum fits prefix and data, with the constant of the witness version."""
    values = _witness_values(prefix, text)
    if not values:
        return False
    return _WITNESS.state(values, _witness_state(prefix)) == (_BECH32 if values[0] == 0 else _BECH32M)


def cash_values(text: str) -> list[int] | None:
    """Five-bit values of a CashAddr after its optional prefix; None for wrong letters, mixed case, size or version."""
    values = _values(text, f"{_CASH_PREFIX}:")
    payload = values[:-_CASH_CHECKSUM_LENGTH] if values else []
    if len(payload) < 2:
        return None
    version = payload[0] << 3 | payload[1] >> 2
    # Bit 7 is reserved; bits 3-6 tell the kind of address, bits 0-2 the size of the hash.
    if version & 0x80 or _byte_length(payload) != 1 + _CASH_HASH_BYTES[version & 7]:
        return None
    return values


def cash_holds(values: list[int]) -> bool:
    """Whether the values of a CashAddr end in their checksum."""
    return _CASH.state(values, _cash_state()) == 1


def _witness_values(prefix: str, text: str) -> list[int] | None:
    if len(text) > _MAX_LENGTH or not text.lower().startswith(f"{prefix}1"):
        return None
    return _values(text, f"{prefix}1")


def _values(text: str, prefix: str) -> list[int] | None:
    """Five-bit values after the prefix; None for mixed case or a foreign character."""
    if text not in (text.lower(), text.upper()):
        return None
    try:
        return [_VALUES[character] for character in text.lower().removeprefix(prefix)]
    except KeyError:
        return None


def _byte_length(values: list[int]) -> int | None:
    """Bytes held by five-bit values; None if more than four bits are left over or one of them is not zero."""
    left_over = len(values) * 5 % 8
    if left_over > 4 or (values and values[-1] & ((1 << left_over) - 1)):
        return None
    return len(values) * 5 // 8


@cache
def _witness_state(prefix: str) -> int:
    return _WITNESS.state((*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)))


@cache
def _cash_state() -> int:
    return _CASH.state((*(ord(character) & 31 for character in _CASH_PREFIX), 0))
