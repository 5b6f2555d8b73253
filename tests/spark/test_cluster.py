"""The warehouse on a master and workers of this machine: without a worker, and with one that is lost in the middle."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from answers import figure_office
from esep.config import PROJECT
from esep.warehouse.spark import cluster, session
from esep.warehouse.spark.errors import ExtraError

pytestmark = pytest.mark.heavy
COMPARED = (
    "annual_income",
    "annual_income_total",
    "monthly_income",
    "sale_obligation",
    "distribution_value",
    "filing_effect",
    "internal.income_part",
    "reconciliation",
)
LIMIT_SECONDS = 420.0
QUICK = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
"""Short-lived machines need not be compiled for hours."""


def test_a_cluster_without_workers_is_said_and_a_lost_one_costs_time_only(tmp_path: Path, empty_work: Path) -> None:
    try:
        session.require_installed()
    except ExtraError as error:
        pytest.skip(str(error))
    settings = figure_office.filled(tmp_path / "home", empty_work).settings
    by_duckdb = shutil.copy(settings.snapshot, tmp_path / "duckdb.duckdb")
    with cluster.started(tmp_path / "cluster", workers=0) as started:
        run = begun(started, settings.home)
        said = run.communicate(timeout=LIMIT_SECONDS)[0]
        assert run.returncode == 1, said
        assert f"{started.master}: no worker took the work" in said
        assert "readers keep the last snapshot" in said
        assert settings.snapshot.read_bytes() == Path(by_duckdb).read_bytes()

        started.add_worker()
        started.add_worker()
        run = begun(started, settings.home)
        wait_for_a_task(started.work(2), run)
        started.lose_worker()
        said = run.communicate(timeout=LIMIT_SECONDS)[0]
        assert run.returncode == 0, said
    with duckdb.connect() as both:
        both.execute("set TimeZone = 'Asia/Almaty'")
        for name, path in (("one", by_duckdb), ("other", settings.snapshot)):
            both.execute(f"attach '{path}' as {name} (read_only)")
        engines = both.execute("select (select engine from one.build), (select engine from other.build)").fetchone()
        assert engines == ("duckdb", "spark")
        for relation in COMPARED:
            assert rows_of(both, "one", relation) == rows_of(both, "other", relation), relation


def test_the_demo_on_a_cluster_agrees_with_its_expected_figures(tmp_path: Path) -> None:
    """What `make cluster` runs."""
    try:
        session.require_installed()
    except ExtraError as error:
        pytest.skip(str(error))
    demo = [sys.executable, "-m", "esep.demo", "--home", str(tmp_path / "demo")]
    done = subprocess.run(
        [sys.executable, "-m", "esep.warehouse.spark.cluster", *demo],
        env=os.environ | QUICK | {"PYTHONPATH": str(PROJECT / "plugins")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Everything agrees with the expected figures." in done.stdout
    with duckdb.connect(str(tmp_path / "demo" / "warehouse" / "esep.duckdb"), read_only=True) as snapshot:
        assert snapshot.execute("select engine from build").fetchone() == ("spark",)


def begun(started: cluster.Cluster, home: Path) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(PROJECT / "plugins"), str(PROJECT / "tests")])
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("cluster_run.py")), str(home)],
        env=os.environ | started.environment | QUICK | {"PYTHONPATH": paths},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for_a_task(work: Path, run: subprocess.Popen[str]) -> None:
    until = time.monotonic() + LIMIT_SECONDS
    while not any("Running task" in log.read_text(errors="replace") for log in work.glob("app-*/*/stderr")):
        assert run.poll() is None, "it ended before the worker had anything to do"
        assert time.monotonic() < until
        time.sleep(0.02)


def rows_of(connection: duckdb.DuckDBPyConnection, database: str, relation: str) -> list[tuple[object, ...]]:
    connection.execute(f"use {database}")
    rows = sorted(connection.execute(f"from {relation}").fetchall(), key=repr)
    assert rows, relation
    return rows
