"""The ledger and the figures on a case small enough to be worked out with a pencil."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from esep.clock import TIMEZONE
from esep.demo import ledger as reckoned
from esep.demo.ledger import calendar_states, make_ledger
from esep.demo.market import Market
from esep.demo.people import Contact, Habits, Miner, Pool
from esep.demo.plan import Fault, Package, Plan, Row

ANNA = Miner("Anna", "000000000001", "L-1", date(2023, 6, 1), {"BTC": "a", "ETH": "a"})
BOTA = Miner("Bota", "000000000002", "L-2", date(2023, 6, 1), {"BTC": "b"})
POOL = Pool(
    "Pool",
    "000000000009",
    date(2024, 11, 1),
    Contact("address", "phone", "e-mail", "executor", "head"),
    Habits("kk", "9.1/9.2", "folder", "docx", "comma", "dotted", "ticker"),
    ("BTC",),
    (ANNA, BOTA),
    Miner("Pool", "000000000009", None, None, {"BTC": "p"}),
)
DECEMBER = date(2024, 12, 1)
MARKET = Market(
    prices={
        (date(2024, 12, 13), "BTC"): (Decimal("100.5"), "USD"),
        (date(2024, 12, 14), "BTC"): (Decimal("999"), "USD"),
        (date(2024, 12, 17), "BTC"): (Decimal("70000"), "KZT"),
        (date(2025, 1, 6), "BTC"): (Decimal("200"), "USD"),
    },
    rates={date(2024, 12, 13): Decimal("500"), date(2024, 12, 14): Decimal("510"), date(2025, 1, 4): Decimal("520")},
)


def row(miner, day, quantity, asset="BTC", reward="0.1"):
    return Row(miner, miner.number, day, asset, quantity and Decimal(quantity), asset, Decimal(reward))


def package(name, day, rows=(), **what):
    month, number = day
    arrival = datetime(2025, month, number, 12, tzinfo=TIMEZONE)
    return Package(name, arrival, "1", POOL, what.pop("period", DECEMBER), tuple(rows), **what)


def entries_of(*packages):
    return make_ledger(Plan((POOL,), packages))


ROWS = [
    row(ANNA, date(2024, 12, 13), "2"),  # its own price: 100.5 × 500
    row(ANNA, date(2024, 12, 14), "1"),  # Saturday: Friday's price, Saturday's rate
    row(ANNA, date(2024, 12, 17), "0.00000003"),  # priced in tenge
    row(BOTA, date(2024, 12, 18), "5"),  # no price
    row(BOTA, date(2025, 1, 6), "1"),  # next year; the rate of 4 January is the last before it
    row(ANNA, date(2024, 12, 13), "7", asset="ETH"),  # never a price
    row(BOTA, None, "3"),  # a day that cannot be read: December's year, no price
    row(BOTA, date(2024, 12, 13), None),  # a quantity that cannot be read: excluded, its reward counts
]


@pytest.fixture
def incomes():
    return reckoned.annual_income(entries_of(package("one", (1, 20), ROWS)).in_force(), MARKET)


def test_income_of_miners(incomes):
    anna = incomes[2024, "miner", ANNA.number, "BTC"]
    assert anna.quantity == anna.valued_quantity == Decimal("3.00000003")
    assert anna.income_kzt == Fraction("100500") + Fraction("51255") + Fraction("0.0021")
    bota = incomes[2024, "miner", BOTA.number, "BTC"]
    assert (bota.quantity, bota.valued_quantity, bota.unvalued_quantity, bota.income_kzt) == (8, 0, 8, 0)
    assert incomes[2025, "miner", BOTA.number, "BTC"].income_kzt == 104000


def test_income_of_the_pool_counts_every_reward(incomes):
    pool = incomes[2024, "pool", POOL.number, "BTC"]
    assert (pool.quantity, pool.valued_quantity) == (Decimal("0.6"), Decimal("0.4"))


def test_totals_round_half_up_and_name_what_has_no_value(incomes):
    totals = reckoned.annual_total(incomes)
    assert totals[2024, "miner", ANNA.number].rounded == Decimal("151755.00")
    assert totals[2024, "miner", ANNA.number].unvalued_assets == {"ETH"}
    assert reckoned.Total(Fraction("0.005")).rounded == Decimal("0.01")


def test_sale_obligation_rounds_up_at_the_smallest_unit(incomes):
    obligations = reckoned.sale_obligation(incomes)
    assert obligations[2024, "miner", ANNA.number, "BTC", Decimal("0.50")].quantity_to_sell == Decimal("1.50000002")
    assert obligations[2024, "miner", ANNA.number, "ETH", Decimal("0.50")].quantity_to_sell == Decimal("3.5")
    assert obligations[2025, "miner", BOTA.number, "BTC", Decimal("0.75")].quantity_to_sell == Decimal("0.75")
    assert not [key for key in obligations if key[1] == "pool"]


def test_register_of_a_stormy_month():
    ledger = entries_of(
        package("refused", (1, 10), ROWS, fault=Fault.NO_SIGNATURE),
        package("refiled", (1, 29), ROWS),
        package("again", (2, 1), ROWS, repeats="refiled"),
        package("corrected", (2, 10), ROWS[:1], change_date=date(2025, 1, 24)),
        package("bad correction", (2, 15), ROWS[:2], fault=Fault.NO_ROWS),
        package("old version", (2, 20), ROWS, repeats="refiled"),
    )
    reported = [(e.registration_no, e.kind, e.status, e.replaces, e.days_late) for e in ledger.entries]
    assert reported == [
        ("2025-000001", "new", "refused", None, 0),
        ("2025-000002", "refiling", "superseded", "2025-000001", 2),
        ("2025-000003", "correction", "superseded", "2025-000002", 3),
        ("2025-000004", "correction", "refused", "2025-000003", None),
        ("2025-000005", "correction", "accepted", "2025-000003", None),
    ]
    assert ledger.duplicates == {"again": "2025-000002"}
    assert [e.registration_no for e in ledger.in_force()] == ["2025-000005"]
    assert [e.registration_no for e in ledger.in_force(datetime(2025, 2, 12, tzinfo=TIMEZONE))] == ["2025-000003"]


def test_states_of_the_months():
    november, january, february = date(2024, 11, 1), date(2025, 1, 1), date(2025, 2, 1)
    plan = Plan(
        (POOL,),
        (
            package("late", (1, 29), ROWS),
            package("refused", (2, 5), ROWS, period=january, fault=Fault.NO_ROWS),
            package("filed", (3, 10), ROWS, period=february),
            package("unsigned correction", (3, 20), ROWS[:1], period=february, fault=Fault.NO_SIGNATURE),
        ),
    )
    ledger = make_ledger(plan)
    states = calendar_states(plan, ledger, {POOL.number: [november, DECEMBER, january, february]})
    assert list(states.values()) == ["silent", "late", "refused", "waiting"]
    assert [entry.status for entry in ledger.entries] == ["accepted", "refused", "accepted", "registered"]


def test_a_fraction_without_an_end_has_no_decimal_form():
    assert reckoned.to_decimal(Fraction(1, 8)) == Decimal("0.125")
    with pytest.raises(ValueError, match="1/3"):
        reckoned.to_decimal(Fraction(1, 3))
