"""Reference files: whole or not at all, with line numbers, and the last good version in force."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esep.texts import LANGUAGES
from esep.warehouse import reference
from esep.warehouse.reference_rules import Problem, examine
from esep.warehouse.reference_spec import QUESTIONS, WARNINGS, Fault
from warehouse.bank_feeds import FAULTS_OF_FEEDS
from warehouse.test_price_lists import FAULTS_OF_LISTS
from warehouse.warehouse_office import MINER, NOW, OTHER_POOL, POOL

PRICE = "date,asset,price,currency,source"
RATE = "date,currency,kzt_per_unit,source"
POOLS = "pool_id,pool_name,accredited_from,accredited_to,email"
LICENCE = "licence_no,miner_id,issued_on,expires_on"
EXCHANGE = "name,licence,from,to"
SALE = "sold_on,taxpayer_id,exchange,asset,quantity,trade_no,source"
GOOD_PRICE = "2025-01-06,BTC,100,USD,x"

FAULTS = [
    ("price", [PRICE, "2025-13-01,BTC,1,USD,"], 2, Fault.DATE),
    ("price", [PRICE, "06.01.2025,BTC,1,USD,"], 2, Fault.DATE),
    ("price", [PRICE, "20250106,BTC,1,USD,"], 2, Fault.DATE),
    ("price", [PRICE, ",BTC,1,USD,"], 2, Fault.EMPTY),
    ("price", [PRICE, "2025-01-06,,1,USD,"], 2, Fault.EMPTY),
    ("price", [PRICE, GOOD_PRICE, "2025-01-07,BTC,,USD,"], 3, Fault.EMPTY),
    ("price", [PRICE, "2025-01-06,BTC,0,USD,"], 2, Fault.NOT_POSITIVE),
    ("price", [PRICE, "2025-01-06,BTC,-1,USD,"], 2, Fault.NOT_POSITIVE),
    ("price", [PRICE, "2025-01-06,BTC,1e5,USD,"], 2, Fault.NUMBER),
    ("price", [PRICE, '2025-01-06,BTC,"1,5",USD,'], 2, Fault.NUMBER),
    ("price", [PRICE, "2025-01-06,BTC,1_000,USD,"], 2, Fault.NUMBER),
    ("price", [PRICE, "2025-01-06,BTC,+5,USD,"], 2, Fault.NUMBER),
    ("price", [PRICE, "2025-01-06,BTC,٣,USD,"], 2, Fault.NUMBER),
    ("price", [PRICE, "2025-01-06,BTC,nan,USD,"], 2, Fault.NUMBER),
    ("price", [PRICE, f"2025-01-06,BTC,0.{'0' * 12}4,USD,"], 2, Fault.ROUNDED_TO_ZERO),
    ("price", [PRICE, f"2025-01-06,BTC,{'1' * 13},USD,"], 2, Fault.NUMBER),
    ("price", [PRICE, "2025-01-06,BTC,1,US,"], 2, Fault.CURRENCY),
    ("price", [PRICE, "2025-01-06,BTC,1,ДОЛ,"], 2, Fault.CURRENCY),
    ("price", [PRICE, "2025-01-06,BTC,1,USD"], 2, Fault.CELL_COUNT),
    ("price", [PRICE, "2025-01-06,BTC,1,USD,a,b"], 2, Fault.CELL_COUNT),
    ("price", [PRICE, '2025-01-06,BTC,1,USD,"x', "2025-01-07,BTC,1,USD,x"], 2, Fault.QUOTES),
    ("price", [PRICE, GOOD_PRICE, "", GOOD_PRICE], 4, Fault.DOUBLED),
    ("price", [PRICE, GOOD_PRICE, "2025-01-06,Bitcoin,100.0,usd,x"], 3, Fault.DOUBLED),
    ("price", [PRICE, GOOD_PRICE, "2025-01-06,биткоин,101,USD,x"], 3, Fault.CONTRADICTORY),
    ("price", ["date,asset,price", "2025-01-06,BTC,1"], 1, Fault.MISSING_COLUMN),
    ("price", ["date,asset,price,currency,price", "2025-01-06,BTC,1,USD,1"], 1, Fault.DOUBLED_COLUMN),
    ("price", [""], 1, Fault.NO_HEADING),
    ("exchange_rate", [RATE, "2025-01-06,KZT,2,"], 2, Fault.KZT_RATE),
    ("exchange_rate", [RATE, "2025-01-06,USD,500,25"], 2, Fault.SOURCE_IS_NUMBER),
    ("price", ["date,asset,currency,price,source", "2025-01-06,BTC,USD,100,50"], 2, Fault.SOURCE_IS_NUMBER),
    ("exchange_rate", [RATE, "2025-01-06,USD,1,", "2025-01-06,USD,2,"], 3, Fault.CONTRADICTORY),
    ("exchange_rate", [RATE, "2025-01-06,USD,1234567,"], 2, Fault.NUMBER),
    ("pool", [POOLS, f"{POOL},А,2025-01-01,2024-01-01,"], 2, Fault.ENDS_BEFORE_START),
    ("pool", [POOLS, f"{POOL},А,2024-01-01,,", f"{POOL},А,2025-01-01,,"], 3, Fault.OVERLAPPING),
    ("pool", [POOLS, "23064000000,А,2024-01-01,,"], 2, Fault.IDENTIFIER),
    ("licence", [LICENCE, f"1,{MINER},2024-01-01,2023-01-01"], 2, Fault.ENDS_BEFORE_START),
    ("licence", [LICENCE, f"1,{MINER},2024-01-01,", f"1,{MINER},2024-01-02,"], 3, Fault.CONTRADICTORY),
    ("exchange", [EXCHANGE, "Биржа,,2024-01-01,"], 2, Fault.EMPTY),
    ("exchange", [EXCHANGE, "Биржа,1,2024-01-01,2023-12-31"], 2, Fault.ENDS_BEFORE_START),
    ("exchange", [EXCHANGE, "Биржа,1,2024-01-01,", "Биржа,1,2025-01-01,"], 3, Fault.OVERLAPPING),
    ("sale", [SALE, f"2026-03-02,{MINER},Биржа,BTC,1,7,"], 2, Fault.FUTURE_DAY),
]


@pytest.mark.parametrize(("name", "lines", "line", "fault"), FAULTS)
def test_a_faulty_file_is_refused_whole_with_its_lines(office, name, lines, line, fault):
    office.reference(name, *lines)
    report = next(report for report in reference.accept(office.settings, NOW) if report.name == name)
    assert report.state == "refused"
    assert [(problem.line, problem.fault) for problem in report.problems] == [(line, fault)]
    assert str(report.problems[0]).startswith(f"line {line}: ")
    assert reference.in_force(office.settings, name) is None
    reported = json.loads((office.settings.reference / f"{name}.errors.json").read_text("utf-8"))
    assert [(error["line"], error["code"]) for error in reported["errors"]] == [(line, fault.value)]
    text = (office.settings.reference / f"{name}.errors.txt").read_text("utf-8")
    assert f"{line}-жол: " in text
    assert f"Строка {line}: " in text
    assert f"Line {line}: " in text


def test_every_kind_of_fault_has_an_example_and_three_texts():
    elsewhere = {Fault.NOT_UTF8, Fault.UNREADABLE, Fault.UNKNOWN_NAME, Fault.CUT_OFF} | WARNINGS | QUESTIONS
    elsewhere |= FAULTS_OF_FEEDS | FAULTS_OF_LISTS
    assert {fault for *_, fault in FAULTS} | elsewhere == set(Fault)
    for fault in Fault:
        assert len({Problem(1, fault).text(language) for language in LANGUAGES}) == 3


def test_more_decimals_than_are_kept_are_rounded_half_up_with_one_warning_for_a_column(office):
    """Prices at the 12th, rates at the 6th decimal (facts, valuation); the text stays in the accepted file."""
    prices = ("0.1234567890125", "0.1234567890124999", "2", "0.0000000000005")
    office.reference("price", PRICE, *(f"2025-01-0{n},BTC,{price},USD," for n, price in enumerate(prices, start=6)))
    office.reference("exchange_rate", RATE, "2025-01-06,USD,500.1234565,", f"2025-01-07,USD,500.{'9' * 40},")
    reports = {report.name: report for report in reference.accept(office.settings, NOW)}
    rounded = [
        (problem.line, problem.fault, problem.column, problem.found, problem.expected, problem.count)
        for name in ("price", "exchange_rate")
        for problem in reports[name].warnings
    ]
    assert rounded == [
        (2, Fault.ROUNDED, "price", "0.1234567890125", Decimal("0.123456789013"), 3),
        (2, Fault.ROUNDED, "kzt_per_unit", "500.1234565", Decimal("500.123457"), 2),
    ]
    assert {report.state for report in reports.values() if report.warnings} == {"accepted"}
    assert [row["price"] for row in reference.rows_in_force(office.settings, "price")] == [
        Decimal(text) for text in ("0.123456789013", "0.123456789012", "2", "0.000000000001")
    ]
    rates = [row["kzt_per_unit"] for row in reference.rows_in_force(office.settings, "exchange_rate")]
    assert rates == [Decimal("500.123457"), Decimal(501)]
    assert "0.1234567890124999" in reference.in_force(office.settings, "price").path.read_text("utf-8")


def test_good_files_are_accepted(office):
    office.reference("price", "\ufeff" + PRICE, "2025-01-06, Bitcoin ,0.10000000000000000000000,usd,x", "", "")
    office.reference("exchange_rate", RATE.replace(",", ";"), "2025-01-06;USD;500.25;НБ", "2025-01-06;KZT;1;НБ")
    office.reference("pool", POOLS, f"{POOL},А,2024-01-01,2024-12-31,", f"{POOL},Ә,2025-01-01,,a@example.kz")
    office.reference("licence", LICENCE, f'"№ 1, серия Б",{MINER},2024-01-01,2027-01-01')
    office.reference("exchange", EXCHANGE, "Биржа А,1,2024-01-01,2024-12-31", "Биржа А,1,2025-01-01,")
    office.reference("sale", SALE, f"2025-03-01, {MINER} ,Биржа  А,Биткоин,0.5,7,")
    assert [report.state for report in reference.accept(office.settings, NOW)] == ["accepted"] * 6
    (price,) = reference.rows_in_force(office.settings, "price")
    assert (price["asset"], price["price"], price["currency"]) == ("BTC", Decimal("0.1"), "USD")
    assert [row["currency"] for row in reference.rows_in_force(office.settings, "exchange_rate")] == ["USD", "KZT"]
    assert len(reference.rows_in_force(office.settings, "pool")) == 2
    assert reference.rows_in_force(office.settings, "licence")[0]["licence_no"] == "№ 1, серия Б"
    assert [report.state for report in reference.accept(office.settings, NOW)] == ["unchanged"] * 6


def test_warnings_do_not_refuse(office):
    office.reference("price", PRICE, "2025-01-06,МОЙКОИН,1,USD,")
    office.reference("pool", POOLS, "230640000009,А,2024-01-01,,")
    price, _, pool, *_ = reference.accept(office.settings, NOW)
    assert (price.state, [w.fault for w in price.warnings]) == ("accepted", [Fault.UNKNOWN_ASSET])
    assert (pool.state, [w.fault for w in pool.warnings]) == ("accepted", [Fault.CHECK_DIGIT])


def test_not_utf8_and_unreadable(office):
    office.reference("price", PRICE).write_bytes(f"{PRICE}\n2025-01-06,Биткоин,1,USD,\n".encode("cp1251"))
    (office.settings.reference / "pool.csv").mkdir()
    price, _, pool, *_ = reference.accept(office.settings, NOW)
    assert [(p.line, p.fault) for p in price.problems] == [(2, Fault.NOT_UTF8)]
    assert [p.fault for p in pool.problems] == [Fault.UNREADABLE]


def test_all_faults_of_a_file_are_reported_at_once(office):
    office.reference("price", PRICE, "x,BTC,y,USD,", GOOD_PRICE, "2025-01-06,BTC,2,USD,")
    (report, *_) = reference.accept(office.settings, NOW)
    assert [(p.line, p.fault) for p in report.problems] == [
        (2, Fault.DATE),
        (2, Fault.NUMBER),
        (4, Fault.CONTRADICTORY),
    ]


def test_the_last_good_version_stays_in_force_and_all_are_kept(office):
    settings = office.settings
    office.prices("2025-01-06,BTC,10,KZT")
    reference.accept(settings, NOW)
    office.prices("2025-01-06,BTC,10,KZT", "broken")
    assert reference.accept(settings, NOW + timedelta(hours=1))[0].state == "refused"
    assert reference.rows_in_force(settings, "price")[0]["price"] == 10
    assert (settings.reference / "price.errors.json").exists()
    office.prices("2025-01-06,BTC,11,KZT")
    assert reference.accept(settings, NOW - timedelta(days=9))[0].state == "accepted"  # a clock set back
    assert reference.rows_in_force(settings, "price")[0]["price"] == 11
    assert not list(settings.reference.glob("*.errors.*"))
    office.prices("2025-01-06,BTC,10,KZT")
    assert reference.accept(settings, NOW)[0].state == "accepted"  # the first bytes again are a new version
    assert reference.rows_in_force(settings, "price")[0]["price"] == 10
    kept = sorted((settings.reference / "accepted" / "price").glob("*.csv"))
    assert [path.read_text().splitlines()[1].split(",")[2] for path in kept] == ["10", "11", "10"]
    for path in kept:
        record = json.loads(path.with_suffix(".json").read_text())
        assert record["rows"] == 1
        assert record["accepted_at"].startswith("2026-")
    (settings.reference / "price.csv").unlink()
    assert reference.accept(settings, NOW)[0].state == "missing"
    assert reference.rows_in_force(settings, "price")[0]["price"] == 10


def test_a_version_without_its_record_does_not_count(office, monkeypatch):
    """What a kill between a version's bytes and its record leaves."""

    def killed(*_):
        raise KeyboardInterrupt

    office.prices("2025-01-06,BTC,10,KZT")
    with monkeypatch.context() as patch:
        patch.setattr(reference.records, "adding", killed)
        with pytest.raises(KeyboardInterrupt):
            reference.accept(office.settings, NOW)
    assert list((office.settings.reference / "accepted" / "price").glob("*.csv"))
    assert reference.in_force(office.settings, "price") is None
    assert reference.accept(office.settings, NOW)[0].state == "accepted"


def test_a_refused_file_does_not_stop_the_load(office):
    from warehouse.warehouse_office import row

    office.prices("2025-01-06,BTC,10,KZT")
    office.file("2025-02-10", [row("2025-01-06", "BTC", "1")])
    office.refresh()
    office.prices("2025-01-06,BTC,20,KZT", "2025-01-06,BTC,30,KZT")
    office.file("2025-02-11", [row("2025-01-06", "BTC", "1")], pool=OTHER_POOL)
    report = office.refresh()
    assert "price refused: line 3" in report.summary()
    assert office.query("select income_kzt from annual_income where role = 'miner'") == [(Decimal(20),)]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(content):
    for name in reference.NAMES:
        rows, problems = examine(name, content)
        assert rows == [] or not problems or all(problem.line >= 1 for problem in problems)
        examine(name, f"{PRICE}\n".encode() + content)
