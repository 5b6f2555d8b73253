"""The signatures of a package beside its other files: verified once, told by pool, as columns of the files' frame.

Presence is completeness, everything else reliability (facts.md section 7). No word here says "valid": the chain of
certificates and revocation are not checked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.examination.identify import storable, stored
from esep.examination.model import FileSignature
from esep.forms.document import FileRole, PackageRead
from esep.signature import SignatureReport, SignatureState, Signer, for_pool, report_inside, verify_all

Reports = Mapping[str, SignatureReport]
"""Path of the signature file → what is known about it."""

_UNUSABLE = (SignatureState.INVALID, SignatureState.ABSENT)


def verify_signatures(package: PackageRead, settings: Settings, arrived_at: datetime, now: datetime) -> Reports:
    """All signatures of a package, held against all its other files, archives as a whole too; path → report.

    A document that holds signatures of its own has a report under its own path.

    A certificate must have been in force at signing time, and the signing time must not lie after `arrived_at`. The
    external service is asked only where it is switched on.
    """
    paths = [file.path for file in package.signatures if not file.inside]
    signatures = {path: package.contents[path] for path in paths if path in package.contents}
    # Signatures, too, may be signed: several signers one after the other.
    reports = verify_all(signatures, package.contents, None, arrived_at)
    for file in package.files:
        if file.inside:
            is_document = file.role is not FileRole.SIGNATURE
            reports[file.path] = report_inside(file.inside, file.path, arrived_at, is_document=is_document)
    return _asked(reports, package, settings, now) if settings.ncanode_url else reports


def _asked(reports: Reports, package: PackageRead, settings: Settings, now: datetime) -> Reports:
    """With the service's verdict, where it says something about the time of signing.

    It judges certificates as of today: about one that has expired since, as every one of an older filing has, its
    answer says nothing. A service that fails once is not asked again about this package.
    """
    from esep.signature import ncanode  # an HTTP library that nobody needs while the service is off

    service = ncanode.configured(settings)
    asked = dict(reports)
    for path, report in reports.items():
        signer = report.signer
        if service and signer and signer.certificate_to and signer.certificate_to >= now:
            signature = package.contents[path].read_bytes()
            asked[path] = ncanode.consult(service, report, signature, package.contents)
            answer = asked[path].external
            if answer and answer.detail.code in ncanode.FAILED:
                service = None
    return asked


def seen_from(reports: Reports, pool_id: str | None) -> Reports:
    """The same, once the pool of the filing is known."""
    return {path: for_pool(report, pool_id) for path, report in reports.items()}


def any_present(reports: Reports) -> bool:
    return any(report.state is not SignatureState.ABSENT for report in reports.values())


def columns(report: SignatureReport, pool_id: str | None) -> dict[str, str | None]:
    """What the files' frame holds about one signature; see frame_columns.FILES.

    What an invalid signature claims about its signer is no ground for further remarks, so these columns stay null.
    """
    row: dict[str, str | None] = {
        "signature_state": report.state.value,
        "signature_detail_code": report.detail_code or None,
        "signature_detail": stored(report.detail),
        "signature_covers": _covers(report),
        "signature_content": _content(report),
        "signature_service": report.external.detail.code if report.external else None,
        "signature_service_detail": stored(report.external.detail) if report.external else None,
    }
    if report.state in _UNUSABLE:
        return row
    row["signature_verified_by"] = _verified_by(report)
    signer = report.signer
    return row if signer is None else row | _signer_columns(signer, report, pool_id)


def _signer_columns(signer: Signer, report: SignatureReport, pool_id: str | None) -> dict[str, str | None]:
    return {
        "signature_pool": report.pool_agreement.value if report.pool_agreement else None,
        "signer_bin": signer.bin,
        "signer": storable(signer.name or "") or None,
        "pool_id": pool_id,
        "signature_time": (signer.time_code or "ok") if signer.certificate_serial else None,
        "certificate_on_arrival": ("expired" if signer.expired_since else "ok") if signer.certificate_serial else None,
        "signed_at": _local(signer.judged_at),
        "certificate_validity": _validity(signer),
        "signer_right": signer.right.value if signer.right else None,
    }


def records(reports: Reports) -> tuple[FileSignature, ...]:
    """What the verdict keeps of each signature file."""
    return tuple(
        FileSignature(
            file=path,
            state=report.state.value,
            detail_code=report.detail_code or None,
            covers=report.file,
            signer_bin=report.signer.bin if report.signer else None,
            signed_at=report.signer.signed_at if report.signer else None,
            service=report.external.detail.code if report.external else None,
        )
        for path, report in reports.items()
    )


def _covers(report: SignatureReport) -> str | None:
    if report.file is not None:
        return "file"
    return "other_content" if report.attached and report.state not in _UNUSABLE else None


def _content(report: SignatureReport) -> str | None:
    if report.content_sha256 is None:
        return None
    return f"SHA-256 {report.content_sha256}, {report.content_size} B"


def _verified_by(report: SignatureReport) -> str:
    if report.state is SignatureState.VERIFIED_CHAIN_NOT_CHECKED:
        return "esep"
    return "service" if report.external and report.external.confirmed else "nobody"


def _local(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    with contextlib.suppress(OverflowError):  # a certificate without end says 31.12.9999
        moment = moment.astimezone(TIMEZONE)
    return f"{moment:%Y-%m-%d %H:%M}"


def _validity(signer: Signer) -> str | None:
    if signer.certificate_from is None or signer.certificate_to is None:
        return None
    return f"{_local(signer.certificate_from)} – {_local(signer.certificate_to)}"
