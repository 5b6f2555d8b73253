"""The version in force of a reference file with a row a day, read day by day as it is asked for.

Ten years of prices are gone through for their days alone: what a reckoning needs is a few weeks of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date

from esep.config import Settings
from esep.warehouse import reference_versions
from esep.warehouse.reference_rules import Line, lines_of, rows_below
from esep.warehouse.reference_spec import SPECS, Row
from esep.warehouse.reference_versions import Version


class Days:
    """Raises WarehouseError if the file is missing or damaged; `on` and `back_from` for rows that would be refused."""

    def __init__(self, settings: Settings, name: str) -> None:
        self._version = reference_versions.in_force(settings, name)
        self._heading: list[str] = []
        self._lines: dict[str, list[Line]] = {}
        self._read: dict[str, list[Row]] = {}
        if self._version:
            self._part(self._version)
        self._days = sorted(self._lines)

    def _part(self, version: Version) -> None:
        """Lines by their day as written, which sorts as the days do."""
        lines = lines_of(reference_versions.content_of(version).decode("utf-8-sig"))
        self._heading = next(lines)[1] or []
        place = self._heading.index("date")
        for number, cells in lines:
            self._lines.setdefault(cells[place] if cells else "", []).append((number, cells))

    def on(self, day: date) -> list[Row]:
        """Typed rows of a day; none if the file has none."""
        return self._on(day.isoformat())

    def back_from(self, day: date) -> Iterator[Row]:
        """Typed rows of the day and of those before it, the latest day first."""
        for place in reversed(range(bisect_right(self._days, day.isoformat()))):
            yield from self._on(self._days[place])

    def _on(self, written: str) -> list[Row]:
        if self._version and written not in self._read:
            lines = self._lines.get(written, [])
            rows, problems = rows_below(self._heading, lines, SPECS[self._version.name])
            reference_versions.require_faultless(self._version, problems)
            self._read[written] = [row for _, row in rows]
        return self._read.get(written, [])
