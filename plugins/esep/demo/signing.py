"""CMS signatures of the demo's fictional heads: right in form and mathematics, worthless otherwise.

The key follows from the pool's number, so that one seed gives the same bytes each time; it is as secret as this page.
For the same reason it is one of an elliptic curve, which needs no chance, and not RSA or GOST as the National
Certification Authority issues them.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

_HEAD_IIN = "061211600012"
_FIRST_HEAD = x509.ObjectIdentifier("1.2.398.3.3.4.1.2.1")
_VALID_FROM, _VALID_TO = datetime(2023, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
_SHA256 = hashes.SHA256()


def detached_signature(content: bytes, pool_id: str, pool_name: str, head: str, signed_at: datetime) -> bytes:
    """The head's CMS SignedData (RFC 5652, DER) over `content`, which it does not hold; to the second."""
    certificate = asn1_x509.Certificate.load(_certificate(pool_id, pool_name, head))
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "data"),
            _attribute("signing_time", cms.Time(name="utc_time", value=signed_at.replace(microsecond=0))),
            _attribute("message_digest", hashlib.sha256(content).digest()),
        ]
    )
    algorithm = ec.ECDSA(_SHA256, deterministic_signing=True)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                name="issuer_and_serial_number",
                value={"issuer": certificate.issuer, "serial_number": certificate.serial_number},
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": _key(pool_id).sign(attributes.dump(), algorithm),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices(name="certificate", value=certificate)],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


@cache
def _key(pool_id: str) -> ec.EllipticCurvePrivateKey:
    seed = hashlib.sha256(f"Demo of Esep, no secret: {pool_id}".encode()).digest()
    return ec.derive_private_key(int.from_bytes(seed, "big") >> 1, ec.SECP256R1())


@cache
def _certificate(pool_id: str, pool_name: str, head: str) -> bytes:
    """Subject and uses as the National Certification Authority writes them; self-signed (DER)."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, head),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IIN{_HEAD_IIN}"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, pool_name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{pool_id}"),
        ]
    )
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demo of Esep, no certification authority")])
    key = _key(pool_id)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(int(pool_id))
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_TO)
        .add_extension(x509.ExtendedKeyUsage([_FIRST_HEAD]), critical=False)
    )
    return builder.sign(key, _SHA256, ecdsa_deterministic=True).public_bytes(Encoding.DER)
