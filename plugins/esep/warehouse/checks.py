"""The checks of sql/checks/: queries that return only bad rows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from esep import clock
from esep.config import SPARK, Settings
from esep.warehouse import work
from esep.warehouse.errors import CheckError, NotLoadedError
from esep.warehouse.reckoning import publication, result
from esep.warehouse.reckoning.result import Reckoned

NOTHING_CHANGED = "nothing changed since the checks last passed"
SHOWN_ROWS = 20
"""Bad rows of a check that are listed one by one."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    checks: int
    """How many checks ran; 0 when nothing changed since they last passed."""
    reckoned: Reckoned | None = None
    """What was worked out a second time."""

    def __str__(self) -> str:
        return f"{self.checks} checks passed; {self.reckoned}" if self.checks else NOTHING_CHANGED


def run(settings: Settings, seed: int | None = None) -> CheckReport:
    """Run every check on what changed since they last passed, and work figures out a second time (`reckoning`).

    A warehouse that fails is not published: readers keep the last snapshot. Raises CheckError naming checks and rows.
    `seed` draws the sample of the second reckoning; without it each run draws another. What it covered is kept in
    `warehouse/reckoning.json`.
    """
    with work.opened(settings) as connection:
        if work.is_unloaded(settings):
            raise NotLoadedError(
                f"{work.file(settings)}: the working file was lost, or other code came, since the last load; it was "
                "made anew and is empty, so readers keep the last snapshot. Run all steps again (`make run`)."
            )
        if not work.is_changed(settings):
            return CheckReport(0)
        files = sorted((settings.sql / "checks").glob("*.sql"))
        failures = _failures(settings, connection, files)
        reckoned = publication.reckon(settings, connection, secrets.randbits(32) if seed is None else seed)
        result.keep(settings, result.PUBLICATION, clock.now(), reckoned)
        if failures or reckoned.differences:
            raise CheckError(_text(failures, reckoned))
        work.pass_checked(connection, clock.now())
        connection.execute("checkpoint")
        work.mark_checked(settings)
        return CheckReport(len(files), reckoned)


def _failures(
    settings: Settings, connection: duckdb.DuckDBPyConnection, files: list[Path]
) -> dict[Path, list[Mapping[str, object]]]:
    by_spark: dict[Path, list[Mapping[str, object]]] = {}
    if settings.engine == SPARK:
        from esep.warehouse.spark import rows as of_lake

        by_spark = of_lake.bad_rows(settings, connection, files, SHOWN_ROWS + 1)
    found = ((path, by_spark[path] if path in by_spark else bad_rows(connection, path)) for path in files)
    return {path: rows for path, rows in found if rows}


def bad_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> list[Mapping[str, object]]:
    """What a check finds, at most SHOWN_ROWS + 1 rows."""
    cursor = connection.execute(path.read_text(encoding="utf-8"))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(SHOWN_ROWS + 1)]


def _text(failures: Mapping[Path, list[Mapping[str, object]]], reckoned: Reckoned) -> str:
    lines = [
        f"{len(failures)} checks of the warehouse failed and {len(reckoned.differences)} values differ from what the "
        "rows give, so nothing is published and readers keep the last snapshot. "
        "Archive and lake are unharmed: correct the cause, then run again, or `bin/esep rebuild` if the working file "
        "may be at fault."
    ]
    for path, rows in failures.items():
        lines.append(f"{path.stem} ({path.name}): {_first_line(path)}")
        lines += [f"  {', '.join(f'{name}={value}' for name, value in row.items())}" for row in rows[:SHOWN_ROWS]]
        if len(rows) > SHOWN_ROWS:
            lines.append("  … and more")
    if reckoned.differences:
        lines += reckoned.lines()
    return "\n".join(lines)


def _first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0].removeprefix("--").strip()
