"""Full load, marts and checks of a warehouse from nothing, in a process of its own: CPU and peak memory.

`marts.py HOME` is that process; it prints what each step took as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from history import months, write_history, write_reference
from measure import Figure, cpu_seconds

from esep.clock import now
from esep.config import PROJECT, Settings
from esep.warehouse import build, checks, load, published, reference, work

LAST_YEAR, YEARS, POOLS = 2025, 10, 10
MILLION = 1_000_000


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """Marts and checks with the second reckoning against load, per million rows: of ten million, and of one.

    The smaller home says what does not grow with rows: prices of ten years, and 1,200 filings.
    """
    del cache
    for rows in (MILLION // 5, MILLION) if quick else (MILLION, 10 * MILLION):
        home = work_folder / str(rows)
        took = _measured(home, rows)
        shutil.rmtree(home)
        millions = rows / MILLION
        for step in ("marts", "checks"):
            at_most = 2.0 if step == "marts" and rows >= 10 * MILLION else None
            name = f"full {step} of {rows:,} rows, per million"
            yield Figure(
                name, "load, per million", took[step] / millions, took["load"] / millions, None, at_most, "CPU s"
            )


def memory(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """Peak memory of full load and marts of 50M rows; on demand only, for it takes long and much disk."""
    del cache
    rows = MILLION if quick else 50 * MILLION
    took = _measured(work_folder, rows, "--no-checks")
    name = f"memory: full load and marts of {rows:,} rows"
    yield Figure(name, "the process before the load", took["peak"], took["start"], None, 4.0, "GB")


def _measured(home: Path, rows: int, *options: str) -> dict[str, float]:
    """CPU seconds of each step and gigabytes, over ten years of ten pools."""
    settings = Settings(home=home)
    first = LAST_YEAR - YEARS + 1
    write_reference(settings.reference, date(first - 1, 12, 25), date(LAST_YEAR, 12, 31))
    periods = list(months(first, YEARS * 12))
    write_history(settings, periods, POOLS, rows // (len(periods) * POOLS))
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "plugins")}
    done = subprocess.run(
        [sys.executable, __file__, str(home), *options], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    took: dict[str, float] = json.loads(done.stdout)
    return took


def _peak() -> float:
    """Gigabytes; Linux counts ru_maxrss in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    home, *options = sys.argv[1:]
    settings = Settings(home=Path(home))
    reference.accept(settings, now())
    took = {"start": _peak()}
    took["load"] = cpu_seconds(lambda: load.load(settings, now()))
    took["peak_load"] = _peak()
    took["marts"] = cpu_seconds(lambda: build.build_marts(settings, now()))
    took["peak"] = _peak()
    if "--no-checks" not in options:
        took["checks"] = cpu_seconds(lambda: checks.run(settings))
        took["publish"] = cpu_seconds(lambda: published.publish(settings))
        took["peak_all"] = _peak()
    else:
        took["disk"] = work.file(settings).stat().st_size / 2**30
    json.dump(took, sys.stdout)


if __name__ == "__main__":
    main()
