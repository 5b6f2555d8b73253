"""Units to be sold, held against the plan of the office by Decimal and fractions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_CEILING, Decimal

import duckdb
import pytest

from answers.figure_office import MINER, OTHER_MINER, PERSON
from esep.answers import UnknownError, obligation, open_warehouse
from warehouse.warehouse_office import POOL, Office


@pytest.fixture(scope="module")
def warehouse(figure_office: Office) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(figure_office.settings) as connection:
        yield connection


def share_of(base: str, decimals: int = 8) -> Decimal:
    """Three quarters, rounded up at the smallest unit."""
    return (Decimal(base) * Decimal("0.75")).quantize(Decimal(1).scaleb(-decimals), ROUND_CEILING)


def test_a_taxpayer_s_units_are_rounded_up(warehouse):
    found = obligation.of_taxpayer(warehouse, 2025, "miner", MINER)
    assert {(one.asset, one.base_quantity, one.quantity_to_sell) for one in found} == {
        ("BTC", Decimal("1.75"), share_of("1.75")),
        ("LTC", Decimal("0.123456789012345678"), Decimal("0.09259260")),
    }
    assert {one.share for one in found} == {Decimal("0.75")}


def test_an_asset_without_a_price_must_be_sold_of_an_unknown_one_the_class_is_undecided(warehouse):
    found = obligation.of_year(warehouse, 2025, "miner")
    by_asset = {one.asset: one for one in found.assets}
    assert (by_asset["ETH"].quantity_to_sell, by_asset["ETH"].unvalued_quantity) == (Decimal("1.5"), Decimal(2))
    assert by_asset["BTC"].taxpayer_count == 4
    assert by_asset["BTC"].unvalued_quantity == 0
    unknown = by_asset["ДемоКоин"]
    assert (unknown.base_quantity, unknown.share, unknown.quantity_to_sell) == (Decimal(7), None, None)
    assert {one.asset_class for one in found.assets if one is not unknown} == {"unbacked"}
    assert unknown.asset_class == "undecided"
    assert found.outside == obligation.outside(warehouse, 2025, "miner", OTHER_MINER) == ()
    of_taxpayer = obligation.of_taxpayer(warehouse, 2025, "miner", OTHER_MINER)
    assert [one.quantity_to_sell for one in of_taxpayer if one.asset == "ДемоКоин"] == [None]
    (compared,) = (
        one
        for one in obligation.compared(warehouse, 2025, "miner", OTHER_MINER, date(2025, 3, 31))
        if one.asset == "ДемоКоин"
    )
    assert (compared.then_to_sell, compared.now_to_sell) == (None, None)


def test_the_reading_of_the_law_is_reported_with_its_source(warehouse):
    found = obligation.of_year(warehouse, 2025, "miner")
    assert [(rule.share, rule.confirmed_by) for rule in found.rules] == [(Decimal("0.75"), None)]
    assert "193-VII" in found.rules[0].source
    assert found.exchanges == ()


def test_pools_have_no_obligation_unless_a_rule_says_so(warehouse):
    found = obligation.of_year(warehouse, 2025, "pool")
    assert (found.assets, found.rules) == ((), ())
    assert [(one.asset, one.reason, one.quantity) for one in found.outside] == [("BTC", "no_rule", Decimal("0.015"))]
    assert obligation.of_taxpayer(warehouse, 2025, "pool", POOL) == ()


def test_lists_by_page_asset_and_taxpayer(warehouse):
    everything = obligation.of_taxpayers(2025, "miner")
    assert everything.count(warehouse) == len(everything.rows(warehouse)) == 8
    assert obligation.of_taxpayers(2025, "miner", "ETH").count(warehouse) == 1
    assert obligation.of_taxpayers(2025, "miner", ids=[PERSON]).count(warehouse) == 1
    largest = obligation.of_taxpayers(2025, "miner", "BTC", order="quantity").rows(warehouse, 2)
    assert [one.taxpayer_id for one in largest] == [MINER, PERSON]
    assert everything.table(warehouse).num_rows == 8


def test_months_are_rounded_by_themselves(warehouse):
    months = obligation.months(warehouse, 2025, "miner", MINER)
    assert [(one.period, one.asset, one.quantity_to_sell) for one in months] == [
        (date(2025, 1, 1), "BTC", share_of("1.25")),
        (date(2025, 2, 1), "BTC", share_of("0.5")),
        (date(2025, 2, 1), "LTC", share_of("0.123456789012345678")),
    ]
    assert obligation.table_of_months(2025, "miner", MINER).table(warehouse).num_rows == 3


def test_units_as_reported_on_a_day(warehouse):
    reported = obligation.compared(warehouse, 2025, "miner", MINER, date(2025, 3, 31))
    by_asset = {one.asset: (one.then_to_sell, one.now_to_sell) for one in reported}
    assert by_asset["BTC"] == (share_of("2"), share_of("1.75"))


def test_what_is_not_there(warehouse):
    with pytest.raises(UnknownError) as missing:
        obligation.of_taxpayer(warehouse, 2025, "pool", MINER)
    assert missing.value.kind == "taxpayer_year"
    with pytest.raises(UnknownError):
        obligation.of_year(warehouse, 1999, "miner")
