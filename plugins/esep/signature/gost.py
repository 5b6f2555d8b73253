"""GOST R 34.10-2012 with GOST R 34.11-2012 (Streebog), 512 bits, as Kazakhstan uses them (ST RK GOST 34.10-2015).

Curve: tc26-gost-3410-12-512-paramSetA (RFC 7836). Public key: OCTET STRING x ‖ y, each little-endian (RFC 9215 § 4.3).
The digest counts as a little-endian number. The National Certification Authority writes a signature as r ‖ s, each
little-endian, which no RFC describes; other producers keep to RFC 9215 § 2.1 (s ‖ r, big-endian) or to the plain order
of the standard (r ‖ s, big-endian). All three say the same about who signed, so all are tried.

gostcrypto computes both primitives in plain Python: about 80 kB/s for the digest, one second for a signature. It is
imported for the first of them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

SIGNATURE = "1.2.398.3.10.1.1.2.3.2"
"""Signature algorithm: GOST 34.10-2015, 512 bits, with digest GOST 34.11-2015."""
KEY = "1.2.398.3.10.1.1.2.2"
"""Public key algorithm; real files name this one or SIGNATURE as the algorithm of the signature."""
DIGEST = "1.2.398.3.10.1.3.3"

_HALF = 64


class OtherParametersError(ValueError):
    """The key is no point of the one curve that is known here."""


@cache
def _curve() -> dict[str, int]:
    from gostcrypto import gostsignature

    curve: dict[str, int] = gostsignature.CURVES_R_1323565_1_024_2019["id-tc26-gost-3410-12-512-paramSetA"]
    return curve


def digest(data: bytes) -> bytes:
    """Streebog-512 of `data`, 64 bytes in the order in which files hold it."""
    from gostcrypto import gosthash

    return bytes(gosthash.new("streebog512", data=bytearray(data)).digest())


def holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is that of `message` under `public_key` (128 bytes x ‖ y, or the OCTET STRING of them).

    Raises OtherParametersError for a key of another curve.
    """
    from gostcrypto import gostsignature

    key = _point(public_key)
    if len(signature) != 2 * _HALF:
        return False
    hashed = digest(message)
    scheme = gostsignature.new(gostsignature.MODE_512, _curve())
    first, second = signature[:_HALF], signature[_HALF:]
    readings = (
        (first[::-1] + second[::-1], hashed[::-1]),  # r ‖ s, little-endian: the National Certification Authority
        (second + first, hashed[::-1]),  # s ‖ r, big-endian: RFC 9215
        (first + second, hashed),  # r ‖ s and digest as gostcrypto itself writes them
    )
    return any(_verifies(scheme, key, value, number) for value, number in readings)


def _verifies(scheme: Any, key: bytes, signature: bytes, number: bytes) -> bool:
    return bool(scheme.verify(bytearray(key), bytearray(number), bytearray(signature)))


def _point(public_key: bytes) -> bytes:
    """x ‖ y big-endian; the curve's equation shows in which order the bytes are."""
    raw = public_key[3:] if public_key[:3] == b"\x04\x81\x80" else public_key
    if len(raw) == 2 * _HALF:
        for x, y in ((raw[:_HALF][::-1], raw[_HALF:][::-1]), (raw[:_HALF], raw[_HALF:])):
            if _on_curve(int.from_bytes(x, "big"), int.from_bytes(y, "big")):
                return x + y
    raise OtherParametersError("the public key is no point of tc26-gost-3410-12-512-paramSetA")


def _on_curve(x: int, y: int) -> bool:
    curve = _curve()
    p = curve["p"]
    return x < p and 0 < y < p and (y * y - (x**3 + curve["a"] * x + curve["b"])) % p == 0
