"""A filing worth more than can be true is kept and told, and hinders nobody else's figures."""

from __future__ import annotations

from decimal import Decimal, localcontext

from esep.warehouse.rebuild import rebuild
from warehouse.warehouse_office import MINER, NOW, OTHER_MINER, OTHER_POOL, moment, row

D = Decimal
INCOME = "select taxpayer_id, quantity, valued_quantity, unvalued_quantity, income_kzt from annual_income order by all"
MINERS = INCOME.replace("order by", "where role = 'miner' order by")
NEARLY_ALL = "999999999999"
"""Units: worth a little less than the largest value of one distribution at 1000 tenge."""


def test_a_filing_that_would_overflow_the_sums_is_left_without_a_value(office):
    office.prices("2025-01-06,BTC,1000,KZT")
    office.file("2025-02-10", [row("2025-01-06", quantity="2")])
    absurd = [row("2025-01-06", quantity=NEARLY_ALL, taxpayer=OTHER_MINER) for _ in range(1200)]
    number = office.file("2025-02-11", absurd, pool=OTHER_POOL)
    office.refresh()
    everything = 1200 * D(NEARLY_ALL)
    told = [(MINER, 2, 2, 0, 2000), (OTHER_MINER, everything, 0, everything, 0)]
    assert office.query(MINERS) == told
    assert office.query("select count(*), count(value_kzt) from trace_income(?, 2025)", OTHER_MINER) == [(1200, 0)]
    content = office.query(INCOME)
    rebuild(office.settings, NOW)
    assert office.query(INCOME) == content

    office.prices("2025-01-06,BTC,0.001,KZT")  # the price was wrong, not the filing
    office.refresh(moment("2026-03-02"))
    assert [line[4] for line in office.query(MINERS)] == [D("0.002"), everything / 1000]

    office.prices("2025-01-06,BTC,1000,KZT")
    office.examine(number, absurd, pool=OTHER_POOL, verdict="refused", examination_no=2)
    office.refresh(moment("2026-03-03"))
    parts = "select distinct examination_no from income_part where taxpayer_id = ?"
    assert office.query(parts, OTHER_MINER) == [(1,)]  # nothing by the examination that refused it
    assert office.query(MINERS) == told[:1]


def test_a_filing_worth_just_less_is_valued_to_the_last_decimal(office):
    office.prices("2025-01-06,BTC,1000.000000000001,KZT")
    office.file("2025-02-10", [row("2025-01-06", quantity="333333333333.123456789012345678") for _ in range(3)])
    office.refresh()
    ((_, quantity, valued, unvalued, income),) = office.query(MINERS)
    assert (valued, unvalued) == (quantity, 0)
    with localcontext(prec=100):
        exact = 3 * D("333333333333.123456789012345678") * D("1000.000000000001")
        assert income == round(exact, 20)
