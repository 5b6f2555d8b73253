"""Every relation and column is described, and the contract's columns are exactly as the design says."""

from __future__ import annotations

import re

import duckdb
import pytest

from esep.config import PROJECT
from esep.lake.schema import MANIFEST, TABLES, meaning, meanings
from esep.warehouse import schema

V, D, T, I = "VARCHAR", "DATE", "TIMESTAMP WITH TIME ZONE", "INTEGER"  # noqa: E741
Q, MONEY, SHARE = "DECIMAL(38,18)", "DECIMAL(38,12)", "DECIMAL(7,6)"
INCOME = [("asset", V), ("quantity", Q), ("valued_quantity", Q), ("unvalued_quantity", Q), ("income_kzt", MONEY)]
OBLIGATION = [("asset", V), ("share", SHARE), ("base_quantity", Q), ("quantity_to_sell", Q)]
WHO = [("role", V), ("taxpayer_id", V), ("taxpayer_name", V)]
ROW = [("registration_no", V), ("file_sha256", V), ("sheet", V), ("row", I)]
DISTRIBUTED = [
    *ROW,
    ("pool_id", V),
    ("period", D),
    ("taxpayer_id", V),
    ("taxpayer_name", V),
    ("licence_no", V),
    ("licence_date", D),
    ("wallet", V),
    ("distributed_on", D),
    ("asset", V),
    ("quantity", Q),
]
CONTRACT = {
    "filing": [
        ("registration_no", V),
        ("received_at", T),
        ("registered_on", D),
        ("examine_by", D),
        ("decided_at", T),
        ("verdict", V),
        ("status", V),
        ("kind", V),
        ("replaces", V),
        ("pool_id", V),
        ("pool_name", V),
        ("period", D),
        ("due_on", D),
        ("due_effective_on", D),
        ("days_late", I),
        ("row_count", I),
        ("package_sha256", V),
        ("ruleset", V),
    ],
    "finding": [
        ("registration_no", V),
        ("rule_id", V),
        ("lane", V),
        ("severity", V),
        ("file", V),
        ("sheet", V),
        ("row", I),
        ("column_no", V),
        ("found", V),
        ("expected", V),
        ("message_kk", V),
        ("message_ru", V),
        ("message_en", V),
        ("occurrences", I),
    ],
    "distribution": [
        *DISTRIBUTED,
        ("reward_asset", V),
        ("reward_quantity", Q),
    ],
    "distribution_value": [
        *DISTRIBUTED,
        ("role", V),
        ("price_date", D),
        ("price", MONEY),
        ("currency", V),
        ("rate_date", D),
        ("rate", "DECIMAL(38,6)"),
        ("value_kzt", MONEY),
    ],
    "taxpayer": [
        ("taxpayer_id", V),
        ("taxpayer_name", V),
        ("kind", V),
        ("first_period", D),
        ("last_period", D),
        ("pools", V),
    ],
    "annual_income": [("year", I), *WHO, *INCOME],
    "annual_income_total": [("year", I), *WHO, ("income_kzt", "DECIMAL(38,2)"), ("unvalued_assets", V)],
    "sale_obligation": [("year", I), *WHO, *OBLIGATION],
    "monthly_income": [("year", I), ("period", D), *WHO, *INCOME],
    "monthly_sale_obligation": [("year", I), ("period", D), *WHO, *OBLIGATION],
    "filing_calendar": [("pool_id", V), ("period", D), ("due_effective_on", D), ("state", V), ("registration_no", V)],
    "reconciliation": [
        ("identity", V),
        ("left_value", Q),
        ("right_value", Q),
        ("difference", Q),
        ("holds", "BOOLEAN"),
    ],
    "trace_income('940140000385', 2025)": [
        ("role", V),
        *ROW,
        ("distributed_on", D),
        ("asset", V),
        ("quantity", Q),
        ("price", MONEY),
        ("rate", "DECIMAL(38,6)"),
        ("value_kzt", MONEY),
    ],
}
CONTRACT |= {
    f"{name}_as_known_on('2025-03-01')": CONTRACT[name]
    for name in (
        "distribution",
        "annual_income",
        "annual_income_total",
        "sale_obligation",
        "monthly_income",
        "monthly_sale_obligation",
    )
}


@pytest.mark.parametrize("relation", CONTRACT)
def test_the_contract_s_columns_come_first_in_order_and_type(empty_warehouse, relation):
    described = empty_warehouse.execute(f"describe from {relation}").fetchall()
    expected = CONTRACT[relation]
    assert [(name, kind) for name, kind, *_ in described][: len(expected)] == expected


def test_every_relation_column_and_macro_has_a_comment(empty_warehouse):
    missing = empty_warehouse.execute(
        """
        select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''
        union all
        select table_name, '' from duckdb_tables() where not internal and coalesce(comment, '') = ''
        union all
        select view_name, '' from duckdb_views() where not internal and coalesce(comment, '') = ''
        union all
        select function_name, '' from duckdb_functions()
        where not internal and function_type in ('macro', 'table_macro') and coalesce(comment, '') = ''
        """
    ).fetchall()
    assert missing == []


def test_a_column_nobody_described_is_named():
    with pytest.raises(KeyError, match=r"annual_income\.mystery"):
        schema.column_comment("annual_income", "mystery")


def test_nothing_is_described_that_does_not_exist(empty_warehouse):
    columns = set(empty_warehouse.execute("select table_name, column_name from duckdb_columns()").fetchall())
    columns |= {(f"lake.{table.name}", column.name) for table in (*TABLES, MANIFEST) for column in table.arrow_schema}
    macros = empty_warehouse.execute(
        "select function_name from duckdb_functions() where function_type = 'table_macro' and not internal"
    ).fetchall()
    columns |= {(macro, column) for (macro,) in macros for _, column in columns}
    columns |= {("", column) for _, column in columns}
    assert meanings().keys() - columns == set()


def test_types_of_loaded_columns_are_those_of_the_lake(empty_warehouse):
    types = dict(
        empty_warehouse.execute(
            "select (table_name, column_name), data_type from duckdb_columns() where table_name in "
            "('distribution_row', 'examination', 'examination_finding', 'unreadable_quantity')"
        ).fetchall()
    )
    of_lake = {
        name: meaning(f"lake.{table.name}", name).type.upper() for table in TABLES for name in table.loaded.names
    }
    spelled = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}
    differing = {
        (table, name): kind
        for (table, name), kind in types.items()
        if name in of_lake and of_lake[name] != spelled.get(kind, kind)
    }
    assert differing == {}


def test_each_file_makes_the_relation_it_is_named_after_and_tells_its_grain(empty_warehouse):
    found = empty_warehouse.execute(
        "select schema_name, table_name from duckdb_columns() where not internal union "
        "select schema_name, function_name from duckdb_functions() where not internal"
    ).fetchall()
    files = schema.sql_files(PROJECT / "sql")
    assert {schema.relation_of(path) for path in files} == {schema.named(*one) for one in found}
    on_disk = {path for path in (PROJECT / "sql").rglob("*.sql") if path.parent.name not in schema.QUERIES}
    assert set(files) == on_disk
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("-- "), path
        if not re.search(rf"create macro {schema.relation_of(path)}\([^)]*\) as \(", text):
            assert text.startswith("-- One row per "), path


def test_no_relation_has_a_default_for_lead_or_lag():
    """As DuckDB 2.0 writes one into the file, 1.5 cannot read it."""
    with_default = re.compile(r"\b(?:lead|lag)\((?:[^()]|\([^()]*\))*,")
    files = schema.sql_files(PROJECT / "sql")
    assert [path.name for path in files if with_default.search(path.read_text(encoding="utf-8"))] == []


def test_every_check_says_what_is_wrong_and_runs(empty_warehouse):
    files = sorted((PROJECT / "sql" / "checks").glob("*.sql"))
    assert len(files) > 10
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert re.match(r"-- .+\.\n", text), path
        try:
            assert empty_warehouse.execute(text).fetchall() == []
        except duckdb.Error as error:
            pytest.fail(f"{path.name}: {error}")
