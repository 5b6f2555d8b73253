"""ESEP_ENGINE=spark against DuckDB over the same home, to the last digit: what is published, and what Spark answers."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from esep.config import DUCKDB
from esep.warehouse import calls, published, rebuild, schema, work
from esep.warehouse.checks import bad_rows
from esep.warehouse.errors import LoadError
from esep.warehouse.spark import lake, rows, session, step, tables
from esep.warehouse.spark.engine import Engine
from esep.warehouse.spark.errors import ClusterError
from esep.warehouse.spark.translate import Relations
from spark import strained_office
from spark.two_engines import LATER, Ran, differing, published_by_both, require_same
from warehouse.warehouse_office import MINER, row

KNOWN = ("2025-05-11 12:00:00+05:00", "2025-08-02 12:00:00+05:00")
ASKED = (
    *("filing", "annual_income", "annual_income_total", "monthly_income", "sale_obligation", "monthly_sale_obligation"),
    *("distribution", "distribution_value", "excluded_row", "filing_change", "filing_effect"),
    *("internal.row_value", "internal.income_ledger", "internal.in_force_span", "internal.reconciliation_overall"),
    "internal.reconciliation_of_years(2025, 2025)",
    f"trace_income('{MINER}', 2025)",
    *(f"{name}_as_known_on('{at}'::timestamptz)" for name in ("annual_income", "distribution") for at in KNOWN),
    f"sale_obligation_as_known_on('{KNOWN[1]}'::timestamptz)",
    f"annual_income_as_reported_on('{KNOWN[1]}'::timestamptz)",
    f"sale_obligation_as_reported_on('{KNOWN[1]}'::timestamptz)",
    f"monthly_income_as_reported_on('{KNOWN[1]}'::timestamptz)",
    f"monthly_sale_obligation_as_known_on('{KNOWN[1]}'::timestamptz)",
)


@pytest.fixture(scope="module")
def ran(quick_spark: None, tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Ran:
    folder = tmp_path_factory.mktemp("spark")
    office = strained_office.filled(folder / "home [1]", empty_work)
    office.refresh()
    office.prices("2025-04-01,LTC,41234.5,USD", "2025-01-06,BTC,101,USD", file="price.add-replace")
    office.refresh(LATER)
    return published_by_both(office, folder)


def require_same_answer(engine: Engine, connection: duckdb.DuckDBPyConnection, asked: str) -> int:
    answer = engine.answer(f"from {asked}")
    described = connection.execute(f"describe from {asked}").fetchall()
    reader = connection.cursor()
    reader.register("by_spark", answer)
    columns = [f'"{name}"::{kind} as "{name}"' for name, kind, *_ in described]
    assert differing(reader, f"from {asked}", "from by_spark", columns) == 0, asked
    return len(answer)


def test_what_is_published_is_the_same(ran: Ran) -> None:
    compared = require_same(ran.office.settings.snapshot, ran.by_duckdb)
    print(f"{compared} rows of every relation compared, none differs")
    ((parts, beyond),) = ran.office.query(
        "select (select count(*) from internal.income_part), (select count(*) from internal.row_beyond_value)"
    )
    assert parts > 100
    assert beyond


def test_the_masked_copies_are_the_same_and_read_nothing_of_the_lake(ran: Ran) -> None:
    settings = ran.office.settings
    require_same(settings.masked_snapshot, ran.masked_by_duckdb)
    with duckdb.connect(str(settings.masked_snapshot), read_only=True) as connection:
        views = calls.column(connection, "sql", "from duckdb_views() where not internal")
        assert not any("parquet" in text for text in views)


def test_spark_answers_every_relation_as_duckdb_does(ran: Ran) -> None:
    settings = ran.office.settings
    spark, compared = session.opened(settings), 0
    with published.opened(settings) as connection, tables.place(settings) as place:
        relations = Relations(settings.sql, connection)
        of_lake = lake.rows(settings, spark, relations, lake.files(settings))
        engine = Engine(spark, relations, tables.Tables(spark, connection, place, of_lake))
        for asked in ASKED:
            found = require_same_answer(engine, connection, asked)
            assert found, asked
            compared += found
    print(f"{compared} rows of {len(ASKED)} relations compared, none differs")


FAULTS = (
    "delete from internal.income_part where role = 'miner' and filing_key % 2 = 0",
    "update internal.stored_rows set row_count = row_count + 1, quantity = quantity + 1",
    "update examination set row_count = row_count + 1 where is_latest and filing_key % 3 = 0",
    "update internal.income_part set income_kzt = income_kzt + 1, quantity = quantity + 1 where filing_key % 3 = 0",
)
"""What no check must be quiet about."""


def test_checks_say_the_same_of_a_faulty_warehouse(ran: Ran) -> None:
    settings = ran.office.settings
    paths = sorted((settings.sql / "checks").glob("*.sql"))
    with work.opened(settings) as connection:
        connection.begin()
        for fault in FAULTS:
            connection.execute(fault)
        connection.execute("insert into internal.filing_unchecked select filing_key from internal.registered")
        by_spark = rows.bad_rows(settings, connection, paths, 1000)
        names = {path.stem for path in by_spark}
        assert {"distribution_grain", "distribution_of_another_filing", "filing_effect_sums", "part_sums"} == names
        with step.opened(settings, connection) as asked:
            engine = asked.engine(lake.files(settings))
            for path in paths:
                query = schema.query(settings.sql, f"checks/{path.stem}")
                answered = by_spark[path] if path in by_spark else engine.answer(f"from {query}").to_pylist()
                assert len(answered) == calls.value(connection, "count(*)", f"from {query}"), path.stem
        for path, found in by_spark.items():
            expected = connection.sql(path.read_text(encoding="utf-8")).to_arrow_table().to_pylist()
            assert sorted(found, key=repr) == sorted(expected, key=repr), path.stem
            assert bool(bad_rows(connection, path)) == bool(found)
            assert found or path.stem == "distribution_grain"
        overall = "from internal.reconciliation_overall"
        answer = rows.answer(settings, connection, overall)
        connection.register("by_spark", answer)
        assert differing(connection, overall, "from by_spark", ["*"]) == 0
        assert not all(answer.column("holds").to_pylist())
        connection.rollback()


def test_an_incremental_month_is_as_a_full_run(ran: Ran) -> None:
    office, folder = ran.office, ran.by_duckdb.parent
    store = tables.folder(office.settings) / "income_part"
    before = {path.parent.name: path.stat().st_mtime_ns for path in store.rglob("*.parquet")}
    office.file("2025-09-10", strained_office.drawn(8), period="2025-08-01", pool=strained_office.POOLS[0])
    office.file("2025-09-11", strained_office.drawn(9)[:30], period="2025-04-01", pool=strained_office.POOLS[1])
    office.refresh(LATER)
    after = {path.parent.name: path.stat().st_mtime_ns for path in store.rglob("*.parquet")}
    assert {month for month in after if after[month] != before.get(month)} == {"month=2025-04", "month=2025-08"}
    shutil.copy(office.settings.snapshot, folder / "increment.duckdb")
    shutil.copytree(store, folder / "increment")
    rebuild.rebuild(office.settings, LATER)
    require_same(office.settings.snapshot, folder / "increment.duckdb")
    for path in store.rglob("*.parquet"):
        ours, theirs = (f"from '{one}'" for one in (glob(path), folder / "increment" / path.relative_to(store)))
        assert differing(duckdb.connect(), ours, theirs, ["*"]) == 0
    back = replace(office, settings=replace(office.settings, engine=DUCKDB))
    back.refresh(LATER)
    require_same(back.settings.snapshot, folder / "increment.duckdb")


def glob(path: Path) -> str:
    return str(path).replace("[", "[[]")


def test_a_run_that_failed_leaves_the_snapshot_and_the_next_goes_on(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    office = ran.office
    content = office.settings.snapshot.read_bytes()
    office.file("2025-09-12", [row("2025-08-04")], period="2025-08-01")
    stray = office.settings.lake / "distribution/month=2025-08/copy.parquet"
    stray.write_bytes(b"")
    with pytest.raises(LoadError, match="no verdict names it"):
        office.refresh(LATER)
    stray.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(step.session, "opened", unreachable)
        with pytest.raises(ClusterError):
            office.refresh(LATER)
    assert office.settings.snapshot.read_bytes() == content
    office.refresh(LATER)
    assert office.query("select count(*) from distribution where period = '2025-08-01'") == [(61,)]


def unreachable(settings: object) -> None:
    raise ClusterError("gone")
