"""A CMS SignedData (RFC 5652) read into plain values: content, certificates, signers and their signed attributes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, x509

from esep.signature.algorithms import Scheme

MAX_SIGNERS = 16
MAX_CERTIFICATES = 200

_OCTETS = (core.OctetString, core.ParsableOctetString)
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME = (
    "1.2.840.113549.1.9.3",
    "1.2.840.113549.1.9.4",
    "1.2.840.113549.1.9.5",
)


class NotSignedDataError(ValueError):
    """The element is no CMS SignedData, or is one that breaks RFC 5652. The text says what."""


class TooManyError(ValueError):
    """More signers or certificates than are looked at."""


@dataclass(frozen=True, slots=True)
class SignedAttributes:
    """RFC 5652 § 5.3. `encoded` is what the signature value covers: the DER of the SET."""

    encoded: bytes
    message_digest: bytes
    content_type: str
    signing_time: datetime | None


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signer; without signed attributes the signature value covers the content itself."""

    scheme: Scheme
    value: bytes
    attributes: SignedAttributes | None
    certificate: x509.Certificate | None


@dataclass(frozen=True, slots=True)
class SignedData:
    content_type: str
    content: bytes | None
    """The signed octets; None for a detached signature."""
    element: bytes | None
    """The content as a file of its own: the same octets, with their header where they are an ASN.1 element."""
    signers: tuple[SignerInfo, ...]


def read(encoded: bytes) -> SignedData:
    """Read one whole element (see limits.whole_element).

    Raises NotSignedDataError, TooManyError, or whatever asn1crypto raises on a broken structure (ValueError, TypeError,
    KeyError …): the caller takes every exception for a broken signature.
    """
    outer = cms.ContentInfo.load(encoded)
    if outer["content_type"].dotted != _SIGNED_DATA:
        raise NotSignedDataError(f"the CMS content type {outer['content_type'].dotted} is no signature")
    data = outer["content"]
    certificates = _certificates(data)
    infos = data["signer_infos"]
    if len(infos) > MAX_SIGNERS:
        raise TooManyError(f"{len(infos)} signers, {MAX_SIGNERS} are looked at")
    inner = data["encap_content_info"]
    return SignedData(
        content_type=inner["content_type"].dotted,
        content=_content(inner),
        element=_element(inner),
        signers=tuple(_signer(info, certificates) for info in infos),
    )


def _content(inner: cms.EncapsulatedContentInfo | cms.ContentInfo) -> bytes | None:
    content = inner["content"]
    if content is None or isinstance(content, core.Void):
        return None
    # An OCTET STRING in CMS; PKCS#7 v1.5 allows anything, of which the contents octets are signed (RFC 5652 § 5.2.1).
    value = bytes(content) if isinstance(content, _OCTETS) else getattr(content, "contents", None)
    if not isinstance(value, bytes):
        raise NotSignedDataError("the signed content is no sequence of bytes")
    return value


def _element(inner: cms.EncapsulatedContentInfo | cms.ContentInfo) -> bytes | None:
    content = inner["content"]
    if content is None or isinstance(content, core.Void):
        return None
    return bytes(content) if isinstance(content, _OCTETS) else bytes(content.dump())


def _certificates(data: cms.SignedData) -> list[x509.Certificate]:
    choices = data["certificates"]
    if len(choices) > MAX_CERTIFICATES:
        raise TooManyError(f"{len(choices)} certificates, {MAX_CERTIFICATES} are looked at")
    return [choice.chosen for choice in choices if choice.name == "certificate"]


def _signer(info: cms.SignerInfo, certificates: list[x509.Certificate]) -> SignerInfo:
    return SignerInfo(
        scheme=Scheme(info["digest_algorithm"]["algorithm"].dotted, info["signature_algorithm"]),
        value=info["signature"].native,
        attributes=_attributes(info),
        certificate=_certificate_of(info["sid"], certificates),
    )


def _certificate_of(identifier: cms.SignerIdentifier, certificates: list[x509.Certificate]) -> x509.Certificate | None:
    chosen = identifier.chosen
    for certificate in certificates:
        if identifier.name == "subject_key_identifier":
            if certificate.key_identifier == chosen.native:
                return certificate
        elif certificate.serial_number == chosen["serial_number"].native and (
            certificate.issuer.dump() == chosen["issuer"].dump() or certificate.issuer == chosen["issuer"]
        ):
            return certificate
    return None


def _attributes(info: cms.SignerInfo) -> SignedAttributes | None:
    attributes = info["signed_attrs"]
    if not len(attributes):
        return None
    encoded = attributes.untag().dump()
    if encoded[1] == 0x80:  # open length: the signature covers the DER form all the same
        encoded = attributes.untag().dump(force=True)
    digest = _single(attributes, _MESSAGE_DIGEST)
    kind = _single(attributes, _CONTENT_TYPE)
    if digest is None or kind is None:
        raise NotSignedDataError("the signed attributes lack the message digest or the content type")
    return SignedAttributes(
        encoded=encoded,
        message_digest=digest.native,
        content_type=kind.dotted,
        signing_time=_moment(_single(attributes, _SIGNING_TIME)),
    )


def _moment(time: Any) -> datetime | None:
    """The moment, with its zone; None where none is told or it cannot be read."""
    try:
        moment = time.chosen.native if time is not None else None
    except ValueError:
        return None
    return moment if isinstance(moment, datetime) and moment.tzinfo else None


def _single(attributes: cms.CMSAttributes, kind: str) -> Any:
    """The one value of an attribute; None where it is missing. RFC 5652 § 11: neither attribute nor value repeats."""
    found = [attribute["values"] for attribute in attributes if attribute["type"].dotted == kind]
    if not found:
        return None
    if len(found) > 1 or len(found[0]) != 1:
        raise NotSignedDataError(f"the signed attribute {kind} has several values")
    return found[0][0]
