"""A load reads the lake in batches; what is loaded is the same, and all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from esep.office import archive
from esep.warehouse import calls, lake_load, load, work
from esep.warehouse.errors import LoadError
from warehouse.reckoned_office import filled
from warehouse.warehouse_office import NOW, Office

RELATIONS = ("distribution_row", "examination_finding", "loaded_file", "stored_rows", "unreadable_quantity")


def held(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    return {name: sorted(calls.rows(connection, "*", f"from internal.{name}"), key=repr) for name in RELATIONS}


@pytest.fixture
def office(tmp_path: Path, empty_work: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office of which nothing is loaded, and a load to which each filing is a batch by itself."""
    monkeypatch.setattr(lake_load, "BATCH_ROWS", 1)
    return filled(tmp_path / "home", empty_work)


def test_batches_load_what_one_reading_of_all_does(office: Office, sound_work: duckdb.DuckDBPyConnection) -> None:
    load.load(office.settings, NOW)
    with work.opened(office.settings) as connection:
        found = held(connection)
    assert all(found.values())
    assert found == held(sound_work)


def test_a_fault_in_the_last_batch_loads_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    load_table: Callable[..., None] = lake_load._load_table
    last = [entry.number for entry in archive.registered(office.settings) if entry.verdict_paths][-1]

    def failing(*arguments: Any) -> None:
        load_table(*arguments)
        if last in arguments[-1].values():
            raise LoadError(last)

    monkeypatch.setattr(lake_load, "_load_table", failing)
    with pytest.raises(LoadError, match=last):
        load.load(office.settings, NOW)
    with work.opened(office.settings) as connection:
        assert not any(held(connection).values())


def test_a_batch_is_bounded_by_rows_and_by_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake_load, "BATCH_ROWS", 10 + 2 * lake_load._FILING_ROWS)
    rows = {"2025-000004": 0, "2025-000001": 5, "2025-000003": 99_999, "2025-000002": 5, "2025-000005": 0}
    batches = lake_load._batches({number: {"row_count": count} for number, count in rows.items()})
    assert [[int(number[-1]) for number in batch] for batch in batches] == [[1, 2], [3], [4, 5]]
