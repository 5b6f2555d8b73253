"""The faults that `make mutants` puts into sources: each changes what it should and nothing else."""

from __future__ import annotations

import ast
import json

from mutants.choice import equivalent
from mutants.operators import mutants_of
from mutants.sandbox import PROJECT


def changed(path: str, text: str) -> set[str]:
    return {mutant.applied(text) for mutant in mutants_of(path, text)}


def test_python_operators_conditions_and_numbers_change_one_at_a_time() -> None:
    text = 'def late(day: int) -> bool:\n    """Whether 2 <= 3."""\n    return day <= 25 and not is_off(day)\n'
    body = {one.partition('"""\n')[2].strip() for one in changed("law/calendar.py", text)}
    assert body == {
        "return day < 25 and not is_off(day)",
        "return day <= 26 and not is_off(day)",
        "return day <= 25 or not is_off(day)",
        "return day <= 25 and is_off(day)",
    }
    assert all(ast.parse(one) for one in changed("law/calendar.py", text))


def test_sql_operators_change_but_not_comments_texts_and_types() -> None:
    text = "-- one row per day, <= 25\nselect sum(a)::decimal(38, 18) from t where b <= 10 and c = '1 = 1'\n"
    assert {one.partition("\n")[2].strip() for one in changed("a.sql", text)} == {
        "select max(a)::decimal(38, 18) from t where b <= 10 and c = '1 = 1'",
        "select sum(a)::decimal(38, 18) from t where b < 10 and c = '1 = 1'",
        "select sum(a)::decimal(38, 18) from t where b <= 11 and c = '1 = 1'",
        "select sum(a)::decimal(38, 18) from t where b <= 100 and c = '1 = 1'",
        "select sum(a)::decimal(38, 18) from t where b <= 10 or c = '1 = 1'",
        "select sum(a)::decimal(38, 18) from t where b <= 10 and c <> '1 = 1'",
        "select sum(a)::decimal(38, 18) from t where true or b <= 10 and c = '1 = 1'",
    }


def test_a_rule_is_dropped_moved_weighed_and_loses_a_value() -> None:
    rule = {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "state", "value_set": ["ok"]},
        "meta": {"rule": "R-01", "lane": "reliability", "severity": "error"},
    }
    suites = [
        json.loads(one)["expectations"] for one in changed("expectations/a.json", json.dumps({"expectations": [rule]}))
    ]
    assert {
        (one["type"], one["meta"]["lane"], one["meta"]["severity"], tuple(one["kwargs"].get("value_set", ())))
        for (one,) in suites
    } == {
        ("expect_column_to_exist", "reliability", "error", ()),
        ("expect_column_values_to_be_in_set", "completeness", "error", ("ok",)),
        ("expect_column_values_to_be_in_set", "reliability", "warning", ("ok",)),
        ("expect_column_values_to_be_in_set", "reliability", "error", ("something else",)),
    }


def test_a_table_of_the_law_gets_another_day_or_number() -> None:
    text = "valid_from,valid_to,share\n2024-01-01,2024-12-31,0.50\n"
    assert {one.split("\n")[1] for one in changed("law/tables/sale_rule.csv", text)} == {
        "2024-01-02,2024-12-31,0.50",
        "2024-01-01,2024-12-30,0.50",
        "2024-01-01,2024-12-31,0.51",
    }


def test_what_is_known_to_change_nothing_can_still_be_put_in() -> None:
    for path, line in equivalent():
        text = (PROJECT / path).read_text(encoding="utf-8")
        assert line in {mutant.line(text) for mutant in mutants_of(path, text)}, f"{path}: {line}"
