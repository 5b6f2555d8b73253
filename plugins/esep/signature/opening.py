"""What a CMS file holds for the reader of a package, by content, never by name: a signature, what is in it, or none.

A CMS is written as it is, as PEM under any label, as Base64 or hexadecimal digits; with a byte order mark, in UTF-16,
with line breaks of any kind, inside the quotes of JSON, a data URL, an XML element or a mail's headers (S/MIME).
"""

from __future__ import annotations

import base64
import binascii
import re
from enum import StrEnum
from typing import NamedTuple

from esep.signature import cms_file

_RUN = re.compile(rb"(?:[A-Za-z0-9+/_\-\s]++|\\[nrt/])++=*+")
"""Base64 in either alphabet, lines in between, the line breaks and slashes of JSON. Possessive, so linear."""
_SKIPPED = re.compile(rb"\s+|\\[nrt]|\\(?=/)")
_BEGIN = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,40}-----")
_HEX = re.compile(rb"\s*(?:0x)?([0-9A-Fa-f\s:]++)")
_CANDIDATE = re.compile(rb"(?<![A-Za-z0-9+/])M[A-P][A-Za-z0-9+/_\-]")
"""How Base64 of an ASN.1 sequence begins."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SEQUENCE = 0x30
_PKCS7 = bytes.fromhex("2a864886f70d0107")
"""Arc 1.2.840.113549.1.7 of the CMS content types (RFC 5652 § 12.1)."""
_LOOK = 160
"""Characters that hold the header and the content type, line breaks between them included."""
SEARCHED = 4096
"""Bytes at the beginning of a file among which an armoured CMS must begin."""
DIGITAL_SIGNATURE = b"http://www.w3.org/2000/09/xmldsig#"


class ContentType(StrEnum):
    """Content types of a CMS that a filing may hold, by their last arc."""

    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    OTHER = "other"


_TYPES = {2: ContentType.SIGNED, 3: ContentType.ENCRYPTED, 4: ContentType.ENCRYPTED, 6: ContentType.ENCRYPTED}


def content_type(start: bytes) -> ContentType | None:
    """What CMS a file holds, by its first SEARCHED bytes; None if it holds none. Costs microseconds."""
    found = _type_of(start)
    if found is not None:
        return found
    text = _text(start)
    if text is None:
        return None
    return next(
        (kind for place in _places(text) if (kind := _type_of(_decoded(text[place:][:_LOOK]))) is not None), None
    )


def binary(data: bytes) -> bytes | None:
    """The encoded element in `data`; None if there is neither an ASN.1 sequence nor an armoured one."""
    if data[:1] == bytes([_SEQUENCE]) and not _RUN.fullmatch(data):
        return data
    text = _text(data)
    if text is None:
        return None
    places = _places(text[:SEARCHED])
    # `MIME-Version: 1.0` begins like a sequence, too: a place that names a content type goes before one that does not.
    place = next((place for place in places if _type_of(_decoded(text[place:][:_LOOK])) is not None), places[0])
    decoded = _decoded(text[place:])
    return decoded if decoded[:1] == bytes([_SEQUENCE]) else None


def is_xml(data: bytes) -> bool:
    """Whether the file is an XML signature (XMLDSig), which is a signature, but no CMS."""
    text = _text(data)
    return text is not None and text.lstrip()[:1] == b"<" and DIGITAL_SIGNATURE in text


def _type_of(encoded: bytes) -> ContentType | None:
    """By tag, length and content type of a ContentInfo (RFC 5652 § 3)."""
    if len(encoded) < len(_PKCS7) + 5 or encoded[0] != _SEQUENCE:
        return None
    size = encoded[1]
    start = 2 + (size & 0x7F if size > 0x80 else 0)
    identifier = encoded[start : start + len(_PKCS7) + 3]
    if identifier[:2] != bytes([0x06, len(_PKCS7) + 1]) or identifier[2:-1] != _PKCS7:
        return None
    return _TYPES.get(identifier[-1], ContentType.OTHER)


def _text(data: bytes) -> bytes | None:
    """The characters of a text file as ASCII, `?` for all others; None for a binary one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode("ascii", "replace")
    if data[1:2] == b"\0" and data[3:4] == b"\0":
        return data.decode("utf-16-le", "replace").encode("ascii", "replace")
    if data[:1] == b"\0" and data[2:3] == b"\0":
        return data.decode("utf-16-be", "replace").encode("ascii", "replace")
    if b"\0" in data[:SEARCHED]:
        return None
    return data.removeprefix(_BYTE_ORDER_MARK)


def _places(text: bytes) -> list[int]:
    """Where an armoured element may begin, the likely places first."""
    begin = _BEGIN.search(text)
    first = [begin.end()] if begin else [len(text) - len(text.lstrip())]
    return first + [match.start() for match in _CANDIDATE.finditer(text[:SEARCHED])][:20]


def _decoded(text: bytes) -> bytes:
    """Base64 or hexadecimal digits at the beginning of a text; empty if there are none."""
    run = _RUN.match(text)
    if run is None:
        return b""
    digits = _HEX.match(text)
    if digits and text.lstrip()[:2] in (b"30", b"0x"):
        plain = re.sub(rb"[\s:]+", b"", digits[1])
        return binascii.unhexlify(plain[: len(plain) // 2 * 2])
    # The end of a PEM block would read as more of the second alphabet.
    signs = _SKIPPED.sub(b"", run[0].partition(b"-----END")[0]).rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    if len(signs) % 4 == 1:
        signs = signs[:-1]
    return base64.b64decode(signs + b"=" * (-len(signs) % 4))


_TIME_STAMP = "1.2.840.113549.1.9.16.1.4"
"""id-ct-TSTInfo: the token of a time stamping authority (RFC 3161 § 2.4.2)."""


class Holds(StrEnum):
    SIGNATURE = "signature"
    CERTIFICATES = "certificates"
    """A SignedData without signers and content, as certificates are handed on (RFC 5652 § 5)."""
    TIME_STAMP = "time_stamp"
    ENCRYPTED = "encrypted"
    """Enveloped or encrypted for somebody: what is inside cannot be read."""


class Opened(NamedTuple):
    holds: Holds
    content: bytes | None = None
    """What is signed and inside; None for a detached signature, and for one that cannot be read."""
    too_large: bool = False
    """Whether the file is larger than what is looked into."""


def opened(data: bytes) -> Opened:
    """Take apart the bytes of a file that content_type or its name calls a signature. Never raises.

    What is broken stays a signature: its verification says what is wrong.
    """
    if len(data) > cms_file.MAX_BYTES:
        return Opened(Holds.SIGNATURE, too_large=True)
    if content_type(data[:SEARCHED]) is ContentType.ENCRYPTED:
        return Opened(Holds.ENCRYPTED)
    try:
        encoded = binary(data)
        read = cms_file.read(cms_file.whole_element(encoded)) if encoded is not None else None
    except MemoryError:
        raise
    except Exception:  # asn1crypto raises many kinds on broken structures
        return Opened(Holds.SIGNATURE)
    if read is None:
        return Opened(Holds.SIGNATURE)
    if read.content_type == _TIME_STAMP:
        return Opened(Holds.TIME_STAMP)
    if not read.signers and read.content is None:
        return Opened(Holds.CERTIFICATES)
    return Opened(Holds.SIGNATURE, read.element)
