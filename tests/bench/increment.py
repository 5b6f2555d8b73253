"""One more month into a home of ten years: everything from load to masked copy, and a day of supervision.

CPU seconds of one process, imports apart. The large home and the small one hold as many filings (1,260: ten pools,
January 2014 to June 2024; the walk over them is in both figures), of 7,936 rows each or of 79, by the same 500 miners,
with registers of pools and licences. What comes is the same 7,000 rows of the month after: in the middle of a year,
because its sums are compared with all they consist of. A home is kept in the cache and grows by a month each time it is
measured; its own steps bring it up to date where the code is another.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from history import MINERS, PoolMonth, months, write_filing, write_history, write_reference
from measure import Figure, cpu_seconds

from esep.config import Settings
from esep.supervision import daily
from esep.warehouse import build, checks, load, masked, published, reference

FIRST_YEAR, MONTHS, POOLS = 2014, 126, 10
MONTH_ROWS = 700
"""Of each pool: 7,000 rows a month are the volume of the whole country (facts, section 8)."""
LAST_PRICE = date(2026, 8, 31)
TIMES = 3
UNIT = "CPU s"
SUPERVISED, MASKED = "a day of supervision, published", "masked copy"


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """The whole month, the masked copy in it, and where the rest goes."""
    sizes = (1_000_000, 100_000) if quick else (10_000_000, 100_000)
    homes = [_Home(cache, rows) for rows in sizes]
    runs: list[list[dict[str, float]]] = [[], []]
    for _ in range(TIMES):
        for home, found in zip(homes, runs, strict=True):
            found.append(home.next_month())
    large, small = ({step: median(run[step] for run in of) for step in of[0]} for of in runs)
    into, into_small = (f"into {rows:,} rows" for rows in sizes)
    month = f"a month of {POOLS * MONTH_ROWS:,} rows, all steps and a day of supervision, {into}"
    yield Figure(month, into_small, sum(large.values()), sum(small.values()), 1.5, unit=UNIT)
    for step in large:
        at_most = 2.0 if step == MASKED else None
        yield Figure(f"{step}, {into}", into_small, large[step], small[step], None, at_most=at_most, unit=UNIT)


class _Home:
    """A home up to the last month that was measured, kept in the cache."""

    def __init__(self, cache: Path, rows: int) -> None:
        self._settings = Settings(home=cache / f"increment-{rows}")
        done = self._settings.home / "done"
        if not done.exists():
            _write_registers(self._settings.reference)
            write_reference(self._settings.reference, date(FIRST_YEAR - 1, 12, 25), LAST_PRICE)
            write_history(self._settings, list(months(FIRST_YEAR, MONTHS)), POOLS, rows // (MONTHS * POOLS))
            done.touch()
        self._run(self._period(-1))

    def next_month(self) -> dict[str, float]:
        """Write the month after the last one; CPU seconds of each step."""
        period = self._period(0)
        if period.replace(day=28) > LAST_PRICE - timedelta(days=31):
            raise RuntimeError(f"{self._settings.home} is full: delete it")
        for pool in range(POOLS):
            month = PoolMonth(pool, period)
            year = self._settings.archive / str(month.received_at.year)
            serial = 1 + (sum(1 for _ in year.glob("*-*")) if year.exists() else 0)
            write_filing(self._settings, month, f"{year.name}-{serial:06}", MONTH_ROWS)
        return self._run(period)

    def _period(self, after: int) -> date:
        """The month that is so many months after the first that is not there; -1 for the last."""
        count = sum(1 for _ in self._settings.archive.glob("*/*-*")) // POOLS
        return list(months(FIRST_YEAR, count + after + 1))[-1]

    def _run(self, period: date) -> dict[str, float]:
        settings, now = self._settings, PoolMonth(0, period).received_at + timedelta(hours=12)
        steps: dict[str, Callable[[], object]] = {
            "load": lambda: (reference.accept(settings, now), load.load(settings, now)),
            "marts": lambda: build.build_marts(settings, now),
            "checks": lambda: checks.run(settings),
            "publication": lambda: published.publish(settings),
            MASKED: lambda: masked.publish(settings),
            SUPERVISED: lambda: _supervise(settings, now + timedelta(days=1)),
        }
        return {name: cpu_seconds(step) for name, step in steps.items()}


def _supervise(settings: Settings, now: datetime) -> None:
    """As the DAG does it, without the full proofs of every night."""
    daily.supervise(settings, now.date())
    daily.letters(settings)
    load.load(settings, now)
    build.build_marts(settings, now)
    checks.run(settings)
    published.publish(settings)
    masked.publish(settings)


def _write_registers(folder: Path) -> None:
    """Of the pools and of the miners' licences, as the filings state them."""
    folder.mkdir(parents=True, exist_ok=True)
    pools = [(PoolMonth(pool, date(FIRST_YEAR, 1, 1)).pool_id, f"ТОО «Пул {pool}»") for pool in range(POOLS)]
    with (folder / "pool.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("pool_id", "pool_name", "accredited_from", "accredited_to", "email"))
        writer.writerows((number, name, date(FIRST_YEAR, 1, 1), "", "") for number, name in pools)
    with (folder / "licence.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("licence_no", "miner_id", "issued_on", "expires_on"))
        writer.writerows((f"KZ-{n:06}", f"1506400{n:05}", date(FIRST_YEAR, 1, 1), LAST_PRICE) for n in range(MINERS))
