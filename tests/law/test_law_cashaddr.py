"""CashAddr against an encoder of its own: the version byte, the size of the hash, and the checksum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.law import encodings

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
SIZES = (20, 24, 28, 32, 40, 48, 56, 64)


def polymod(values: list[int]) -> int:
    """The checksum as the specification writes it, bit by bit."""
    state = 1
    for value in values:
        top = state >> 35
        state = (state & 0x07FFFFFFFF) << 5 ^ value
        for bit, generator in enumerate(GENERATORS):
            if top >> bit & 1:
                state ^= generator
    return state ^ 1


def address(version: int, body: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in (version, *body))
    bits += "0" * (-len(bits) % 5)
    payload = [int(bits[place : place + 5], 2) for place in range(0, len(bits), 5)]
    prefix = [ord(letter) & 31 for letter in "bitcoincash"] + [0]
    checksum = polymod([*prefix, *payload, *[0] * 8])
    return "".join(LETTERS[value] for value in [*payload, *(checksum >> 5 * (7 - n) & 31 for n in range(8))])


def is_address(text: str) -> bool:
    return bool(encodings.cash_holds(text))


@given(st.sampled_from(range(8)), st.integers(0, 15), st.data())
def test_each_size_of_the_hash_has_its_version(size: int, kind: int, data: st.DataObject) -> None:
    body = data.draw(st.binary(min_size=SIZES[size], max_size=SIZES[size]))
    text = address(kind << 3 | size, body)
    assert is_address(text)
    assert is_address(f"bitcoincash:{text}")
    assert is_address(text.upper())
    assert not is_address(text[0].upper() + text[1:]) or text[0].isdigit()
    changed = LETTERS[(LETTERS.index(text[9]) + 1) % 32]
    assert not is_address(text[:9] + changed + text[10:])


def test_the_reserved_bit_and_another_size_are_no_address() -> None:
    assert not is_address(address(0x80, bytes(20)))
    assert not is_address(address(0, bytes(24)))
    assert not is_address(address(1, bytes(20)))
    assert not is_address(address(0, b""))


@pytest.mark.parametrize("text", ["", "q", "bitcoincash:", "qqqqqqqq", "qqqqqqqqq", "bqqqqqqqqqqqq"])
def test_what_is_too_short_or_of_other_letters_is_no_address(text: str) -> None:
    assert encodings.cash_holds(text) is None
