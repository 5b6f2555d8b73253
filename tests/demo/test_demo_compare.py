"""A comparison that could not fail would be worth nothing: each kind of difference is found."""

from decimal import Decimal

import pytest

from esep.demo.expected import ANY, Difference, Sheet, as_text, differences_of

SHEET = Sheet("s", ("who", "share"), ("name", "money"), frozenset({"share", "money"}))
EXPECTED = {"who": "A", "share": "0.50", "name": "Anna", "money": "1.5"}


def found(*actual, expected=(EXPECTED,)):
    return differences_of(SHEET, list(expected), list(actual))


@pytest.mark.parametrize(
    "change",
    [{}, {"share": "0.5000"}, {"money": "1.50"}],
    ids=["same", "share", "zeros"],
)
def test_equal_rows(change):
    assert found({**EXPECTED, **change}) == []


def test_values_left_open_are_not_compared():
    assert found({**EXPECTED, "money": "7"}, expected=[{**EXPECTED, "money": ANY}]) == []


@pytest.mark.parametrize(
    ("column", "value"), [("name", "Bota"), ("money", "1.500000000001"), ("money", ""), ("name", "")]
)
def test_a_value_differs(column, value):
    assert found({**EXPECTED, column: value}) == [Difference("s", ("A", "0.5"), column, EXPECTED[column], value)]


def test_a_row_is_missing():
    assert [d.actual for d in found()] == ["(no such row)"]


def test_a_row_too_many():
    other = {**EXPECTED, "who": "B"}
    assert [(d.key, d.actual) for d in found(EXPECTED, other)] == [(("B", "0.5"), "present")]


def test_a_row_twice():
    assert [d.actual for d in found(EXPECTED, EXPECTED)] == ["more than once"]


@pytest.mark.parametrize(("value", "text"), [(None, ""), (Decimal("1E-18"), "0.000000000000000001"), (2024, "2024")])
def test_text_of_values(value, text):
    assert as_text(value) == text
