"""Every rule with a package that breaks it and one that keeps it, through the whole examination."""

from __future__ import annotations

from functools import cache

import pytest

from esep.examination import suites
from esep.examination.model import Examination, Lane, Severity, Verdict
from esep.examination.suites import Rule
from examination.package_builder import application, examined, found, package, settings
from examination.rule_cases import CASES, POOLS, REQUIRED, Case

RULES = {rule.rule_id: rule for rule in suites.load(settings()).rules if rule.stage != "across_filings"}
"""The rules of a package; those across filings have their pairs in tests/across/."""


ASKS_ONLY = """
R-01 R-02 R-03 R-06 R-09 R-13 R-14 R-15 R-19 R-20 R-23 R-25 R-26 R-28 R-29 R-31 R-32 R-33 R-34 R-36 R-47
R-49 R-50 R-51 R-53 R-54 R-55 R-58 R-59 R-60 R-62 R-63 R-64 R-65 R-66 R-67 R-68 R-71 R-72 R-73 R-74 R-75
R-76 R-77 R-78 R-79 R-80 R-81 R-82 R-83 R-84 R-85 R-89 R-90 R-92 R-93
"""
"""Rules of what the form does not prove: they ask, and no notice says them. All others contradict form or law."""


@pytest.mark.parametrize("rule", suites.load(settings()).rules, ids=lambda rule: rule.rule_id)
def test_what_a_finding_may_allege(rule: Rule) -> None:
    assert rule.lane is {"C": Lane.COMPLETENESS, "R": Lane.RELIABILITY}[rule.rule_id[0]], (
        "an office may move it, we do not"
    )
    assert (rule.severity is Severity.WARNING) == (rule.rule_id in ASKS_ONLY.split())


@cache
def broken_by(case: Case) -> Examination:
    return examined(case.fails(), case.pools)


def name_of(case: Case) -> str:
    return f"{case.rule}-{case.column_no or ''}"


def test_a_faultless_package_has_no_findings() -> None:
    examination = examined(package(), POOLS)
    assert examination.findings == ()
    assert examination.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_rule_finds_its_fault(case: Case) -> None:
    examination = broken_by(case)
    findings = [one for one in found(examination, case.rule) if one.column_no == case.column_no]
    assert sum(one.occurrences for one in findings) == case.count
    rule = RULES[case.rule]
    assert {one.lane for one in findings} == {rule.lane}
    if case.found is not None:
        assert findings[0].found == case.found
    incomplete = any(one.lane is Lane.COMPLETENESS for one in examination.findings)
    if rule.lane is Lane.COMPLETENESS:
        assert incomplete
    if examination.question is None:
        assert examination.verdict is (Verdict.REFUSED if incomplete else Verdict.ACCEPTED)
    else:
        assert incomplete
        assert examination.verdict is None


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_rule_lets_a_near_miss_pass(case: Case) -> None:
    findings = found(examined(case.passes(), case.passing_pools), case.rule)
    assert [one for one in findings if one.column_no == case.column_no] == []


@pytest.mark.parametrize("case", [case for case in CASES if case.column_no], ids=name_of)
def test_a_fault_in_a_row_names_file_sheet_and_row(case: Case) -> None:
    finding = found(broken_by(case), case.rule)[0]
    assert (finding.file, finding.sheet) == ("1-ЦМ.xlsx", "1-ЦМ")
    assert finding.row is not None
    assert 12 <= finding.row <= 15


def test_every_rule_has_its_pair_and_no_pair_is_left_over() -> None:
    assert {case.rule for case in CASES} == set(RULES)


def test_each_column_of_a_rule_has_its_pair() -> None:
    of_a_package = (rule for rule in suites.load(settings()).rules if rule.rule_id in RULES)
    pairs = {(rule.rule_id, rule.column_no) for rule in of_a_package}
    assert {(case.rule, case.column_no) for case in CASES} == pairs


@pytest.mark.parametrize(("requirement", "rule_id"), REQUIRED.items())
def test_every_requirement_of_the_facts_has_a_rule(requirement: str, rule_id: str) -> None:
    assert rule_id in RULES, requirement
    assert RULES[rule_id].lane is (Lane.COMPLETENESS if rule_id.startswith("C") else Lane.RELIABILITY)


def test_a_reliability_fault_never_refuses() -> None:
    for case in CASES:
        if RULES[case.rule].lane is Lane.RELIABILITY:
            examination = broken_by(case)
            others = {one.rule_id for one in examination.findings if one.lane is Lane.COMPLETENESS}
            assert (examination.verdict is Verdict.REFUSED) == bool(others), case.rule


def test_a_fault_of_an_application_in_a_worksheet_names_its_row() -> None:
    wrong = application(pool_id="230640000019")
    (finding,) = found(examined(package(None, [wrong])), "R-11")
    assert finding.row == wrong.fields["pool_id"].row
