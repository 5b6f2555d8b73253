"""The made-up history of `make bench` is one that the warehouse loads: its records are sealed, its columns complete."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench.history import months, write_history, write_reference
from esep.clock import now
from esep.config import Settings
from esep.warehouse import reference, work
from esep.warehouse.rebuild import refresh


def test_a_made_up_month_is_published(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    write_reference(settings.reference, date(2024, 12, 25), date(2025, 1, 31))
    write_history(settings, list(months(2025, 1)), pools=2, rows=3, faults=2)
    reference.accept(settings, now())
    refresh(settings, now())
    with work.opened(settings) as connection:
        counts = connection.execute("select (select count(*) from distribution), (select count(*) from finding)")
        assert counts.fetchall() == [(6, 4)]
