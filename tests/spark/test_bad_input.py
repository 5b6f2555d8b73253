"""What keeps ESEP_ENGINE=spark from working: said in one error, before Spark starts. Readers keep what they have."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from esep.config import SPARK, Settings
from esep.warehouse import build, load
from esep.warehouse.errors import LoadError, WarehouseError
from esep.warehouse.spark import lake, marts, session
from esep.warehouse.spark.errors import ClusterError, ExtraError
from warehouse import reckoned_office
from warehouse.warehouse_office import NOW, Office, row


@pytest.fixture
def office(tmp_path: Path, empty_work: Path) -> Office:
    """Published by DuckDB, now to be worked out by Spark."""
    office = reckoned_office.filled(tmp_path / "home", empty_work)
    office.refresh()
    return replace(office, settings=replace(office.settings, engine=SPARK))


def must_fail(office: Office, error: type[WarehouseError], match: str) -> None:
    """Nothing is published, and back on DuckDB everything is there."""
    content = office.settings.snapshot.read_bytes()
    with pytest.raises(error, match=match):
        office.refresh()
    assert office.settings.snapshot.read_bytes() == content


def test_a_cluster_that_is_not_there_is_named_and_duckdb_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "require_installed", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = replace(office.settings, spark_master=f"spark://127.0.0.1:{port}")
    must_fail(replace(office, settings=settings), ClusterError, f"127.0.0.1:{port}: it cannot be reached")
    income = office.query("select * from annual_income order by all")
    assert income
    replace(office, settings=Settings(home=settings.home)).refresh()
    assert office.query("select * from annual_income order by all") == income


def test_without_the_extra_the_command_that_installs_it_is_named(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    must_fail(office, ExtraError, "`make spark` installs it")


def test_a_file_that_the_manifest_lacks_is_named(office: Office) -> None:
    stray = office.settings.lake / "distribution/month=2025-01/copy.parquet"
    stray.write_bytes(b"")
    must_fail(office, LoadError, "copy.parquet: it is in a folder of the lake and no verdict names it")


def test_a_file_that_the_lake_lacks_is_named(office: Office) -> None:
    load.load(office.settings, NOW)
    (office.settings.lake / "distribution/month=2025-01/2025-000003.parquet").unlink()
    with pytest.raises(LoadError, match=r"2025-000003\.parquet: the manifest of the lake names it, and it is gone"):
        build.build_marts(office.settings, NOW)
    must_fail(office, LoadError, "2025-000003")


def test_a_cluster_without_a_worker_of_this_version_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "WORKER_SECONDS", 0.0)
    tracker = SimpleNamespace(getExecutorInfos=lambda: ["the driver alone"])
    context = SimpleNamespace(statusTracker=lambda: tracker, isStopped=lambda: False)
    stopped: list[bool] = []
    started = SimpleNamespace(
        version="4.2.0",
        sparkContext=SimpleNamespace(_jsc=SimpleNamespace(sc=lambda: context)),
        stop=lambda: stopped.append(True),
    )
    with pytest.raises(ClusterError, match=r"one:7077: no worker took the work.*another version than Spark 4"):
        session._require_workers(started, "spark://one:7077")
    assert stopped


def test_only_the_months_of_changed_filings_are_read(office: Office) -> None:
    number = office.file("2025-06-10", [row("2025-05-03")], period="2025-05-01")
    office.examine(number, [row("2025-01-06")], examination_no=2)
    load.load(office.settings, NOW)
    every = lake.files(office.settings)
    assert {file.month for file in lake.of_months(every, {number})} == {"2025-01", "2025-05"}
    assert {file.month for file in lake.of_months(every, {"2025-000005"})} == {"2025-02"}


def test_each_month_takes_its_place_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, months = tmp_path / "income_part", ["2025-01", "2025-02", "unknown"]
    marts._put_in_place(written(tmp_path / "one", months, "old"), place, months)
    aside = written(tmp_path / "two", months[:2], "new")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed_at_second(Path.replace))
        with pytest.raises(KeyboardInterrupt):
            marts._put_in_place(aside, place, months)
    assert content(place) == {"2025-01": "new", "2025-02": "old", "unknown": "old"}
    marts._put_in_place(written(tmp_path / "three", months[:2], "new"), place, months)
    assert content(place) == {"2025-01": "new", "2025-02": "new"}  # no part is left in the other


def written(folder: Path, months: list[str], text: str) -> Path:
    for month in months:
        (folder / f"month={month}").mkdir(parents=True)
        (folder / f"month={month}" / "part-0000.zstd.parquet").write_text(text)
    return folder


def content(place: Path) -> dict[str, str]:
    return {path.parent.name.removeprefix("month="): path.read_text() for path in place.rglob("*.parquet")}


def killed_at_second(replace_file: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    calls: list[Path] = []

    def replaced(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return replace_file(path, target)

    return replaced
