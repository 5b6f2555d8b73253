"""Registration numbers of a run of the intake: a year's folder is listed once, not again for each filing."""

from __future__ import annotations

from pathlib import Path

from esep.office import archive


class Numbers:
    """The number that is free next in the folder of each year, as far as this process knows.

    Only a proposal: a number is taken by a rename that fails where it is not free. Whoever fails calls `outrun`, and
    the folder is listed again; so there are neither gaps nor doubles beside other processes, either.
    """

    def __init__(self) -> None:
        self._last: dict[Path, int] = {}

    def proposed(self, shelf: Path) -> str:
        """The number after the last one in the year's folder `shelf`."""
        if shelf not in self._last:
            self._last[shelf] = max(archive.serials(shelf), default=0)
        return archive.number_of(shelf.name, self._last[shelf] + 1)

    def took(self, shelf: Path) -> None:
        """The proposed number is this process's."""
        self._last[shelf] += 1

    def outrun(self, shelf: Path) -> None:
        """The proposed number was another process's."""
        self._last.pop(shelf, None)
