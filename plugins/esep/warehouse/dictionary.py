"""The comments of the warehouse: the grain from the head of each SQL file, columns as sql/columns.csv tells them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from esep.lake.schema import COLUMNS, meaning


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


def comment_all(connection: duckdb.DuckDBPyConnection, grains: Mapping[str, str]) -> None:
    """Put the comments on relations, their columns, and macros; `grains` by name."""
    kinds = dict(connection.execute(_KINDS).fetchall())
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where not internal order by table_name, column_index"
    ).fetchall()
    for relation, grain in grains.items():
        if relation not in kinds:
            raise KeyError(f"{relation}: the SQL file of this name makes no relation of this name")
        connection.execute(f"comment on {kinds[relation]} {relation} is {_quoted(grain)}")
    for relation, column in columns:
        if relation in grains:
            text = _quoted(column_comment(relation, column))
            connection.execute(f'comment on column {relation}."{column}" is {text}')


_KINDS = """
select table_name, 'table' from duckdb_tables() where not internal
union all
select view_name, 'view' from duckdb_views() where not internal
union all
select function_name, case function_type when 'table_macro' then 'macro table' else 'macro' end
from duckdb_functions()
where not internal and function_type in ('macro', 'table_macro')
"""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
