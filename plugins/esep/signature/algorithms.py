"""Digests and signature algorithms by their identifiers: RSA and ECDSA by `cryptography`, GOST 2015 by gost.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from asn1crypto import algos, cms, core, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from esep.signature import gost

SHA2: dict[str, str] = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""Digest identifier (RFC 5754) → name in hashlib. SHA-1 and MD5 are left out on purpose: they prove nothing."""

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_RSA_KEY = "1.2.840.113549.1.1.1"
_RSA_PSS = "1.2.840.113549.1.1.10"
_RSA_WITH = {
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
_EC_KEY = "1.2.840.10045.2.1"
_ECDSA_WITH = {
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
_MGF1 = "1.2.840.113549.1.1.8"
_GOST = frozenset({gost.SIGNATURE, gost.KEY})
_SMALLEST_RSA_KEY = 2048


class UnverifiedError(ValueError):
    """The signature cannot be verified here; nothing is said against it. The text says why."""


class _KeyBits(core.Sequence):
    """SubjectPublicKeyInfo whose bits are bytes; asn1crypto reads only the keys of algorithms that it knows."""

    _fields: ClassVar = [("algorithm", core.Any), ("public_key", core.OctetBitString)]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one signer signed: dotted identifiers of digest and signature, and the parameters of the latter."""

    digest: str
    signature: cms.SignedDigestAlgorithm

    @property
    def name(self) -> str:
        return str(self.signature["algorithm"].dotted)


def supports_digest(identifier: str) -> bool:
    return identifier in SHA2 or identifier == gost.DIGEST


def is_gost(scheme: Scheme) -> bool:
    return scheme.name in _GOST


def holds(scheme: Scheme, certificate: x509.Certificate, value: bytes, message: bytes) -> bool:
    """Whether `value` is the signature of `message` under the certificate's key.

    Raises UnverifiedError for an algorithm, key or parameters that this program does not know or trust.
    """
    key_info = certificate["tbs_certificate"]["subject_public_key_info"]
    if is_gost(scheme):
        return _gost_holds(scheme, key_info, value, message)
    hash_name = _hash_of(scheme)
    if scheme.name in _ECDSA_WITH or scheme.name == _EC_KEY:
        return _ec_holds(key_info, value, message, _HASHES[hash_name])
    salted = _salt_length(scheme, hash_name) if scheme.name == _RSA_PSS else None
    return _rsa_holds(key_info, value, message, _HASHES[hash_name], salted)


def _hash_of(scheme: Scheme) -> str:
    """The hash inside the signature: named by its identifier or parameters, else the message digest's."""
    named = _RSA_WITH.get(scheme.name) or _ECDSA_WITH.get(scheme.name)
    if named:
        return named
    if scheme.name == _RSA_PSS:
        digest = _pss(scheme)["hash_algorithm"]["algorithm"].dotted
    elif scheme.name in (_RSA_KEY, _EC_KEY):
        digest = scheme.digest
    else:
        raise UnverifiedError(f"the signature algorithm {scheme.name} is not known here")
    if digest not in SHA2:
        raise UnverifiedError(f"the digest algorithm {digest} is too weak or not known here")
    return SHA2[digest]


def _pss(scheme: Scheme) -> algos.RSASSAPSSParams:
    parameters = scheme.signature["parameters"]
    if not isinstance(parameters, algos.RSASSAPSSParams):
        raise UnverifiedError("RSASSA-PSS without its parameters means SHA-1, which proves nothing")
    return parameters


def _salt_length(scheme: Scheme, hash_name: str) -> int:
    """RFC 4055 § 3.1: MGF1 with the same hash, a salt of the length given."""
    parameters = _pss(scheme)
    mask = parameters["mask_gen_algorithm"]
    if mask["algorithm"].dotted != _MGF1 or SHA2.get(mask["parameters"]["algorithm"].dotted) != hash_name:
        raise UnverifiedError("RSASSA-PSS with an unusual mask generation function")
    return int(parameters["salt_length"].native)


def _rsa_holds(
    key_info: x509.PublicKeyInfo, value: bytes, message: bytes, hashing: hashes.HashAlgorithm, salt_length: int | None
) -> bool:
    key = _load(key_info)
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    if key.key_size < _SMALLEST_RSA_KEY:
        raise UnverifiedError(f"an RSA key of {key.key_size} bits proves nothing: {_SMALLEST_RSA_KEY} are needed")
    scheme = padding.PKCS1v15() if salt_length is None else padding.PSS(padding.MGF1(hashing), salt_length)
    try:
        key.verify(value, message, scheme, hashing)
    except InvalidSignature:
        return False
    return True


def _ec_holds(key_info: x509.PublicKeyInfo, value: bytes, message: bytes, hashing: hashes.HashAlgorithm) -> bool:
    key = _load(key_info)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(value, message, ec.ECDSA(hashing))
    except InvalidSignature:
        return False
    return True


def _gost_holds(scheme: Scheme, key_info: x509.PublicKeyInfo, value: bytes, message: bytes) -> bool:
    if scheme.digest != gost.DIGEST:
        raise UnverifiedError(f"GOST 34.10-2015 with the digest {scheme.digest} is not known here")
    try:
        return gost.holds(_KeyBits.load(key_info.dump())["public_key"].native, value, message)
    except gost.OtherParametersError as error:
        raise UnverifiedError(str(error)) from None


def _load(key_info: x509.PublicKeyInfo) -> object:
    try:
        return load_der_public_key(key_info.dump())
    except (ValueError, UnsupportedAlgorithm):
        raise UnverifiedError("the key of the certificate cannot be used") from None
