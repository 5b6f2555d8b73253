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
