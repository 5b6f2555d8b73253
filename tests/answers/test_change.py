"""Why a figure changed, held against the plan of the office: the causes, the steps, and that they add up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from answers.figure_office import (
    FEBRUARY,
    FEBRUARY_BEFORE,
    JANUARY,
    MINER,
    OTHER_MINER,
    RATE_FEBRUARY,
    RATE_JANUARY,
    income_of_miner,
)
from esep.answers import UnknownError, change, open_warehouse
from esep.answers.change import Span
from esep.config import Settings
from esep.warehouse import work
from warehouse.warehouse_office import Office, moment, row, value_of

WHOLE = Span(date(2025, 1, 1), date(2025, 12, 31))
CORRECTION = Decimal("-0.25") * JANUARY * RATE_JANUARY
PRICE = Decimal("0.5") * (FEBRUARY - FEBRUARY_BEFORE) * RATE_FEBRUARY


@pytest.fixture(scope="module")
def warehouse(figure_office: Office) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(figure_office.settings) as connection:
        yield connection


def test_every_step_has_its_cause_and_they_add_up(warehouse):
    found = change.of_taxpayer(warehouse, 2025, "miner", MINER, WHOLE)
    assert [(step.cause, step.registration_no, step.moment.date()) for step in found.steps] == [
        ("new", "2025-000001", date(2025, 2, 20)),
        ("new", "2025-000002", date(2025, 3, 20)),
        ("correction", "2025-000003", date(2025, 4, 10)),
        ("price", "2025-000002", date(2025, 5, 5)),
    ]
    assert [step.income_kzt for step in found.steps[2:]] == [CORRECTION, PRICE]
    assert found.steps[-1].running_kzt == income_of_miner()
    assert (found.since_kzt, found.until_kzt) == (0, income_of_miner())
    assert found.holds
    assert not replace(found, until_kzt=found.until_kzt + 1).holds


def test_a_correction_moves_units_and_units_to_sell(warehouse):
    found = change.of_taxpayer(warehouse, 2025, "miner", MINER, Span(date(2025, 4, 9), date(2025, 4, 10)))
    (asset,) = found.assets
    assert (asset["asset"], asset["quantity"], asset["unvalued_quantity"]) == ("BTC", Decimal("-0.25"), 0)
    assert asset["quantity_to_sell"] == Decimal("-0.1875")  # three quarters of 2 less three quarters of 1.75
    assert found.difference_kzt == CORRECTION


def test_the_day_since_is_known_and_the_day_until_counts(warehouse):
    assert change.of_taxpayer(warehouse, 2025, "miner", MINER, Span(date(2025, 4, 10), date(2025, 5, 4))).steps == ()
    price = change.of_taxpayer(warehouse, 2025, "miner", MINER, Span(date(2025, 4, 10), date(2025, 5, 5)))
    assert [step.cause for step in price.steps] == ["price"]
    assert change.version_of(price.steps[0]) is not None
    assert price.since_kzt + PRICE == price.until_kzt


def test_what_has_no_value_changes_units_alone(warehouse):
    found = change.of_taxpayer(warehouse, 2025, "miner", OTHER_MINER, WHOLE)
    assert found.difference_kzt == 0
    assert {one["asset"]: one["unvalued_quantity"] for one in found.assets} == {
        "ETH": Decimal(2),
        "LTC": Decimal(3),
        "ДемоКоин": Decimal(7),
    }
    assert found.holds


def test_all_whose_figure_changed_by_size(warehouse):
    corrected = change.changed(2025, "miner", Span(date(2025, 4, 9), date(2025, 4, 10)))
    assert [(one.taxpayer_id, one.income_kzt) for one in corrected.rows(warehouse)] == [(MINER, CORRECTION)]
    everybody = change.changed(2025, "miner", WHOLE)
    assert everybody.count(warehouse) == 5
    (largest, _) = everybody.rows(warehouse, 2)
    assert (largest.taxpayer_id, largest.step_count) == (MINER, 4)
    assert everybody.table(warehouse).num_rows == 5


def test_entries_of_a_download_add_up_too(warehouse):
    table = change.entries(2025, "miner", MINER, WHOLE).table(warehouse)
    assert sum(table["income_kzt_difference"].to_pylist()) == income_of_miner()


def test_thirty_days_up_to_the_latest_change(warehouse):
    assert change.default_span(warehouse, 2025, "miner", MINER) == Span(date(2025, 4, 5), date(2025, 5, 5))
    assert change.default_span(warehouse, 2025, "miner", OTHER_MINER) == Span(date(2025, 2, 18), date(2025, 3, 20))
    assert change.default_span(warehouse, 2025, "miner", "000000000000") is None


def test_an_unknown_taxpayer(warehouse):
    with pytest.raises(UnknownError) as missing:
        change.of_taxpayer(warehouse, 2025, "miner", "000000000000", WHOLE)
    assert missing.value.kind == "taxpayer"


def test_a_year_of_more_than_28_digits_adds_up_to_the_last_decimal(tmp_path, empty_work):
    """Python's decimals have 28 digits unless reported otherwise: units of 18 decimals were rounded from 10¹⁰ on."""
    office = Office(Settings(home=tmp_path / "home"), live=True)
    shutil.copytree(empty_work, work.folder(office.settings))
    office.prices("2025-01-13,ETC,25.13,USD", "2025-02-10,ETC,25.17,USD")
    office.rates("2025-01-13,USD,500.37", "2025-02-10,USD,510.29")
    quantities = {"2025-01": "123456.123456789012345671", "2025-02": "234567.123456789012345673"}
    for (month, quantity), day, received in zip(
        quantities.items(), ("2025-01-13", "2025-02-10"), ("2025-02-20 10:00", "2025-03-20 10:00"), strict=True
    ):
        office.file(received, [row(day, "ETC", quantity)], period=f"{month}-01")
        office.refresh(moment(received))
    by_hand = value_of(quantities["2025-01"], "25.13", "500.37") + value_of(quantities["2025-02"], "25.17", "510.29")
    with open_warehouse(office.settings) as connection:
        found = change.of_taxpayer(connection, 2025, "miner", MINER, WHOLE)
        assert found.until_kzt.adjusted() > 8
        assert found.holds
        assert found.steps[-1].running_kzt == found.until_kzt
        assert (found.difference_kzt, found.sum_kzt) == (found.until_kzt, found.until_kzt)
        assert found.assets[0]["income_kzt"] == found.until_kzt
        assert found.until_kzt == by_hand
