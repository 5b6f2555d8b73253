"""The orders of valuation by the day of receipt."""

from __future__ import annotations

from datetime import date

import pytest

from esep.answers import valuation_basis
from esep.law import tables
from esep.law.valuation import orders
from esep.texts import LANGUAGES


@pytest.mark.parametrize(
    ("day", "number", "mark"),
    [
        ("2023-07-01", "578", "A"),
        ("2024-04-14", "578", "A"),
        ("2024-04-15", "172", "B"),
        ("2025-12-31", "172", "B"),
        ("2026-01-01", "531", "B"),
        ("2031-01-01", "531", "B"),
    ],
)
def test_one_order_holds_on_a_day_of_receipt(day: str, number: str, mark: str) -> None:
    (order,) = orders(date.fromisoformat(day), date.fromisoformat(day))
    assert order.mark == mark
    assert all(f"№ {number}" in order.texts[language] for language in LANGUAGES)


def test_no_order_is_known_for_days_before_the_first() -> None:
    assert orders(date(2022, 1, 1), date(2022, 12, 31)) == ()
    assert valuation_basis.of_year(2022, "en") == ("for these days no order is known",)


def test_a_year_names_every_order_of_its_days_in_order() -> None:
    assert [order.mark for order in orders(date(2024, 1, 1), date(2024, 12, 31))] == ["A", "B"]
    first, second = valuation_basis.of_year(2024, "ru")
    assert first.startswith("01.07.2023 – 14.04.2024: совместный приказ")
    assert "вторичному" not in first
    assert second.endswith("(по вторичному источнику)")
    assert valuation_basis.of_year(2026, "en") == (
        "from 2026-01-01: Finance order № 531 of 25.09.2025; Art. 325(4) of the new Tax Code (by a secondary source)",
    )


def test_each_row_has_its_source() -> None:
    assert all(row["source"] for row in tables.read("valuation_basis"))
