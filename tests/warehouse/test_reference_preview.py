"""What a file would move in the figures is what it moves once it is accepted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esep.files import sha256_of
from esep.warehouse import reference, reference_preview, work
from esep.warehouse.reference_preview import PreviewState
from esep.warehouse.reference_proposal import Mode
from warehouse.warehouse_office import NOW, OTHER_MINER, row

PRICE = "date,asset,price,currency,source\n"
RATE = "date,currency,kzt_per_unit,source\n"


@pytest.fixture
def filled(office):
    office.prices("2024-12-30,BTC,90000.5,USD", "2025-01-06,BTC,100000.123456,USD", "2025-01-06,LTC,100,USD")
    office.rates("2024-12-30,USD,520.1", "2025-01-06,USD,525.123456")
    rows = [
        row("2024-12-31", "BTC", "0.333333333333333333", reward="0.01"),
        row("2025-01-06", "BTC", "0.123456789012345678", taxpayer=OTHER_MINER, reward="0.001"),
        row("2025-01-07", "LTC", "7"),
        row("2025-01-08", "BTC", "1"),
    ]
    office.file("2025-02-10", rows)
    office.refresh()
    return office


def incomes(office) -> dict[tuple[int, str], Decimal]:
    columns = "year, role, sum(income_kzt)"
    return {(year, role): income for year, role, income in office.query(
        f"select {columns} from annual_income_total where year is not null group by all"
    )}  # fmt: skip


def moved(office, name: str, content: str, mode: Mode = Mode.ADD_REPLACE) -> dict[tuple[int, str], Decimal]:
    """What the preview says; accepted and worked out, the figures moved by exactly that."""
    checked = reference.check(office.settings, name, content.encode(), mode, NOW)
    before, snapshot = incomes(office), sha256_of(office.settings.snapshot)
    seen = reference_preview.preview(office.settings, checked, NOW)
    assert seen.state is PreviewState.WORKED_OUT
    assert sha256_of(office.settings.snapshot) == snapshot
    assert not list(office.settings.warehouse.glob(".preview*"))
    _, report = reference.add(office.settings, name, content.encode(), NOW, mode)
    assert report.state in ("accepted", "unchanged")
    office.refresh()
    after = incomes(office)
    assert {(move.year, move.role): (move.before, move.after) for move in seen.moves} == {
        key: (before.get(key, 0), after.get(key, 0))
        for key in before | after
        if before.get(key, 0) != after.get(key, 0)
    }
    return {(move.year, move.role): move.difference for move in seen.moves}


def test_prices_of_other_years_move_nothing_of_this_one(filled):
    found = moved(filled, "price", PRICE + "2024-12-31,BTC,90001,USD,x\n")
    assert found.keys() == {(2024, "miner"), (2024, "pool")}


def test_new_values_days_without_a_price_and_days_that_go(filled):
    assert moved(filled, "price", PRICE + "2025-01-08,BTC,1,KZT,x\n")[2025, "miner"] == 1
    assert moved(filled, "price", PRICE + "2025-01-06,BTC,100000,USD,x\n")[2025, "miner"] < 0
    assert moved(filled, "exchange_rate", RATE + "2025-01-09,USD,1,x\n") == {}
    day_off = moved(filled, "exchange_rate", RATE + "2025-01-07,USD,1,x\n")  # takes the price of the day before
    assert day_off.keys() == {(2025, "miner")}
    found = moved(filled, "price", PRICE + "2025-01-06,LTC,100,USD,x\n", Mode.REPLACE)
    assert found.keys() == {(2025, "miner"), (2025, "pool")}


def test_what_is_accepted_and_not_loaded_yet_counts_as_it_is(filled):
    reference.add(filled.settings, "exchange_rate", (RATE + "2025-01-06,USD,1,x\n").encode(), NOW, Mode.ADD_REPLACE)
    checked = reference.check(filled.settings, "price", (PRICE + "2025-01-08,BTC,2,USD,x\n").encode(), Mode.ADD_REPLACE)
    (move,) = reference_preview.preview(filled.settings, checked, NOW).moves
    assert (move.year, move.role, move.difference) == (2025, "miner", 2)


def test_why_nothing_is_said(office):
    def state(name: str, content: str, mode: Mode = Mode.ADD) -> PreviewState:
        checked = reference.check(office.settings, name, content.encode(), mode)
        return reference_preview.preview(office.settings, checked, NOW).state

    good = PRICE + "2025-01-06,BTC,1,USD,x\n"
    assert state("price", good) is PreviewState.NO_SNAPSHOT
    office.refresh()
    assert state("price", good) is PreviewState.WORKED_OUT
    assert state("price", good + "x\n") is PreviewState.REFUSED
    assert state("licence", "licence_no,miner_id,issued_on,expires_on\n") is PreviewState.OF_NO_FIGURE


def test_an_older_snapshot_and_another_engine(office, monkeypatch):
    from dataclasses import replace

    office.refresh()
    checked = reference.check(office.settings, "price", (PRICE + "2025-01-06,BTC,1,USD,x\n").encode(), Mode.ADD)
    spark = replace(office.settings, engine="spark")
    assert reference_preview.preview(spark, checked, NOW).state is PreviewState.OTHER_ENGINE
    monkeypatch.setattr(work, "fingerprint", lambda _: "other")
    assert reference_preview.preview(office.settings, checked, NOW).state is PreviewState.OLDER_SNAPSHOT


lines = st.lists(
    st.tuples(st.sampled_from(["2024-12-31", "2025-01-06", "2025-01-08"]), st.decimals("0.000001", "99999", places=12)),
    min_size=1,
    max_size=3,
    unique_by=lambda line: line[0],
)


@given(lines, st.sampled_from(["BTC", "LTC"]))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_prices(filled, priced, asset):
    moved(filled, "price", PRICE + "".join(f"{day},{asset},{price:f},USD,x\n" for day, price in priced))
