"""One measurement in a process of its own: `once.py calamine WORKBOOK` or `once.py examine HOME NUMBER WARM_UP`.

Prints JSON: `start` (seconds of imports, and of a first small filing that sets everything up) and `seconds`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def calamine(workbook: str) -> tuple[float, float]:
    """A bare read: every row is taken and thrown away."""
    started = time.perf_counter()
    from python_calamine import CalamineWorkbook

    start = time.perf_counter() - started
    started = time.perf_counter()
    for _ in CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).iter_rows():
        pass
    return start, time.perf_counter() - started


def examine(home: str, number: str, warm_up: str) -> tuple[float, float]:
    """From the registered workbook to Parquet and verdict, through the function that the DAG calls."""
    started = time.perf_counter()
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    from esep import clock
    from esep.config import Settings
    from esep.examination.examine import examine as examine_package
    from esep.examination.pending import examine_pending

    settings = Settings(home=Path(home))
    examine_package(Path(warm_up), settings, (), clock.now())
    start = time.perf_counter() - started
    started = time.perf_counter()
    results = list(examine_pending(settings, clock.now(), [number]))
    elapsed = time.perf_counter() - started
    if len(results) != 1:
        raise RuntimeError(f"{number} in {home}: one filing was to be examined, {len(results)} were")
    return start, elapsed


def main() -> None:
    kind, *arguments = sys.argv[1:]
    start, elapsed = {"calamine": calamine, "examine": examine}[kind](*arguments)
    json.dump({"start": start, "seconds": elapsed}, sys.stdout)


if __name__ == "__main__":
    main()
