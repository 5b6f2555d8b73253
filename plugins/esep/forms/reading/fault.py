"""Why a file was not read."""

from __future__ import annotations

from esep.detail import Detail, Value
from esep.forms.document import FileState


class FileError(Exception):
    """A fault of the filer's file: the state that it leaves the file in, and what is to be said of it."""

    def __init__(self, state: FileState, code: str, **values: Value) -> None:
        super().__init__(code)
        self.state = state
        self.detail = Detail(code, values)


def damaged_workbook(code: str = "workbook_damaged") -> FileError:
    """A workbook that is not as its format wants it."""
    return FileError(FileState.UNREADABLE, code)


def encrypted() -> FileError:
    """The fault of a file with a password that the reader does not know."""
    return FileError(FileState.ENCRYPTED, "encrypted")


def far_cell(cell: str | None = None) -> FileError:
    """The fault of a sheet that one far-off cell makes too large; `cell`: its address, where that is known."""
    if cell is None:
        return FileError(FileState.UNSAFE, "far_cell")
    return FileError(FileState.UNSAFE, "far_cell_at", cell=cell)
