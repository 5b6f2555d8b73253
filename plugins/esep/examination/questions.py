"""Which filings the examination leaves to an officer (facts.md: "Not readable by machine", contradictions 15 and 18).

A package is refused by rule for what nobody can read. Where the parts may be there and only the reader fails, or a
correction came without application or signature, the filing has no verdict until an officer answers. What a rule
reports as absent is its `part` in the suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from esep.detail import Detail
from esep.examination.model import Finding, Lane
from esep.examination.suites import Part, Suites
from esep.forms.document import FORM_1CM, FileRead, FileRole, FileState, PackageRead
from esep.forms.reading.kinds import SIGNATURE_SUFFIXES, WORKBOOK_SUFFIXES
from esep.office.questions import NOT_READABLE, UNVOUCHED

TRANSCRIBED = "transcribed"
"""Code of a file of the package that an officer transcribed."""
TRANSCRIPTION = f"{FORM_1CM}/transcription"
"""Source of rows that an officer transcribed (FormRead.source)."""
_FOR_PEOPLE = frozenset(
    {
        *("no_text", "picture", "form_in_pdf", "no_number_row", "no_number_row_in_document", "pdf_xfa"),
        *("text_without_number_row", "separated_damaged", "page_damaged", "other_document_inside", "leftover_document"),
        *("table_in_document", "picture_in_document"),
        *("xlsb", "doc", "rtf", "office_kind", "compound_file", "archive_kind", "mail"),
        *("nested_archive", "nested_too_deep", "far_cell", "far_cell_at"),
        *("time_limit", "memory_limit", "package_files", "package_bytes", "package_time"),
    }
)
"""Codes of files that a person can open although no part of a filing was read from them."""


def open_question(
    package: PackageRead, findings: Iterable[Finding], rules: Suites, is_correction: Callable[[], bool]
) -> str | None:
    """The kind of question that an officer has to answer before there is a verdict; None where the rules decide.

    `is_correction` is asked only where it matters: whether a version of that pool and month was accepted before.
    """
    blocking = [one for one in findings if one.lane is Lane.COMPLETENESS]
    part_of = {rule.rule_id: rule.part for rule in rules.rules}
    parts = {part_of[one.rule_id] for one in blocking}
    if not blocking or None in parts:
        return None
    lacking = parts - {Part.FILE}
    files = {file.path: file for file in package.files}
    faulty = [files[one.file] for one in blocking if one.file in files and part_of[one.rule_id] is Part.FILE]
    if _may_lack(lacking, faulty) and is_correction():
        return UNVOUCHED
    unread = [file for file in package.files if for_people(file)]
    if Part.SIGNATURE in lacking or not unread:
        return None
    only_the_reader_fails = all(for_people(file) or (lacking and not _is_workbook(file)) for file in faulty)
    return NOT_READABLE if only_the_reader_fails else None


def for_people(file: FileRead) -> bool:
    """Whether a person can open a file of which nothing was read, so that it may be the part that lacks."""
    if file.forms or (file.applications and not file.lacks_number_row):
        return False
    if PurePosixPath(file.path).suffix.lower() == ".txt":  # a note was read as a whole; a table in it would be named so
        return False
    unrecognised = not file.detail_code and file.role is FileRole.ATTACHMENT and _is_workbook(file)
    return file.detail_code in _FOR_PEOPLE or (unrecognised and file.state is FileState.READ)


def transcribed(package: PackageRead, office: PackageRead, folder: str) -> PackageRead:
    """The package with an officer's transcription in place of what no machine could read.

    Files of `office` get paths below `folder`; their rows bear the source TRANSCRIPTION.
    """
    left = [
        replace(file, state=FileState.NOT_READ, role=FileRole.ATTACHMENT, detail=Detail(TRANSCRIBED))
        if for_people(file) and not file.applications
        else file
        for file in package.files
    ]
    return replace(package, files=(*left, *(_of_office(file, folder) for file in office.files)))


def _may_lack(lacking: set[Part | None], faulty: Sequence[FileRead]) -> bool:
    """Of a correction only application and signature may lack (contradiction 15)."""
    unsigned = (PurePosixPath(file.path).suffix.lower() in SIGNATURE_SUFFIXES for file in faulty)
    spare = all(for_people(file) or of_signature for file, of_signature in zip(faulty, unsigned, strict=True))
    return bool(lacking) and lacking <= {Part.APPLICATION, Part.SIGNATURE} and spare


def _is_workbook(file: FileRead) -> bool:
    return PurePosixPath(file.path).suffix.lower() in WORKBOOK_SUFFIXES


def _of_office(file: FileRead, folder: str) -> FileRead:
    path = f"{folder}/{file.path}"
    forms = tuple(replace(form, file=path, source=TRANSCRIPTION) for form in file.forms)
    applications = tuple(replace(one, file=path) for one in file.applications)
    return replace(file, path=path, forms=forms, applications=applications)
