"""One signature file against the files of its package, and what it says of the pool."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from asn1crypto import x509

from esep.detail import Detail
from esep.law.identifiers import is_bin
from esep.signature import cms_file, opening
from esep.signature.contents import Contents
from esep.signature.model import PoolAgreement, Right, SignatureReport, SignatureState, Signer
from esep.signature.signers import certified, examine, judged

MAX_FILES = 64
"""Most signature files looked into for one package."""
MAX_BYTES_TOGETHER = 256 * 1024 * 1024
"""Most bytes of all signature files of a package that are looked into."""

_WORST_FIRST = (
    SignatureState.INVALID,
    SignatureState.PRESENT_UNVERIFIED_ALGORITHM,
    SignatureState.VERIFIED_CHAIN_NOT_CHECKED,
)


def verify(
    signature: bytes,
    candidates: Mapping[str, bytes | Path],
    pool_id: str | None,
    now: datetime,
    *,
    path: str | None = None,
) -> SignatureReport:
    """Check a signature file (DER, BER, PEM or Base64; attached or detached) and say what it covers.

    `candidates`: path in the package → its bytes or where they are, for every file that may be signed; `pool_id`: BIN
    of the pool, if known; `now`: the moment of the check, aware; `path`: the signature's own path, which only decides
    which file is tried first. Never raises for what is in the files. Bounded: at most 64 MB of signature
    (cms_file.py), 16 signers, 8 MB hashed by Streebog and 32 GOST signatures (contents.py); past that the state is
    present_unverified_algorithm.
    """
    return verify_all({path or "": signature}, candidates, pool_id, now)[path or ""]


def verify_all(
    signatures: Mapping[str, bytes | Path],
    candidates: Mapping[str, bytes | Path],
    pool_id: str | None,
    now: datetime,
) -> dict[str, SignatureReport]:
    """`verify` for all signature files of a package: path → report. Each file is hashed once, the bounds are shared.

    Beyond MAX_FILES a signature file is not looked into: present_unverified_algorithm.
    """
    if now.tzinfo is None:
        raise ValueError(f"{now.isoformat()}: a moment needs its time zone")
    contents = Contents(candidates)
    reports = {}
    total = 0
    for number, (path, signature) in enumerate(signatures.items(), start=1):
        if number > MAX_FILES:
            reports[path] = _unverified(Detail.of("too_many_signatures", limit=MAX_FILES))
            continue
        total += _size(signature)
        if total > MAX_BYTES_TOGETHER:
            reports[path] = _unverified(Detail.of("signatures_too_large", limit=MAX_BYTES_TOGETHER))
            continue
        contents.prefer_for(path)
        reports[path] = _guarded(signature, contents, pool_id, now)
    return reports


def _guarded(source: bytes | Path, contents: Contents, pool_id: str | None, now: datetime) -> SignatureReport:
    """The report, whatever is in the file."""
    try:
        signature = _read(source)
    except OSError:
        return _invalid("unreadable")
    if not signature.strip():
        return absent("empty")
    if len(signature) > cms_file.MAX_BYTES:
        return _unverified(Detail.of("signature_too_large", limit=cms_file.MAX_BYTES))
    try:
        return _verify(signature, contents, pool_id, now)
    except cms_file.LimitError:
        return _unverified(Detail("signature_too_complex"))
    except cms_file.EncodingError:
        return _invalid("broken_encoding")
    except cms_file.NotSignedDataError:
        return _invalid("not_signed_data")
    except Exception:
        # asn1crypto raises many kinds of exceptions on broken structures; a filer's file must stop nothing.
        return _invalid("broken_structure")


def _size(source: bytes | Path) -> int:
    """Bytes that would be read of a signature file; 0 for one that cannot be."""
    if not isinstance(source, Path):
        return len(source)
    try:
        return min(source.stat().st_size, cms_file.MAX_BYTES)
    except OSError:
        return 0


def _read(source: bytes | Path) -> bytes:
    """The bytes, one more than the limit at most."""
    if not isinstance(source, Path):
        return source
    with source.open("rb") as file:
        return file.read(cms_file.MAX_BYTES + 1)


def absent(code: str = "absent") -> SignatureReport:
    """The report where there is no signature."""
    return SignatureReport(SignatureState.ABSENT, Detail(code))


def _verify(signature: bytes, contents: Contents, pool_id: str | None, now: datetime) -> SignatureReport:
    encoded = opening.binary(signature)
    if encoded is None:
        if opening.is_xml(signature):
            return _unverified(Detail("xml_signature"))
        return _invalid("not_cms")
    data = cms_file.read(cms_file.whole_element(encoded))
    if not data.signers:
        return _invalid("no_signer", attached=data.content is not None)
    signers = tuple(examine(info, data, contents, now) for info in data.signers)
    return for_pool(_report(signers, data, contents), pool_id)


def for_pool(report: SignatureReport, pool_id: str | None) -> SignatureReport:
    """The same report seen from a pool: which signer matters, and whether the BIN is the pool's.

    For callers that learn the pool only after the signatures were verified (see `signers_bin`).
    """
    if not report.signers:
        return report
    worst = min(report.signers, key=lambda one: _WORST_FIRST.index(one.state))
    signer = min(report.signers, key=lambda one: _rank(one, pool_id))
    judged_by = signer if worst.state is signer.state else worst
    detail = judged_by.detail
    file = report.file if report.attached else signer.file
    if report.attached and file is None and detail is None:
        detail = Detail("content_not_in_package")
    return replace(
        report,
        state=worst.state,
        detail=detail,
        file=file,
        signer=signer,
        pool_agreement=_agreement(signer, pool_id),
    )


def _report(signers: tuple[Signer, ...], data: cms_file.SignedData, contents: Contents) -> SignatureReport:
    """What does not depend on the pool; state and detail follow from the signers (see for_pool)."""
    report = SignatureReport(signers[0].state, attached=False, signers=signers)
    if data.content is None:
        return report
    return replace(
        report,
        file=contents.equal_to(data.content),
        attached=True,
        content_sha256=hashlib.sha256(data.content).hexdigest(),
        content_size=len(data.content),
    )


def _rank(signer: Signer, pool_id: str | None) -> tuple[bool, bool, bool]:
    """Smallest for the signer who matters most."""
    return (
        pool_id is None or signer.bin != pool_id,
        signer.right is not Right.FIRST_HEAD,
        signer.state is not SignatureState.VERIFIED_CHAIN_NOT_CHECKED,
    )


def _agreement(signer: Signer, pool_id: str | None) -> PoolAgreement | None:
    if pool_id is None or signer.certificate_serial is None:
        return None
    if signer.bin is None:
        return PoolAgreement.NO_BIN
    return PoolAgreement.AGREES if signer.bin == pool_id else PoolAgreement.DIFFERS


def _invalid(code: str, attached: bool | None = None) -> SignatureReport:
    return SignatureReport(SignatureState.INVALID, Detail(code), attached=attached)


def _unverified(detail: Detail) -> SignatureReport:
    return SignatureReport(SignatureState.PRESENT_UNVERIFIED_ALGORITHM, detail)


_TRUSTED_FIRST = (SignatureState.VERIFIED_CHAIN_NOT_CHECKED, SignatureState.PRESENT_UNVERIFIED_ALGORITHM)


def signers_bin(reports: Iterable[SignatureReport]) -> str | None:
    """The one faultless BIN of the signers of a package: of verified ones, else of those not verified.

    None without any, or where several signers have different ones. A signature that is invalid says nothing.
    """
    signers = [signer for report in reports for signer in report.signers]
    for state in _TRUSTED_FIRST:
        numbers = {signer.bin for signer in signers if signer.state is state and signer.bin and is_bin(signer.bin)}
        if numbers:
            return numbers.pop() if len(numbers) == 1 else None
    return None


_UNVERIFIED = SignatureState.PRESENT_UNVERIFIED_ALGORITHM


@dataclass(frozen=True, slots=True)
class InsideSignature:
    """One signature as the reader found it; nothing of it is verified yet."""

    certificate: str | None = None
    """The signer's certificate, Base64 of DER, where the XML holds one."""
    signed_at: str | None = None
    """Signing time as written (ISO 8601)."""
    cms: Path | None = None
    """Where the CMS of a PDF signature is."""
    covered: Path | None = None
    """Where the bytes are that it covers, if those are all of the file; None if it covers a part."""


def report_inside(
    signatures: Sequence[InsideSignature], path: str, now: datetime, *, is_document: bool
) -> SignatureReport:
    """The signatures of one file as one report; the file itself is what they cover if it is a document.

    `now` is the moment by which certificates are judged. Never raises for what is in the file.
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
    """The moment, with its zone; None where none is given or it cannot be read."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
