"""The engine's counts and places, and that leaving certain rules out of a run never changes a result."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from esep.examination import engine, suites
from esep.examination.engine import EngineError, Look, failures
from esep.examination.examine import examine_read
from esep.examination.model import Lane, Severity
from esep.examination.suites import Rule
from examination.package_builder import examined, form, found, package, row, settings
from examination.rule_cases import CASES

TEXTS = {"kk": "а.", "ru": "б.", "en": "c."}


def rule(kind: str, rule_id: str = "R-01", **kwargs: object) -> Rule:
    return Rule(
        rule_id,
        Lane.RELIABILITY,
        Severity.ERROR,
        "rows",
        "10",
        None,
        None,
        None,
        None,
        TEXTS,
        TEXTS,
        None,
        kind,
        kwargs,
    )


WORDS = st.sampled_from([None, "ok", "bad", "worse"])
KINDS = st.sampled_from(
    [
        ("expect_column_values_to_not_be_null", {}),
        ("expect_column_values_to_be_null", {}),
        ("expect_column_values_to_be_in_set", {"value_set": ["ok"]}),
        ("expect_column_values_to_be_in_set", {"value_set": ["ok", "bad"], "mostly": 0.5}),
        ("expect_column_values_to_not_be_in_set", {"value_set": ["bad"]}),
        ("expect_column_values_to_match_regex", {"regex": "^o"}),
    ]
)


NUMBERS = st.one_of(st.none(), st.floats(-10, 10), st.sampled_from([float("nan"), float("inf"), 6.0]))
BOUNDS = st.sampled_from([{"max_value": 6}, {"min_value": -1, "max_value": 6.5}, {"max_value": 6, "strict_max": True}])


@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers=st.lists(NUMBERS, min_size=1, max_size=6), bounds=BOUNDS)
def test_screening_of_bounds_agrees_with_the_engine(numbers: list[float | None], bounds: dict[str, object]) -> None:
    table = pa.table({"number": pa.array(numbers, pa.float64())})
    rules = [rule("expect_column_values_to_be_between", column="number", **bounds)]
    assert failures(rules, table, 10) == failures(rules, table, 10, screen=False)


def test_bounds_that_certainly_hold_need_no_engine() -> None:
    between = rule("expect_column_values_to_be_between", column="number", max_value=6)
    assert Look(pa.table({"number": pa.array([1.0, None, 5.9])})).cannot_fail(between)
    assert not Look(pa.table({"number": pa.array([1.0, 6.1])})).cannot_fail(between)
    assert not Look(pa.table({"number": pa.array([1.0, float("nan")])})).cannot_fail(between)
    assert not Look(pa.table({"number": pa.array(["1", "2"])})).cannot_fail(between)


@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    words=st.lists(WORDS, min_size=1, max_size=8),
    kinds=st.lists(KINDS, min_size=1, max_size=3),
    dictionary=st.booleans(),
)
def test_screening_agrees_with_the_engine(
    words: list[str | None], kinds: list[tuple[str, dict[str, object]]], dictionary: bool
) -> None:
    column = pa.array(words, pa.string())
    table = pa.table({"word": column.dictionary_encode() if dictionary else column})
    rules = [rule(kind, column="word", **kwargs) for kind, kwargs in kinds]
    everything = failures(rules, table, 100, screen=False)
    assert failures(rules, table, 100) == everything
    failed = {id(one.rule) for one in everything}
    look = Look(table)
    assert not any(look.cannot_fail(one) and id(one) in failed for one in rules)


@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frames=st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=2, max_size=4), cap=st.integers(1, 3))
def test_what_is_kept_of_one_frame_is_said_of_equal_ones_alone(frames: list[list[str | None]], cap: int) -> None:
    """Frames of which each is alike another but for a word, a null or its length; a rule and a cap of another kind."""
    rules = [rule("expect_column_values_to_be_in_set", column="word", value_set=["ok"])]
    for words in [*frames, *frames]:
        wrong = tuple(place for place, word in enumerate(words) if word not in (None, "ok"))
        for most in (cap, 10):
            got = failures(rules, pa.table({"word": pa.array(words, pa.string()), "other": words}), most)
            assert [(one.rule, one.count, one.positions) for one in got] == (
                [(rules[0], len(wrong), wrong[:most])] if wrong else []
            )


def test_packages_that_lack_the_same_ask_the_library_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    run = engine._run
    monkeypatch.setattr(engine, "_run", lambda *arguments: asked.append(arguments) or run(*arguments))
    rules = [rule("expect_column_values_to_be_in_set", column="word", value_set=["ok"])]

    def frame(last: str | None, seen: str) -> pa.Table:
        return pa.table({"word": pa.array(["ok", "bad", last]), "found": [seen] * 3})

    first = failures(rules, frame(None, "x"), 10)
    assert failures(rules, frame(None, "what no rule looks at"), 10) == first
    assert len(asked) == 1
    assert failures(rules, frame("bad", "x"), 10)[0].count == 2
    assert failures([rule("expect_column_values_to_not_be_null", column="word")], frame(None, "x"), 10)[0].count == 1
    assert len(asked) == 3
    large = pa.table({"word": ["bad"] * (engine.SMALL + 1)})
    assert [failures(rules, large, 10)[0].count for _ in range(2)] == [engine.SMALL + 1] * 2
    assert len(asked) == 5
    for _ in range(2):
        with pytest.raises(EngineError):
            failures([rule("expect_the_unexpected", column="word")], frame(None, "x"), 10)
    assert len(asked) == 7


def test_screening_changes_no_finding_of_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = CASES[::45]
    screened = [examined(case.fails(), case.pools).findings for case in cases]
    monkeypatch.setattr(Look, "cannot_fail", lambda look, one: False)
    assert [examined(case.fails(), case.pools).findings for case in cases] == screened


def test_an_exception_in_an_expectation_is_a_fault_of_the_program() -> None:
    table = pa.table({"word": pa.array(["a"])})
    with pytest.raises(EngineError, match="R-01"):
        failures([rule("expect_column_values_to_be_between", column="word", min_value=1)], table, 10)
    with pytest.raises(EngineError, match="lacks the columns other"):
        failures([rule("expect_column_values_to_not_be_null", column="other")], table, 10)


def test_a_rule_on_the_whole_frame_has_no_positions() -> None:
    table = pa.table({"word": pa.array(["a", "b"])})
    [failure] = failures([rule("expect_table_row_count_to_be_between", max_value=1)], table, 10)
    assert (failure.count, failure.positions) == (1, None)


@pytest.mark.parametrize("cap", [0, 1, 3, 4, 5, 1000])
def test_occurrences_add_up_to_the_true_count(cap: int) -> None:
    total = 4
    made = package([form([row(n, wallet=None if n <= total else row(n)["wallet"]) for n in range(1, 8)])])
    findings = found(examined(made, with_settings=settings(findings_cap=cap)), "C-45")
    listed = [one for one in findings if one.row is not None]
    assert [one.row for one in listed] == list(range(12, 12 + min(cap, total)))
    assert all(one.occurrences == 1 for one in listed)
    rest = [one for one in findings if one.row is None]
    assert sum(one.occurrences for one in findings) == total
    assert len(rest) == (1 if cap < total else 0)
    for one in rest:
        assert str(one.occurrences) in one.message_kk
        assert (one.file, one.sheet, one.column_no) == ("1-ЦМ.xlsx", "1-ЦМ", "5")


def test_the_cap_counts_for_each_sheet() -> None:
    broken = [row(n, wallet=None) for n in range(1, 4)]
    made = package([form(broken), form([row(n, wallet=None) for n in range(4, 7)], sheet="Екінші")])
    findings = found(examined(made, with_settings=settings(findings_cap=2)), "C-45")
    by_sheet = {sheet: [one for one in findings if one.sheet == sheet] for sheet in ("1-ЦМ", "Екінші")}
    for of_sheet in by_sheet.values():
        assert [one.occurrences for one in of_sheet] == [1, 1, 1]
        assert [one.row for one in of_sheet] == [12, 13, None]


def test_an_unknown_expectation_is_reported_as_such() -> None:
    table = pa.table({"word": pa.array(["a"])})
    with pytest.raises(EngineError, match="expect_the_unexpected"):
        failures([rule("expect_the_unexpected", column="word")], table, 10)


def test_the_examination_is_the_same_each_time() -> None:
    made = package([form([row(1, wallet=None), row(2, quantity="x")])])
    chosen = settings()
    rules = suites.load(chosen)
    results = [examine_read(made, rules, chosen, (), examined(made).examined_at) for _ in range(2)]
    assert results[0].findings == results[1].findings
    assert results[0].distribution.equals(results[1].distribution)
