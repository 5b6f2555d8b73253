"""Making the relations of sql/ in an empty database: the files in order, their comments, and the tables of the law.

A file makes the one relation or macro that it is named after. What it reads from is made before it: its text names that
after `from` or `join`, or calls it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow as pa

from esep.lake.schema import TABLES
from esep.law import calendar, tables
from esep.warehouse import dictionary

QUERIES = frozenset({"across", "checks"})
"""Folders of sql/ whose files are queries that make nothing."""
_NO_CODE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_REFERENCE = re.compile(r"\b(?:from|join)\s+([a-z_][a-z0-9_]*)|\b([a-z_][a-z0-9_]*)\s*\(", re.IGNORECASE)


def sql_files(sql: Path) -> list[Path]:
    """The files that make relations and macros, each after those that it reads from.

    Raises ValueError for two files of one name, and for files that read from each other in a circle.
    """
    files: dict[str, Path] = {}
    for path in sorted(path for path in sql.rglob("*.sql") if path.parent.name not in QUERIES):
        if path.stem in files:
            raise ValueError(f"{path} and {files[path.stem]} would make the same relation: rename one of them.")
        files[path.stem] = path
    needs = {name: references(path.read_text(encoding="utf-8")) & files.keys() - {name} for name, path in files.items()}
    try:
        return [files[name] for name in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        circle = " → ".join(error.args[1][::-1])
        raise ValueError(f"{sql}: {circle}: each reads from the next in a circle. Part one of them in two.") from error


def references(text: str) -> set[str]:
    """Names that a statement reads from or calls, those of its own common table expressions among them."""
    found = _REFERENCE.findall(_NO_CODE.sub(" ", text))
    return {(relation or called).lower() for relation, called in found}


def create(connection: duckdb.DuckDBPyConnection, sql: Path) -> None:
    """Make all relations with their comments, and fill the tables of the law."""
    files = make_relations(connection, sql)
    dictionary.comment_all(connection, {path.stem: dictionary.grain_of(path) for path in files})
    _fill_calendar(connection)
    for name in ("asset", "asset_alias", "sale_rule", "price_list", "obligation_kind"):
        insert(connection, name, tables.read(name))


def make_relations(connection: duckdb.DuckDBPyConnection, sql: Path) -> list[Path]:
    """Run the files that make relations and macros; gives them in order.

    Meanwhile the tables of the lake are there as `lake_filing`, `lake_distribution` and `lake_finding`, without rows
    and without the cells as written, so that a table may have their columns.
    """
    files = sql_files(sql)
    for table in TABLES:
        connection.register(f"lake_{table.name}", table.loaded.empty_table())
    for path in files:
        connection.execute(path.read_text(encoding="utf-8"))
    for table in TABLES:
        connection.unregister(f"lake_{table.name}")
    return files


def _fill_calendar(connection: duckdb.DuckDBPyConnection) -> None:
    working = calendar.working_calendar()
    days = list(working.rows())
    insert(
        connection,
        "calendar_day",
        [
            {
                "day": row.day,
                "working": row.working,
                "reason": row.reason,
                "source": row.source,
                "price_date": working.working_day_on_or_before(row.day),
                "examine_by": calendar.examine_by(row.day),
                "notice_by": calendar.notice_by(row.day),
                "correction_due_on": calendar.correction_due(row.day),
            }
            for row in days
        ],
    )
    insert(
        connection,
        "period_due_date",
        [
            {
                "period": day,
                "due_on": calendar.due_on(day),
                "due_effective_on": calendar.due_effective_on(day),
                "is_expected": day >= calendar.FIRST_PERIOD,
            }
            for day in sorted({date(row.day.year, row.day.month, 1) for row in days})
        ],
    )


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> pa.Schema:
    """The columns of a table with their types."""
    return connection.sql(f"select * from {table} limit 0").to_arrow_table().schema  # noqa: S608 - names of our tables


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows of one set of names into a table, by its own columns; of what is named otherwise nothing is taken."""
    if not rows:
        return
    named = pa.schema([column for column in columns_of(connection, table) if column.name in rows[0]])
    connection.register("new_rows", pa.Table.from_pylist(rows, named))
    connection.execute(f"insert into {table} by name select * from new_rows")  # noqa: S608 - names of our tables
    connection.unregister("new_rows")
