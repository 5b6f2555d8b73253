"""Workbooks as people's programs write them: what Excel shows is what is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cases.case_packages import PACKAGES, examined, rows, rules
from esep.forms.reading.package import columns_of


@pytest.mark.parametrize("name", ["01-v-comment", "02-v-charref", "03-v-cdata"])
def test_a_number_split_in_its_xml_is_the_whole_number(name: str) -> None:
    examination = examined(name)
    assert rules(examination) == set()
    assert (rows(examination)[0]["quantity"], rows(examination)[0]["row"]) == (Decimal("123.5"), 8)


@pytest.mark.parametrize("name", ["21-default-password", "22-backslash-parts", "23-sharedstrings-at-root"])
def test_what_excel_opens_is_accepted(name: str) -> None:
    examination = examined(name)
    assert (examination.verdict, rules(examination)) == ("accepted", set())
    assert [row["quantity"] for row in rows(examination)] == [
        Decimal("0.12345671"),
        Decimal("0.12345672"),
        Decimal("0.12345673"),
    ]
    assert rows(examination)[0]["distributed_on"] == date(2025, 3, 5)


@pytest.mark.parametrize("name", ["11-xlsxwriter-reward-formula", "29-xls-formula-uncalculated"])
def test_a_formula_that_was_never_calculated_is_reported_and_no_zero(name: str) -> None:
    examination = examined(name)
    assert examination.verdict == "accepted"
    assert rules(examination) == {"R-31"}
    assert {(finding.row, finding.column_no) for finding in examination.findings if finding.rule_id == "R-31"} == {
        (8, "9.2"),
        (9, "9.2"),
        (10, "9.2"),
    }
    assert [row["reward_quantity"] for row in rows(examination)] == [None, None, None]


def test_the_tail_of_a_binary_fraction_does_not_exclude_the_row() -> None:
    examination = examined("09-float-over-18")
    assert (examination.verdict, examination.excluded_count) == ("accepted", 0)
    assert rules(examination) == {"R-83", "R-84"}, "ten decimals of BTC: a remark"
    first = rows(examination)[0]
    assert (first["quantity"], first["reward_quantity"]) == (Decimal("0.0001197465"), Decimal("0.0000037035"))
    assert (first["quantity_text"], first["reward_quantity_text"]) == (
        "0.00011974649999999998",
        "3.7034999999999998e-06",
    )


def test_a_number_counts_as_excel_shows_it() -> None:
    """0.1 + 0.2, of which 75 % are to be sold: 0.225, and not one smallest unit more."""
    examination = examined("10-float-tail-visible")
    assert rules(examination) == set()
    first = rows(examination)[0]
    assert (first["quantity"], first["quantity_text"]) == (Decimal("0.3"), "0.30000000000000004")


@pytest.mark.parametrize(
    "name", ["01-v-comment", "21-default-password", "22-backslash-parts", "29-xls-formula-uncalculated"]
)
def test_links_find_the_columns_of_what_the_reader_takes(name: str) -> None:
    (columns,) = columns_of(PACKAGES / name).values()
    assert list(columns.values()) == list("ABCDEFGHIJ")
