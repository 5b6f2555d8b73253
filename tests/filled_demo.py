"""The full demo's home, filled through the library alone: one for all test processes, to be read only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from filelock import FileLock

from esep import clock
from esep.config import Settings
from esep.demo import officer
from esep.demo.generate import generate
from esep.examination.pending import examine_pending, identity_of
from esep.office.intake import register_waiting
from esep.warehouse.rebuild import refresh

DONE = ".filled"
MADE_AT = datetime(2026, 4, 1, 9, 30, tzinfo=clock.TIMEZONE)
"""When it was registered, examined and published: soon after its last arrival, the same in every run of the tests."""


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this test run that all of its processes share; pytest-xdist gives each a folder below it."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


def home_below(folder: Path) -> Path:
    """The filled home; made by the process that comes first, while the others wait."""
    home = folder / "filled_demo"
    with FileLock(folder / "filled_demo.lock"):
        if not (home / DONE).exists():
            home.mkdir()  # a home that another process left unfinished is an error, reported here
            _fill(Settings(home=home, inbox_settle_seconds=0.0))
            (home / DONE).touch()
    return home


def _fill(settings: Settings) -> None:
    """What `make demo` does, without Airflow, supervision and dispatches."""
    demo = generate(settings.home)
    officer.confirm_silences(settings, demo.plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: MADE_AT)
        register_waiting(settings, MADE_AT, identity_of(settings, MADE_AT))
        examine_pending(settings, MADE_AT)
        refresh(settings, MADE_AT)
