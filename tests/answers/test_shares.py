"""Income by pool, shares of assets in it, and shares to be sold by year; against sums worked out by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from esep.answers import income, open_warehouse, shares
from esep.answers.shares import OTHERS
from esep.config import Settings
from esep.warehouse import work
from warehouse.warehouse_office import MINER, OTHER_MINER, OTHER_POOL, POOL, Office, row

THIRD_POOL = "940140000385"
JANUARY, FEBRUARY = date(2025, 1, 1), date(2025, 2, 1)
PRICES = {"BTC": 100, "LTC": 10}
"""Tenge of a unit on every day."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Three pools in two years: the first has the highest income of 2025, the third the lowest."""
    settings = Settings(home=tmp_path_factory.mktemp("shares") / "home")
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings)
    days = ("2024-06-10", "2025-01-13", "2025-02-10")
    office.prices(*(f"{day},{asset},{price},KZT" for day in days for asset, price in PRICES.items()))
    january = [row("2025-01-13", "BTC", "3"), row("2025-01-13", "LTC", "10", taxpayer=OTHER_MINER)]
    office.file("2025-02-10", january, pool_name="ТОО «Пул Бір»")
    february = [row("2025-02-10", "BTC", "1"), row("2025-02-10", "ДемоКоин", "5")]
    office.file("2025-03-10", february, period="2025-02-01", pool_name="ТОО «Пул Бір»")
    office.file("2025-02-11", [row("2025-01-13", "LTC", "7")], pool=OTHER_POOL, pool_name="ТОО «Пул Екі»")
    office.file("2025-02-12", [row("2025-01-13", "LTC", "2")], pool=THIRD_POOL, pool_name="ТОО «Пул Үш»")
    office.file("2024-07-10", [row("2024-06-10", "BTC", "1.00000001")], period="2024-06-01")
    office.refresh()
    with open_warehouse(settings) as connection:
        yield connection


def test_the_income_of_a_year_by_pool_and_month(warehouse):
    found = shares.of_pools(warehouse, 2025, "miner")
    assert [(one.pool_id, one.pool_name) for one in found.pools] == [
        (POOL, "ТОО «Пул Бір»"),
        (OTHER_POOL, "ТОО «Пул Екі»"),
        (THIRD_POOL, "ТОО «Пул Үш»"),
    ]
    assert found.others == 0
    assert found.columns == (POOL, OTHER_POOL, THIRD_POOL)
    assert found.months == {JANUARY: {POOL: 400, OTHER_POOL: 70, THIRD_POOL: 20}, FEBRUARY: {POOL: 100}}
    months = income.of_year(warehouse, 2025, "miner").months
    assert sum(one.income_kzt for one in months) == sum(sum(parts.values()) for parts in found.months.values())


def test_of_one_asset_the_pools_are_those_that_distributed_it(warehouse):
    found = shares.of_pools(warehouse, 2025, "miner", "LTC")
    assert found.columns == (POOL, OTHER_POOL, THIRD_POOL)
    assert found.months == {JANUARY: {POOL: 100, OTHER_POOL: 70, THIRD_POOL: 20}}


def test_the_smallest_pools_are_one_part(warehouse, monkeypatch):
    monkeypatch.setattr(shares, "MOST_POOLS", 1)
    found = shares.of_pools(warehouse, 2025, "miner")
    assert (found.columns, found.others) == ((POOL, OTHERS), 2)
    assert found.months == {JANUARY: {POOL: 400, OTHERS: 90}, FEBRUARY: {POOL: 100}}


def test_a_year_without_income_has_no_pools(warehouse):
    assert shares.of_pools(warehouse, 2025, "pool").pools == ()


def test_shares_of_assets_add_up_to_one_each_month(warehouse):
    months = income.by_month(income.of_year(warehouse, 2025, "miner").months)
    found = shares.of_assets(months)
    assert set(found) == {JANUARY, FEBRUARY}
    assert found[FEBRUARY] == {"BTC": 1}  # ДемоКоин has no price
    expected = {"BTC": Fraction(300, 490), "LTC": Fraction(190, 490)}
    for asset, share in found[JANUARY].items():
        assert abs(Fraction(share) - expected[asset]) < Fraction(1, 10**20)
    assert abs(sum(found[JANUARY].values()) - 1) < Decimal("1e-20")


def test_the_share_to_be_sold_by_year(warehouse):
    found = {(one.asset, one.year): one for one in shares.to_sell(warehouse, "miner")}
    assert set(found) == {("BTC", 2024), ("BTC", 2025), ("LTC", 2025)}
    first = found["BTC", 2024]
    assert (first.quantity, first.quantity_to_sell) == (Decimal("1.00000001"), Decimal("0.50000001"))
    assert first.share is not None
    assert Fraction(1, 2) < Fraction(first.share) < Fraction(1, 2) + Fraction(1, 10**7)
    assert {asset: found[asset, 2025].share for asset in ("BTC", "LTC")} == {
        "BTC": Decimal("0.75"),
        "LTC": Decimal("0.75"),
    }
    assert [one.year for one in shares.to_sell(warehouse, "miner", "LTC")] == [2025]


def test_whose_class_is_undecided_has_no_share(warehouse):
    ((quantity, to_sell),) = warehouse.execute(
        "select quantity, quantity_to_sell from obligation_by_year('miner') where asset = 'ДемоКоин'"
    ).fetchall()
    assert (quantity, to_sell) == (5, None)
    assert shares.ShareToSell(2025, "ДемоКоин", quantity, to_sell).share is None
    assert shares.ShareToSell(2025, "BTC", Decimal(0), Decimal(0)).share is None


def test_a_pool_sells_nothing_of_its_reward(warehouse):
    assert shares.to_sell(warehouse, "pool") == ()
    assert MINER in {one for (one,) in warehouse.execute("select taxpayer_id from taxpayer").fetchall()}
