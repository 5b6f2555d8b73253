"""Files of a package of which nothing was used: whether the package lacks what each of them may have been meant for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from esep.detail import Detail
from esep.examination import identify
from esep.examination.same_form import SAME_ROWS
from esep.forms.document import FileRead, FileRole, FileState

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
_NEVER_A_PART = frozenset({"system_file", "same_bytes", "other_version", SAME_ROWS})


@dataclass(frozen=True, slots=True)
class Lacks:
    """Which parts the package has not; asked once, for a package may have ten thousand files."""

    form: bool
    application: bool
    signature: bool


def fault_columns(file: FileRead, state: FileState, lacks: Lacks) -> dict[str, str | None]:
    """`needed_fault`, `spare_fault`, `unused` and `unused_detail` of the files' frame (see frame_columns)."""
    fault = state.value if state in _FAULTS else None
    needed = fault is not None and _may_be_needed(file, lacks)
    return {
        "needed_fault": fault if needed else None,
        "spare_fault": None if needed else fault,
        **_unused(file, lacks),
    }


def _unused(file: FileRead, lacks: Lacks) -> dict[str, str | None]:
    """A readable file that turned out to be nothing, where the package lacks what it may have been meant for."""
    readable = file.state in (FileState.READ, FileState.NOT_READ)
    useless = file.role is FileRole.ATTACHMENT or file.detail_code in ("signature_too_large", _FORM_IN_PDF)
    if not readable or not useless or file.detail_code in _NEVER_A_PART:
        return {}
    if file.detail_code in _NO_SIGNATURE:
        lacking = lacks.signature
    elif file.detail_code == _FORM_IN_PDF:
        lacking = lacks.form
    else:
        lacking = lacks.application or lacks.form
    return {"unused": "lacking", "unused_detail": identify.stored(file.detail or _NO_PART)} if lacking else {}


def _may_be_needed(file: FileRead, lacks: Lacks) -> bool:
    """Whether the package may lack a part without this file.

    A workbook may always be a further part of the 1-ЦМ; any other file is spare once the package has the part that
    its kind could be, a file of a kind that is not read once it has all parts.
    """
    extension = PurePosixPath(file.path).suffix.lower()
    if extension in _WORKBOOKS and file.state is not FileState.UNSUPPORTED:
        return True
    if file.state is FileState.UNSUPPORTED:
        return lacks.application or lacks.form or lacks.signature
    if extension in _SIGNATURES:
        return lacks.signature
    if extension in _DOCUMENTS:
        return lacks.application
    return lacks.application or lacks.form
