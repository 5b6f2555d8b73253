"""Small faults in figures, checks and identities, one at a time on one warehouse: each is noticed by some check."""

from __future__ import annotations

from decimal import Decimal

import pytest

from esep.config import PROJECT
from esep.forms.values.quantity import COUNTED_BELOW
from esep.warehouse import checks
from warehouse.reckoned_office import Fault, replace

CHECKS = PROJECT / "sql" / "checks"


@pytest.mark.parametrize("check", sorted(path.stem for path in CHECKS.glob("*.sql")))
def test_a_sound_warehouse_passes_each_check(connection, check):
    assert checks.bad_rows(connection, CHECKS / f"{check}.sql") == []


DAY = "day = date '2025-01-06' and asset = 'BTC'"
SPLIT = (
    "insert into internal.daily_asset by name select * replace (timestamptz '2025-05-01' as known_from) "
    f"from internal.daily_asset where {DAY};"
)
FIRST_UNTIL = (
    f"update internal.daily_asset set known_to = timestamptz '{{}}' "
    f"where {DAY} and known_from = internal.first_moment()"
)


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        # A day with two spans: a gap between them, an overlap, a beginning too late, an end too early, turned round.
        (SPLIT + FIRST_UNTIL.format("2025-04-30"), "daily_asset_grain"),
        (SPLIT + FIRST_UNTIL.format("2025-05-02"), "daily_asset_grain"),
        (f"update internal.daily_asset set known_from = timestamptz '2025-05-01' where {DAY}", "daily_asset_grain"),
        (f"update internal.daily_asset set known_to = timestamptz '2025-05-01' where {DAY}", "daily_asset_grain"),
        (
            f"update internal.daily_asset set known_from = 'infinity', known_to = '-infinity' where {DAY}",
            "daily_asset_grain",
        ),
        ("update internal.income_part set unvalued_quantity = unvalued_quantity + 1", "part_quantities"),
        ("update internal.income_part set quantity = quantity - 1", "part_quantities"),
        (
            "update internal.income_part set valued_quantity = 0, unvalued_quantity = quantity where row_count = 1",
            "part_quantities",
        ),
        ("update examination set row_count = row_count + 1", "distribution_of_another_filing"),
        ("update examination set row_count = row_count - 1", "distribution_of_another_filing"),
        ("update internal.distribution_row set period = '2024-01-01' where row = 11", "distribution_of_another_filing"),
        ("update internal.distribution_row set period = '2026-01-01' where row = 11", "distribution_of_another_filing"),
        ("update internal.distribution_row set pool_id = '0' where row = 11", "distribution_of_another_filing"),
        ("update internal.distribution_row set pool_id = '9' where row = 11", "distribution_of_another_filing"),
        ("update examination set pool_id = null", "distribution_of_another_filing"),
        ("update examination set period = null", "distribution_of_another_filing"),
        ("insert into examination select * from examination limit 1", "examination_grain"),
        ("update examination set registration_no = '2025-000002'", "examination_grain"),
        (
            "insert into internal.registered by name "
            "select * replace ('x' as registration_no) from internal.registered limit 1",
            "registration_number_gap",
        ),
        ("delete from internal.income_part where filing_key = 2025000000004", "accepted_without_figures"),
        ("update examination set accepted_from = null", "figures_of_refused_filing"),
    ],
)
def test_each_check_notices(connection, statement, check):
    for one in statement.split(";"):
        connection.execute(one)
    assert checks.bad_rows(connection, CHECKS / f"{check}.sql")


@pytest.mark.parametrize("column", ["quantity", "unvalued_quantity", "income_kzt"])
def test_entries_that_do_not_add_up_to_the_figures_are_noticed_by_each_sum(connection, column):
    # A filing in force that no span tells, all sums of which are 0 but one.
    values = {name: int(name == column) for name in ("quantity", "unvalued_quantity", "income_kzt")}
    reported = ", ".join(f"{name} = {value}" for name, value in values.items())
    connection.execute(f"update internal.income_part set {reported} where filing_key = 2025000000004")
    assert checks.bad_rows(connection, CHECKS / "income_entry_sums.sql") == []
    end = "where filing_key is not null"
    replace(connection, "filing/internal/in_force_span", f"{end};", f"{end} and filing_key <> 2025000000004;")
    noticed = checks.bad_rows(connection, CHECKS / "income_entry_sums.sql")
    assert [{row[name] for row in noticed} for name in values] == [{value} for value in values.values()]


def identities(connection) -> list[str]:
    """Those that do not hold, asked anew."""
    return sorted(
        name
        for source in (
            "internal.reconciliation_overall",
            "internal.reconciliation_of_years(2025, 2025)",
            "internal.reconciliation_of_years(2024, 2024)",
        )
        for (name,) in connection.execute(f"select identity from {source} where not holds").fetchall()
    )


VALUES = "income: values of the rows = annual figures (2025)"
POOLS = "income: pools = pools whose rows add up to their figures (2025)"
MONTHS = "income: months = year (2025)"
TOTALS = "income: totals of taxpayers = their assets added up (2025)"
FIT = "sale: obligations = obligations that fit their share (2025)"
ROWS = "quantity: rows = annual figures (2025)"
PARTS = "quantity: valued + unvalued = all (2025)"


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        (
            Fault(
                file="figures/internal/income_ledger",
                old="sum(income_kzt)",
                new="0.000000000001 + sum(income_kzt)",
            ),
            {VALUES, POOLS},
        ),
        (
            Fault(
                file="figures/internal/income_ledger",
                old="sum(quantity)",
                new="0.000000000000000001 + sum(quantity)",
            ),
            {ROWS, POOLS},
        ),
        (Fault("update internal.income_part set valued_quantity = valued_quantity + 1 where year = 2025"), {PARTS}),
        (Fault("update internal.income_part set unvalued_quantity = unvalued_quantity + 1 where year = 2025"), {PARTS}),
        # One pool's rows under the other's name: the sum of all pools stays what it was.
        (
            Fault(
                file="figures/income_by_pool",
                old="    pool_id,\n    asset,\n    sum",
                new="    "
                "case pool_id when '230640000018' then '230640000008' else '230640000018' end as pool_id,\n"
                "    asset,\n    sum",
            ),
            {POOLS},
        ),
        (Fault(file="figures/income_by_pool", old="sum(income_kzt)", new="2 * sum(income_kzt)"), {POOLS}),
        (Fault(file="figures/income_by_pool", old="sum(quantity)", new="2 * sum(quantity)"), {POOLS}),
        (Fault(file="figures/income_by_pool", old="sum(row_count)", new="2 * sum(row_count)"), {POOLS}),
        (Fault(file="figures/internal/monthly_income_at", old="sum(income_kzt)", new="2 * sum(income_kzt)"), {MONTHS}),
        (
            Fault(
                file="figures/internal/annual_income_total_at",
                old="        sum(income_kzt)",
                new="        2 * sum(income_kzt)",
            ),
            {TOTALS},
        ),
        (Fault("update asset set decimals = 0"), set()),  # the wrong unit fits itself: found by the second reckoning
        (Fault(file="figures/quantity_to_sell", old="            decimals\n", new="            7\n"), {FIT}),
        (Fault(file="figures/quantity_to_sell", old="            decimals\n", new="            9\n"), set()),
        (
            Fault(
                file="figures/internal/up_to_smallest_unit", old="- 1)", new="- internal.smallest_unit_e18(decimals))"
            ),
            {FIT},
        ),
        (Fault(file="figures/internal/up_to_smallest_unit", old="- 1)", new="+ 0)"), {FIT}),
    ],
)
def test_each_identity_notices(connection, fault, broken):
    assert identities(connection) == []
    if fault.file:
        replace(connection, fault.file, fault.old, fault.new)
    else:
        connection.execute(fault.statement)
    found = set(identities(connection))
    assert broken <= found
    if broken:
        assert {name for name in found if name.endswith("(2025)")} == broken


@pytest.mark.parametrize(
    ("quantity", "base", "share", "decimals", "fits"),
    [
        ("0.75", "1", "0.75", 8, True),
        ("0.75000001", "1", "0.75", 8, False),
        ("0.750000009999999999", "1", "0.75", 8, True),
        ("0.74999999", "1", "0.75", 8, False),
        ("0.749999999999999999", "1", "0.75", 18, False),
        ("1", "1", "0.75", 0, True),
        ("1", "1", "0.75", 8, False),
        ("1.75", "1", "0.75", 0, False),
        ("0.000000000000000001", "0.000000000000000001", "0.75", 24, True),
        ("0.000000000000000002", "0.000000000000000001", "0.75", 24, False),
        ("0", "-3", "0.75", 8, True),
        ("1", "-3", "0.75", 8, False),
        ("0", "0", "0.75", 8, True),
        ("-0.75", "1", "0.75", 8, False),
        ("9999999999999.999999999999999999", "9999999999999.999999999999999999", "1", 8, True),
        ("5000000000000", "9999999999999.9", "0.5", 8, False),
        ("7500000000000", "10000000000000", "0.75", 8, True),
        ("7500000000100", "10000000000000", "0.75", 8, False),
        ("7499999999900", "10000000000000", "0.75", 8, False),
        ("500000000000000", "1", "0.75", 8, False),
    ],
)
def test_an_obligation_fits_its_share_to_the_smallest_unit(sound_work, quantity, base, share, decimals, fits):
    reported = sound_work.execute(
        "select internal.is_smallest_share(?::decimal(38, 18), ?::decimal(38, 18), ?::decimal(7, 6), ?::integer)",
        [quantity, base, share, decimals],
    ).fetchone()[0]
    assert reported is fits


@pytest.mark.parametrize(
    ("decimals", "day", "expected"),
    [(8, "2019-01-01", 8), (8, "2024-12-31", 8), (6, "2025-01-01", 6), (6, "2030-01-01", 6)],
)
def test_the_smallest_unit_counts_by_date(connection, decimals, day, expected):
    connection.execute("update asset set valid_to = '2024-06-30' where ticker = 'BTC'")
    connection.execute("insert into asset values ('BTC', 'unbacked', 6, '2025-01-01', null, 'test')")
    (reported,) = connection.execute(
        "select decimals from internal.smallest_unit where asset = 'BTC' and ?::date between valid_from and valid_to",
        [day],
    ).fetchall()
    assert reported == (expected,)
    years = connection.execute(
        "select distinct year, decimals from sale_obligation where asset = 'BTC' order by year"
    ).fetchall()
    assert years == [(2024, 8), (2025, 6)]
    months = connection.execute(
        "select distinct period::varchar, decimals from monthly_sale_obligation where asset = 'BTC' order by 1"
    ).fetchall()
    assert months == [("2024-12-01", 8), ("2025-01-01", 6), ("2025-02-01", 6)]


@pytest.mark.parametrize(
    ("quantity", "counts"),
    [("999999999999999.999999999999999999", True), ("1000000000000000", False), ("-1000000000000000", False)],
)
def test_the_bound_of_what_counts(sound_work, quantity, counts):
    ((reported,),) = sound_work.execute("select internal.counted_quantity(?::decimal(38, 18))", [quantity]).fetchall()
    assert (reported is not None) is counts
    assert (Decimal(quantity).copy_abs() < COUNTED_BELOW) is counts
