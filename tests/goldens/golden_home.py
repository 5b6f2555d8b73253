"""A home in which all has happened that the demo tells of: the filled demo, its letters, supervision and reports.

Everything in it bears one moment, so that two runs of the tests make the same home.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from esep import clock
from esep.config import Settings
from esep.demo import officer
from esep.orchestration import tasks
from esep.reports import quality_report, statement
from esep.supervision import daily
from filled_demo import DONE, MADE_AT

YEAR, MONTH = 2025, date(2025, 10, 1)
"""Of the statement and of the quality report that are in the home."""
KNOWN_ON = date(2026, 3, 31)
SUPERVISED = date(2026, 2, 5), date(2025, 12, 15)
"""Last and first day that supervision runs for: a silence is found, reminders and notices are drafted."""


@contextmanager
def fixed_clock() -> Iterator[None]:
    """While it is the moment at which the demo was made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: MADE_AT)
        yield


def home_below(folder: Path, demo_home: Path) -> Path:
    """The home, made by the test process that comes first; to be read only."""
    home = folder / "golden_home"
    with FileLock(folder / "golden_home.lock"):
        if not (home / DONE).exists():
            shutil.copytree(demo_home, home)
            (home / DONE).unlink()
            with fixed_clock():
                _go_on(Settings(home=home, inbox_settle_seconds=0.0))
            (home / DONE).touch()
    return home


def published_at_the_moment(settings: Settings) -> None:
    """Give the snapshots the moment as the time of their publication, which is that of their files."""
    for path in filter(Path.exists, (settings.snapshot, settings.masked_snapshot)):
        os.utime(path, (MADE_AT.timestamp(), MADE_AT.timestamp()))


def _go_on(settings: Settings) -> None:
    tasks.letters(settings)
    daily.supervise(settings, *SUPERVISED)
    daily.letters(settings)
    officer.dispatch_letters(settings)
    tasks.publish_masked(settings)
    quality_report.write(settings, MONTH, clock.local_date(MADE_AT))
    statement.write(settings, YEAR, KNOWN_ON, languages=("ru",))
    published_at_the_moment(settings)
