"""Fictional wallet addresses with right checksums: the payload is random bytes, so nobody holds a key to them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable

from esep.law.encodings import keccak256

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _base58(data: bytes) -> str:
    value = int.from_bytes(data, "big")
    text = ""
    while value:
        value, digit = divmod(value, 58)
        text = _BASE58[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def base58check(version: bytes, payload: bytes) -> str:
    """Version, payload and the first four bytes of their double SHA-256, in base 58."""
    body = version + payload
    return _base58(body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4])


def _five_bits(payload: bytes) -> list[int]:
    """The bits of the payload in groups of five, the last one filled with zeros."""
    bits = "".join(f"{byte:08b}" for byte in payload)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]


def _polymod(values: Iterable[int], width: int, generators: tuple[int, ...]) -> int:
    """Remainder of the BCH code that Bech32 (width 30) and CashAddr (width 40) share in form."""
    checksum = 1
    for value in values:
        top = checksum >> (width - 5)
        checksum = ((checksum & ((1 << (width - 5)) - 1)) << 5) ^ value
        for bit, generator in enumerate(generators):
            if top >> bit & 1:
                checksum ^= generator
    return checksum


def _tail(remainder: int, length: int) -> list[int]:
    return [remainder >> 5 * (length - 1 - i) & 31 for i in range(length)]


def bech32(prefix: str, payload: bytes) -> str:
    """Segwit address of witness version 0 (BIP 173)."""
    data = [0, *_five_bits(payload)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    generators = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    remainder = _polymod([*expanded, *data, *[0] * 6], 30, generators) ^ 1
    return f"{prefix}1" + "".join(_BECH32[value] for value in data + _tail(remainder, 6))


def cashaddr(payload: bytes) -> str:
    """Pay-to-public-key-hash address of Bitcoin Cash, with its prefix."""
    data = _five_bits(b"\0" + payload)
    generators = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
    expanded = [ord(c) & 31 for c in "bitcoincash"] + [0]
    remainder = _polymod([*expanded, *data, *[0] * 8], 40, generators) ^ 1
    return "bitcoincash:" + "".join(_BECH32[value] for value in data + _tail(remainder, 8))


def siacoin(payload: bytes) -> str:
    """32 bytes and the first six of their BLAKE2b-256, in hexadecimal."""
    return (payload + hashlib.blake2b(payload, digest_size=32).digest()[:6]).hex()


def monero(payload: bytes) -> str:
    """Standard address: 64 bytes of keys and four of Keccak-256, in blocks of 8 bytes that give 11 characters each."""
    body = b"\x12" + payload
    body += keccak256([body])[0][:4]
    blocks = [body[start : start + 8] for start in range(0, len(body), 8)]
    return "".join(_base58(block).lstrip("1").rjust(11 if len(block) == 8 else 7, "1") for block in blocks)


_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "BTC": lambda rng: bech32("bc", rng.randbytes(20)),
    "LTC": lambda rng: bech32("ltc", rng.randbytes(20)),
    "DOGE": lambda rng: base58check(b"\x1e", rng.randbytes(20)),
    "DASH": lambda rng: base58check(b"\x4c", rng.randbytes(20)),
    "BCH": lambda rng: cashaddr(rng.randbytes(20)),
    "ZEC": lambda rng: base58check(b"\x1c\xb8", rng.randbytes(20)),
    "ZEN": lambda rng: base58check(b"\x20\x89", rng.randbytes(20)),
    "ETC": lambda rng: "0x" + rng.randbytes(20).hex(),
    "ETH": lambda rng: "0x" + rng.randbytes(20).hex(),
    "TRX": lambda rng: base58check(b"\x41", rng.randbytes(20)),
    "XMR": lambda rng: monero(rng.randbytes(64)),
    "SC": lambda rng: siacoin(rng.randbytes(32)),
}


def make(asset: str, rng: random.Random) -> str:
    """An address of that asset's kind; raises KeyError for an asset that the demo does not know."""
    return _MAKERS[asset](rng)
