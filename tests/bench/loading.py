"""One more month into a warehouse of ten years. Publication apart.

Load and figures against the same month into an empty warehouse; the checks, whose second reckoning compares every sum
that the month changes with all it consists of, against those of the ten years at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from history import PoolMonth, months, write_filing, write_history, write_reference
from measure import Figure, alternating, seconds

from esep.clock import now
from esep.config import Settings
from esep.warehouse import build, checks, load, reference, work

FIRST_YEAR, YEARS = 2016, 10
POOLS, ROWS = 10, 700
"""7 000 rows a month, the volume of the whole country (facts, section 8)."""
TIMES = 5
LAST = date(FIRST_YEAR + YEARS, 1, 1)


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """Two figures: the month of January after the ten years is loaded, and then checked."""
    years = 2 if quick else YEARS
    full = _Home(work_folder / "full", list(months(LAST.year - years, years * 12)))
    empty = _Home(work_folder / "empty", [])
    into_full, into_empty = alternating(TIMES, full.load_last_month, empty.load_last_month)
    rows = f"{years} years ({years * 12 * POOLS * ROWS:,} rows)"
    yield Figure(f"a month of {POOLS * ROWS:,} rows into {rows}", "into an empty warehouse", into_full, into_empty, 1.5)
    yield Figure(f"checks of a month after {rows}", "checks of all", full.check_last_month(), full.checked, 1.0)


class _Home:
    """A warehouse up to the last month, kept as a copy, so that the last month can be loaded as often as one likes."""

    def __init__(self, home: Path, periods: list[date]) -> None:
        self._settings = Settings(home=home)
        first = date(LAST.year - YEARS - 1, 12, 25)
        write_reference(self._settings.reference, first, date(LAST.year, 1, 31))
        write_history(self._settings, periods, POOLS, ROWS)
        reference.accept(self._settings, now())
        self._refresh()
        self.checked = seconds(self._check)
        """Seconds that the checks of all months before the last took."""
        self._before = home / "before"
        shutil.copytree(work.folder(self._settings), self._before)
        for pool in range(POOLS):
            # Those of December arrived in the same year.
            serial = 1 + pool + (POOLS if periods else 0)
            write_filing(self._settings, PoolMonth(pool, LAST), f"{LAST.year}-{serial:06}", ROWS)

    def load_last_month(self) -> float:
        folder = work.folder(self._settings)
        shutil.rmtree(folder)
        shutil.copytree(self._before, folder)
        elapsed = seconds(self._refresh)
        with work.opened(self._settings) as connection:
            (rows,) = connection.execute("select count(*) from distribution where period = ?", [LAST]).fetchone() or (
                0,
            )
        if rows != POOLS * ROWS:
            raise RuntimeError(f"{rows} rows of the last month were loaded, {POOLS * ROWS} were to be")
        return elapsed

    def check_last_month(self) -> float:
        """Seconds of the checks after `load_last_month`."""
        return seconds(self._check)

    def _refresh(self) -> None:
        load.load(self._settings, now())
        build.build_marts(self._settings, now())

    def _check(self) -> None:
        checks.run(self._settings)
