"""Keccak-256 against published digests; its permutation against hashlib's SHA-3, which only pads otherwise."""

from __future__ import annotations

from hashlib import sha3_256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.law import encodings


def test_published_digests() -> None:
    digests = [digest.hex() for digest in encodings.keccak256([b"", b"abc"])]
    assert digests == [
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    ]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=135), min_size=1, max_size=5))
def test_the_permutation_is_that_of_sha3(messages: list[bytes]) -> None:
    state = np.zeros((25, len(messages)), dtype=np.uint64)
    for number, message in enumerate(messages):
        block = bytearray(message + b"\x06" + bytes(135 - len(message)))
        block[135] |= 0x80
        state[:17, number] = np.frombuffer(bytes(block), dtype="<u8")
    result = encodings._permuted(state)
    digests = [result[:4, number].astype("<u8").tobytes() for number in range(len(messages))]
    assert digests == [sha3_256(message).digest() for message in messages]


def test_more_messages_than_one_batch_keep_their_order() -> None:
    messages = [str(number).encode() for number in range(2500)]
    together = encodings.keccak256(messages)
    assert len(set(together)) == len(messages)
    assert together[2345] == encodings.keccak256([b"2345"])[0]


def test_no_messages() -> None:
    assert encodings.keccak256([]) == []


def test_a_message_longer_than_a_block_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 135"):
        encodings.keccak256([bytes(136)])
