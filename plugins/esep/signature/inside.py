"""Signatures that stand inside a document (XMLDSig in OPC and OpenDocument files, PDF) or in a file of XML.

PDF signatures are CMS over byte ranges and are verified where these cover the whole file (ISO 32000-1 § 12.8.1).
XMLDSig is present and not verified (docs/decisions.md, Construction).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from asn1crypto import x509

from esep.detail import Detail
from esep.signature.model import SignatureReport, SignatureState, Signer
from esep.signature.signers import certified, judged
from esep.signature.verification import for_pool, verify

_UNVERIFIED = SignatureState.PRESENT_UNVERIFIED_ALGORITHM


@dataclass(frozen=True, slots=True)
class InsideSignature:
    """One signature as the reader found it; nothing of it is verified yet."""

    certificate: str | None = None
    """The signer's certificate, Base64 of DER, where the XML holds one."""
    signed_at: str | None = None
    """Signing time as written (ISO 8601)."""
    cms: Path | None = None
    """Where the CMS of a PDF signature lies."""
    covered: Path | None = None
    """Where the bytes lie that it covers, if those are all of the file; None if it covers a part."""


def report_inside(
    signatures: Sequence[InsideSignature], path: str, now: datetime, *, is_document: bool
) -> SignatureReport:
    """The signatures of one file as one report; the file itself is what they cover if it is a document.

    `now` is the moment by which certificates are judged. Never raises for what stands in the file.
    """
    signers: list[Signer] = []
    for one in signatures:
        signers += _of_cms(one, path, now) if one.cms else [_of_xml(one, now, is_document=is_document)]
    if is_document:
        signers = [replace(signer, file=path) for signer in signers]
    return for_pool(SignatureReport(signers[0].state, attached=False, signers=tuple(signers)), None)


def _of_cms(one: InsideSignature, path: str, now: datetime) -> list[Signer]:
    assert one.cms is not None
    report = verify(one.cms.read_bytes(), {path: one.covered} if one.covered else {}, None, now)
    if one.covered:
        return list(report.signers) or [Signer(report.state, report.detail)]
    detail = Detail("covers_part")
    signers = report.signers or (Signer(_UNVERIFIED, detail),)
    return [replace(signer, state=_UNVERIFIED, detail=detail) for signer in signers]


def _of_xml(one: InsideSignature, now: datetime, *, is_document: bool) -> Signer:
    signer = Signer(_UNVERIFIED, Detail("signature_inside" if is_document else "xml_signature"))
    if one.certificate is None:
        return signer
    try:
        certificate = x509.Certificate.load(base64.b64decode(one.certificate))
        return judged(certified(certificate, _moment(one.signed_at), now), signer)
    except Exception:  # a certificate may be broken in many ways, and nothing depends on it
        return signer


def _moment(text: str | None) -> datetime | None:
    """The moment, with its zone; None where none is told or it cannot be read."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
