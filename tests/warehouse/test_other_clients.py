"""The snapshot in released clients of DuckDB other than the one it is made with, as an analyst's tools have them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from answers import figure_office
from esep.config import PROJECT

pytestmark = pytest.mark.heavy
CLIENTS = {"1.2.2": ("main",), "1.5.6": ("main", "internal")}
"""Versions from the package registry, and the schemas of which each reads every relation."""
WORKED = {path.name: path.read_text(encoding="utf-8") for path in sorted((PROJECT / "docs" / "queries").glob("*.sql"))}
READ = """
import json, sys
import duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
connection.execute("set TimeZone = 'Asia/Almaty'")
connection.execute("set enable_progress_bar = false")  # on a busy machine it would be printed
relations = connection.execute(
    "select table_schema || '.' || table_name from information_schema.tables where table_schema in "
    "(select unnest(?)) order by 1", [sys.argv[2:]]
).fetchall()
rows, faults = {}, {}
for (relation,) in relations:
    try:
        rows[relation] = connection.execute(f"select count(*) from {relation}").fetchone()[0]
    except duckdb.Error as error:
        faults[relation] = str(error)[:300]
income = connection.execute("select sum(income_kzt)::varchar from annual_income").fetchone()[0]
answers = {}
for name, query in json.load(sys.stdin).items():
    try:
        answers[name] = repr(connection.execute(query).fetchall())
    except duckdb.Error as error:
        faults[name] = str(error)[:300]
print(json.dumps(
    {"version": duckdb.__version__, "rows": rows, "faults": faults, "income": income, "answers": answers}
))
"""


@pytest.mark.parametrize("version", CLIENTS)
def test_a_released_client_reads_every_relation(version: str, tmp_path: Path, empty_work: Path) -> None:
    snapshot = figure_office.filled(tmp_path / "home", empty_work).settings.snapshot
    client = tmp_path / "client"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(client), f"duckdb=={version}"]
    subprocess.run(install, check=True)
    theirs = read(snapshot, CLIENTS[version], client)
    ours = read(snapshot, CLIENTS[version], None)
    assert theirs.pop("version") == version
    ours.pop("version")
    assert theirs == ours
    assert ours["faults"] == {}
    assert len(ours["rows"]) > 40
    assert len(ours["answers"]) == len(WORKED) >= 20


def read(snapshot: Path, schemas: tuple[str, ...], client: Path | None) -> dict[str, object]:
    environment = {"PYTHONPATH": str(client)} if client else {}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(snapshot), *schemas],
        env=environment,
        input=json.dumps(WORKED),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found
