"""reference_gap, and the register of exchanges in the warehouse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from warehouse.warehouse_office import MINER, OTHER_POOL, POOL, row

GAPS = (
    "select kind, reason, asset, currency, pool_id, first_day::varchar, last_day::varchar, days, row_count,"
    " unvalued_quantity, filing_count from reference_gap"
)
ASSET_GAPS = f"{GAPS} where kind <> 'pool' order by kind, asset, first_day"
POOL_GAPS = f"{GAPS} where kind = 'pool' order by pool_id, first_day"


def pools(office, *lines):
    office.reference("pool", "pool_id,pool_name,accredited_from,accredited_to,email", *lines)


def test_a_price_that_is_missing_for_some_days(office):
    office.prices("2025-01-06,BTC,10,KZT", "2025-01-13,BTC,10,KZT", "2025-01-20,BTC,10,KZT")
    office.file(
        "2025-02-10",
        [
            row("2025-01-06", quantity="1"),
            row("2025-01-08", quantity="2"),
            row("2025-01-08", quantity="3", reward="0.5"),
            row("2025-01-09", quantity="4"),
            row("2025-01-13", quantity="5"),
            row("2025-01-14", quantity="6"),
            row("2025-01-20", quantity="7"),
        ],
    )
    office.file("2025-02-10", [row("2025-01-09", quantity="10")], pool=OTHER_POOL)
    office.refresh()
    assert office.query(ASSET_GAPS) == [
        ("price", "no_price", "BTC", None, None, "2025-01-08", "2025-01-09", 2, 5, Decimal("19.5"), 2),
        ("price", "no_price", "BTC", None, None, "2025-01-14", "2025-01-14", 1, 1, Decimal(6), 1),
    ]


def test_a_day_off_with_the_price_of_friday_is_no_gap(office):
    office.prices("2025-01-10,BTC,10,KZT")  # a Friday
    office.file("2025-02-10", [row("2025-01-11"), row("2025-01-12"), row("2025-01-13")])
    office.refresh()
    assert office.query("select first_day::varchar, days from reference_gap where kind = 'price'") == [
        ("2025-01-13", 1)
    ]


def test_assets_without_an_official_price_and_unknown_ones(office):
    office.prices("2025-01-06,BTC,10,KZT")
    office.file(
        "2025-02-10",
        [
            row("2025-01-06", "ETH", "1", reward_asset="BTC"),
            row("2025-01-31", "ETH", "2", reward_asset="BTC"),
            row("2025-01-06", "МОЙКОИН", "3", reward_asset="BTC"),
            row("1999-01-06", "BTC", "4"),
        ],
    )
    office.refresh()
    assert office.query(ASSET_GAPS) == [
        ("price", "outside_calendar", "BTC", None, None, "1999-01-06", "1999-01-06", 1, 1, Decimal(4), 1),
        ("price", "not_on_price_list", "ETH", None, None, "2025-01-06", "2025-01-31", 2, 2, Decimal(3), 1),
        ("price", "unknown_asset", "МОЙКОИН", None, None, "2025-01-06", "2025-01-06", 1, 1, Decimal(3), 1),
    ]


def test_a_price_of_an_asset_off_the_list_is_kept_and_not_used(office):
    office.prices(*(f"2025-01-{day:02d},{asset},10,KZT" for asset in ("BTC", "ETH", "МОЙКОИН") for day in range(6, 13)))
    office.file("2025-02-10", [row("2025-01-06", asset, "1") for asset in ("BTC", "ETH", "МОЙКОИН")])
    office.refresh()
    assert office.query(ASSET_GAPS) == [
        ("price", "not_on_price_list", "ETH", None, None, "2025-01-06", "2025-01-06", 1, 1, Decimal(1), 1),
        ("price", "unknown_asset", "МОЙКОИН", None, None, "2025-01-06", "2025-01-06", 1, 1, Decimal(1), 1),
    ]
    assert office.query(
        "select asset, unvalued_quantity, income_kzt from annual_income where role = 'miner' order by asset"
    ) == [("BTC", 0, 10), ("ETH", 1, 0), ("МОЙКОИН", 1, 0)]
    # The 7th, 11th and 12th are days off: their prices are unused in any case.
    assert office.query("select asset, first_day::varchar, last_day::varchar, days from unused_price order by 1") == [
        ("ETH", "2025-01-06", "2025-01-10", 4),
        ("МОЙКОИН", "2025-01-06", "2025-01-10", 4),
    ]


def test_a_currency_without_a_rate(office):
    office.prices("2025-01-06,BTC,10,USD", "2025-01-06,LTC,10,EUR", "2025-01-08,BTC,10,USD")
    office.rates("2025-01-08,USD,500")
    office.file("2025-02-10", [row("2025-01-06"), row("2025-01-06", "LTC", "2"), row("2025-01-08")])
    office.refresh()
    # The rate of USD begins on the 8th; EUR has none at all. No price is missing, so nothing is reported twice.
    assert office.query(ASSET_GAPS) == [
        ("exchange_rate", "no_rate", "BTC", "USD", None, "2025-01-06", "2025-01-06", 1, 1, Decimal(1), 1),
        ("exchange_rate", "no_rate", "LTC", "EUR", None, "2025-01-06", "2025-01-06", 1, 1, Decimal(2), 1),
    ]


def test_only_what_is_in_force_and_can_be_counted_meets_a_gap(office):
    office.file("2025-02-10", [row("2025-01-06", quantity="1")])
    office.file("2025-02-11", [row("2025-01-07", quantity="2")], verdict="refused")
    office.file("2025-02-12", [row("2025-01-08", quantity="4"), row(None), row("2025-01-09", quantity=None)])
    office.refresh()
    assert office.query(
        "select first_day::varchar, last_day::varchar, unvalued_quantity from reference_gap where kind = 'price'"
    ) == [("2025-01-08", "2025-01-08", Decimal(4))]


def test_unvalued_quantities_of_the_figures_are_those_of_the_gaps(office):
    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-10", [row("2025-01-06", quantity="1", reward="0.1"), row("2025-01-15", reward="0.3")])
    office.file("2025-02-10", [row("2025-01-16", "LTC", "7", taxpayer=MINER)], pool=OTHER_POOL)
    office.refresh()
    of_gaps = office.query("select asset, sum(unvalued_quantity) from reference_gap where kind = 'price' group by 1")
    of_figures = office.query(
        "select asset, sum(unvalued_quantity) from annual_income where unvalued_quantity <> 0 group by 1"
    )
    assert dict(of_gaps) == dict(of_figures) == {"BTC": Decimal("1.3"), "LTC": Decimal(7)}


def test_pools_that_file_without_being_in_the_register(office):
    pools(office, f"{POOL},А,2025-01-15,2025-02-10,", f"{POOL},А,2025-05-01,,")
    rows = [row("2025-01-06")]
    for period in ("2024-12-01", "2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01"):
        office.file("2025-06-10", rows, period=period)
    office.file("2025-06-11", rows * 2, period="2025-03-01")
    office.file("2025-06-11", rows, period="2025-03-01", pool=OTHER_POOL, verdict="refused")
    office.refresh()
    assert office.query(POOL_GAPS) == [
        # Accreditation from the middle of January to February, and again from May.
        ("pool", "not_accredited", None, None, POOL, "2024-12-01", "2024-12-31", 31, 1, None, 1),
        ("pool", "not_accredited", None, None, POOL, "2025-03-01", "2025-04-30", 61, 3, None, 3),
        ("pool", "not_in_register", None, None, OTHER_POOL, "2025-03-01", "2025-03-31", 31, 0, None, 1),
    ]


def test_without_a_register_it_says_so(office):
    office.file("2025-02-10", [row("2025-01-06")])
    office.refresh()
    assert [gap[1] for gap in office.query(POOL_GAPS)] == ["no_register"]


def test_no_gap_where_all_is_there(office):
    pools(office, f"{POOL},А,2024-01-01,,")
    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-10", [row("2025-01-06")])
    office.refresh()
    assert office.query(GAPS) == []


def test_exchanges_are_loaded(office):
    office.reference(
        "exchange", "name,licence,from,to", "Биржа «Сұңқар»,AFSA-1,2024-01-01,", "B,2,2024-01-01,2024-06-30"
    )
    office.refresh()
    assert office.query("select name, licence_no, valid_from, valid_to from exchange order by licence_no") == [
        ("B", "2", date(2024, 1, 1), date(2024, 6, 30)),
        ("Биржа «Сұңқар»", "AFSA-1", date(2024, 1, 1), None),
    ]
    assert office.query("select row_count from reference_version where name = 'exchange'") == [(2,)]
