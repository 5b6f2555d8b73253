"""What the child does with a file: find out its kind, look whether it is safe, read it, write the result.

`python -m esep.forms.reading.jobs` is the zygote that these children are forked from.
"""

from __future__ import annotations

import codecs
import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from esep import lean
from esep.detail import Detail
from esep.forms.document import FileError, FileRead, FileRole, FileState
from esep.forms.reading.default_password import decrypted
from esep.forms.reading.document_text import read_document, read_pdf
from esep.forms.reading.formats import READERS, WORKBOOKS, prepared, sheets_of
from esep.forms.reading.kinds import DOCUMENT_SUFFIXES, WORKBOOK_SUFFIXES, Kind, kind_of, not_what_its_name_says
from esep.forms.reading.ooxml.screening import find_far_cell
from esep.forms.reading.package import files_of
from esep.forms.reading.result import RESULTS, Plain, as_json, file_as_dict
from esep.forms.reading.sheets import Cells, cell_text, column_texts
from esep.forms.reading.signatures import read_signature, signatures_inside
from esep.forms.reading.workbook import columns_of_sheet, read_sheets
from esep.forms.reading.zip_files import unpack
from esep.forms.reading.zygote import serve

_PAGES = frozenset({".htm", ".html", ".mht", ".mhtml"})
_PAGE_KINDS = (Kind.WEB_PAGE, Kind.WEB_ARCHIVE)
_TEXT_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt"})
_MOST_CELLS = 20_000
"""Distinct texts of cells that are kept of a table without a form."""
_NOTES = {
    Kind.ATTACHMENT: "attachment",
    Kind.PICTURE: "picture",
    Kind.SYSTEM: "system_file",
    Kind.LEFTOVER: "leftover_document",
}


def run(job: Plain) -> None:
    """Do one job in its folder `out`.

    Task `read`: each of its `files` (path, name, sha256, size, nested) into a folder `out`/0, 1, …, if it needs
    one. Task `columns`: where the form's columns are in the workbooks of `package`. Task `diagnose`: whether a far-off
    cell is the reason why reading the file at `path` failed. Task `table`: the cells of the workbook at `path`.
    Each writes a line of results.jsonl as soon as there is one, so that what kills the child takes nothing along.
    """
    out = Path(job["out"])
    with (out / RESULTS).open("w", encoding="utf-8", errors="replace") as results:
        for result in _TASKS[job["task"]](job, out):
            results.write(as_json(result) + "\n")
            results.flush()


def _read_files(job: Plain, out: Path) -> Iterator[Plain]:
    for number, file in enumerate(job["files"]):
        yield _read(file, out / str(number))
        if number:
            gc.collect()  # it is switched off, which is right for a single file


def _diagnose(job: Plain, _out: Path) -> Iterator[Plain]:
    yield {"far_cell": find_far_cell(Path(job["path"]))}


def _read(job: Plain, out: Path) -> Plain:
    """The `files` that came of one, and its `members`: files in the folder `out` that are to be read in their turn."""
    file = FileRead(job["name"], job["sha256"], job["size"], FileState.READ, FileRole.UNKNOWN)
    files: list[FileRead] = []
    members: list[Plain] = []
    try:
        path = decrypted(Path(job["path"]), out / "decrypted")
        kind = kind_of(path, file.path)
        if kind in _NOTES:
            files.append(_left_alone(file, kind))
        else:
            out.mkdir(exist_ok=True)
            if kind is Kind.ARCHIVE:
                files, members = _unpacked(path, file, out, nested=job["nested"])
            elif kind is Kind.SIGNATURE:
                signature, members = read_signature(path, file, out)
                files.append(signature)
            else:
                files.append(_content(path, file, kind, out))
    except FileError as fault:
        files = [replace(file, state=fault.state, detail=fault.detail)]
    return {"files": [file_as_dict(one, out) for one in files], "members": members}


def _left_alone(file: FileRead, kind: Kind) -> FileRead:
    is_text = kind is Kind.ATTACHMENT and PurePosixPath(file.path).suffix.lower() in _TEXT_TABLES
    code = "text_without_number_row" if is_text else _NOTES[kind]
    return replace(file, state=FileState.NOT_READ, role=FileRole.ATTACHMENT, detail=Detail(code))


def _unpacked(path: Path, file: FileRead, out: Path, *, nested: bool) -> tuple[list[FileRead], list[Plain]]:
    """Members that are not unpacked, with their faults, and those that are."""
    if nested:
        raise FileError(FileState.NESTED_ARCHIVE, "nested_archive")
    faulty: list[FileRead] = []
    members = []
    for one in unpack(path, out):
        if one.fault:
            name = f"{file.path}/{one.name}"
            faulty.append(FileRead(name, "", one.size, one.fault.state, FileRole.UNKNOWN, one.fault.detail))
        else:
            members.append({"name": one.name, "file": one.file, "size": one.size, "in_archive": True})
    return faulty, members


def _content(path: Path, file: FileRead, kind: Kind, out: Path) -> FileRead:
    """A workbook, document or other table with what it holds. Raises FileError."""
    source = prepared(path, kind, out)
    if kind in READERS:
        read = _table(source, file, kind)
    else:
        read = read_pdf(source, file) if kind is Kind.PDF else read_document(source, file, kind)
    has_form = bool(read.forms) or read.lacks_number_row
    cells = _cells(source, kind) if kind in READERS and not read.forms else ()
    role, inside = _role(has_form, bool(read.applications)), signatures_inside(path, kind, out)
    return replace(read, role=role, inside=inside, cells=cells)


def _cells(path: Path, kind: Kind) -> tuple[str, ...]:
    """Distinct texts of all cells, up to a number beyond which nobody transcribes by hand."""
    found: dict[str, None] = {}
    for sheet in sheets_of(path, kind):
        for row in sheet.cells.iter_rows() if sheet.cells.start else ():
            texts = (cell_text(value)[0] for value in row if value != "")
            found.update(dict.fromkeys(text for text in texts if text))
            if len(found) > _MOST_CELLS:
                return ()
    return tuple(found)


def _role(has_form: bool, has_application: bool) -> FileRole:
    if has_form:
        return FileRole.FORM_AND_APPLICATION if has_application else FileRole.FORM
    return FileRole.APPLICATION if has_application else FileRole.ATTACHMENT


def _table(path: Path, file: FileRead, kind: Kind) -> FileRead:
    read = read_sheets(sheets_of(path, kind), file)
    if kind in WORKBOOKS:
        return read
    suffix = PurePosixPath(file.path).suffix.lower()
    if suffix in _PAGES:
        # A saved page of the order shows the form, too; a filled one has rows.
        return replace(read, forms=tuple(form for form in read.forms if form.rows.num_rows), detail=None)
    is_page = kind in _PAGE_KINDS and suffix in WORKBOOK_SUFFIXES | DOCUMENT_SUFFIXES
    if is_page and not (read.forms or read.lacks_number_row or read.applications):
        raise not_what_its_name_says(suffix, is_page=True)  # a portal's message, saved instead of what was asked for
    return read


_LARGEST_BYTES = 40 * 1024**2
"""Larger files are not opened for their columns."""


def _columns(job: Plain, out: Path) -> Iterator[Plain]:
    """The columns of each sheet. A file that cannot be read is left out: the examination says what is wrong with it."""
    for number, (path, name) in enumerate(files_of(Path(job["package"]))):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_BYTES:
            continue
        try:
            yield from _columns_of_file(path, name, out / str(number))
        except Exception:  # noqa: S112 - whatever a stranger's file makes the readers raise
            continue


def _columns_of_file(path: Path, name: str, out: Path, *, nested: bool = False) -> Iterator[Plain]:
    path = decrypted(path, out / "decrypted")
    kind = kind_of(path, name)
    out.mkdir(exist_ok=True)
    if kind is Kind.ARCHIVE and not nested:
        for number, member in enumerate(unpack(path, out)):
            if member.file is not None:
                inside = out / f"member-{number}"
                yield from _columns_of_file(out / member.file, f"{name}/{member.name}", inside, nested=True)
    for sheet in sheets_of(prepared(path, kind, out), kind) if kind in READERS else ():
        if columns := columns_of_sheet(sheet.cells):
            yield {"file": name, "sheet": sheet.name, "columns": columns}


_MOST_TABLE_CELLS = 4_000_000


def _table_cells(job: Plain, out: Path) -> Iterator[Plain]:
    """The visible sheets of any workbook (any_table): a result for each and for each filled row, or the fault."""
    left = _MOST_TABLE_CELLS
    try:
        path = decrypted(Path(job["path"]), out / "decrypted")
        kind = kind_of(path, job["name"])
        if kind not in READERS:
            raise FileError(FileState.UNSUPPORTED, "office_kind")
        for sheet in sheets_of(prepared(path, kind, out), kind):
            if sheet.hidden or sheet.repeats:
                continue
            yield {"sheet": sheet.name}
            for line, values in _rows_from_column_a(sheet.again() or sheet.cells):
                cells = [cell_text(value) for value in values]
                left -= len(cells)
                if left < 0:
                    raise FileError(FileState.TOO_LARGE, "memory_limit")
                if any(text is not None for text, _ in cells):
                    stripped = [(text if text is None else text.strip(), int(of)) for text, of in cells]
                    yield {"sheet": sheet.name, "row": line, "cells": stripped}
    except FileError as fault:
        detail = fault.detail
        yield {"fault": {"state": fault.state, "code": detail.code, "values": dict(detail.values)}}


def _rows_from_column_a(cells: Cells) -> Iterator[tuple[int, list[Any]]]:
    """Each row with its 1-based number."""
    if cells.start is None:
        return
    left = cells.start[1]
    for number, values in enumerate(cells.iter_rows(), start=1):
        yield number, [""] * left + values


_TASKS: Mapping[str, Callable[[Plain, Path], Iterator[Plain]]] = {
    "read": _read_files,
    "columns": _columns,
    "table": _table_cells,
    "diagnose": _diagnose,
}


def prepare() -> None:
    """What libraries import for the first value that they convert: once, so that children need not."""
    column_texts([""])
    column_texts([0.5])
    for encoding in ("cp437", "latin-1"):  # of the names in a zip file, and of its parts
        codecs.lookup(encoding)


_RARE: Mapping[str, tuple[str, ...]] = {
    ".pdf": ("pypdf.filters", "esep.forms.reading.pdf_text"),
    ".xls": ("esep.forms.reading.xls",),
    **dict.fromkeys(_PAGES, ("esep.forms.reading.web_page",)),
}
"""Ending of a file's name → what few packages need: a quarter of all imports."""


def prepare_for(job: Plain) -> None:
    """What files of such names need, imported before the fork; a file of another name costs its child the import."""
    endings = {PurePosixPath(file["name"]).suffix.lower() for file in job.get("files", ())}
    modules = [module for ending in endings for module in _RARE.get(ending, ()) if module not in sys.modules]
    if modules:
        with lean.loading():
            for module in modules:
                import_module(module)


def main() -> None:
    with lean.few_imports():
        prepare()
        serve(run, prepare_for)


if __name__ == "__main__":
    main()
