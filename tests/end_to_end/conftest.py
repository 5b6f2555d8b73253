"""A fresh office for each test, and one step that carries its inbox to the published figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from esep.config import Settings


class Office:
    """An $ESEP_HOME, and what its users do with it."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, inbox_settle_seconds=0)
        self.settings.inbox.mkdir(parents=True)

    def process(self, now: datetime) -> None:
        """Register, examine, load and publish everything that waits: what the DAGs' tasks call, in their order."""
        from esep.orchestration import tasks

        tasks.register(self.settings, now)
        for batch in tasks.batches(self.settings):
            tasks.examine(self.settings, now, batch)
        tasks.accept_reference(self.settings, now)
        tasks.load(self.settings, now)
        tasks.build_marts(self.settings, now)
        tasks.check(self.settings, now)
        tasks.publish(self.settings)

    def query(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        """Rows of the published snapshot."""
        connection = duckdb.connect(str(self.settings.snapshot), read_only=True)
        try:
            return connection.execute(sql, list(parameters)).fetchall()
        finally:
            connection.close()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "home")


@pytest.fixture
def drop(office: Office) -> Callable[..., Path]:
    """Write a filing into the inbox under a name."""
    from end_to_end import filer

    def put(name: str, filing: filer.Filing, received_at: str | None = None, **stamp: str) -> Path:
        return filer.write(filing, office.settings.inbox / name, received_at, **stamp)

    return put
