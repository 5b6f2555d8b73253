"""Packages of 100 rows in a batch, from the inbox to their letters, as the DAG `intake` does it in one process.

What a package costs is told apart from what a process costs before its second package: imports, the start of the
processes that open filers' files, templates, suites.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from lxml import etree
from measure import Figure, cpu_seconds

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.law.identifiers import check_digit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from end_to_end import filer

PACKAGES, ROWS = 60, 100
NOW = datetime(2025, 4, 10, 10, 0, tzinfo=TIMEZONE)


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """CPU seconds of a package, clean and with a faulty row, by step; the base is the first one with all start-up."""
    number = PACKAGES // 6 if quick else PACKAGES
    for name, faulty in (("", False), (" with a faulty row", True)):
        office = _Office(work_folder / f"office{faulty}", faulty)
        first = office.take(1)
        steps = office.take(number)
        base = "start-up and the first one"
        for step, spent in steps.items():
            yield Figure(
                f"{step}, a package{name} of {ROWS} rows", base, spent / number, first[step], None, unit="CPU s"
            )
        total = sum(steps.values()) / number
        goal = None if faulty else 0.15
        named = f"all steps, a package{name} of {ROWS} rows, {number} in a batch"
        yield Figure(named, base, total, sum(first.values()), None, goal, unit="CPU s")


class _Office:
    """An inbox that is filled and emptied; each package is of a pool of its own."""

    def __init__(self, home: Path, faulty: bool) -> None:
        self._settings = Settings(home=home, inbox_settle_seconds=0)
        self._faulty = faulty
        self._pools = 0

    def take(self, number: int) -> dict[str, float]:
        """CPU seconds of each step for so many packages, those of the processes that open files included."""
        from esep.forms.reading.zygote import HELPER
        from esep.letters import annotate
        from esep.orchestration import tasks

        pools = [_pool_id(self._pools + serial) for serial in range(number)]
        self._pools += number
        for pool_id in pools:
            rows = [filer.row(row, quantity=f"0,{row:03}") for row in range(1, ROWS + 1)]
            if self._faulty:
                rows[50] = filer.row(51, miner_id="230640000019")
            _as_excel_saves(filer.write(filer.Filing(rows=rows, pool_id=pool_id), self._settings.inbox / pool_id))
        lines = [
            f"{pool_id},«Сарыарқа Пул» ЖШС,2024-01-01,,p@example.kz" for pool_id in map(_pool_id, range(self._pools))
        ]
        self._settings.reference.mkdir(parents=True, exist_ok=True)
        header = "pool_id,pool_name,accredited_from,accredited_to,email"
        (self._settings.reference / "pool.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        tasks.accept_reference(self._settings, NOW)

        def examine() -> None:
            tasks.examine(self._settings, NOW, tasks.unexamined(self._settings))
            HELPER.close()

        def letters() -> None:
            tasks.letters(self._settings)
            annotate.HELPER.close()

        return {
            "register": cpu_seconds(lambda: tasks.register(self._settings, NOW)),
            "examine": cpu_seconds(examine),
            "letters": cpu_seconds(letters),
        }


def _as_excel_saves(package: Path) -> None:
    """The package's workbook in UTF-8: openpyxl has a reference for each Cyrillic letter, no office program does."""
    book = package / "1-CM.xlsx"
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, etree.tostring(etree.fromstring(content), encoding="UTF-8", standalone=True))


def _pool_id(serial: int) -> str:
    """A number of twelve digits with its check digit, the one after as many that have one."""
    stems = (f"23064{number:06}" for number in range(serial * 3 + 1, serial * 3 + 4))
    return next(f"{stem}{digit}" for stem in stems if (digit := check_digit(stem)) is not None)
