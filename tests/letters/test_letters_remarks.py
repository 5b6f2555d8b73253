"""Findings gathered into remarks: order, caps and counts."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from esep.config import Settings
from esep.examination import suites
from esep.letters.remarks import PLACES_PER_REMARK, REMARKS_PER_LETTER, Citations, collect, findings_of_rows
from letters.letter_office import finding

SETTINGS = Settings(home=Path())
CITATIONS = Citations.of(SETTINGS)
RULES = {rule.rule_id: rule for rule in suites.load(SETTINGS).rules}


@given(
    st.lists(
        st.builds(
            finding,
            st.sampled_from(["C-45", "C-12", "R-46", "R-99"]),
            row=st.none() | st.integers(1, 50),
            occurrences=st.integers(1, 5),
        ),
        max_size=60,
    )
)
def test_counts_are_true_whatever_is_shown(findings: list) -> None:
    remarks = collect(findings, CITATIONS)
    assert remarks.fault_count == sum(one.occurrences for one in findings)
    assert sum(remark.count for remark in remarks.shown) == remarks.fault_count
    for remark in remarks.shown:
        assert len(remark.places) <= PLACES_PER_REMARK
        assert remark.not_shown + sum(place.occurrences for place in remark.places) == remark.count
    assert collect(findings[::-1], CITATIONS) == remarks


def test_a_letter_spells_out_no_more_remarks_than_it_can_hold() -> None:
    remarks = collect([finding(file=f"{number}.xlsx") for number in range(REMARKS_PER_LETTER + 5)], CITATIONS)
    assert len(remarks.shown) == REMARKS_PER_LETTER
    assert remarks.remark_count == REMARKS_PER_LETTER + 5


def test_a_rule_broken_in_two_files_is_one_kind_of_remark() -> None:
    remarks = collect([finding("C-33", file="a.docx"), finding("C-33", file="b.docx"), finding("C-45")], CITATIONS)
    assert (remarks.remark_count, remarks.rule_count) == (3, 2)


def test_remark_and_advice_are_taken_apart_by_the_suite() -> None:
    rule = RULES["C-12"]
    one = finding("C-12", message_ru=f"{rule.text['ru']} {rule.todo['ru']}")
    (remark,) = collect([one], CITATIONS).shown
    assert (remark.text["ru"], remark.todo["ru"]) == (rule.text["ru"], rule.todo["ru"])
    assert remark.paragraph == rule.paragraph


def test_a_rule_that_the_suites_no_longer_have_is_cited_by_its_lane() -> None:
    (remark,) = collect([finding("R-99")], CITATIONS).shown
    assert (remark.paragraph, remark.todo["ru"]) == ("10", "")
    assert remark.text["ru"] == "Ячейка пуста. Заполните."


def test_different_wordings_of_one_rule_are_reported_once() -> None:
    rule = RULES["R-46"]
    findings = [
        finding("R-46", row=row, message_ru=f"{rule.text['ru'].format(found=found)} {rule.todo['ru']}", found=found)
        for row, found in ((5, "31.02.2025"), (6, "вчера"))
    ]
    (remark,) = collect(findings, CITATIONS).shown
    assert remark.text["ru"] == rule.text["ru"].format(found="…")


def test_findings_come_back_from_rows_of_the_warehouse() -> None:
    one = finding(found="x", occurrences=3)
    assert findings_of_rows([one.as_dict() | {"examination_no": 1}]) == [one]
