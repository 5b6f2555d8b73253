"""The worked queries of the documentation over ten years of the whole country; against one pass over all rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import national
from measure import Figure, alternating, seconds

from esep.config import PROJECT

FOLDER = PROJECT / "docs" / "queries"
TIMES = 3
LIMITS: dict[str, float] = {}
"""Query → the most that its ratio may be."""
_TAXPAYER = re.compile(r"'\d{12}'")
"""Queries name a taxpayer of the demo; here stands one of the made-up country."""


def figures(cache: Path, work_folder: Path, *, quick: bool) -> Iterator[Figure]:
    """One figure for each query."""
    settings = national.published(cache, quick=quick)
    with national.connect(settings) as connection:

        def run(sql: str) -> float:
            return seconds(lambda: connection.execute(sql).fetchall())

        for path in sorted(FOLDER.glob("*.sql")):
            sql = _TAXPAYER.sub(f"'{national.TAXPAYER}'", path.read_text(encoding="utf-8"))
            base, query = alternating(TIMES, partial(run, national.BASE), partial(run, sql))
            yield Figure(f"query {path.stem}", national.BASE_NAME, query, base, LIMITS.get(path.stem))
