"""One form once: the same bytes twice in a package, and the same file inside and outside of a signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from esep.detail import Detail
from esep.forms.document import FileRead, FileRole, FileState


def counted_once(files: Sequence[FileRead]) -> tuple[list[FileRead], set[str]]:
    """The files with what they hold counted once, and the paths that no signature is to be held against.

    Of equal bytes the one outside of archives and signatures counts. A file inside a signature that differs from the
    one of its name outside is another version of it: the one outside counts, and the signature is not over it, nor is
    one that holds what is no part of a filing.
    """
    first: dict[str, FileRead] = {}
    for file in sorted(files, key=_outermost):
        if _holds_annex(file):
            first.setdefault(file.sha256, file)
    signatures = {file.path for file in files if file.role is FileRole.SIGNATURE}
    by_path = {file.path: file for file in files}
    kept: list[FileRead] = []
    left_out: set[str] = set()
    for file in files:
        outside = _outside(file.path, signatures)
        beside = by_path.get(outside) if outside else None
        first_of_these = first.get(file.sha256)
        if first_of_these and first_of_these is not file and _holds_annex(file):
            kept.append(_emptied(file, Detail.of("same_bytes", file=first_of_these.path)))
            left_out.add(file.path)
        elif beside and _holds_annex(beside) and beside.sha256 != file.sha256:
            kept.append(_emptied(file, Detail.of("other_version", file=beside.path)))
            left_out.add(file.path)
        else:
            kept.append(file)
            if outside and not _holds_annex(file) and file.role is not FileRole.SIGNATURE:
                left_out.add(file.path)  # signed, but no part of a filing
    return kept, left_out


def _outermost(file: FileRead) -> tuple[int, str]:
    return file.path.count("/"), file.path


def _outside(path: str, signatures: set[str]) -> str | None:
    """Where the file inside a signature would lie if it had come beside it; None for a file that is in none."""
    holder = str(PurePosixPath(path).parent)
    return str(PurePosixPath(holder).parent / PurePosixPath(path).name) if holder in signatures else None


def _holds_annex(file: FileRead) -> bool:
    return bool(file.forms or file.applications)


def _emptied(file: FileRead, detail: Detail) -> FileRead:
    return replace(
        file,
        state=FileState.NOT_READ,
        role=FileRole.ATTACHMENT,
        detail=detail,
        forms=(),
        applications=(),
        hidden_sheets=(),
    )
