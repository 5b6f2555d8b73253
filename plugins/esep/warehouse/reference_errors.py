"""What is handed in and cannot be read as one reference file at all: no fault of a line of it."""

from __future__ import annotations

from esep.texts import text
from esep.warehouse.errors import WarehouseError


class HandedError(WarehouseError):
    """The text is for a command, with its options; a page says `words`, which have none."""

    def __init__(self, kind: str, option: str = "", **values: str) -> None:
        self.kind, self._values = kind, values
        super().__init__(f"{self.words('en')}{f' ({option})' if option else ''}")

    def words(self, language: str) -> str:
        return text(f"reference.handed_{self.kind}", language, **self._values)
