"""Sales known to the office: the register as a reference file, and the balance against the obligation."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import ROUND_CEILING, Decimal

import pytest

from esep.warehouse import reference
from esep.warehouse.reference_proposal import Mode
from esep.warehouse.reference_rules import Problem
from esep.warehouse.reference_spec import Fault
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, POOL, Office, moment, row

D = Decimal
SALE = "sold_on,taxpayer_id,exchange,asset,quantity,trade_no,source"
STRANGER = "061211600012"
WRONG = "940140000386"


def trade(no: str, quantity: str = "1", on: str = "2025-03-01", taxpayer: str = MINER, asset: str = "BTC") -> str:
    return f"{on},{taxpayer},Биржа «Сұңқар»,{asset},{quantity},{no},письмо № 7"


def register(office: Office, *trades: str, file: str = "sale") -> None:
    office.reference(file, SALE, *trades)


def content(*trades: str) -> bytes:
    return "\n".join((SALE, *trades, "")).encode()


def checked(office: Office, *trades: str, mode: Mode = Mode.WHOLE) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings."""
    found = reference.check(office.settings, "sale", content(*trades), mode, NOW)
    return list(found.problems), list(found.warnings)


def balance(
    office: Office, columns: str = "obligation, sold, open_quantity, sold_above, doubt"
) -> list[tuple[object, ...]]:
    return office.query(f"select year, taxpayer_id, asset, {columns} from sale_balance order by all")


@pytest.fixture
def filed(office: Office) -> Office:
    rows = [
        row("2024-12-31", "BTC", "0.00000003"),
        row("2025-01-02", "BTC", "2"),
        row("2025-01-03", "ETH", "1.000000000000000001"),
        row("2025-01-03", "ДемоКоин", "5"),
        row("2025-01-03", "BTC", "4", taxpayer=OTHER_MINER, name="ТОО «Есіл»", reward="3"),
    ]
    office.file("2025-02-10", rows, period="2024-12-01")
    office.refresh()
    return office


def test_the_balance_by_plain_decimals(filed):
    trades = [
        trade("1", "0.5", "2024-12-30"),  # before the distribution, in its year
        trade("2", "0.25", "2025-01-01"),
        trade("3", "0.75", "2025-12-31"),
        trade("4", "0.1", taxpayer=OTHER_MINER, asset="эфир"),  # no obligation, none distributed
        trade("5", "3.5", taxpayer=OTHER_MINER),
        trade("6", "2", asset="ДемоКоин"),
        trade("7", "1", taxpayer=STRANGER),
        trade("8", "1", on="2023-05-05", taxpayer=OTHER_MINER),
    ]
    register(filed, *trades)
    filed.refresh()
    received = {
        (2024, MINER, "BTC", "0.5"): "0.00000003",
        (2025, MINER, "BTC", "0.75"): "2",
        (2025, MINER, "ETH", "0.75"): "1.000000000000000001",
        (2025, OTHER_MINER, "BTC", "0.75"): "4",
    }
    units = {"BTC": 8, "ETH": 18}
    owed: dict[tuple[int, str, str], Decimal] = {
        (year, who, asset): (D(quantity) * D(share)).quantize(D(1).scaleb(-units[asset]), ROUND_CEILING)
        for (year, who, asset, share), quantity in received.items()
    }
    sold: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    for line in trades:
        on, who, _, asset, quantity, *_ = line.split(",")
        sold[date.fromisoformat(on).year, who, {"эфир": "ETH"}.get(asset, asset)] += D(quantity)
    expected = []
    for place in owed.keys() | sold.keys() | {(2025, MINER, "ДемоКоин")}:
        obligation, known = owed.get(place, D(0)), sold.get(place, D(0))
        doubt = None
        if place[1:] == (OTHER_MINER, "ETH") or (place[1:] == (OTHER_MINER, "BTC") and known):
            doubt = "above_distributed"  # 3.5 + 1 of the 4 BTC, 0.1 of no ETH
        if place[1] == STRANGER:
            doubt = "unknown_taxpayer"
        if place[2] == "ДемоКоин":
            expected.append((*place, None, known, None, None, doubt))
        else:
            still, above = max(obligation - known, D(0)), max(known - obligation, D(0))
            expected.append((*place, obligation, known, still, above, doubt))
    assert balance(filed) == sorted(expected, key=lambda line: line[:3])
    classes = {(year, asset): what for year, _, asset, what in balance(filed, "asset_class") if what}
    unbacked = {(2024, "BTC"), (2025, "BTC"), (2025, "ETH")}
    assert classes == dict.fromkeys(unbacked, "unbacked") | {(2025, "ДемоКоин"): "undecided"}
    assert filed.query("select count(*) from sale_balance where taxpayer_id = ?", POOL) == [(0,)]


def test_without_a_register_nothing_is_known_to_be_sold(filed):
    assert (2025, MINER, "BTC", D("1.5"), D(0), D("1.5"), D(0), None) in balance(filed)


def test_doubled_trade_numbers_are_refused_with_their_lines(office):
    same, other = trade("7"), trade("7", "2")
    problems, _ = checked(office, trade("6"), same, same)
    assert [(one.line, one.fault, one.expected) for one in problems] == [(4, Fault.DOUBLED, 3)]
    problems, _ = checked(office, same, other)
    assert [(one.line, one.fault, one.expected) for one in problems] == [(3, Fault.CONTRADICTORY, 2)]
    elsewhere = same.replace("Биржа «Сұңқар»", "Биржа Б")
    assert checked(office, same, elsewhere)[0] == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (trade("1", "0"), Fault.NOT_POSITIVE),
        (trade("1", "-1"), Fault.NOT_POSITIVE),
        (trade("1", "көп"), Fault.NUMBER),
        (trade("1", "1" * 16), Fault.NUMBER),
        (trade("1", on="2026-03-02"), Fault.FUTURE_DAY),
        (trade("1", on="01.03.2025"), Fault.DATE),
        (trade("1", taxpayer="94014000038"), Fault.IDENTIFIER),
        (trade(""), Fault.EMPTY),
    ],
)
def test_what_cannot_be_meant_is_refused(office, line, fault):
    problems, _ = checked(office, trade("9"), line)
    assert [(one.line, one.fault) for one in problems] == [(3, fault)]
    register(office, trade("9"), line)
    report = next(one for one in reference.accept(office.settings, NOW) if one.name == "sale")
    assert report.state == "refused"


def test_what_is_odd_is_kept_with_a_warning(filed):
    filed.reference("exchange", "name,licence,from,to", "биржа «сұңқар»,AFSA-1,2025-01-01,2025-06-30")
    filed.refresh()
    problems, warnings = checked(
        filed,
        trade("1", "1", on="2025-06-30"),
        trade("2", "1.5", on="2025-07-01"),
        trade("3", taxpayer=STRANGER, on="2025-02-02"),
        trade("4", taxpayer=WRONG, on="2025-02-02", asset="Мойкоин"),
    )
    assert problems == []
    found = {(one.fault, str(one.found), one.count) for one in warnings}
    assert found == {
        (Fault.UNKNOWN_EXCHANGE, "Биржа «Сұңқар»", 1),
        (Fault.UNKNOWN_TAXPAYER, f"{STRANGER}, {WRONG}", 2),
        (Fault.CHECK_DIGIT, WRONG, 0),
        (Fault.UNKNOWN_ASSET, "Мойкоин", 0),
        (Fault.SOLD_ABOVE, f"{MINER} BTC 2.5", 0),  # 2.00000003 were distributed
    }
    above = next(one for one in warnings if one.fault is Fault.SOLD_ABOVE)
    assert above.expected == "2.00000003"
    assert "than the filings ever distributed (2.00000003)" in above.text("en")


def test_nothing_is_held_against_a_warehouse_that_is_not_there(office):
    problems, warnings = checked(office, trade("1", taxpayer=STRANGER))
    assert (problems, warnings) == ([], [])


def test_trades_never_go_in_silence_and_a_part_is_added(office):
    register(office, trade("1"), trade("2"))
    office.refresh()
    problems, _ = checked(office, trade("1"), trade("3"))
    assert [(one.fault, one.found, one.count) for one in problems] == [(Fault.TRADES_LOST, "Биржа «Сұңқар» 2", 1)]
    register(office, trade("1"), trade("3"))
    report = next(one for one in reference.accept(office.settings, NOW) if one.name == "sale")
    assert report.state == "refused"
    added = reference.add(office.settings, "sale", content(trade("3")), NOW, Mode.ADD)[0]
    assert added.problems == ()
    assert [one["trade_no"] for one in reference.rows_in_force(office.settings, "sale")] == ["1", "2", "3"]
    differs, _ = checked(office, trade("3", "9"), mode=Mode.ADD)
    assert [one.fault for one in differs] == [Fault.VALUES_DIFFER]
    replaced = reference.add(office.settings, "sale", content(trade("1")), NOW, Mode.REPLACE)[0]
    assert Fault.ROWS_LOST in {one.fault for one in replaced.warnings}
    office.refresh(moment("2026-03-02"))
    assert office.query("select trade_no from sale") == [("1",)]


def test_two_runs_are_one(filed):
    register(filed, trade("1"))
    filed.refresh()
    before = balance(filed)
    filed.refresh()
    assert balance(filed) == before
    assert reference.version_count(filed.settings, "sale") == 1
