"""Rows worth more than can be true are kept and reported, and hinder nobody else's figures."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest

from esep.warehouse import build
from esep.warehouse.rebuild import rebuild
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, OTHER_POOL, moment, row

D = Decimal
INCOME = "select taxpayer_id, quantity, valued_quantity, unvalued_quantity, income_kzt from annual_income order by all"
MINERS = INCOME.replace("order by", "where role = 'miner' order by")
GAPS = (
    "select kind, reason, asset, first_day::varchar, days, row_count, unvalued_quantity, filing_count "
    "from reference_gap where kind <> 'pool' order by all"
)
NEARLY_ALL = "999999999999"
"""Units: worth a little less than the largest value of one distribution at 1000 tenge."""


def test_a_filing_that_would_overflow_the_sums_is_left_without_a_value(office, monkeypatch):
    office.prices("2025-01-06,BTC,1000,KZT")
    office.file("2025-02-10", [row("2025-01-06", quantity="2")])
    absurd = [row("2025-01-06", quantity=NEARLY_ALL, taxpayer=OTHER_MINER) for _ in range(1200)]
    number = office.file("2025-02-11", absurd, pool=OTHER_POOL)
    office.refresh()
    everything = 1200 * D(NEARLY_ALL)
    reported = [(MINER, 2, 2, 0, 2000), (OTHER_MINER, everything, 0, everything, 0)]
    assert office.query(MINERS) == reported
    assert office.query("select count(*), count(value_kzt) from trace_income(?, 2025)", OTHER_MINER) == [(1200, 0)]
    content = office.query(INCOME)
    monkeypatch.setattr(build, "PIECE_ROWS", 1)  # each filing is a piece by itself
    rebuild(office.settings, NOW)
    assert office.query(INCOME) == content

    office.prices("2025-01-06,BTC,0.001,KZT")  # the price was wrong, not the filing
    office.refresh(moment("2026-03-02"))
    assert [line[4] for line in office.query(MINERS)] == [D("0.002"), everything / 1000]

    office.prices("2025-01-06,BTC,1000,KZT")
    office.examine(number, absurd, pool=OTHER_POOL, verdict="refused", examination_no=2)
    office.refresh(moment("2026-03-03"))
    parts = "select distinct examination_no from internal.income_part where taxpayer_id = ?"
    assert office.query(parts, OTHER_MINER) == [(1,)]  # nothing by the examination that refused it
    assert office.query(MINERS) == reported[:1]


def test_a_filing_worth_just_less_is_valued_to_the_last_decimal(office):
    office.prices("2025-01-06,BTC,1000.000000000001,KZT")
    office.file("2025-02-10", [row("2025-01-06", quantity="333333333333.123456789012345678") for _ in range(3)])
    office.refresh()
    ((_, quantity, valued, unvalued, income),) = office.query(MINERS)
    assert (valued, unvalued) == (quantity, 0)
    with localcontext(prec=100):
        value = D("333333333333.123456789012345678") * D("1000.000000000001")
        assert income == 3 * value.quantize(D("1e-12"), ROUND_HALF_UP)


def test_one_absurd_row_takes_no_value_from_the_others_of_its_filing(office):
    office.prices("2025-01-06,BTC,1000,KZT", "2025-01-06,LTC,10,KZT", "2025-01-07,BTC,1000,KZT")
    office.file(
        "2025-02-10",
        [
            row("2025-01-06", quantity="2", reward="0.1"),
            row("2025-01-06", quantity="600000000000"),  # 6 x 10^14 tenge
            row("2025-01-07", quantity="700000000000", taxpayer=OTHER_MINER),
            row("2025-01-06", "LTC", "3", taxpayer=OTHER_MINER),
            row("2025-01-06", quantity="1", reward="700000000001", taxpayer=OTHER_MINER),
        ],
    )
    office.refresh()
    # 6 + 7 + 7 x 10^14 is too much; the two larger ones are left out, the smallest remains.
    assert office.query(MINERS) == [
        (MINER, D("600000000002"), D("600000000002"), 0, D("600000000002000")),
        (OTHER_MINER, 3, 3, 0, 30),
        (OTHER_MINER, D("700000000001"), 1, D("700000000000"), 1000),
    ]
    assert office.query("select quantity, valued_quantity, income_kzt from annual_income where role = 'pool'") == [
        (0, 0, 0),
        (D("700000000001.1"), D("0.1"), 100),
    ]
    assert office.query(GAPS) == [
        ("quantity", "beyond_value", "BTC", "2025-01-06", 2, 2, D("1400000000001"), 1),
    ]
    traced = "select row, quantity, value_kzt from trace_income(?, 2025) order by row"
    assert office.query(traced, OTHER_MINER) == [
        (13, D("700000000000"), None),
        (14, 3, 30),
        (15, 1, 1000),
    ]
    content = office.query(INCOME)
    rebuild(office.settings, NOW)
    assert office.query(INCOME) == content


@pytest.mark.parametrize(
    ("quantities", "valued"),
    [
        (["999999999999"], 1),
        (["1000000000000"], 0),  # 10^15 tenge by itself
        (["999999999999.9999999999999994"], 1),
        (["999999999999.9999999999999995"], 0),  # 10^15 tenge, rounded at the 12th decimal
        (["500000000000", "499999999999.999"], 2),  # a tenge below, in all
        (["500000000000", "499999999999.9999"], 2),  # each counts in whole tenge, cut off
        (["500000000000", "500000000000"], 0),  # of equal ones none
        (["500000000000", "500000000000", "499999999999"], 1),
        (["-500000000000", "-500000000001", "1"], 2),  # a sign does not make it truer
        (["999999999999", "1"], 1),
    ],
)
def test_where_the_bound_of_a_filing_lies(office, quantities, valued):
    office.prices("2025-01-06,BTC,1000,KZT")
    office.file("2025-02-10", [row("2025-01-06", quantity=quantity) for quantity in quantities])
    office.refresh()
    assert office.query("select count(value_kzt), count(*) from distribution_value where role = 'miner'") == [
        (valued, len(quantities))
    ]
    assert office.query("select coalesce(sum(row_count), 0) from reference_gap where reason = 'beyond_value'") == [
        (len(quantities) - valued,)
    ]


@pytest.mark.parametrize(
    ("quantity", "counts", "has_value"),
    [
        ("99999999999999.999999999999999999", True, True),
        ("100000000000000", True, False),
        ("-100000000000000", True, False),
        ("999999999999999.999999999999999999", True, False),
        ("1000000000000000", False, False),
        ("-1000000000000000", False, False),
        ("1000000000000001", False, False),
    ],
)
def test_quantities_from_10_14_have_no_value_and_from_10_15_do_not_count(office, quantity, counts, has_value):
    office.prices("2025-01-06,BTC,0.001,KZT")
    office.file("2025-02-10", [row("2025-01-06", quantity=quantity, reward=quantity), row("2025-01-06", quantity="1")])
    office.refresh()
    whole = D(quantity) if counts else D(0)
    with localcontext(prec=60):
        assert office.query("select quantity, valued_quantity from annual_income where role = 'miner'") == [
            (whole + 1, whole + 1 if has_value else 1)
        ]
    excluded = [] if counts else [("8", "too_large"), ("9.2", "too_large")]
    assert office.query("select column_no, reason from excluded_row order by all") == excluded
    gaps = [] if has_value or not counts else [("quantity", "beyond_value", 2)]
    assert office.query("select kind, reason, row_count from reference_gap where kind <> 'pool'") == gaps
    assert office.query("select identity from reconciliation where not holds") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("100000000000000000000000", "too_large"),
        ("1e25", "too_large"),
        ("100 000 000 000 000 000 000 000,5", "too_large"),
        ("0.0000000000000000001", "unreadable"),
        ("много", "unreadable"),
        ("12 монет", "unreadable"),
        (None, "empty"),
        ("0,7", "looks_like_total"),  # a number that can be read has no value where R-88 asks about its row
    ],
)
def test_what_no_decimal_can_hold_is_too_large_not_unreadable(office, text, reason):
    office.file("2025-02-10", [row("2025-01-06", quantity=None, quantity_text=text)])
    office.refresh()
    assert office.query("select found, reason from excluded_row") == [(text, reason)]


def test_a_comma_with_two_readings_is_no_total(office):
    office.file(
        "2025-02-10",
        [
            row("2025-01-06", quantity=None, quantity_text="1,234"),
            row("2025-01-06", quantity="1234567.5")
            | {"quantity_text": "1,234,567.5", "reward_quantity": None, "reward_quantity_text": "1,234"},
        ],
    )
    office.refresh()
    assert office.query("select column_no, found, reason from excluded_row order by all") == [
        ("8", "1,234", "unreadable"),
        ("9.2", "1,234", "looks_like_total"),
    ]
