"""Keccak-256 as Ethereum and Monero use it: the original padding, not that of SHA-3 (which hashlib has).

Many short messages are hashed side by side: the state is an array of 25 lanes by as many columns as messages, and one
array operation does a step for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 136
"""Bytes of one block."""
_ROUNDS = 24
_COLUMNS = 1024
"""Messages hashed at a time, so that the state stays in the processor's cache."""


def keccak256(messages: Sequence[bytes]) -> list[bytes]:
    """The 32-byte digest of each message. Raises ValueError for a message that does not fit one block (135 bytes)."""
    digests: list[bytes] = []
    for start in range(0, len(messages), _COLUMNS):
        digests += _one_batch(messages[start : start + _COLUMNS])
    return digests


def _one_batch(messages: Sequence[bytes]) -> list[bytes]:
    import numpy as np  # loads slowly; DAG files import the package of the law

    state = np.zeros((25, len(messages)), dtype=np.uint64)
    blocks = np.frombuffer(b"".join(_padded(message) for message in messages), dtype="<u8")
    state[: RATE // 8] = blocks.reshape(len(messages), RATE // 8).T
    digests = np.ascontiguousarray(_permuted(state)[:4].T).astype("<u8").tobytes()
    return [digests[start : start + 32] for start in range(0, len(digests), 32)]


def _padded(message: bytes) -> bytes:
    if len(message) >= RATE:
        raise ValueError(f"a message of {len(message)} bytes: at most {RATE - 1} are expected")
    block = bytearray(RATE)
    block[: len(message)] = message
    block[len(message)] ^= 0x01
    block[-1] ^= 0x80
    return bytes(block)


def _permuted(lanes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Keccak-f[1600] on lanes shaped (25, messages); lane (x, y) has number x + 5y."""
    import numpy as np

    left, source = _rotations_and_sources()
    shift = np.array(left, dtype=np.uint64)[:, None]
    back = np.array([(64 - bits) % 64 for bits in left], dtype=np.uint64)[:, None]
    one, sixty_three = np.uint64(1), np.uint64(63)
    for constant in _round_constants():
        square = lanes.reshape(5, 5, -1)  # [y, x, message]
        column = np.bitwise_xor.reduce(square, axis=0)
        following = np.roll(column, -1, axis=0)
        square = square ^ (np.roll(column, 1, axis=0) ^ (following << one | following >> sixty_three))
        moved = square.reshape(25, -1)[source]
        # A lane that is not turned is shifted by 0 both ways, and OR of the two is the lane itself.
        square = (moved << shift | moved >> back).reshape(5, 5, -1)
        square = square ^ (~np.roll(square, -1, axis=1) & np.roll(square, -2, axis=1))
        lanes = square.reshape(25, -1)
        lanes[0] ^= np.uint64(constant)
    return lanes


def _rotations_and_sources() -> tuple[list[int], list[int]]:
    """Steps rho and pi: for each lane of the result, how far it is turned and from which lane it comes."""
    turned = [0] * 25
    x, y = 1, 0
    for step in range(_ROUNDS):
        turned[x + 5 * y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    source = [0] * 25
    for x in range(5):
        for y in range(5):
            source[y + 5 * ((2 * x + 3 * y) % 5)] = x + 5 * y
    return [turned[lane] for lane in source], source


def _round_constants() -> list[int]:
    """Step iota: constants from the linear feedback register of the Keccak reference."""
    constants = []
    register = 1
    for _ in range(_ROUNDS):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return constants
