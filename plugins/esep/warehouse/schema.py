"""Making the relations of sql/ in an empty database: the files in order, their comments, and the tables of the law.

A file makes the one relation or macro that it is named after: in a folder `internal` a building block, in the schema of
that name; in any other what people ask, in `main`. What it reads from is made before it: its text names that after
`from` or `join`, or calls it. Comments are the grain from the head of the file, and columns as in sql/columns.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow as pa

from esep.lake.schema import COLUMNS, TABLES, meaning
from esep.law import calendar, tables

QUERIES = frozenset({"across", "checks", "load", "snapshot"})
"""Folders of sql/ whose files are queries that make nothing: across filings, checks, of the lake's files, and of a
snapshot that other code may have made."""
INTERNAL = "internal"
"""Schema of the building blocks, and name of the folders of sql/ that make them. SQL names it before each of them."""
LAW = ("asset", "asset_alias", "sale_rule", "price_list", "obligation_kind", "question_kind")
FILLED = frozenset({*LAW, "calendar_day", "period_due_date"})
"""Tables that `create` fills."""
_NO_CODE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_REFERENCE = re.compile(
    rf"\b(?:from|join)\s+(?:{INTERNAL}\.)?([a-z_][a-z0-9_]*)|\b([a-z_][a-z0-9_]*)\s*\(", re.IGNORECASE
)
_KINDS = """
select schema_name, table_name, 'table' from duckdb_tables() where not internal
union all
select schema_name, view_name, 'view' from duckdb_views() where not internal
union all
select schema_name, function_name, case function_type when 'table_macro' then 'macro table' else 'macro' end
from duckdb_functions()
where not internal and function_type in ('macro', 'table_macro')
"""


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


def relation_of(path: Path) -> str:
    """The relation or macro that a file makes, as SQL names it: `annual_income`, `internal.row_value`."""
    return f"{INTERNAL}.{path.stem}" if path.parent.name == INTERNAL else path.stem


def references(text: str) -> set[str]:
    """Names that a statement reads from or calls, without their schema; its common table expressions among them."""
    found = _REFERENCE.findall(_NO_CODE.sub(" ", text))
    return {(relation or called).lower() for relation, called in found}


def query(sql: Path, name: str) -> str:
    """A query of a file that makes nothing, in brackets, to be used after `from`."""
    text = (sql / f"{name}.sql").read_text(encoding="utf-8")
    return f"({text.rstrip().removesuffix(';')})"


def create(connection: duckdb.DuckDBPyConnection, sql: Path) -> None:
    """Make all relations with their comments, and fill the tables of the law."""
    files = make_relations(connection, sql)
    comment(connection, {relation_of(path): grain_of(path) for path in files})
    _fill_calendar(connection)
    for name in LAW:
        insert(connection, name, tables.read(name))


def make_relations(connection: duckdb.DuckDBPyConnection, sql: Path) -> list[Path]:
    """Run the files that make relations and macros; gives them in order."""
    files = sql_files(sql)
    connection.execute(f"create schema {INTERNAL}")
    with lake_without_rows(connection):
        for path in files:
            connection.execute(path.read_text(encoding="utf-8"))
    return files


@contextmanager
def lake_without_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Meanwhile the tables of the lake are there as `lake_filing`, `lake_distribution` and `lake_finding`, without rows
    and without the cells as written, so that a table may have their columns.
    """
    for table in TABLES:
        connection.register(f"lake_{table.name}", table.loaded.empty_table())
    yield
    for table in TABLES:
        connection.unregister(f"lake_{table.name}")


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
    connection.execute(f"insert into {table} by name from new_rows")
    connection.unregister("new_rows")


def column_comment(relation: str, column: str) -> str:
    """The text of COMMENT ON COLUMN; raises KeyError for a column nobody described."""
    said = meaning(relation, column)
    if said is None:
        raise KeyError(
            f"{relation}.{column}: nobody described this column; add it to {COLUMNS.parent.name}/{COLUMNS.name}"
        )
    return said.sentence


def grain_of(path: Path) -> str:
    """The head of a SQL file as one text: its grain sentence and what else the reader should know."""
    head = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        head.append(line.removeprefix("--").strip())
    return " ".join(part for part in head if part)


def comment(connection: duckdb.DuckDBPyConnection, grains: Mapping[str, str]) -> None:
    """Put the comments on relations, their columns, and macros; `grains` by name as SQL has it."""
    kinds = {named(schema, relation): kind for schema, relation, kind in connection.execute(_KINDS).fetchall()}
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where not internal "
        "order by schema_name, table_name, column_index"
    ).fetchall()
    for relation, grain in grains.items():
        if relation not in kinds:
            raise KeyError(f"{relation}: the SQL file of this name makes no relation of this name")
        connection.execute(f"comment on {kinds[relation]} {relation} is {_quoted(grain)}")
    for schema, relation, column in columns:
        if named(schema, relation) in grains:
            text = _quoted(column_comment(relation, column))
            connection.execute(f'comment on column {named(schema, relation)}."{column}" is {text}')


def named(schema: str, relation: str) -> str:
    """A relation as SQL names it: with its schema unless that is `main`."""
    return relation if schema == "main" else f"{schema}.{relation}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
