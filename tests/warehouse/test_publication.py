"""Loads, checks and publication: all or nothing, again and again, with readers in other processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from esep.config import PROJECT
from esep.office import events
from esep.warehouse import checks, duckdb_paths, load, published, work
from esep.warehouse.errors import CheckError, LoadError, NoSnapshotError, NotCheckedError, WarehouseBusyError
from esep.warehouse.rebuild import rebuild
from esep.warehouse.schema import named
from warehouse.warehouse_office import MINER, NOW, OTHER_POOL, finding, moment, row

READER = Path(__file__).with_name("warehouse_reader.py")


def content(office) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables and views of the snapshot, in one order, but for when the checks ran."""
    names = [
        named(schema, name)
        for schema, name in office.query("select table_schema, table_name from information_schema.tables order by all")
        if name != "filing_checked"
    ]
    return {name: rows_of(office, name) for name in names}


def rows_of(office, name: str) -> list[tuple[object, ...]]:
    """All rows, in one order; of the relations with a row for each day and asset, their number and a hash of them."""
    if name in ("internal.daily_asset", "internal.daily_asset_due"):
        return office.query(f"select count(*), sum(hash(every)::hugeint) from {name} as every")
    return sorted(office.query(f"select * from {name}"), key=repr)


def fill(office) -> None:
    office.prices("2025-01-06,BTC,10,KZT", "2025-02-06,BTC,11,USD")
    office.rates("2025-02-01,USD,500")
    office.file("2025-02-10", [row("2025-01-06", quantity="1")], verdict="refused", findings=[finding()])
    office.file("2025-02-11", [row("2025-01-06", quantity="2"), row(None, quantity="2")])
    office.file("2025-03-11", [row("2025-02-06", quantity="3")], period="2025-02-01", pool=OTHER_POOL)
    office.register("2025-03-12")


def test_rebuild_gives_the_same_content_as_loads_one_by_one(office):
    office.prices("2025-01-06,BTC,9,KZT")
    office.refresh()
    fill(office)
    office.refresh()
    office.file("2025-03-20", [row("2025-01-06", quantity="7")])
    office.refresh()
    before = content(office)
    assert len(before["annual_income"]) == 3
    report = rebuild(office.settings, NOW)
    assert report.publish.published
    assert content(office) == before
    shutil.rmtree(office.settings.warehouse)
    office.refresh()
    assert content(office) == before


def test_nothing_new_is_not_published_again(office):
    fill(office)
    assert office.refresh().publish.published
    inode = office.settings.snapshot.stat().st_ino
    assert not office.refresh().publish.published
    assert office.settings.snapshot.stat().st_ino == inode
    assert office.refresh(moment("2026-03-02")).publish.published  # another day: due and silent may have changed
    office.settings.snapshot.unlink()
    assert office.refresh(moment("2026-03-02")).publish.published


def test_a_damaged_or_foreign_working_file_is_built_anew(office):
    fill(office)
    office.refresh()
    before = content(office)
    work.file(office.settings).write_bytes(b"not a database")
    office.refresh()
    assert content(office) == before
    connection = duckdb.connect(str(work.file(office.settings)))
    connection.execute("update build set fingerprint = 'of other SQL'")
    connection.close()
    assert len(load.load(office.settings, NOW).registered) == 4


def test_a_re_examination_takes_the_place_of_the_first(office):
    number = office.file("2025-02-10", [row("2025-01-06", quantity="1"), row("2025-01-07")], findings=[finding()])
    office.file("2025-02-09", [row("2025-01-06", quantity="5")])
    office.refresh()
    quantities = "select sum(quantity) from annual_income where role = 'miner'"
    assert office.query(quantities) == [(2,)]
    office.examine(number, [row("2025-02-06", quantity="3")], period="2025-02-01", examination_no=2)
    office.refresh()
    assert office.query("select period::varchar, status, examination_no from filing order by 1") == [
        ("2025-01-01", "accepted", 1),
        ("2025-02-01", "accepted", 2),
    ]
    assert office.query(quantities) == [(8,)]
    assert office.query("select count(*) from finding") == [(0,)]
    assert office.query(
        "select examination_no, is_latest from examination where registration_no = ? order by 1", number
    )
    office.examine(number, [row("2025-02-06", quantity="3")], verdict="refused", examination_no=3)
    office.refresh()
    assert office.query(quantities) == [(5,)]
    before = content(office)
    rebuild(office.settings, NOW)
    assert content(office) == before


def test_a_filing_examined_later_than_it_was_loaded(office):
    number = office.register("2025-02-10")
    office.refresh()
    assert office.query("select status from filing") == [("registered",)]
    office.examine(number, [row("2025-01-06")])
    office.refresh()
    assert office.query("select status, row_count from filing") == [("accepted", 1)]


def lake_file(office, number: str) -> Path:
    return next((office.settings.lake / "distribution").rglob(f"{number}.parquet"))


@pytest.mark.parametrize("damage", ["missing", "damaged", "other_filing", "other_columns"])
def test_a_faulty_parquet_file_is_named_and_nothing_is_loaded(office, damage):
    good = office.file("2025-02-10", [row("2025-01-06")])
    office.refresh()
    bad = office.file("2025-02-11", [row("2025-01-06", quantity="2")])
    path = lake_file(office, bad)
    if damage == "missing":
        path.unlink()
    elif damage == "damaged":
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "other_filing":
        shutil.copyfile(lake_file(office, good), path)
    else:
        duckdb.execute(f"copy (select '{bad}' as registration_no, 1 as x) to '{path}' (format parquet)")
    with pytest.raises(LoadError, match=rf"lake/.*{bad}\.parquet: .*reexamine {bad}"):
        office.refresh()
    assert office.query("select registration_no from filing") == [(good,)]
    office.examine(bad, [row("2025-01-06", quantity="2")], examination_no=2)
    events.append(office.folder(bad), "examination_lost", NOW, "test", {"examination_no": 1})
    office.refresh()
    assert office.query("select registration_no from distribution") == [(bad,)]


def test_parquet_files_that_no_verdict_names_do_not_count(office):
    number = office.file("2025-02-10", [row("2025-01-06")])
    stray = lake_file(office, number).with_name("2025-000099.parquet")
    shutil.copyfile(lake_file(office, number), stray)
    office.refresh()
    assert office.query("select count(*) from distribution") == [(1,)]


def test_a_failed_check_keeps_the_last_snapshot(office):
    fill(office)
    office.refresh()
    office.serials[2025] += 1
    office.file("2025-03-20", [row("2025-01-06", quantity="7")])
    with pytest.raises(CheckError) as raised:
        office.refresh()
    assert "registration_number_gap" in str(raised.value)
    assert "2025-000006" in str(raised.value)
    with pytest.raises(NotCheckedError):
        published.publish(office.settings)
    assert office.query("select count(*) from filing") == [(4,)]
    office.serials[2025] = 4
    office.register("2025-03-19")
    office.refresh()
    assert office.query("select count(*) from filing") == [(6,)]


def breaking(statement: str, needs: str) -> object:
    return pytest.param(statement, needs, id=needs)


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        breaking(
            "insert into internal.distribution_row select * from internal.distribution_row limit 1",
            "distribution_grain",
        ),
        breaking("delete from internal.distribution_row where row = 12", "distribution_of_another_filing"),
        breaking("update internal.distribution_row set pool_id = 'x'", "distribution_of_another_filing"),
        breaking(
            "delete from internal.registered where registration_no = '2025-000002'", "examination_without_registration"
        ),
        breaking("delete from internal.registered where registration_no = '2025-000001'", "registration_number_gap"),
        breaking("update examination set is_latest = false", "examination_grain"),
        breaking("update internal.examination_finding set registration_no = 'x'", "finding_without_examination"),
        breaking("delete from internal.income_part", "accepted_without_figures"),
        breaking("insert into internal.filing_to_value values (2025000000002)", "accepted_without_figures"),
        breaking(
            "insert into internal.income_part select * replace (2025000000001 as filing_key) from internal.income_part",
            "figures_of_refused_filing",
        ),
        breaking("insert into internal.daily_asset select * from internal.daily_asset limit 1", "daily_asset_grain"),
        breaking("update internal.income_part set valued_quantity = valued_quantity + 1", "part_quantities"),
        breaking("update reconciliation set holds = false", "reconciliation"),
    ],
)
def test_each_check_finds_what_it_looks_for(office, statement, check):
    fill(office)
    load.load(office.settings, NOW)
    from esep.warehouse import build

    build.build_marts(office.settings, NOW)
    with work.opened(office.settings) as connection:
        path = PROJECT / "sql" / "checks" / f"{check}.sql"
        assert checks.bad_rows(connection, path) == []
        connection.execute(statement)
        assert checks.bad_rows(connection, path)


def test_reconciliation_tells_what_does_not_add_up(office):
    fill(office)
    load.load(office.settings, NOW)
    from esep.warehouse import build

    with work.opened(office.settings) as connection:
        connection.execute("update internal.loaded_file set quantity = quantity + 1")
    build.build_marts(office.settings, NOW)
    with pytest.raises(CheckError, match="quantity in Parquet = quantity in the warehouse"):
        checks.run(office.settings)


def test_no_snapshot_yet(office):
    with pytest.raises(NoSnapshotError, match="make run"):
        published.connect(office.settings)
    with pytest.raises(NotCheckedError):
        published.publish(office.settings)


def test_readers_cannot_write_and_see_local_time(office):
    fill(office)
    office.refresh()
    with published.connect(office.settings) as connection:
        with pytest.raises(duckdb.Error):
            connection.execute("delete from finding")
        (text,) = connection.execute("select min(received_at)::varchar from filing").fetchone()
        assert text == "2025-02-10 00:00:00+05"


def test_clients_of_earlier_versions_can_open_it(office):
    office.refresh()
    with duckdb.connect(str(office.settings.snapshot), read_only=True) as connection:
        ((written_for,),) = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchall()
    assert written_for == f"{duckdb_paths.OLDEST_CLIENT}+"


def test_an_open_reader_keeps_its_snapshot_while_a_new_one_is_published(office):
    fill(office)
    office.refresh()
    code = (
        f"import duckdb; c = duckdb.connect({str(office.settings.snapshot)!r}, read_only=True)\n"
        "for _ in range(2): print(*c.execute('select count(*) from filing').fetchone(), flush=True); input()"
    )
    reader = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert reader.stdout.readline() == b"4\n"
    office.file("2025-03-20", [row("2025-01-06", quantity="7")])
    office.refresh()
    assert office.query("select count(*) from filing") == [(5,)]
    reported, _ = reader.communicate(b"\n\n", timeout=60)
    assert reported == b"4\n"


def test_unfinished_copies_are_removed(office):
    office.refresh()
    stale = office.settings.warehouse / f"esep.duckdb.{'0123' * 8}.tmp"
    stale.write_bytes(b"half")
    office.file("2025-02-10", [row("2025-01-06")])
    office.refresh()
    assert not stale.exists()


def test_the_working_file_open_elsewhere_is_reported(office):
    office.refresh()
    opened = f"c = duckdb.connect({str(work.file(office.settings))!r})"
    code = f"import duckdb, time; {opened}; print(1, flush=True); time.sleep(60)"
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        other.stdout.readline()
        with pytest.raises(WarehouseBusyError, match="another process"):
            office.refresh()
    finally:
        other.kill()
        other.wait()


def test_readers_in_other_processes_see_whole_loads_only(office, tmp_path):
    office.refresh()
    until = tmp_path / "done"
    command = [sys.executable, str(READER), str(office.settings.snapshot), str(until)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for number in range(12):
            month = f"{2022 + number // 12}-{number % 12 + 1:02d}-01"
            office.file("2025-02-10", [row(month), row(month), row(month)], period=month)
            assert office.refresh().publish.published
    finally:
        until.touch()
    for reader in readers:
        reported = json.loads(reader.communicate(timeout=60)[0])
        assert reported["faults"] == []
        assert reported["reads"] > 5
        assert len(reported["seen"]) > 1


KILLED = """
import os, signal, sys, threading, time
from datetime import datetime
from pathlib import Path
from esep.clock import TIMEZONE
from esep.config import Settings
from esep.warehouse.rebuild import refresh
settings = Settings(home=Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
refresh(settings, datetime(2026, 3, 1, 9, tzinfo=TIMEZONE))
print("done", flush=True)
"""


def test_killed_at_any_moment_it_is_the_old_state_or_the_new(office):
    fill(office)
    office.refresh()
    for month in range(3, 7):
        period = f"2025-{month:02d}-01"
        before = office.query("select count(*) from filing")
        office.file(f"2025-{month + 1:02d}-10", [row(period) for _ in range(50)], period=period)
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(office.settings.home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(PROJECT / "plugins")},
        )
        child.stdout.readline()
        child.stdin.write(b"go\n")
        child.stdin.flush()
        time.sleep(0.12 * (month - 2))
        child.send_signal(signal.SIGKILL)
        child.wait()
        filings = office.query("select count(*) from filing")
        assert filings in (before, [(before[0][0] + 1,)])
        office.refresh()
        assert office.query("select count(*) from filing") == [(before[0][0] + 1,)]
    killed = content(office)
    rebuild(office.settings, NOW)
    assert content(office) == killed
    assert office.query("select count(*) from trace_income(?, 2025)", MINER) == [(3 + 4 * 50,)]
