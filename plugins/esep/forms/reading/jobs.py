"""What the child does with one file: find out its kind, look whether it is safe, read it, write the result."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from esep.detail import Detail
from esep.forms.document import FileRead, FileRole, FileState
from esep.forms.reading.default_password import decrypted
from esep.forms.reading.document_text import (
    NO_NUMBER_ROW,
    NO_TEXT,
    DocumentRead,
    read_document,
    read_pdf,
)
from esep.forms.reading.far_cells import find_far_cell
from esep.forms.reading.fault import FileError
from esep.forms.reading.kinds import DOCUMENT_SUFFIXES, WORKBOOK_SUFFIXES, Kind, kind_of, not_what_its_name_says
from esep.forms.reading.old_excel import read_old_workbook
from esep.forms.reading.result import RESULT, RESULTS, file_as_dict, member_as_dict, write_rows
from esep.forms.reading.separated_values import SHEET, read_separated
from esep.forms.reading.sheets import Sheet
from esep.forms.reading.signatures import read_signature, signatures_inside
from esep.forms.reading.web_page import read_archive, read_page
from esep.forms.reading.workbook import WorkbookRead, read_sheets, read_workbook
from esep.forms.reading.xml_spreadsheet import read_xml_spreadsheet
from esep.forms.reading.zip_files import inspect_container, unpack


def _read_page(path: Path) -> list[Sheet]:
    return [Sheet(SHEET, hidden=False, cells=read_page(path.read_bytes()))]


SHEETS_OF: Mapping[Kind, Callable[[Path], list[Sheet]]] = {
    Kind.WORKBOOK_OLD: read_old_workbook,
    Kind.WEB_PAGE: _read_page,
    Kind.WEB_ARCHIVE: read_archive,
    Kind.XML_SPREADSHEET: read_xml_spreadsheet,
    Kind.SEPARATED: read_separated,
}
"""Each raises FileError for a file that cannot be read."""


_PAGES = frozenset({".htm", ".html", ".mht", ".mhtml"})
_PAGE_KINDS = (Kind.WEB_PAGE, Kind.WEB_ARCHIVE)
_WORKBOOKS = (Kind.WORKBOOK_XML, Kind.WORKBOOK_OPEN, Kind.WORKBOOK_BINARY)


def run(job: dict[str, Any]) -> None:
    """Do one job in its folder `out`.

    Task `read`: each of its `files` (path, name, sha256, size, nested) into a folder `out`/0, 1, …, if it needs
    one, and a line of results.jsonl as soon as it is done, so that what kills the child costs one file. Task
    `diagnose`: result.json.
    """
    out = Path(job["out"])
    if job["task"] == "read":
        _read_files(job["files"], out)
        return
    temporary = out / f"{RESULT}.tmp"
    temporary.write_text(json.dumps(_diagnose(job, out), ensure_ascii=False), encoding="utf-8", errors="replace")
    temporary.replace(out / RESULT)


def _read_files(files: list[dict[str, Any]], out: Path) -> None:
    with (out / RESULTS).open("w", encoding="utf-8", errors="replace") as results:
        for number, file in enumerate(files):
            results.write(json.dumps(_read(file, out / str(number)), ensure_ascii=False) + "\n")
            results.flush()
            if number:
                gc.collect()  # it is switched off, which is right for a single file


def _diagnose(job: dict[str, Any], out: Path) -> dict[str, Any]:
    """Why reading passed its limits, where the file tells it."""
    return {"far_cell": find_far_cell(Path(job["path"]))}


def _read(job: dict[str, Any], out: Path) -> dict[str, Any]:
    path = Path(job["path"])
    file = FileRead(job["name"], job["sha256"], job["size"], FileState.READ, FileRole.UNKNOWN)
    try:
        path = decrypted(path, out / "decrypted")
        kind = kind_of(path, file.path)
        if kind in _NOTES:
            code = _NOTES[kind]
            if kind is Kind.ATTACHMENT and PurePosixPath(file.path).suffix.lower() in _TEXT_TABLES:
                code = "text_without_number_row"
            return _plain(replace(file, state=FileState.NOT_READ, role=FileRole.ATTACHMENT, detail=Detail(code)))
        out.mkdir(exist_ok=True)
        if kind is Kind.ARCHIVE:
            return _unpack(path, out, nested=job["nested"])
        if kind is Kind.SIGNATURE:
            return read_signature(path, file, out)
        if kind in _WORKBOOKS:
            if kind is not Kind.WORKBOOK_BINARY:
                inspect_container(path)
            # The reader goes by the suffix, and needs a path in UTF-8; the filer's name promises neither.
            source = out / f"source.{kind.value}"
            source.symlink_to(path)
            read = read_workbook(source, file.path, file.sha256, kind)
            return _workbook(read, replace(file, inside=signatures_inside(path, kind, out)), out)
        if kind in SHEETS_OF:
            return _workbook(_other_table(path, file, kind), file, out)
        return _document(path, file, kind, out)
    except FileError as fault:
        return _plain(replace(file, state=fault.state, detail=fault.detail))


_TEXT_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt"})
_NOTES = {Kind.ATTACHMENT: "attachment", Kind.SYSTEM: "system_file", Kind.LEFTOVER: "leftover_document"}


def _plain(file: FileRead) -> dict[str, Any]:
    return {"file": file_as_dict(file, [])}


def _unpack(path: Path, out: Path, *, nested: bool) -> dict[str, Any]:
    if nested:
        raise FileError(FileState.NESTED_ARCHIVE, "nested_archive")
    members = unpack(path, out)
    return {"members": [member_as_dict(member) for member in members]}


def _workbook(read: WorkbookRead, file: FileRead, out: Path) -> dict[str, Any]:
    names = [f"rows-{number}.arrow" for number in range(len(read.forms))]
    for name, form in zip(names, read.forms, strict=True):
        write_rows(out / name, form.batches, form.form.rows.schema)
    detail = None
    if read.without_number_row:
        detail = Detail.of("no_number_row", sheets=", ".join(f"«{sheet}»" for sheet in read.without_number_row))
    has_form = bool(read.forms or read.without_number_row)
    return {
        "file": file_as_dict(
            replace(
                file,
                role=_role(has_form, bool(read.applications)),
                detail=detail,
                forms=tuple(form.form for form in read.forms),
                applications=tuple(read.applications),
                hidden_sheets=tuple(read.hidden_sheets),
                repeated_sheets=tuple(read.repeated_sheets),
            ),
            names,
        )
    }


def _role(has_form: bool, has_application: bool) -> FileRole:
    if has_form:
        return FileRole.FORM_AND_APPLICATION if has_application else FileRole.FORM
    return FileRole.APPLICATION if has_application else FileRole.ATTACHMENT


def _other_table(path: Path, file: FileRead, kind: Kind) -> WorkbookRead:
    read = read_sheets(SHEETS_OF[kind](path), file.path, file.sha256)
    suffix = PurePosixPath(file.path).suffix.lower()
    if suffix in _PAGES:
        # A saved page of the order shows the form, too; a filled one has rows.
        read.forms = [form for form in read.forms if form.batches]
        read.without_number_row = []
    is_page = kind in _PAGE_KINDS and suffix in WORKBOOK_SUFFIXES | DOCUMENT_SUFFIXES
    if is_page and not (read.forms or read.without_number_row or read.applications):
        raise not_what_its_name_says(suffix, is_page=True)  # a portal's message, saved instead of what was asked for
    return read


def _document(path: Path, file: FileRead, kind: Kind, out: Path) -> dict[str, Any]:
    if kind is Kind.PDF:
        read = read_pdf(path, file.path)
    else:
        inspect_container(path)
        read = read_document(path, file.path, file.sha256, kind)
    file = replace(file, inside=signatures_inside(path, kind, out))
    if read.workbook is not None:
        return _workbook(read.workbook, file, out)
    return _plain(_without_form(read, file))


def _without_form(read: DocumentRead, file: FileRead) -> FileRead:
    detail = Detail(read.code) if read.code else None
    if read.application is not None:
        role = FileRole.FORM_AND_APPLICATION if read.code == NO_NUMBER_ROW else FileRole.APPLICATION
        return replace(file, role=role, applications=(read.application,), detail=detail)
    if read.code == NO_TEXT:
        return replace(file, state=FileState.NOT_READ, role=FileRole.ATTACHMENT, detail=detail)
    role = FileRole.FORM if read.code == NO_NUMBER_ROW else FileRole.ATTACHMENT
    return replace(file, role=role, detail=detail)
