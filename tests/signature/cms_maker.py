"""Signatures for the tests: fictional holders, keys made here, CMS put together field by field.

What `cryptography` can sign by itself is signed by it in the tests; this module makes the rest: GOST, chosen signing
times, several signers, and structures that are wrong on purpose.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol

from asn1crypto import cms, core, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier
from gostcrypto import gosthash, gostsignature

POOL = "230640000008"
OTHER_POOL = "230640000018"
HEAD_IIN = "061211600012"
SIGNED = datetime(2025, 2, 20, 5, 0, tzinfo=UTC)
FROM = datetime(2024, 6, 1, tzinfo=UTC)
TO = datetime(2027, 6, 1, tzinfo=UTC)
NOW = datetime(2025, 2, 20, 6, 0, tzinfo=UTC)
FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2"

_GOST_CURVE = gostsignature.CURVES_R_1323565_1_024_2019["id-tc26-gost-3410-12-512-paramSetA"]


class Key(Protocol):
    digest_oid: str
    signature_oid: str

    def spki(self) -> bytes: ...
    def digest(self, data: bytes) -> bytes: ...
    def sign(self, data: bytes) -> bytes: ...


@dataclass
class Rsa:
    private: rsa.RSAPrivateKey
    digest_oid: str = "2.16.840.1.101.3.4.2.1"
    signature_oid: str = "1.2.840.113549.1.1.11"

    def spki(self) -> bytes:
        return public_der(self.private)

    def digest(self, data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())


@dataclass
class Gost:
    """`layout`: how r and s are written: `nca` (both little-endian), `rfc` (s ‖ r) or `plain` (r ‖ s)."""

    secret: int = 0x1F3A5B7C9D0E2468ACE013579BDF02468ACE13579BDF0123456789ABCDEF
    layout: str = "nca"
    digest_oid: str = "1.2.398.3.10.1.3.3"
    signature_oid: str = "1.2.398.3.10.1.1.2.3.2"

    def spki(self) -> bytes:
        point = gost_point(self.secret)
        if self.layout != "plain":
            point = point[:64][::-1] + point[64:][::-1]
        algorithm = sequence(oid("1.2.398.3.10.1.1.2.2"), sequence(oid("1.2.398.3.10.1.1.2.2.1"), oid(self.digest_oid)))
        return sequence(algorithm, core.BitString.load(b"\x03\x81\x84\x00\x04\x81\x80" + point).dump())

    def digest(self, data: bytes) -> bytes:
        return bytes(gosthash.new("streebog512", data=bytearray(data)).digest())

    def sign(self, data: bytes) -> bytes:
        hashed = self.digest(data)
        if self.layout != "plain":
            hashed = hashed[::-1]
        scheme = gostsignature.new(gostsignature.MODE_512, _GOST_CURVE)
        value = bytes(scheme.sign(bytearray(self.secret.to_bytes(64, "big")), bytearray(hashed)))
        r, s = value[:64], value[64:]
        return {"nca": r[::-1] + s[::-1], "rfc": s + r, "plain": r + s}[self.layout]


@cache
def gost_point(secret: int) -> bytes:
    scheme = gostsignature.new(gostsignature.MODE_512, _GOST_CURVE)
    return bytes(scheme.public_key_generate(bytearray(secret.to_bytes(64, "big"))))


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_der(private: Any) -> bytes:
    return private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@dataclass
class Holder:
    iin: str | None = HEAD_IIN
    bin: str | None = POOL
    bin_in_serial: bool = False
    purposes: tuple[str, ...] = (FIRST_HEAD,)
    valid_from: datetime = FROM
    valid_to: datetime = TO
    serial: int = 0xC0FFEE
    extra: dict[str, str] = field(default_factory=dict)


def subject(holder: Holder) -> pyca.Name:
    serial = f"BIN{holder.bin}" if holder.bin_in_serial else (f"IIN{holder.iin}" if holder.iin else None)
    pairs = [
        (NameOID.COMMON_NAME, "ҮЛГІЛІ АСАН"),
        (NameOID.SURNAME, "ҮЛГІЛІ"),
        (NameOID.SERIAL_NUMBER, serial),
        (NameOID.COUNTRY_NAME, "KZ"),
        (NameOID.GIVEN_NAME, "ҮСЕНҰЛЫ"),
        (NameOID.ORGANIZATION_NAME, 'ЖШС "Ойдан Пул"' if holder.bin else None),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{holder.bin}" if holder.bin and not holder.bin_in_serial else None),
    ]
    return pyca.Name([pyca.NameAttribute(kind, value) for kind, value in pairs if value])


def pyca_certificate(private: Any, holder: Holder | None = None) -> pyca.Certificate:
    """A self-signed certificate that `cryptography` made."""
    holder = holder or Holder()
    builder = (
        pyca.CertificateBuilder()
        .subject_name(subject(holder))
        .issuer_name(pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Ойдан куәландырушы")]))
        .public_key(private.public_key())
        .serial_number(holder.serial)
        .not_valid_before(holder.valid_from)
        .not_valid_after(holder.valid_to)
        .add_extension(pyca.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
        .add_extension(pyca.KeyUsage(True, True, False, False, False, False, False, False, False), True)
    )
    if holder.purposes:
        builder = builder.add_extension(
            pyca.ExtendedKeyUsage([ObjectIdentifier(one) for one in holder.purposes]), False
        )
    return builder.sign(private, hashes.SHA256())


def certificate(key: Key, holder: Holder | None = None) -> x509.Certificate:
    """A certificate over any key; its own signature is nonsense, as the chain is never looked at."""
    template = pyca_certificate(rsa_key(99), holder).public_bytes(serialization.Encoding.DER)
    parsed = x509.Certificate.load(template)
    parsed["tbs_certificate"]["subject_public_key_info"] = x509.PublicKeyInfo.load(key.spki())
    return x509.Certificate.load(parsed.dump(force=False))


def signer_info(
    key: Key,
    cert: x509.Certificate,
    content: bytes,
    signed_at: datetime | None = SIGNED,
    attributes: bool = True,
    content_type: str = "data",
    value: bytes | None = None,
) -> cms.SignerInfo:
    attrs = None
    signed = content
    if attributes:
        pairs: list[dict[str, Any]] = [
            {"type": "content_type", "values": [content_type]},
            {"type": "message_digest", "values": [key.digest(content)]},
        ]
        if signed_at:
            pairs.insert(1, {"type": "signing_time", "values": [cms.Time(name="utc_time", value=signed_at)]})
        attrs = cms.CMSAttributes([cms.CMSAttribute(pair) for pair in pairs])
        signed = attrs.dump()
    fields = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            name="issuer_and_serial_number",
            value={"issuer": cert.issuer, "serial_number": cert.serial_number},
        ),
        "digest_algorithm": {"algorithm": key.digest_oid},
        "signature_algorithm": {"algorithm": key.signature_oid},
        "signature": key.sign(signed) if value is None else value,
    }
    return cms.SignerInfo(fields | ({"signed_attrs": attrs} if attrs else {}))


def signed_data(
    infos: list[cms.SignerInfo], certificates: list[x509.Certificate], attached: bytes | None = None
) -> bytes:
    inner: dict[str, Any] = {"content_type": "data"}
    if attached is not None:
        inner["content"] = attached
    data = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": inner,
        "certificates": [cms.CertificateChoices(name="certificate", value=one) for one in certificates],
        "signer_infos": infos,
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump()


def sign(key: Key, content: bytes, holder: Holder | None = None, attached: bool = False, **options: Any) -> bytes:
    """One signer over `content`, DER."""
    cert = certificate(key, holder)
    return signed_data([signer_info(key, cert, content, **options)], [cert], content if attached else None)


def sequence(*elements: bytes) -> bytes:
    body = b"".join(elements)
    return b"\x30" + length(len(body)) + body


def length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def oid(dotted: str) -> bytes:
    return core.ObjectIdentifier(dotted).dump()


def expired() -> Holder:
    return Holder(valid_from=FROM - timedelta(days=730), valid_to=SIGNED - timedelta(days=1))
