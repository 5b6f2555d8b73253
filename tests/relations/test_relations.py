"""Every relation of three small offices, row by row, as it was when it was looked at last.

A change on purpose: run with ESEP_EXPECTED=write, look at the difference, and commit it with its reason.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from esep.warehouse import published
from esep.warehouse.schema import named
from relations.small_offices import OFFICES

EXPECTED = Path(__file__).parent / "expected"
MASKED = frozenset(
    {
        *("code_version", "code_version_before", "code_version_after", "ruleset", "sources", "fingerprint"),
        *("built_at", "checked_at"),
    }
    | {"internal.named_file.sha256"}
)
"""What another commit, or another machine, makes otherwise."""
SHOWN = 120
"""Rows that are shown; of a longer relation the rest is held by its hash."""
RANDOM = re.compile("[0-9a-f]{32}(?=[.]json)")
"""Part of the name of an event's file."""
MOMENTS = ("2025-02-15 12:00+05", "2025-03-15 12:00+05", "2025-05-09 12:00+05")
AT_MOMENTS = (
    "annual_income_as_known_on({})",
    "annual_income_total_as_known_on({})",
    "sale_obligation_as_known_on({})",
    "monthly_income_as_known_on({})",
    "monthly_sale_obligation_as_known_on({})",
    "distribution_as_known_on({})",
    "filing_as_known_on({})",
    "annual_income_as_reported_on({})",
    "annual_income_total_as_reported_on({})",
    "sale_obligation_as_reported_on({})",
    "monthly_income_as_reported_on({})",
    "filing_calendar_as_of({}::date, {})",
    "obligation_due_as_of({}::date, {})",
    "approved_letter_as_of({}::date, {})",
)


@pytest.mark.parametrize("name", OFFICES)
def test_relations_are_what_they_were(tmp_path: Path, empty_work: Path, name: str) -> None:
    office = OFFICES[name](tmp_path / "home", empty_work)
    connection = published.connect(office.settings)
    found = "\n".join(table(connection, relation) for relation in relations(connection))
    expected = EXPECTED / f"{name}.txt"
    if os.environ.get("ESEP_EXPECTED") == "write":
        expected.write_text(found, encoding="utf-8")
    assert found.split("\n") == expected.read_text(encoding="utf-8").split("\n")


def relations(connection: duckdb.DuckDBPyConnection) -> list[str]:
    names = connection.execute(
        "select table_name, schema_name from duckdb_tables() where not internal union "
        "select view_name, schema_name from duckdb_views() where not internal order by 1"
    ).fetchall()
    calls = [call.format(f"'{one}'::timestamptz", f"'{one}'::timestamptz") for call in AT_MOMENTS for one in MOMENTS]
    taxpayers = connection.execute("select distinct taxpayer_id from annual_income order by 1").fetchall()
    traces = [f"trace_income('{one}', 2025)" for (one,) in taxpayers]
    return [*(named(schema, name) for name, schema in names), *calls, *traces]


def table(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Columns, types and all rows in order, as text."""
    described = [(name, kind) for name, kind, *_ in connection.execute(f"describe from {relation}").fetchall()]
    shown = ", ".join(
        f"'*' as {name}" if MASKED & {name, f"{relation}.{name}"} else f'"{name}"::varchar as "{name}"'
        for name, _ in described
    )
    rows = connection.execute(f"select {shown} from {relation}").fetchall()
    lines = sorted(RANDOM.sub("*", " | ".join("–" if value is None else value for value in row)) for row in rows)
    if len(lines) > SHOWN:
        rest = "\n".join(lines[SHOWN:])
        lines[SHOWN:] = [f"and {len(rows) - SHOWN} rows more: {sha256(rest.encode()).hexdigest()}"]
    heading = ", ".join(f"{name} {kind}" for name, kind in described)
    return "\n".join([f"== {relation}", heading, *lines, ""])
