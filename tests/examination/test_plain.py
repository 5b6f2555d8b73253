"""Without Great Expectations the rules find what they find with it."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from esep.examination import engine, plain, suites
from esep.examination.engine import EngineError, failures
from esep.examination.frame_columns import STAGES
from examination.package_builder import examined, settings
from examination.rule_cases import CASES
from examination.test_engine import WORDS, rule

KINDS = st.sampled_from(
    [
        ("expect_column_values_to_not_be_null", {}),
        ("expect_column_values_to_be_null", {}),
        ("expect_column_values_to_be_in_set", {"value_set": ["ok"]}),
        ("expect_column_values_to_be_in_set", {"value_set": []}),
        ("expect_column_values_to_not_be_in_set", {"value_set": ["bad", "worse"]}),
    ]
)


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "has_library", lambda: False)
    monkeypatch.setattr(engine, "_context", lambda: pytest.fail("the library was asked"))
    engine._run_once.cache_clear()


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    words=st.lists(WORDS, min_size=1, max_size=8),
    kinds=st.lists(KINDS, min_size=1, max_size=3),
    kind_of_column=st.sampled_from(["text", "dictionary"]),
    cap=st.integers(1, 4),
)
def test_each_kind_has_the_outcome_of_the_library(words, kinds, kind_of_column, cap) -> None:
    column = pa.array(words, pa.string())
    table = pa.table({"word": column.dictionary_encode() if kind_of_column == "dictionary" else column})
    rules = [rule(kind, column="word", **kwargs) for kind, kwargs in kinds]
    assert engine._run_plainly(rules, table, cap) == engine._run_by_library(rules, table, cap)


def test_a_number_that_is_none_counts_as_null_as_in_the_library() -> None:
    table = pa.table({"number": pa.array([1.0, None, float("nan")])})
    rules = [rule(f"expect_column_values_to_{kind}", column="number") for kind in ("be_null", "not_be_null")]
    plainly = engine._run_plainly(rules, table, 10)
    assert [one.positions for one in plainly] == [(0,), (1, 2)]
    assert plainly == engine._run_by_library(rules, table, 10)


def test_every_rule_that_a_package_is_held_to_is_of_these_kinds() -> None:
    by_stage = suites.load(settings()).by_stage
    assert [one.rule_id for stage in STAGES[:-1] for one in by_stage[stage] if not plain.is_row_by_row(one)] == []


def test_every_case_of_a_rule_is_found_without_the_library(without_library: None) -> None:
    for case in CASES:
        failing = examined(case.fails(), case.pools)
        assert sum(one.occurrences for one in failing.findings if one.rule_id == case.rule) == case.count, case
        passing = examined(case.passes(), case.passing_pools or case.pools)
        assert case.rule not in {one.rule_id for one in passing.findings}, case


def test_findings_of_cases_are_those_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = CASES[7::30]
    by_library = [examined(case.fails(), case.pools).findings for case in cases]
    monkeypatch.setattr(engine, "has_library", lambda: False)
    engine._run_once.cache_clear()
    assert [examined(case.fails(), case.pools).findings for case in cases] == by_library


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [
        ("expect_column_values_to_match_regex", {"regex": "^o"}),
        ("expect_column_values_to_be_in_set", {"value_set": ["ok"], "mostly": 0.5}),
        ("expect_column_values_to_be_in_set", {"value_set": [1]}),
    ],
)
def test_what_needs_the_library_says_so(without_library: None, kind: str, kwargs: dict[str, object]) -> None:
    with pytest.raises(EngineError, match=rf"R-01 \({kind} in rows.json\): .*(Great Expectations|texts)"):
        failures([rule(kind, column="word", **kwargs)], pa.table({"word": ["a"]}), 10)


def test_an_unregistered_rule_of_another_column_type_says_so(without_library: None) -> None:
    among = rule("expect_column_values_to_be_in_set", column="number", value_set=["1"])
    with pytest.raises(EngineError, match="number or the set holds others"):
        failures([among], pa.table({"number": [1]}), 9)
