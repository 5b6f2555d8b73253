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
LIMITS = {
    "01_income_by_month": 0.6,
    "02_highest_incomes": 8.0,
    "03_to_be_sold": 1.0,
    "04_down_to_the_cell": 2.0,
    "05_known_then_and_now": 2.0,
    "06_why_it_changed": 2.0,
    "07_late_and_silent": 1.0,
    "08_findings_by_rule_and_pool": 0.6,
    "09_corrections": 2.0,
    "10_shared_wallets": 3.0,
}
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
            limit = None if quick else LIMITS[path.stem]
            yield Figure(f"query {path.stem}", national.BASE_NAME, query, base, limit)
