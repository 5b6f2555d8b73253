"""Making the relations of sql/ in an empty database: the files in order, their comments, and the tables of the law."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from esep.law import tables, terms
from esep.law.calendar import working_calendar
from esep.warehouse import dictionary

BUILD_ORDER = "build_order.txt"


def sql_files(sql: Path) -> list[Path]:
    """The files that make relations, in the order of sql/build_order.txt."""
    lines = (sql / BUILD_ORDER).read_text(encoding="utf-8").splitlines()
    return [sql / line.strip() for line in lines if line.strip() and not line.startswith("#")]


def create(connection: duckdb.DuckDBPyConnection, sql: Path) -> None:
    """Make all relations with their comments, and fill the tables of the law."""
    for path in sql_files(sql):
        connection.execute(path.read_text(encoding="utf-8"))
    dictionary.comment_all(connection, {path.stem: dictionary.grain_of(path) for path in sql_files(sql)})
    _fill_calendar(connection)
    for name in ("asset", "asset_alias", "sale_rule", "price_list", "obligation_kind"):
        _insert(connection, name, tables.read(name))


def _fill_calendar(connection: duckdb.DuckDBPyConnection) -> None:
    calendar = working_calendar()
    days = list(calendar.rows())
    _insert(
        connection,
        "calendar_day",
        [
            {
                "day": row.day,
                "working": row.working,
                "reason": row.reason,
                "source": row.source,
                "price_date": calendar.working_day_on_or_before(row.day),
                "examine_by": terms.examine_by(row.day),
                "notice_by": terms.notice_by(row.day),
                "correction_due_on": terms.correction_due(row.day),
            }
            for row in days
        ],
    )
    _insert(
        connection,
        "period_term",
        [
            {
                "period": day,
                "due_on": terms.due_on(day),
                "due_effective_on": terms.due_effective_on(day),
                "is_expected": day >= terms.FIRST_PERIOD,
            }
            for day in sorted({date(row.day.year, row.day.month, 1) for row in days})
        ],
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    """Rows of a table of the law; their columns are the table's."""
    batch = pa.Table.from_pylist(rows)
    connection.register("law_rows", batch)
    connection.execute(f"insert into {table} by name select * from law_rows")  # noqa: S608 - names of this module
    connection.unregister("law_rows")
