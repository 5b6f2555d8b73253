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
from esep.answers import UnknownError, income, open_warehouse, taxpayer_income, taxpayers
from esep.answers.taxpayer_income import Selection
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
    first = income.of_taxpayers(warehouse, 2025, "miner", limit=2)
    assert first.count == 5
    assert [(one.taxpayer_id, one.income_kzt) for one in first.rows] == [
        (MINER, INCOMES[MINER]),
        (PERSON, INCOMES[PERSON]),
    ]
    rest = income.of_taxpayers(warehouse, 2025, "miner", limit=50, offset=2)
    assert [one.taxpayer_id for one in rest.rows] == [MISTYPED, HOSTILE, OTHER_MINER]
    by_name = income.of_taxpayers(warehouse, 2025, "miner", order="name", limit=50)
    names = [one.taxpayer_name.lower() for one in by_name.rows if one.taxpayer_name]
    assert names == sorted(names)
    assert income.of_taxpayers(warehouse, 2025, "miner", ids=[PERSON], limit=50).count == 1
    assert income.of_taxpayers(warehouse, 2025, "miner", ids=[], limit=50).count == 0


def test_one_asset_has_units_too(warehouse):
    found = income.of_taxpayers(warehouse, 2025, "miner", "LTC", limit=50)
    assert {one.taxpayer_id: one.quantity for one in found.rows} == {
        MINER: Decimal("0.123456789012345678"),
        OTHER_MINER: Decimal(3),
    }


def test_the_table_of_a_download_is_the_same_list(warehouse):
    table = income.table_of_taxpayers(warehouse, 2025, "miner")
    assert dict(zip(*(table[name].to_pylist() for name in ("taxpayer_id", "income_kzt")), strict=True)) == INCOMES
    assert "quantity" not in table.column_names
    assert "quantity" in income.table_of_taxpayers(warehouse, 2025, "miner", "BTC").column_names


def test_a_taxpayer_s_figure_and_what_stands_behind_it(warehouse):
    figure = taxpayer_income.of_taxpayer(warehouse, 2025, "miner", MINER)
    assert figure.income_kzt == INCOMES[MINER]
    assert sum(one.income_kzt for one in figure.assets) == income_of_miner()
    behind = taxpayer_income.filings(warehouse, 2025, "miner", MINER)
    assert [(one.registration_no, one.kind, one.row_count) for one in behind] == [
        ("2025-000003", "correction", 1),
        ("2025-000002", "new", 2),
    ]
    assert sum(one.income_kzt for one in behind) == income_of_miner()


def test_reasons_add_up_to_the_unvalued_units(warehouse):
    figure = taxpayer_income.of_taxpayer(warehouse, 2025, "miner", OTHER_MINER)
    reasons = taxpayer_income.unvalued(warehouse, 2025, "miner", OTHER_MINER)
    assert {(one.asset, one.reason): one.quantity for one in reasons} == {
        ("ETH", "not_on_price_list"): Decimal(2),
        ("LTC", "no_day"): Decimal(3),
        ("ДемоКоин", "unknown_asset"): Decimal(7),
    }
    assert sum(one.quantity for one in reasons) == sum(one.unvalued_quantity for one in figure.assets)


def test_doubts_and_excluded_quantities_belong_to_their_taxpayer(warehouse):
    (doubt,) = taxpayer_income.doubts(warehouse, 2025, "miner", MINER)
    assert (doubt.rule_id, doubt.count, doubt.filings) == ("R-65", 1, ["2025-000003"])
    assert taxpayer_income.doubts(warehouse, 2025, "miner", PERSON) == ()
    assert taxpayer_income.doubts(warehouse, 2025, "pool", POOL) == ()  # a wallet is no doubt about the reward
    (excluded,) = taxpayer_income.excluded(warehouse, 2025, "miner", OTHER_MINER)
    assert (excluded.found, excluded.row, excluded.column_no) == ("көп", 16, "8")
    assert taxpayer_income.excluded(warehouse, 2025, "miner", MINER) == ()


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
    figure = taxpayer_income.of_taxpayer(warehouse, 2025, "miner", MINER)
    told = taxpayer_income.reported_through(warehouse, figure, day)
    assert told.then_kzt == tiyn(expected)
    assert told.difference_kzt == INCOMES[MINER] - tiyn(expected)
    assert sum(one.then_kzt for one in told.assets) == expected


def test_rows_are_products_and_add_up_to_the_figure(warehouse):
    found = taxpayer_income.rows(warehouse, Selection(2025, "miner", MINER), limit=50)
    assert [(one.registration_no, one.row, one.column_no) for one in found.rows] == [
        ("2025-000003", 11, "8"),
        ("2025-000002", 11, "8"),
        ("2025-000002", 12, "8"),
    ]
    for one in found.rows:
        assert None not in (one.price, one.rate)
        assert one.value_kzt == value_of(one.quantity, one.price, one.rate)
    assert (found.count, found.value_kzt, found.holds) == (3, income_of_miner(), True)
    assert not replace(found, figure_kzt=found.figure_kzt + Decimal("0.01")).holds
    assert not replace(found, figure_quantity=found.quantity + 1).holds


def test_rows_of_a_month_and_an_asset(warehouse):
    of = Selection(2025, "miner", MINER, date(2025, 2, 1), "LTC")
    found = taxpayer_income.rows(warehouse, of, limit=50)
    assert [one.quantity for one in found.rows] == [Decimal("0.123456789012345678")]
    assert found.holds
    assert taxpayer_income.rows(warehouse, of, limit=50, offset=1).rows == ()
    assert taxpayer_income.table_of_rows(warehouse, of).num_rows == taxpayer_income.count(warehouse, of) == 1
    without_value = taxpayer_income.rows(warehouse, Selection(2025, "miner", OTHER_MINER), limit=50)
    assert {one.asset: one.reason for one in without_value.rows if one.value_kzt is None} == {
        "ETH": "not_on_price_list",
        "LTC": "no_day",
        "ДемоКоин": "unknown_asset",
    }
    assert without_value.holds


def test_what_is_not_there(warehouse):
    with pytest.raises(UnknownError) as year:
        income.of_year(warehouse, 1999, "miner")
    assert year.value.kind == "year"
    with pytest.raises(UnknownError) as taxpayer:
        taxpayer_income.of_taxpayer(warehouse, 2025, "miner", "000000000000")
    assert taxpayer.value.kind == "taxpayer"
    with pytest.raises(UnknownError) as role:
        taxpayer_income.of_taxpayer(warehouse, 2025, "pool", MINER)
    assert role.value.kind == "taxpayer_year"


def test_searching_tells_a_viewer_nothing_of_persons(warehouse):
    assert {one.taxpayer_id for one in taxpayers.find(warehouse, "ТОО")} == {POOL, MINER, OTHER_MINER, HOSTILE}
    assert [one.taxpayer_id for one in taxpayers.find(warehouse, "0612")] == [PERSON]
    assert [one.taxpayer_id for one in taxpayers.find(warehouse, "абаев")] == [PERSON]
    for words in ("0612", "абаев", MISTYPED):
        assert taxpayers.find(warehouse, words, with_persons=False) == ()
    assert [one.taxpayer_id for one in taxpayers.find(warehouse, "есіл", with_persons=False)] == [OTHER_MINER]
    assert taxpayers.years_of(warehouse, MINER) == ((2025, "miner"),)
