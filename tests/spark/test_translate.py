"""sql/ as Spark SQL, without Spark: what is rewritten, and that a rewritten expression has the value it had."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import sqlglot

from esep.config import PROJECT
from esep.warehouse import schema
from esep.warehouse.spark.errors import UntranslatedError
from esep.warehouse.spark.translate import LAKE, Relations, Translated

AT = "'2025-05-09 12:00+05'::timestamptz"
ASKED = (
    "annual_income",
    "annual_income_total",
    "monthly_income",
    "sale_obligation",
    "monthly_sale_obligation",
    "distribution_value",
    "filing_change",
    "filing_effect",
    "internal.reconciliation_overall",
    "internal.reconciliation_of_years(2025, 2025)",
    "internal.income_part_due(1, 2)",
    "internal.row_beyond_value_due(1, 2)",
    "trace_income('940140000385', 2025)",
    f"annual_income_as_known_on({AT})",
    f"annual_income_as_reported_on({AT})",
    f"sale_obligation_as_reported_on({AT})",
    f"distribution_as_known_on({AT})",
)


@pytest.fixture(scope="module")
def relations(empty_work: Path) -> Iterator[Relations]:
    with duckdb.connect(str(empty_work / "esep.duckdb"), read_only=True) as connection:
        yield Relations(PROJECT / "sql", connection)


def written(translated: Translated) -> str:
    return "\n".join([*translated.views.values(), translated.query])


@pytest.mark.parametrize("relation", ASKED)
def test_figures_and_rows_are_translated(relations: Relations, relation: str) -> None:
    translated = relations.translated(f"from {relation}")
    for text in (*translated.views.values(), translated.query):
        sqlglot.parse_one(text, dialect="spark")
    text = written(translated).lower()
    assert [word for word in ("arg_max", "arg_min", " by name", "true) ignore nulls", "int128") if word in text] == []


@pytest.mark.parametrize("path", sorted((PROJECT / "sql" / "checks").glob("*.sql")), ids=lambda path: path.stem)
def test_checks_are_translated(relations: Relations, path: Path) -> None:
    assert relations.translated(path.read_text(encoding="utf-8").rstrip().removesuffix(";")).tables


def test_each_view_comes_after_what_it_reads(relations: Relations) -> None:
    views = relations.translated("from distribution_value").views
    names = list(views)
    assert names.index("internal_examined_row") < names.index("internal_row_value") < names.index("distribution_value")


def test_columns_have_the_types_of_duckdb(relations: Relations) -> None:
    query = relations.translated("select row_count, income_kzt, known_to from internal.income_part").query
    assert "cast(`row_count` as bigint)" in query
    assert "cast(`income_kzt` as decimal(38,12))" in query
    assert "cast(`known_to` as timestamp)" in query


def test_what_a_query_reads_is_named_as_sql_names_it(relations: Relations) -> None:
    text = "with asset as (select 1 as x) select * from asset cross join internal.registered"
    assert relations.translated(text).tables == {"internal.registered"}


def test_the_lakes_files_are_a_table(relations: Relations) -> None:
    translated = relations.translated(f"from {schema.query(PROJECT / 'sql', 'load/lake_row')}")
    assert translated.tables == {LAKE}


def test_inner_queries_may_use_the_names_of_outer_ones(relations: Relations) -> None:
    text = (
        "with a as (select 1 as x) select * from a union all select * from (with a as (select 2 as x) select * from a)"
    )
    assert relations.translated(text).query.count("AS (SELECT") == 2


def test_a_union_by_name_has_the_columns_of_both_sides(relations: Relations) -> None:
    query = relations.translated("select 1 as a, date '2025-01-01' as b union all by name select 2 as c, 3 as a").query
    assert "CAST(NULL AS DATE) AS `b`" in query
    assert "CAST(NULL AS INT) AS `c`" in query


def test_the_latest_of_nothing_is_passed_over_and_nulls_come_last(relations: Relations) -> None:
    query = relations.translated("select arg_max(a, { 'b': b }) as x from (values (1, 2)) as t(a, b)").query
    assert (
        "MAX_BY(a, CASE WHEN NOT (a) IS NULL THEN NAMED_STRUCT('b_is_null', (b) IS NULL, 'b', b) END)"
        in query.replace("max_by", "MAX_BY").replace("named_struct", "NAMED_STRUCT")
    )


def test_lists_that_are_unnested_together_go_row_by_row(relations: Relations) -> None:
    query = relations.translated("select 1 as a, unnest(['x', 'y']) as role, unnest([2, 3]) as quantity").query
    assert "inline(arrays_zip(array('x', 'y'), array(2, 3))) as (role, quantity)" in query.lower()
    alone = relations.translated("select unnest([2, 3]) as quantity").query
    assert "explode(array(2, 3)) as quantity" in alone.lower()


def test_lists_that_are_unnested_apart_are_refused(relations: Relations) -> None:
    with pytest.raises(UntranslatedError, match="no column between"):
        relations.translated("select unnest(['x', 'y']) as role, 1 as a, unnest([2, 3]) as quantity")


def test_what_nobody_understands_is_refused(relations: Relations) -> None:
    with pytest.raises(UntranslatedError, match="nowhere"):
        relations.translated("from nowhere")


NUMBERS = (
    0,
    1,
    -1,
    999_999,
    -999_999,
    10**6,
    10**9 + 1,
    -(10**9) - 1,
    10**18 - 1,
    123456789 * 10**24 + 987654321,
    -(10**32) + 1,
)


@pytest.mark.parametrize("divisor", [10**6, 10**9])
def test_division_cuts_towards_zero(relations: Relations, divisor: int) -> None:
    for number in NUMBERS:
        expression = f"{number}::hugeint // {divisor}"
        assert value(relations, expression) == duckdb_value(f"select {expression}"), number


@pytest.mark.parametrize("number", ["0.000000000000000001", "-0.9", "999999999999999.999999999999999999", "-1.5"])
def test_truncation_cuts_towards_zero(relations: Relations, number: str) -> None:
    assert value(relations, f"trunc('{number}'::decimal(38, 18))") == int(Decimal(number))


def value(relations: Relations, expression: str) -> object:
    """A rewritten expression, worked out by DuckDB from what Spark is told."""
    told = relations.translated(f"select {expression} as x").query
    return duckdb_value(sqlglot.transpile(told, read="spark", write="duckdb")[0])


def duckdb_value(query: str) -> int:
    ((found,),) = duckdb.sql(query).fetchall()
    return int(found)
