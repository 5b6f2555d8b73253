"""`make bench`: the project's speed as ratios of two times measured in one run on one machine.

Exit codes: 0 every limit is kept, 1 at least one is not. `--quick` uses smaller sizes, `--only` one part.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import batch
import check
import income
import increment
import loading
import marts
import pages
import queries
import reading
import sweep
from measure import Figure
from rich.console import Console
from rich.table import Table

PARTS: dict[str, Callable[..., Iterator[Figure]]] = {
    "check": check.figures,
    "reading": reading.figures,
    "batch": batch.figures,
    "income": income.figures,
    "loading": loading.figures,
    "increment": increment.figures,
    "marts": marts.figures,
    "memory": marts.memory,
    "pages": pages.figures,
    "queries": queries.figures,
    "sweep": sweep.figures,
}
ON_DEMAND = frozenset({"memory"})
"""Parts that only `--only` runs: they take an hour."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="smaller sizes; pages and queries are reported, not judged"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be given again")
    cache_default = Path(tempfile.gettempdir()) / "esep-bench"
    parser.add_argument("--cache", type=Path, default=cache_default, help="folder where made-up data is kept")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 100)
    options.cache.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    for name in options.only or [part for part in PARTS if part not in ON_DEMAND]:
        work = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=options.cache))
        started = time.monotonic()
        try:
            for figure in PARTS[name](options.cache, work, quick=options.quick):
                console.print(_line(figure), highlight=False, soft_wrap=True)
                figures.append(figure)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        console.print(f"[dim]{name} took {time.monotonic() - started:.0f} s[/]", highlight=False)
    console.print()
    console.print(_table(figures))
    return 0 if all(figure.holds for figure in figures) else 1


def _line(figure: Figure) -> str:
    unit = figure.unit
    return f"{figure.name}: {figure.measured:.3f} {unit} against {figure.base:.3f} {unit} ({figure.base_name})"


def _table(figures: list[Figure]) -> Table:
    title = f"Ratios on {platform.machine()}, Python {platform.python_version()}"
    table = Table(title=title, title_justify="left")
    table.add_column("Figure", overflow="fold")
    for name in ("measured", "base", "ratio", "limit"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("holds", no_wrap=True)
    for figure in figures:
        limits = (
            f"{figure.limit:.1f}" if figure.limit is not None else "",
            f"{figure.at_most:g} {figure.unit}" if figure.at_most is not None else "",
        )
        table.add_row(
            f"{figure.name} [dim]/ {figure.base_name}[/]",
            f"{figure.measured:.3f} {figure.unit}",
            f"{figure.base:.3f} {figure.unit}",
            f"{figure.ratio:.2f}",
            ", ".join(filter(None, limits)),
            ("[green]yes[/]" if figure.holds else "[bold red]no[/]") if figure.is_judged else "",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
