"""How addresses of wallets are written: Base58, Bech32 and its relatives; and Keccak-256, which some of them check.

Base58Check is a big-endian number in base 58 with four bytes of double SHA-256 at the end. Monero writes blocks of
eight bytes, four bytes of Keccak-256 at the end.

Segregated-witness addresses are Bech32 (BIP-173) for version 0, Bech32m (BIP-350) for later versions. CashAddr of
Bitcoin Cash has the letters of Bech32, a 40-bit checksum and a version byte that says how long the hash is.

Keccak-256 is that of Ethereum and Monero: the original padding, not that of SHA-3 (which hashlib has). Many short
messages are hashed side by side: the state is an array of 25 lanes by as many columns as messages, and one array
operation does a step for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BASE58 = {
    character: value for value, character in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
}
CHECKSUM_BYTES = 4
MONERO_NETWORK_BYTES = {95: (18, 42), 106: (19,)}
"""First byte by the length of the text: standard and subaddress, integrated address (main network)."""
_MONERO_BLOCK = 11
_BYTES_OF_MONERO_BLOCK = {7: 5, 11: 8}
"""Texts of those lengths end with a block of seven characters."""
_BECH32 = {character: value for value, character in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_LONGEST_WITNESS = 90
_WITNESS_CHECKSUM = 6
_BECH32_CONSTANT = 1
_BECH32M_CONSTANT = 0x2BC830A3
CASH_PREFIX = "bitcoincash"
_CASH_CHECKSUM = 8
_CASH_HASH_BYTES = (20, 24, 28, 32, 40, 48, 56, 64)
KECCAK_BLOCK = 136
"""Bytes of one block."""
_ROUNDS = 24
_COLUMNS = 1024
"""Messages hashed at a time, so that the state stays in the processor's cache."""


def base58_bytes(text: str) -> bytes | None:
    """The bytes of a Base58 text, each leading `1` a zero byte; None if a character is foreign to it."""
    number = _base58_number(text)
    if number is None:
        return None
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58_holds(raw: bytes) -> bool:
    """Whether the last four bytes are the double SHA-256 of those before them."""
    return sha256(sha256(raw[:-CHECKSUM_BYTES]).digest()).digest()[:CHECKSUM_BYTES] == raw[-CHECKSUM_BYTES:]


def monero_bytes(text: str) -> bytes | None:
    """The bytes of an address of such a length; None for a foreign character or too large a block."""
    raw = b""
    for start in range(0, len(text), _MONERO_BLOCK):
        block = text[start : start + _MONERO_BLOCK]
        size, number = _BYTES_OF_MONERO_BLOCK[len(block)], _base58_number(block)
        if number is None or number >= 1 << 8 * size:
            return None
        raw += number.to_bytes(size, "big")
    return raw


def _base58_number(text: str) -> int | None:
    number = 0
    try:
        for character in text:
            number = number * 58 + _BASE58[character]
    except KeyError:
        return None
    return number


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
_CASH_STATE = _CASH.state((*(ord(character) & 31 for character in CASH_PREFIX), 0))


def witness_holds(prefix: str, text: str) -> bool | None:
    """Whether the checksum of a segregated-witness address fits, with the constant of its version.

    None where the form is wrong; the checksum is no part of it. `text` begins with `prefix` and `1`.
    """
    values = _five_bit_values(text, f"{prefix}1") if len(text) <= _LONGEST_WITNESS else None
    if values is None or len(values) <= _WITNESS_CHECKSUM:
        return None
    version, length = values[0], _byte_length(values[1:-_WITNESS_CHECKSUM])
    if version > 16 or length is None or not 2 <= length <= 40 or (version == 0 and length not in (20, 32)):
        return None
    return _WITNESS.state(values, _witness_state(prefix)) == (_BECH32M_CONSTANT if version else _BECH32_CONSTANT)


def cash_holds(text: str) -> bool | None:
    """Whether the checksum of a CashAddr fits, its prefix being optional.

    None for wrong letters, mixed case, size or version: the text is then no CashAddr.
    """
    values = _five_bit_values(text, f"{CASH_PREFIX}:")
    payload = values[:-_CASH_CHECKSUM] if values else []
    if values is None or len(payload) < 2:
        return None
    version = payload[0] << 3 | payload[1] >> 2
    # Bit 7 is reserved; bits 3-6 are the kind of address, bits 0-2 the size of the hash.
    if version & 0x80 or _byte_length(payload) != 1 + _CASH_HASH_BYTES[version & 7]:
        return None
    return _CASH.state(values, _CASH_STATE) == 1


def _five_bit_values(text: str, prefix: str) -> list[int] | None:
    """Five-bit values after the prefix; None for mixed case or a foreign character."""
    if text not in (text.lower(), text.upper()):
        return None
    try:
        return [_BECH32[character] for character in text.lower().removeprefix(prefix)]
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
    state[: KECCAK_BLOCK // 8] = blocks.reshape(len(messages), KECCAK_BLOCK // 8).T
    digests = np.ascontiguousarray(_permuted(state)[:4].T).astype("<u8").tobytes()
    return [digests[start : start + 32] for start in range(0, len(digests), 32)]


def _padded(message: bytes) -> bytes:
    if len(message) >= KECCAK_BLOCK:
        raise ValueError(f"a message of {len(message)} bytes: at most {KECCAK_BLOCK - 1} are expected")
    block = bytearray(KECCAK_BLOCK)
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
