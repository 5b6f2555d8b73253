"""One home published by DuckDB and then by Spark, and the comparison of all that was published."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from esep.config import SPARK
from esep.warehouse import calls, masked
from warehouse.warehouse_office import Office, moment

LATER = moment("2026-03-02")
OF_CHANCE = frozenset({"fingerprint", "code_version", "engine", "built_at", "checked_at", "sources"})


@dataclass(frozen=True)
class Ran:
    """One home, published by DuckDB (its snapshots kept aside), then by Spark."""

    office: Office
    by_duckdb: Path
    masked_by_duckdb: Path


def published_by_both(office: Office, folder: Path) -> Ran:
    settings = office.settings
    masked.publish(settings)
    kept = folder / "full.duckdb", folder / "masked.duckdb"
    shutil.copy(settings.snapshot, kept[0])
    shutil.copy(settings.masked_snapshot, kept[1])
    in_lake = replace(office, settings=replace(settings, engine=SPARK))
    in_lake.refresh(LATER)
    masked.publish(in_lake.settings)
    return Ran(in_lake, *kept)


def differing(connection: duckdb.DuckDBPyConnection, ours: str, theirs: str, columns: list[str]) -> int:
    chosen = ", ".join(columns)
    ours, theirs = f"select {chosen} {ours}", f"select {chosen} {theirs}"
    source = f"from (({ours} except all {theirs}) union all ({theirs} except all {ours}))"
    count: int = calls.value(connection, "count(*)", source)
    return count


def require_same(ours: Path, theirs: Path) -> int:
    """All tables and views of two snapshots; gives the rows compared."""
    compared = 0
    with duckdb.connect(str(ours), read_only=True) as connection:
        connection.execute(f"attach '{theirs}' as theirs (read_only)")
        names = ("schema_name", "view_name"), ("schema_name", "table_name")
        listed = [("from duckdb_views() where not internal", names[0]), ("from duckdb_tables()", names[1])]
        relations = {
            f"{schema}.{name}"
            for source, columns in listed
            for schema, name in calls.rows(connection, columns, source)
            if schema in ("main", "internal") and name != "build_state"
        }
        for relation in sorted(relations):
            described = connection.execute(f"describe {relation}").fetchall()
            columns = [f'"{name}"' for name, *_ in described if name not in OF_CHANCE]
            assert differing(connection, f"from {relation}", f"from theirs.{relation}", columns) == 0, relation
            compared += calls.value(connection, "count(*)", f"from {relation}")
    return compared
