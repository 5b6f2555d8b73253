"""The files of a package: their signatures verified once, and one row of the frame for each.

Presence of a signature is completeness, everything else reliability (facts.md section 7). No word here says "valid":
the chain of certificates and revocation are not checked. A file of which nothing was used is a fault only where the
package lacks what it may have been meant for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.detail import Detail
from esep.examination.frame_columns import COLUMNS
from esep.examination.identify import Reports, Sources, storable, stored
from esep.examination.model import FileSignature, Identity
from esep.examination.questions import TRANSCRIBED
from esep.examination.same_form import SAME_ROWS
from esep.forms.document import FileRead, FileRole, FileState, PackageRead
from esep.signature import SignatureReport, SignatureState, Signer, for_pool, report_inside, verify_all

_UNUSABLE = (SignatureState.INVALID, SignatureState.ABSENT)
_FAULTS = frozenset(
    {
        FileState.EMPTY,
        FileState.UNREADABLE,
        FileState.ENCRYPTED,
        FileState.UNSAFE,
        FileState.TOO_LARGE,
        FileState.NESTED_ARCHIVE,
        FileState.UNSUPPORTED,
    }
)
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".xlsb"})
_DOCUMENTS = frozenset({".docx", ".doc", ".pdf", ".odt", ".rtf"})
_SIGNATURES = frozenset({".p7s", ".cms", ".sig", ".p7m", ".sign", ".p7b"})
_NO_PART = Detail("no_annex")
_NO_SIGNATURE = frozenset({"certificates_only", "time_stamp"})
"""Codes of files that are taken for a signature and are none."""
_FORM_IN_PDF = "form_in_pdf"
"""Code of a file that people can read as the 1-ЦМ; it may hold the application as well."""
_NEVER_A_PART = frozenset({"system_file", "same_bytes", "other_version", SAME_ROWS, TRANSCRIBED})
_FORM_ROLES = frozenset({FileRole.FORM, FileRole.FORM_AND_APPLICATION})


def verify_signatures(package: PackageRead, settings: Settings, arrived_at: datetime, now: datetime) -> Reports:
    """All signatures of a package, held against all its other files, archives as a whole too; path → report.

    A document that holds signatures of its own has a report under its own path.

    A certificate must have been in force at signing time, and the signing time must not be after `arrived_at`. The
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


def records(reports: Reports) -> tuple[FileSignature, ...]:
    """The signature files as the verdict lists them."""
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


def files_frame(sources: Sources, identity: Identity) -> pa.Table:
    """One row for each file of the package; see frame_columns."""
    package, reports = sources.package, sources.reports
    parts = {
        "form": has_form(package),
        "application": bool(package.applications),
        "signature": any_present(reports),
    }
    lacking = frozenset(part for part, there in parts.items() if not there)  # once: there may be ten thousand files
    rows = []
    for file in package.files:
        report = reports.get(file.path)
        of_signature = _signature_columns(report, identity.pool_id) if report else {}
        rows.append(_file_row(file, lacking, report) | of_signature)
    return frame_of("files", rows)


def frame_of(stage: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """A frame with all columns of the stage; what a row lacks is null."""
    kinds = {name: pa.int32() if name.endswith("_row") else pa.string() for name in COLUMNS[stage]}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in kinds.items()})


def has_form(package: PackageRead) -> bool:
    """A 1-ЦМ without its number row counts as there: its own rule says what it lacks."""
    return any(file.role in _FORM_ROLES for file in package.files)


def signed(package: PackageRead, reports: Reports) -> dict[str, str | None]:
    """Whether the signatures are over a document of the filing: the order has the head sign Annex 1."""
    covered = sorted({report.file for report in reports.values() if report.file})
    if not covered:
        return {}
    annexes = [
        file.path
        for file in package.files
        if file.forms or file.applications or file.copied_rows or file.detail_code == TRANSCRIBED
    ]
    holds = any(path == file or path.startswith(f"{file}/") for path in annexes for file in covered)
    return {"signature_over": "annex" if holds else "other", "signed_files": ", ".join(map(storable, covered))}


def _file_row(file: FileRead, lacking: frozenset[str], report: SignatureReport | None) -> dict[str, Any]:
    blank = report is not None and report.state is SignatureState.ABSENT  # nothing but white space
    state = FileState.EMPTY if blank else file.state
    form_sheets = {form.sheet for form in file.forms}
    return {
        "file": file.path,
        "state": file.state.value,
        "role": file.role.value,
        "detail": stored(report.detail if report and blank else file.detail),
        "detail_code": file.detail_code or None,
        **_fault_columns(file, state, lacking),
        "hidden_sheets": ", ".join(name for name in file.hidden_sheets if name not in form_sheets) or None,
        "repeated_sheets": ", ".join(file.repeated_sheets) or None,
        "copied_rows": "; ".join(map(storable, file.copied_rows)) or None,
        "shared_rows": ", ".join(str(rows) for _, rows in file.shared_rows) or None,
        "shared_with": ", ".join(storable(other) for other, _ in file.shared_rows) or None,
        "column_numbers": "missing" if file.lacks_number_row else "found",
    }


def _fault_columns(file: FileRead, state: FileState, lacking: frozenset[str]) -> dict[str, str | None]:
    """`needed_fault`, `spare_fault`, `unused` and `unused_detail` of the files' frame (see frame_columns)."""
    fault = state.value if state in _FAULTS else None
    needed = fault is not None and _may_be_needed(file, lacking)
    return {
        "needed_fault": fault if needed else None,
        "spare_fault": None if needed else fault,
        **_unused(file, lacking),
    }


def _unused(file: FileRead, lacking: frozenset[str]) -> dict[str, str | None]:
    """A readable file that turned out to be nothing, where the package lacks what it may have been meant for."""
    readable = file.state in (FileState.READ, FileState.NOT_READ)
    useless = file.role is FileRole.ATTACHMENT or file.detail_code in ("signature_too_large", _FORM_IN_PDF)
    if not readable or not useless or file.detail_code in _NEVER_A_PART:
        return {}
    if file.detail_code in _NO_SIGNATURE:
        meant_for = {"signature"}
    elif file.detail_code == _FORM_IN_PDF:
        meant_for = {"form"}
    else:
        meant_for = {"application", "form"}
    if lacking.isdisjoint(meant_for):
        return {}
    return {"unused": "lacking", "unused_detail": stored(file.detail or _NO_PART)}


def _may_be_needed(file: FileRead, lacking: frozenset[str]) -> bool:
    """Whether the package may lack a part without this file.

    A workbook may always be a further part of the 1-ЦМ; any other file is spare once the package has the part that
    its kind could be, a file of a kind that is not read once it has all parts.
    """
    extension = PurePosixPath(file.path).suffix.lower()
    if extension in _WORKBOOKS and file.state is not FileState.UNSUPPORTED:
        return True
    if file.state is FileState.UNSUPPORTED:
        return bool(lacking)
    if extension in _SIGNATURES:
        return "signature" in lacking
    if extension in _DOCUMENTS:
        return "application" in lacking
    return not lacking.isdisjoint({"application", "form"})


def _signature_columns(report: SignatureReport, pool_id: str | None) -> dict[str, str | None]:
    """The columns of the files' frame about one signature; see frame_columns.

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
