"""Why a file was not read."""

from __future__ import annotations

from esep.forms.document import FileState


class FileError(Exception):
    """A fault of the filer's file: its state, a stable code and one plain English sentence."""

    def __init__(self, state: FileState, code: str, detail: str) -> None:
        super().__init__(detail)
        self.state = state
        self.code = code
        self.detail = detail


def damaged_workbook(detail: str = "The workbook is damaged: a part of it cannot be read.") -> FileError:
    """A workbook that is not as its format wants it."""
    return FileError(FileState.UNREADABLE, "workbook_damaged", detail)


def encrypted() -> FileError:
    """The fault of a file with a password that the reader does not know."""
    return FileError(FileState.ENCRYPTED, "encrypted", "The file is protected with a password.")


def far_cell() -> FileError:
    """The fault of a sheet that one far-off cell makes too large."""
    detail = "A cell far from all others makes a sheet too large to be read: delete it."
    return FileError(FileState.UNSAFE, "far_cell", detail)
