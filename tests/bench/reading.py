"""From the workbook to the lake: read, normalise, all suites, Parquet, verdict; against a bare read of the workbook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from measure import Figure, alternating
from workbook import write_package

from esep import clock
from esep.config import PROJECT, Settings
from esep.office import archive
from esep.office.intake import register_waiting

_UNIT = "CPU s"
_ONCE = Path(__file__).with_name("once.py")


def figures(cache: Path, work: Path, *, quick: bool) -> Iterator[Figure]:
    """The four figures of reading; workbooks are kept in `cache`, everything else is made in `work`."""
    large, small = (100_000, 10_000) if quick else (1_000_000, 50_000)
    # With faults, because Great Expectations is loaded at the first one.
    warm_up = cache / "package-50-faulty"
    write_package(warm_up, 50, faulty=True)
    filings = {
        name: _Registered(cache, work, rows, faulty, warm_up)
        for name, rows, faulty in (("small", small, False), ("large", large, False), ("faulty", large, True))
    }
    start, few, bare_few = alternating(3, filings["small"].start, filings["small"].examine, filings["small"].bare_read)
    yield Figure(f"{small:,} rows from workbook to lake", "bare calamine read", few, bare_few, 5.0, unit=_UNIT)
    many, bare_many, faulty = alternating(
        3, filings["large"].examine, filings["large"].bare_read, filings["faulty"].examine
    )
    yield Figure(f"{large:,} rows from workbook to lake", "bare calamine read", many, bare_many, 1.8, unit=_UNIT)
    yield Figure(f"{large:,} rows, each with five faults", "the same without faults", faulty, many, 2.0, unit=_UNIT)
    yield Figure(
        "(imports and a first small filing, once a process)",
        "bare calamine read, small",
        start,
        bare_few,
        None,
        unit=_UNIT,
    )


class _Registered:
    """A filing in an archive of its own, examined as often as one likes."""

    def __init__(self, cache: Path, work: Path, rows: int, faulty: bool, warm_up: Path) -> None:
        package = cache / f"package-{rows}{'-faulty' if faulty else ''}"
        self._workbook = write_package(package, rows, faulty=faulty)
        self._warm_up = warm_up
        self._settings = Settings(home=work / package.name, inbox_settle_seconds=0.0)
        shutil.copytree(package, self._settings.inbox / "package")
        (registered,) = register_waiting(self._settings, clock.now(), identity_of=lambda number: None)
        if registered.number is None:
            raise RuntimeError(f"{package}: not registered: {registered.fault}")
        self._entry = archive.entry(self._settings, registered.number)
        # Records are sealed: an examination cannot be taken back, so each begins with a copy of the registered filing.
        self._registered = self._settings.home.with_name(f"{package.name}-registered")
        self._settings.home.rename(self._registered)

    def bare_read(self) -> float:
        return _once("calamine", str(self._workbook))["seconds"]

    def examine(self) -> float:
        return self._examined()["seconds"]

    def start(self) -> float:
        return self._examined()["start"]

    def _examined(self) -> dict[str, float]:
        shutil.rmtree(self._settings.home, ignore_errors=True)
        shutil.copytree(self._registered, self._settings.home)
        measured = _once("examine", str(self._settings.home), self._entry.number, str(self._warm_up))
        if self._entry.verdict is None:
            raise RuntimeError(f"{self._entry.number}: no verdict was written")
        return measured


def _once(*arguments: str) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "plugins")}
    done = subprocess.run(
        [sys.executable, str(_ONCE), *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])
