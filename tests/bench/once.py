"""One measurement in a process of its own: `once.py calamine WORKBOOK` or `once.py examine HOME NUMBER WARM_UP`.

Prints JSON: `start` (imports, and a first small filing that sets everything up) and `seconds`, both in CPU seconds of
this process and of the one that opens files.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def used() -> float:
    """CPU seconds of this process and of its children, those still at work as well."""
    own = Path("/proc/self/stat")
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return sum(map(_used, (own, *(Path(f"/proc/{child}/stat") for child in children))))


def _used(stat: Path) -> float:
    """User and system, of the process and of the children that it waited for."""
    return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:15])) / _TICKS


def calamine(workbook: str) -> tuple[float, float]:
    """A bare read: every row is taken and thrown away."""
    before = used()
    from python_calamine import CalamineWorkbook

    start = used() - before
    before = used()
    for _ in CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).iter_rows():
        pass
    return start, used() - before


def examine(home: str, number: str, warm_up: str) -> tuple[float, float]:
    """From the registered workbook to Parquet and verdict, through the function that the DAG calls."""
    before = used()
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    from esep import clock
    from esep.config import Settings
    from esep.examination.examine import examine as examine_package
    from esep.examination.pending import examine_pending

    settings = Settings(home=Path(home))
    examine_package(Path(warm_up), settings, (), clock.now())
    start = used() - before
    before = used()
    results = list(examine_pending(settings, clock.now(), [number]))
    elapsed = used() - before
    if len(results) != 1:
        raise RuntimeError(f"{number} in {home}: one filing was to be examined, {len(results)} were")
    return start, elapsed


def main() -> None:
    kind, *arguments = sys.argv[1:]
    start, elapsed = {"calamine": calamine, "examine": examine}[kind](*arguments)
    json.dump({"start": start, "seconds": elapsed}, sys.stdout)


if __name__ == "__main__":
    main()
