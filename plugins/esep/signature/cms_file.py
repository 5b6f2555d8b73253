"""A CMS SignedData (RFC 5652) read into plain values: content, certificates, signers and their signed attributes.

`whole_element` looks over the encoding before a parser sees it: X.690 tags and lengths only, without recursion. Its
limits keep every later step bounded: depth (parsers recurse), number of elements, and the sizes of identifiers,
integers and times, whose decoding grows faster than their length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, x509

from esep.signature.algorithms import Scheme

MAX_BYTES = 64 * 1024 * 1024
"""Largest signature file that is looked into, attached content included."""
MAX_DEPTH = 48
MAX_ELEMENTS = 300_000

_MAX_PRIMITIVE = {0x02: 4096, 0x06: 64, 0x0A: 64, 0x0D: 64, 0x17: 64, 0x18: 64}
"""Tag → largest content in bytes: INTEGER, OBJECT IDENTIFIER, ENUMERATED, RELATIVE-OID, UTCTime, GeneralizedTime."""
_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_OPEN_END = -1


class EncodingError(ValueError):
    """The bytes are no whole BER element. The text says where."""


class LimitError(ValueError):
    """The signature is larger, deeper or of more signers than this program looks into. The text names the limit."""


def whole_element(data: bytes) -> bytes:
    """The first BER element of `data`, nested elements checked; what follows it is left out.

    Raises EncodingError where a length leads outside its element, LimitError where a limit of this module is passed.
    """
    ends: list[int] = []
    position = elements = 0
    while True:
        while ends and ends[-1] == position:
            ends.pop()
        if elements and not ends:
            return data[:position]
        boundary = next((end for end in reversed(ends) if end != _OPEN_END), len(data))
        if ends and ends[-1] == _OPEN_END and data[position : position + 2] == b"\x00\x00":
            ends.pop()
            position += 2
            continue
        elements += 1
        if elements > MAX_ELEMENTS:
            raise LimitError(f"more than {MAX_ELEMENTS} ASN.1 elements")
        tag, start, length = _header(data, position, boundary)
        if length == _OPEN_END:
            if not tag & _CONSTRUCTED:
                raise EncodingError(f"a primitive element of open length at byte {position}")
            ends.append(_OPEN_END)
            position = start
        else:
            if start + length > boundary:
                raise EncodingError(f"the element at byte {position} is cut off")
            if tag & _CONSTRUCTED:
                ends.append(start + length)
                position = start
            else:
                if length > _MAX_PRIMITIVE.get(tag, length):
                    raise EncodingError(f"an oversized identifier, number or time at byte {position}")
                position = start + length
        if len(ends) > MAX_DEPTH:
            raise LimitError(f"ASN.1 nested deeper than {MAX_DEPTH} levels")


def _header(data: bytes, position: int, boundary: int) -> tuple[int, int, int]:
    """(first tag byte, start of the content, length of the content or _OPEN_END)."""
    if position + 2 > boundary:
        raise EncodingError(f"the data end inside an element at byte {position}")
    tag, size = data[position], data[position + 1]
    if tag & _LONG_TAG == _LONG_TAG:
        raise EncodingError(f"a tag that no signature has at byte {position}")
    if size < 0x80:
        return tag, position + 2, size
    if size == 0x80:
        return tag, position + 2, _OPEN_END
    count = size & 0x7F
    if count > 4 or position + 2 + count > boundary:
        raise EncodingError(f"an unreadable length at byte {position}")
    return tag, position + 2 + count, int.from_bytes(data[position + 2 : position + 2 + count], "big")


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
    """Read one whole element (see whole_element).

    Raises NotSignedDataError, LimitError, or whatever asn1crypto raises on a broken structure (ValueError, TypeError,
    KeyError …): the caller takes every exception for a broken signature.
    """
    outer = cms.ContentInfo.load(encoded)
    if outer["content_type"].dotted != _SIGNED_DATA:
        raise NotSignedDataError(f"the CMS content type {outer['content_type'].dotted} is no signature")
    data = outer["content"]
    certificates = _certificates(data)
    infos = data["signer_infos"]
    if len(infos) > MAX_SIGNERS:
        raise LimitError(f"{len(infos)} signers, {MAX_SIGNERS} are looked at")
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
        raise LimitError(f"{len(choices)} certificates, {MAX_CERTIFICATES} are looked at")
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
    """The moment, with its zone; None where none is given or it cannot be read."""
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
