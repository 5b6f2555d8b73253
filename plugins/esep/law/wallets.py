"""Addresses of digital wallets (column 5): form and checksum by asset, as far as the address itself shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from hashlib import blake2b
from typing import NamedTuple

from esep.law import encodings
from esep.law.encodings import CHECKSUM_BYTES

MAX_LENGTH = 600
"""No address of any listed asset is longer; anything longer is not looked at."""


class WalletState(StrEnum):
    OK = "ok"
    """Form and checksum hold."""
    SHAPE_ONLY = "shape_only"
    """The form holds; the address has no checksum, or one that is not checked here."""
    WRONG_FORM = "wrong_form"
    """Not an address of this asset."""
    WRONG_CHECKSUM = "wrong_checksum"
    """The form holds, but a character is wrong."""
    NOT_CHECKED = "not_checked"
    """The asset is not known here."""


class _KeccakTask(NamedTuple):
    """A check that waits for the Keccak-256 of `message`; `holds` judges the digest."""

    message: bytes
    holds: Callable[[bytes], bool]


_Outcome = WalletState | _KeccakTask
_Check = Callable[[str], _Outcome]


def state_of(ticker: str, address: str) -> WalletState:
    """The state of the address as a wallet for the asset. Letter case counts; nothing is trimmed."""
    return states_of(ticker, (address,))[0]


def states_of(ticker: str, addresses: Sequence[str]) -> list[WalletState]:
    """state_of for many addresses of one asset; far faster where Keccak is needed (ETH and ETC in mixed case, XMR)."""
    check = _CHECKS.get(ticker)
    if check is None:
        return [WalletState.NOT_CHECKED] * len(addresses)
    outcomes = [check(address) if len(address) <= MAX_LENGTH else WalletState.WRONG_FORM for address in addresses]
    tasks = [outcome for outcome in outcomes if isinstance(outcome, _KeccakTask)]
    digests = iter(encodings.keccak256([task.message for task in tasks]) if tasks else ())
    return [
        _checksum_state(outcome.holds(next(digests))) if isinstance(outcome, _KeccakTask) else outcome
        for outcome in outcomes
    ]


def _checksum_state(holds: bool | None) -> WalletState:
    """None: the form itself is wrong."""
    if holds is None:
        return WalletState.WRONG_FORM
    return WalletState.OK if holds else WalletState.WRONG_CHECKSUM


def _base58check(address: str, *, versions: tuple[bytes, ...]) -> WalletState:
    """Version bytes, 20 bytes of hash, checksum."""
    raw = encodings.base58_bytes(address)
    if raw is None or len(raw) != len(versions[0]) + 20 + CHECKSUM_BYTES:
        return WalletState.WRONG_FORM
    if not encodings.base58_holds(raw):
        return WalletState.WRONG_CHECKSUM
    return WalletState.OK if raw.startswith(versions) else WalletState.WRONG_FORM


def _segwit_or_base58check(address: str, *, prefix: str, versions: tuple[bytes, ...]) -> WalletState:
    if not address.lower().startswith(f"{prefix}1"):
        return _base58check(address, versions=versions)
    return _checksum_state(encodings.witness_holds(prefix, address))


def _bitcoin_cash(address: str) -> WalletState:
    holds = encodings.cash_holds(address)
    return _base58check(address, versions=(b"\x00", b"\x05")) if holds is None else _checksum_state(holds)


_ZCASH_SHIELDED = re.compile(r"zs1[0-9a-z]{75}|u1[0-9a-z]{40,500}")


def _zcash(address: str) -> WalletState:
    if _ZCASH_SHIELDED.fullmatch(address):
        return WalletState.SHAPE_ONLY
    return _base58check(address, versions=(b"\x1c\xb8", b"\x1c\xbd"))


_ETHEREUM = re.compile(r"0x([0-9a-fA-F]{40})")


def _ethereum(address: str) -> _Outcome:
    """EIP-55: the letters' case holds the checksum, if both cases occur."""
    match = _ETHEREUM.fullmatch(address)
    if match is None:
        return WalletState.WRONG_FORM
    digits = match[1]
    if digits in (digits.lower(), digits.upper()):
        return WalletState.SHAPE_ONLY
    return _KeccakTask(digits.lower().encode("ascii"), partial(_eip_55_holds, digits))


def _eip_55_holds(digits: str, digest: bytes) -> bool:
    """A letter is large where the digest's figure at its place is 8 or more."""
    return all(
        character.isdigit() or character.isupper() == (figure in "89abcdef")
        for character, figure in zip(digits, digest.hex(), strict=False)
    )


def _monero(address: str) -> _Outcome:
    networks = encodings.MONERO_NETWORK_BYTES.get(len(address))
    raw = encodings.monero_bytes(address) if networks else None
    if networks is None or raw is None or raw[0] not in networks:
        return WalletState.WRONG_FORM
    checksum = raw[-CHECKSUM_BYTES:]
    return _KeccakTask(raw[:-CHECKSUM_BYTES], lambda digest: digest.startswith(checksum))


_SIA = re.compile(r"[0-9a-fA-F]{76}")


def _sia(address: str) -> WalletState:
    """A 32-byte hash and the first six bytes of its BLAKE2b-256."""
    if not _SIA.fullmatch(address):
        return WalletState.WRONG_FORM
    raw = bytes.fromhex(address)
    return _checksum_state(blake2b(raw[:32], digest_size=32).digest()[:6] == raw[32:])


_CHECKS: Mapping[str, _Check] = {
    "BTC": partial(_segwit_or_base58check, prefix="bc", versions=(b"\x00", b"\x05")),
    "LTC": partial(_segwit_or_base58check, prefix="ltc", versions=(b"\x30", b"\x32", b"\x05")),
    "BCH": _bitcoin_cash,
    "DOGE": partial(_base58check, versions=(b"\x1e", b"\x16")),
    "DASH": partial(_base58check, versions=(b"\x4c", b"\x10")),
    "ZEC": _zcash,
    "ZEN": partial(_base58check, versions=(b"\x20\x89", b"\x20\x96")),
    "TRX": partial(_base58check, versions=(b"\x41",)),
    "ETC": _ethereum,
    "ETH": _ethereum,
    "XMR": _monero,
    "SC": _sia,
}
"""By ticker, with version bytes and prefixes of the main networks (facts section 6)."""
