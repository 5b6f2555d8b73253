"""What a CMS file holds, for the reader of a package: a signature and what lies inside it, or none at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from esep.signature import armour, cms_file, limits

_TIME_STAMP = "1.2.840.113549.1.9.16.1.4"
"""id-ct-TSTInfo: the token of a time stamping authority (RFC 3161 § 2.4.2)."""


class Holds(StrEnum):
    SIGNATURE = "signature"
    CERTIFICATES = "certificates"
    """A SignedData without signers and content, as certificates are handed on (RFC 5652 § 5)."""
    TIME_STAMP = "time_stamp"
    ENCRYPTED = "encrypted"
    """Enveloped or encrypted for somebody: what lies inside cannot be read."""


@dataclass(frozen=True, slots=True)
class Opened:
    holds: Holds
    content: bytes | None = None
    """What is signed and lies inside; None for a detached signature, and for one that cannot be read."""
    too_large: bool = False
    """Whether the file is larger than what is looked into."""


def opened(data: bytes) -> Opened:
    """Take apart the bytes of a file that armour.content_type or its name calls a signature. Never raises.

    What is broken stays a signature: its verification tells what is wrong.
    """
    if len(data) > limits.MAX_BYTES:
        return Opened(Holds.SIGNATURE, too_large=True)
    if armour.content_type(data[: armour.SEARCHED]) is armour.ContentType.ENCRYPTED:
        return Opened(Holds.ENCRYPTED)
    try:
        encoded = armour.binary(data)
        read = cms_file.read(limits.whole_element(encoded)) if encoded is not None else None
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
