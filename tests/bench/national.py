"""Ten years of the whole country, published: what the pages and the worked queries are measured over.

Made once and kept beside the other made-up data; made anew when the code or the SQL that built it is another.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
from history import months, write_history, write_reference

from esep.clock import now
from esep.config import Settings
from esep.warehouse import work
from esep.warehouse.published import connect as connect_to
from esep.warehouse.rebuild import refresh

LAST_YEAR, YEARS = 2025, 10
POOLS, MINERS, ROWS, FAULTS = 10, 75, 700, 20
"""7 000 rows a month of 75 miners (facts, section 8); faults are those of one filing."""
BASE_NAME = "sums by day of all rows"
BASE = (
    "select count(*) from "
    "(select taxpayer_id, asset, distributed_on, sum(quantity) from internal.distribution_row group by all)"
)
"""The yardstick: each taxpayer's sums by asset and day in one pass over every distribution; nothing is valued."""
TAXPAYER = "150640000007"


def published(cache: Path, *, quick: bool) -> Settings:
    """The home with its published warehouse."""
    years = 2 if quick else YEARS
    settings = Settings(home=cache / f"national-{years}")
    done = settings.home / "done"
    of = work.fingerprint(settings.sql)
    if done.exists() and done.read_text() == of:
        return settings
    shutil.rmtree(settings.home, ignore_errors=True)
    first = LAST_YEAR - years + 1
    write_reference(settings.reference, date(first - 1, 12, 25), date(LAST_YEAR, 12, 31))
    write_history(settings, list(months(first, years * 12)), POOLS, ROWS, MINERS, FAULTS)
    refresh(settings, now())
    done.write_text(of)
    return settings


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    return connect_to(settings)
