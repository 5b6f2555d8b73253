"""A wrong figure is not published, whatever made it wrong: the second reckoning, before each publication and daily."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from esep.config import Settings
from esep.warehouse import checks, published, reference, work
from esep.warehouse.errors import CheckError, NotCheckedError, WarehouseError
from esep.warehouse.reckoning import days, everything, publication
from esep.warehouse.reference_spec import SPECS
from warehouse.reckoned_office import MINER, NOW, Fault, built, copy_of, filled
from warehouse.warehouse_office import Office, moment, row

VIEWS_OF_INCOME = {
    "internal/annual_income_at": "sum(income_kzt)",
    "internal/monthly_income_at": "sum(income_kzt)",
    "income_by_pool": "sum(income_kzt)",
    "internal/annual_income_total_at": "sum(income_kzt)",
    "internal/income_part_at": "reported_part.income_kzt",
    "trace_income": "        value_kzt,",
}
FAULTS = {
    **{
        f"income doubled in {name}": Fault(
            file=f"figures/{name}",
            old=old,
            new=f"2 * {old.strip(' ,')} as income_kzt,"
            if old.startswith("reported")
            else "        2 * value_kzt as value_kzt,"
            if old.startswith(" ")
            else f"2 * {old}",
        )
        for name, old in VIEWS_OF_INCOME.items()
    },
    "income doubled in the view annual_income": Fault(
        file="figures/annual_income",
        old="select * from annual",
        new="select * replace ((2 * income_kzt)::decimal(38, 12) as income_kzt) from annual",
    ),
    "income doubled where it is added up": Fault(
        file="figures/internal/income_part_due", old="sum(value_kzt)", new="2 * sum(value_kzt)", again=True
    ),
    "income doubled in every distribution": Fault(
        file="figures/internal/row_value", old="    end as value_kzt,", new="    end * 2 as value_kzt,", again=True
    ),
    "income doubled where a value is rounded": Fault(
        file="figures/internal/value_at", old="* 0.000000000001\n", new="* 0.000000000002\n", again=True
    ),
    "a share of 0.70": Fault("update sale_rule set share = 0.70 where share = 0.75", again=True),
    "a share of 0.70 for the days, not the law": Fault(
        "update internal.daily_asset set miner_share = 0.70 where miner_share = 0.75;"
        "update internal.income_part set share = 0.70 where share = 0.75"
    ),
    "one stored part times 1000": Fault(
        "update internal.income_part set quantity = quantity * 1000, valued_quantity = valued_quantity * 1000, "
        "income_kzt = income_kzt * 1000 where row_count = 1 and asset = 'BTC' and role = 'miner' and share = 0.75"
    ),
    "one stored row times 1000": Fault(
        "update internal.distribution_row set quantity = quantity * 1000 where row = 12"
    ),
    "one stored row times 1000, and all that follows from it": Fault(
        "update internal.distribution_row set quantity = quantity * 1000 where row = 12", again=True
    ),
    "a stored row under another taxpayer": Fault(
        f"update internal.distribution_row set taxpayer_id = '{MINER}' where asset = 'TRX'", again=True
    ),
    "rounded up to whole coins": Fault("update asset set decimals = 0"),
    "rounded up to whole coins by the macro": Fault(
        file="figures/quantity_to_sell", old="            decimals\n", new="            0\n"
    ),
    "rounded down": Fault(
        file="figures/internal/up_to_smallest_unit", old="- 1)", new="- internal.smallest_unit_e18(decimals))"
    ),
    "the reward under the asset of column 7": Fault(
        file="figures/internal/row_value", old="reward_asset as asset", new="asset", again=True
    ),
    "a row without a readable day is given a value": Fault(
        file="figures/internal/row_value",
        old="received.distributed_on is not null",
        new="received.day is not null",
        again=True,
    ),
    "the price of the day itself, though it is a day off": Fault(
        "update calendar_day set price_date = day", again=True
    ),
    "the price of the day after": Fault("update calendar_day set price_date = price_date + 1", again=True),
    "an asset off the price list is given a value": Fault(
        "insert into price_list values ('ETH', '2020-01-01', null, 'test')", again=True
    ),
    "another price than was accepted": Fault("update price_history set price = 101 where price = 100", again=True),
    "the first rate instead of the last": Fault(
        file="reference/internal/daily_asset_due",
        old="and days.day >= rate_then.rate_date",
        new="and days.day <= rate_then.rate_date",
        again=True,
    ),
    "the superseded filing counts": Fault(
        file="filing/internal/in_force_at", old="order by received_at desc", new="order by received_at", again=True
    ),
    "superseded filings count beside the latest": Fault(
        file="filing/internal/in_force_at",
        old="period, case when pool_id is null or period is null then filing_key end",
        new="period, filing_key",
        again=True,
    ),
    "a refused filing counts": Fault(
        "update examination set accepted_from = examined_at where verdict = 'refused'", again=True
    ),
    "a filing is missing from the figures": Fault("delete from internal.income_part where filing_key = 2025000000004"),
    "a filing is missing altogether": Fault(
        ";".join(
            f"delete from {relation} where filing_key = 2025000000006 or filing_key = 2025000000005"
            for relation in (
                "internal.registered",
                "examination",
                "internal.distribution_row",
                "internal.stored_rows",
                "internal.income_part",
                "internal.filing_unchecked",
            )
        )
        + ";delete from internal.loaded_file where registration_no = '2025-000005'"
        + ";delete from internal.examination_finding where registration_no = '2025-000005'"
    ),
    "an unknown asset is obliged": Fault(
        "update internal.income_part set share = 0.75 where asset = 'TRX';"
        "update internal.income_part set asset = 'LTC' where asset = 'Мойкоин'"
    ),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory, empty_work) -> Office:
    """Published once, then with one filing more: loaded and built, not checked. Copy it to change it."""
    office = filled(tmp_path_factory.mktemp("sound") / "home", empty_work)
    office.refresh()
    office.file("2025-03-20", [row("2025-02-03", quantity="1")], period="2025-02-01", pool="230640000028")
    built(office)
    return office


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_wrong_figure_is_not_published(sound, tmp_path, fault):
    office = copy_of(sound, tmp_path / "home")
    fault.put_into(office)
    with pytest.raises(CheckError) as raised:
        checks.run(office.settings)
    assert "by the rows" in str(raised.value), "found by another check alone"
    with pytest.raises(NotCheckedError):
        published.publish(office.settings)
    assert office.query("select count(*) from filing") == [(6,)]


def test_what_is_right_is_published_and_the_sample_is_on_record(sound, tmp_path):
    office = copy_of(sound, tmp_path / "home")
    report = checks.run(office.settings, seed=7)
    assert published.publish(office.settings).published
    assert report.reckoned.differences == ()
    kept = json.loads((office.settings.warehouse / "reckoning.json").read_text(encoding="utf-8"))
    # The new filing and the three others in force.
    assert (kept["seed"], kept["filings"], kept["rows"], kept["taxpayers"]) == (7, 4, 14, 7)
    assert (kept["difference_count"], kept["differences"]) == (0, [])


def test_each_run_draws_another_sample_and_a_seed_draws_the_same_again(sound, tmp_path, monkeypatch):
    monkeypatch.setattr(publication, "REST_FILINGS", 1)
    monkeypatch.setattr(publication, "COMPARED_REST", 1)
    office = copy_of(sound, tmp_path / "home")
    with work.opened(office.settings) as connection:
        drawn = [publication.reckon(office.settings, connection, seed) for seed in (1, 1, 2, 3, 4, 5, 6, 7)]
        assert drawn[0] == drawn[1]
        assert len({one.rows for one in drawn}) > 1
        assert all(one.differences == () for one in drawn)
    seeds = {checks.run(copy_of(sound, tmp_path / str(number)).settings).reckoned.seed for number in range(2)}
    assert len(seeds) == 2


def test_a_difference_names_year_role_taxpayer_asset_both_values_and_the_filings(sound, tmp_path):
    office = copy_of(sound, tmp_path / "home")
    Fault(
        "update internal.income_part set income_kzt = 1 "
        "where asset = 'LTC' and role = 'miner' and period = '2025-01-01'"
    ).put_into(office)
    with pytest.raises(CheckError) as raised:
        checks.run(office.settings)
    assert (
        "annual_income 2025 miner 990140004654 LTC: income_kzt is 1.000000000000, by the rows "
        "366.666666666667 (rows: 2025-000003, 2025-000005)" in str(raised.value)
    )


def test_of_a_filing_beyond_the_bound_some_taxpayers_are_reckoned_whole(sound, tmp_path, monkeypatch):
    monkeypatch.setattr(publication, "CHANGED_ROWS", 0)
    monkeypatch.setattr(publication, "REST_ROWS", 0)
    office = copy_of(sound, tmp_path / "home")
    with work.opened(office.settings) as connection:
        reported = publication.reckon(office.settings, connection, 1)
        assert (reported.differences, reported.rows, reported.filings) == ((), 1, 1)
        connection.execute(
            f"update internal.income_part set quantity = 2 where filing_key = 2025000000007 and taxpayer_id = '{MINER}'"
        )
        differing = {one.relation for one in publication.reckon(office.settings, connection, 1).differences}
        assert {"income_part", "annual_income"} <= differing


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_file_of_the_sample_that_cannot_be_read_stops_the_publication(sound, tmp_path, damage):
    office = copy_of(sound, tmp_path / "home")
    path = next((office.settings.lake / "distribution").rglob("2025-000004.parquet"))
    path.unlink() if damage == "missing" else path.write_bytes(b"PAR1")
    with pytest.raises(CheckError, match=r"2025-000004\.parquet"):
        checks.run(office.settings)
    with pytest.raises(CheckError, match=r"2025-000004\.parquet"):
        everything.check(office.settings, NOW)


def test_what_was_examined_after_the_load_is_no_difference(sound, tmp_path):
    office = copy_of(sound, tmp_path / "home")
    office.file("2025-03-21", [row("2025-02-03", quantity="9")], period="2025-02-01")
    office.examine("2025-000004", [row("2025-01-06", quantity="9")], pool="230640000018", examination_no=2)
    later = work.listed_at(office.settings) + 60
    for path in office.settings.archive.rglob("verdict*.json"):
        if path.parent.name == "2025-000008" or path.name == "verdict-2.json":
            os.utime(path, (later, later))
    assert checks.run(office.settings).reckoned.differences == ()
    office.refresh(moment("2026-03-02"))
    assert office.query("select count(*) from filing") == [(8,)]


PUBLISHED = {
    "annual_income": "figures/internal/annual_income_at",
    "income_by_pool": "figures/income_by_pool",
    "monthly_income": "figures/internal/monthly_income_at",
}


@pytest.mark.parametrize("fault", [*PUBLISHED, "income_part", "sale"])
def test_once_a_day_everything_is_reckoned_again_from_the_published_file(sound, tmp_path, fault):
    office = copy_of(sound, tmp_path / "home")
    checks.run(office.settings)
    published.publish(office.settings)
    assert everything.check(office.settings, NOW).differences == ()
    if fault == "income_part":
        Fault(
            "update internal.income_part set income_kzt = income_kzt + 0.001 where filing_key = 2025000000004"
        ).put_into(office)
    elif fault == "sale":
        Fault(file="figures/quantity_to_sell", old="* share", new="* 0.75").put_into(office)
    else:
        Fault(file=PUBLISHED[fault], old="sum(income_kzt)", new="1 + sum(income_kzt)").put_into(office)
    with work.opened(office.settings) as connection:
        connection.execute("force checkpoint")
    work.file(office.settings).replace(office.settings.snapshot)
    with pytest.raises(CheckError, match="by the rows"):
        everything.check(office.settings, NOW)
    kept = json.loads((office.settings.warehouse / "reckoning-all.json").read_text(encoding="utf-8"))
    assert kept["difference_count"] > 0
    assert kept["seed"] is None


def test_quantities_are_added_up_beyond_the_digits_of_a_double(office):
    office.prices("2025-01-06,BTC,98765.432109876543,USD")
    office.rates("2025-01-06,USD,512.345678")
    rows = [
        row("2025-01-06", quantity=f"12345678.{number:018d}", reward="0.000000000000000007") for number in range(40)
    ]
    office.file("2025-02-10", rows)
    assert office.refresh().checks.reckoned.differences == ()
    assert office.query("select quantity from annual_income where role = 'miner'") == [
        (40 * Decimal(12345678) + Decimal(780).scaleb(-18),)
    ]


PRICE_FILE = (
    "\ufeffasset;date;currency;price;source\r\n\r\n"
    'BTC;2025-01-08;usd;2.5;"the list;\r\nof the day"\r\n'
    "bitcoin; 2025-01-06 ;USD;1.0000000000005;\r\n"
    "LTC;2025-01-06;KZT;3;x\r\n"
)
RATE_FILE = "date,currency,kzt_per_unit\n2025-01-10,USD,3\n2025-01-07,USD,1\n2025-01-08,EUR,2\n"


def test_days_of_a_reference_file_are_read_as_the_whole_file_is(tmp_path):
    settings = Settings(home=tmp_path)
    settings.reference.mkdir()
    assert days.Days(settings, "price").on(date(2025, 1, 6)) == []
    (settings.reference / "price.csv").write_text(PRICE_FILE, encoding="utf-8", newline="")
    (settings.reference / "exchange_rate.csv").write_text(RATE_FILE, encoding="utf-8")
    reference.accept(settings, NOW)
    whole = reference.rows_in_force(settings, "price")
    assert len(whole) == 3
    prices, rates = days.Days(settings, "price"), days.Days(settings, "exchange_rate")
    for day in (date(2025, 1, number) for number in range(1, 12)):
        assert prices.on(day) == [row for row in whole if row["date"] == day]
    before = [(row["date"].day, row["kzt_per_unit"]) for row in rates.back_from(date(2025, 1, 9))]
    assert before == [(8, Decimal(2)), (7, Decimal(1))]
    assert list(rates.back_from(date(2025, 1, 6))) == []


def test_a_reference_file_that_is_not_as_it_was_accepted_stops_the_reckoning(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path)
    settings.reference.mkdir()
    (settings.reference / "price.csv").write_text(PRICE_FILE, encoding="utf-8", newline="")
    reference.accept(settings, NOW)
    path = reference.in_force(settings, "price").path
    path.write_bytes(path.read_bytes().replace(b"2.5", b"2.6"))
    with pytest.raises(WarehouseError, match="not those that were accepted"):
        days.Days(settings, "price")
    path.write_bytes(path.read_bytes().replace(b"2.6", b"2.5"))
    prices = days.Days(settings, "price")
    columns = SPECS["price"].columns | {"source": SPECS["price"].columns["price"]}
    monkeypatch.setitem(SPECS, "price", replace(SPECS["price"], columns=columns))
    with pytest.raises(WarehouseError, match="would be refused now"):
        prices.on(date(2025, 1, 8))
