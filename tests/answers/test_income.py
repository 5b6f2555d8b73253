"""Income of a year and of a taxpayer, held against the plan of the office by Decimal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from answers.figure_office import (
    HOSTILE,
    JANUARY,
    MINER,
    MISTYPED,
    OTHER_MINER,
    PERSON,
    RATE_JANUARY,
    income_of_miner,
)
from esep.answers import UnknownError, income, open_warehouse, taxpayers
from esep.answers.income import Selection
from warehouse.warehouse_office import POOL, Office, value_of


@pytest.fixture(scope="module")
def warehouse(figure_office: Office) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(figure_office.settings) as connection:
        yield connection


def tiyn(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


JANUARY_UNIT = JANUARY * RATE_JANUARY
INCOMES = {
    MINER: tiyn(income_of_miner()),
    PERSON: tiyn(Decimal("0.1") * JANUARY_UNIT),
    MISTYPED: tiyn(Decimal("0.01") * JANUARY_UNIT),
    HOSTILE: tiyn(Decimal("0.001") * JANUARY_UNIT),
    OTHER_MINER: Decimal(0),
}


def test_a_year_is_the_sum_of_its_taxpayers(warehouse):
    found = income.of_year(warehouse, 2025, "miner")
    assert found.income_kzt == sum(INCOMES.values())
    assert found.taxpayer_count == 5
    assert found.excluded_count == 1  # «көп» of the correction; that of the replaced filing no longer counts
    assert sum(one.income_kzt for one in found.assets) == sum(one.income_kzt for one in found.months)
    assert [month.period for month in income.by_month(found.months)] == [date(2025, 1, 1), date(2025, 2, 1)]


def test_what_has_no_value_stands_apart_with_its_reason(warehouse):
    found = income.of_year(warehouse, 2025, "miner")
    unvalued = {one.asset: one.unvalued_quantity for one in found.unvalued}
    assert unvalued == {"ETH": Decimal(2), "ДемоКоин": Decimal(7), "LTC": Decimal(3)}
    assert [gap.reason for gap in found.reasons("ETH")] == ["not_on_price_list"]
    assert [gap.reason for gap in found.reasons("ДемоКоин")] == ["unknown_asset"]
    assert found.reasons("LTC") == ()  # its day could not be read: no gap of the price list
    assert found.reasons("BTC") == ()


def test_the_reward_is_the_income_of_the_pool_alone(warehouse):
    found = income.of_year(warehouse, 2025, "pool")
    assert found.income_kzt == tiyn(Decimal("0.015") * JANUARY_UNIT)
    assert found.taxpayer_count == 1


def test_taxpayers_by_income_and_by_name_a_page_at_a_time(warehouse):
    listed = income.of_taxpayers(2025, "miner")
    assert listed.count(warehouse) == 5
    assert [(one.taxpayer_id, one.income_kzt) for one in listed.rows(warehouse, 2)] == [
        (MINER, INCOMES[MINER]),
        (PERSON, INCOMES[PERSON]),
    ]
    assert [one.taxpayer_id for one in listed.rows(warehouse, 50, 2)] == [MISTYPED, HOSTILE, OTHER_MINER]
    by_name = income.of_taxpayers(2025, "miner", order="name").rows(warehouse)
    names = [one.taxpayer_name.lower() for one in by_name if one.taxpayer_name]
    assert names == sorted(names)
    assert income.of_taxpayers(2025, "miner", ids=[PERSON]).count(warehouse) == 1
    assert income.of_taxpayers(2025, "miner", ids=[]).count(warehouse) == 0


def test_one_asset_has_units_too(warehouse):
    found = income.of_taxpayers(2025, "miner", "LTC").rows(warehouse)
    assert {one.taxpayer_id: one.quantity for one in found} == {
        MINER: Decimal("0.123456789012345678"),
        OTHER_MINER: Decimal(3),
    }


def test_the_table_of_a_download_is_the_same_list(warehouse):
    table = income.of_taxpayers(2025, "miner").table(warehouse)
    assert dict(zip(*(table[name].to_pylist() for name in ("taxpayer_id", "income_kzt")), strict=True)) == INCOMES
    assert "quantity" not in table.column_names
    assert "quantity" in income.of_taxpayers(2025, "miner", "BTC").table(warehouse).column_names


def test_a_taxpayer_s_figure_and_what_stands_behind_it(warehouse):
    figure = income.of_taxpayer(warehouse, 2025, "miner", MINER)
    assert figure.income_kzt == INCOMES[MINER]
    assert sum(one.income_kzt for one in figure.assets) == income_of_miner()
    behind = income.filings(warehouse, 2025, "miner", MINER)
    assert [(one.registration_no, one.kind, one.row_count) for one in behind] == [
        ("2025-000003", "correction", 1),
        ("2025-000002", "new", 2),
    ]
    assert sum(one.income_kzt for one in behind) == income_of_miner()


def test_reasons_add_up_to_the_unvalued_units(warehouse):
    figure = income.of_taxpayer(warehouse, 2025, "miner", OTHER_MINER)
    reasons = income.unvalued(warehouse, 2025, "miner", OTHER_MINER)
    assert {(one.asset, one.reason): one.quantity for one in reasons} == {
        ("ETH", "not_on_price_list"): Decimal(2),
        ("LTC", "no_day"): Decimal(3),
        ("ДемоКоин", "unknown_asset"): Decimal(7),
    }
    assert sum(one.quantity for one in reasons) == sum(one.unvalued_quantity for one in figure.assets)


def test_doubts_and_excluded_quantities_belong_to_their_taxpayer(warehouse):
    (doubt,) = income.doubts(warehouse, 2025, "miner", MINER)
    assert (doubt.rule_id, doubt.count, doubt.filings) == ("R-65", 1, ["2025-000003"])
    assert income.doubts(warehouse, 2025, "miner", PERSON) == ()
    assert income.doubts(warehouse, 2025, "pool", POOL) == ()  # a wallet is no doubt about the reward
    (excluded,) = income.excluded(warehouse, 2025, "miner", OTHER_MINER)
    assert (excluded.found, excluded.row, excluded.column_no) == ("көп", 16, "8")
    assert income.excluded(warehouse, 2025, "miner", MINER) == ()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 2, 19), Decimal(0)),
        (date(2025, 2, 20), Decimal("1.5") * JANUARY_UNIT),
        (date(2025, 4, 9), income_of_miner("1.5", Decimal(95000))),
        (date(2025, 4, 10), income_of_miner("1.25", Decimal(95000))),
        (date(2025, 5, 4), income_of_miner("1.25", Decimal(95000))),
        (date(2025, 5, 5), income_of_miner()),
    ],
)
def test_the_figure_as_reported_through_a_day(warehouse, day, expected):
    figure = income.of_taxpayer(warehouse, 2025, "miner", MINER)
    reported = income.compared(warehouse, figure, day)
    assert reported.then_kzt == tiyn(expected)
    assert reported.difference_kzt == INCOMES[MINER] - tiyn(expected)
    assert sum(one.then_kzt for one in reported.assets) == expected


def test_rows_are_products_and_add_up_to_the_figure(warehouse):
    of = Selection(2025, "miner", MINER)
    found = income.rows(of).rows(warehouse)
    assert [(one.registration_no, one.row, one.column_no) for one in found] == [
        ("2025-000003", 11, "8"),
        ("2025-000002", 11, "8"),
        ("2025-000002", 12, "8"),
    ]
    for one in found:
        assert None not in (one.price, one.rate)
        assert one.value_kzt == value_of(one.quantity, one.price, one.rate)
    proof = income.proof(warehouse, of)
    assert (proof.row_count, proof.value_kzt, income.holds(proof)) == (3, income_of_miner(), True)
    assert not income.holds(replace(proof, figure_kzt=proof.figure_kzt + Decimal("0.01")))
    assert not income.holds(replace(proof, figure_quantity=proof.quantity + 1))


def test_rows_of_a_month_and_an_asset(warehouse):
    of = Selection(2025, "miner", MINER, date(2025, 2, 1), "LTC")
    listed = income.rows(of)
    assert [one.quantity for one in listed.rows(warehouse)] == [Decimal("0.123456789012345678")]
    assert income.holds(income.proof(warehouse, of))
    assert listed.rows(warehouse, 50, 1) == ()
    assert listed.table(warehouse).num_rows == listed.count(warehouse) == 1
    without_value = Selection(2025, "miner", OTHER_MINER)
    assert {one.asset: one.reason for one in income.rows(without_value).rows(warehouse) if one.value_kzt is None} == {
        "ETH": "not_on_price_list",
        "LTC": "no_day",
        "ДемоКоин": "unknown_asset",
    }
    assert income.holds(income.proof(warehouse, without_value))


def test_what_is_not_there(warehouse):
    with pytest.raises(UnknownError) as year:
        income.of_year(warehouse, 1999, "miner")
    assert year.value.kind == "year"
    with pytest.raises(UnknownError) as taxpayer:
        income.of_taxpayer(warehouse, 2025, "miner", "000000000000")
    assert taxpayer.value.kind == "taxpayer"
    with pytest.raises(UnknownError) as role:
        income.of_taxpayer(warehouse, 2025, "pool", MINER)
    assert role.value.kind == "taxpayer_year"


def test_searching_tells_a_viewer_nothing_of_persons(warehouse):
    assert {one.taxpayer_id for one in taxpayers.find(warehouse, "ТОО")} == {POOL, MINER, OTHER_MINER, HOSTILE}
    assert [one.taxpayer_id for one in taxpayers.find(warehouse, "0612")] == [PERSON]
    assert [one.taxpayer_id for one in taxpayers.find(warehouse, "абаев")] == [PERSON]
    for words in ("0612", "абаев", MISTYPED):
        assert taxpayers.find(warehouse, words, with_persons=False) == ()
    assert [one.taxpayer_id for one in taxpayers.find(warehouse, "есіл", with_persons=False)] == [OTHER_MINER]
    assert taxpayers.years_of(warehouse, MINER) == ((2025, "miner"),)
