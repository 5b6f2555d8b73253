"""With ESEP_ENGINE=spark the warehouse reads rows from the lake's own files: a load, which Spark has no part in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from esep.config import DUCKDB, SPARK, ConfigurationError, Settings
from esep.office import events
from esep.warehouse import calls, lake_move, load, work
from esep.warehouse.errors import LoadError
from proof.proved_office import make_older
from warehouse import reckoned_office
from warehouse.warehouse_office import NOW, Office, row

RELATIONS = ("internal.distribution_row", "internal.earlier_row", "internal.examined_row", "distribution")
COUNTED = ("internal.stored_rows", "internal.loaded_file", "internal.unreadable_quantity", "examination")


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> Office:
    """Corrections, a re-examination in another month, a month that nobody could read, and an unreadable cell."""
    office = reckoned_office.filled(tmp_path / "home", empty_work)
    again = office.file("2025-04-10", [row("2025-03-03", quantity="3")], period="2025-03-01")
    office.examine(again, [row("2025-02-03", quantity="4")], period="2025-02-01", examination_no=2)
    office.file("2025-04-11", [row("2025-03-03")], period=None, verdict="refused")
    return office


def by(office: Office, engine: str) -> Office:
    """The same home, another engine."""
    return replace(office, settings=replace(office.settings, engine=engine))


def content(office: Office, relations: tuple[str, ...] = RELATIONS) -> dict[str, list[tuple[object, ...]]]:
    with work.opened(office.settings) as connection:
        return {relation: described(connection, relation) for relation in relations}


def described(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[object, ...]]:
    columns = [(name, kind) for name, kind, *_ in connection.execute(f"describe {relation}").fetchall()]
    return [*columns, *sorted(connection.execute(f"from {relation}").fetchall(), key=repr)]


def kinds(office: Office) -> dict[str, str]:
    with work.opened(office.settings) as connection:
        found = calls.rows(connection, ("table_name", "table_type"), "from information_schema.tables")
        return {name: kind for name, kind in found if name in ("distribution_row", "earlier_row")}


@pytest.fixture
def two(office: Office) -> tuple[Office, Office]:
    """Loaded by DuckDB; and the same home as it is to be read by Spark."""
    load.load(office.settings, NOW)
    return office, by(office, SPARK)


def test_the_engine_is_named_by_a_variable() -> None:
    assert Settings.from_environment({}).engine == DUCKDB
    assert Settings.from_environment({"ESEP_ENGINE": "spark"}).engine == SPARK
    with pytest.raises(ConfigurationError, match="ESEP_ENGINE='flink': duckdb or spark is expected"):
        Settings.from_environment({"ESEP_ENGINE": "flink"})


def test_views_show_the_rows_that_a_load_would_keep(two: tuple[Office, Office]) -> None:
    kept, in_lake = two
    expected = content(kept, RELATIONS + COUNTED)
    assert set(kinds(kept).values()) == {"BASE TABLE"}
    load.load(in_lake.settings, NOW)
    assert set(kinds(in_lake).values()) == {"VIEW"}
    assert content(in_lake, RELATIONS + COUNTED) == expected


def test_the_working_file_is_made_anew_with_another_engine_and_back_again(two: tuple[Office, Office]) -> None:
    kept, in_lake = two
    expected = content(kept)
    for office in (in_lake, kept, in_lake):
        with work.opened(office.settings):
            assert work.is_unloaded(office.settings)
        load.load(office.settings, NOW)
        assert content(office) == expected


def test_a_later_load_shows_what_came_and_what_a_reexamination_replaced(two: tuple[Office, Office]) -> None:
    kept, in_lake = two
    load.load(in_lake.settings, NOW)
    number = in_lake.file("2025-05-10", [row("2025-04-03", quantity="1")], period="2025-04-01")
    load.load(in_lake.settings, NOW)
    in_lake.examine(number, [row("2025-04-03", quantity="2")], period="2025-04-01", examination_no=2)
    load.load(in_lake.settings, NOW)
    found = content(in_lake)
    load.load(kept.settings, NOW)
    assert found == content(kept)


def test_an_examination_that_was_given_up_is_in_no_view(two: tuple[Office, Office]) -> None:
    kept, in_lake = two
    load.load(in_lake.settings, NOW)
    (path,) = (kept.settings.lake / "distribution/month=2025-03").glob("2025-000007.parquet")
    path.unlink()
    folder = kept.folder("2025-000007")
    events.append(folder, "examination_lost", NOW, "officer", {"examination_no": 1, "reason": "the disk"})
    load.load(in_lake.settings, NOW)
    found = content(in_lake)
    assert len(found["internal.earlier_row"]) == len(found["internal.distribution_row"]) - _rows(found)
    load.load(kept.settings, NOW)
    assert found == content(kept)


def _rows(found: dict[str, list[tuple[object, ...]]]) -> int:
    return sum(isinstance(line[0], int) for line in found["internal.distribution_row"])


def test_an_empty_lake_has_no_rows(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, engine=SPARK)
    load.load(settings, NOW)
    with work.opened(settings) as connection:
        assert calls.value(connection, "count(*)", "from internal.examined_row") == 0


def test_views_follow_a_lake_that_was_moved(two: tuple[Office, Office], tmp_path: Path) -> None:
    kept, in_lake = two
    expected = content(kept)
    load.load(in_lake.settings, NOW)
    moved = replace(in_lake, settings=replace(in_lake.settings, home=tmp_path / "elsewhere [2?]"))
    in_lake.settings.home.rename(moved.settings.home)
    load.load(moved.settings, NOW)
    assert content(moved) == expected


def test_files_under_the_older_key_are_read_and_followed(office: Office) -> None:
    make_older(office.settings.home)
    load.load(office.settings, NOW)
    expected = content(office)
    in_lake = by(office, SPARK)
    load.load(in_lake.settings, NOW)
    assert content(in_lake) == expected
    lake_move.move(in_lake.settings)
    load.load(in_lake.settings, NOW)
    assert content(in_lake) == expected


def test_a_stray_file_counts_for_nothing(two: tuple[Office, Office]) -> None:
    kept, in_lake = two
    expected = content(kept)
    folder = in_lake.settings.lake / "distribution/month=2025-01"
    (folder / "copy.parquet").write_bytes(next(folder.glob("*.parquet")).read_bytes())
    load.load(in_lake.settings, NOW)
    assert content(in_lake) == expected


def test_a_file_that_is_gone_is_named(two: tuple[Office, Office]) -> None:
    _, in_lake = two
    (in_lake.settings.lake / "distribution/month=2025-01/2025-000003.parquet").unlink()
    with pytest.raises(LoadError, match="2025-000003"):
        load.load(in_lake.settings, NOW)
