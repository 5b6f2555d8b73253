"""Each condition of each check: a fault that it alone notices, and what is no fault. One sound warehouse for all."""

from __future__ import annotations

import pytest

from esep.config import PROJECT
from esep.warehouse import checks
from warehouse.reckoned_office import replace

REFUSED, REPLACED, CORRECTION, OTHER, FEBRUARY, UNEXAMINED = (2025000000000 + serial for serial in range(1, 7))
"""The filings of reckoned_office.fill in order of arrival."""
FIRST_ROW = f"filing_key = {CORRECTION} and row = 11"
"""The first of several rows of a filing."""
UNCHECKED = "insert or ignore into internal.filing_unchecked select filing_key from internal.registered"


def examination(of: int, **values: object) -> str:
    """One more examination of a filing: its row with some values changed."""
    changed = ", ".join(f"{value} as {name}" for name, value in values.items())
    return f"insert into examination by name select * replace ({changed}) from examination where filing_key = {of}"


def unreadable(of: int, count: int) -> str:
    return (
        f"insert into internal.unreadable_quantity by name select {of} as filing_key, "
        f"'2025-{of % 1000:06d}' as registration_no, 'f' as file, 's' as sheet, n as row, '8' as column_no, "
        f"'empty' as reason from range({count}) as rows(n)"
    )


NOTICED = {
    "accepted, and not among the figures": (
        "accepted_without_figures",
        f"delete from internal.income_part where filing_key = {OTHER}",
    ),
    "accepted, and a single quantity of its row can be counted": (
        "accepted_without_figures",
        f"delete from internal.income_part where filing_key = {OTHER}; {unreadable(OTHER, 1)}",
    ),
    "accepted, and still to be valued": (
        "accepted_without_figures",
        f"insert into internal.filing_to_value values ({OTHER})",
    ),
    "an examination of nothing": ("examination_without_registration", examination(OTHER, filing_key=1)),
    "a refused filing among the figures": (
        "figures_of_refused_filing",
        f"update examination set accepted_from = null where filing_key = {OTHER}",
    ),
    "a number twice": (
        "filing_grain",
        "create or replace table internal.registered as "
        "from internal.registered union all (from internal.registered limit 1)",
    ),
    "a finding of no examination": (
        "finding_without_examination",
        "update internal.examination_finding set registration_no = '2025-000099' where rule_id = 'R-01'",
    ),
    "a finding whose examination is not the latest": (
        "finding_without_examination",
        f"update examination set is_latest = false where filing_key = {FEBRUARY}",
    ),
    "two latest examinations": ("examination_grain", examination(OTHER, examination_no=2)),
    "no latest examination": (
        "examination_grain",
        f"update examination set is_latest = false where filing_key = {OTHER}",
    ),
    "two examinations of one number": ("examination_grain", examination(OTHER, is_latest="false")),
    "a row twice": (
        "distribution_grain",
        f"{UNCHECKED}; insert into internal.distribution_row select * from internal.distribution_row where row = 12",
    ),
    "a part that does not add up": (
        "part_quantities",
        f"{UNCHECKED}; update internal.income_part set quantity = quantity + 1",
    ),
    "income of nothing that has a value": (
        "part_quantities",
        f"{UNCHECKED}; update internal.income_part set valued_quantity = 0, unvalued_quantity = quantity, "
        "income_kzt = 5 where row_count = 1 and quantity <> 0",
    ),
    "an identity that does not hold": ("reconciliation", "update reconciliation set holds = false"),
    "rows of another pool, the first": (
        "distribution_of_another_filing",
        f"{UNCHECKED}; update internal.distribution_row set pool_id = '0' where {FIRST_ROW}",
    ),
    "rows of another pool, the last": (
        "distribution_of_another_filing",
        f"{UNCHECKED}; update internal.distribution_row set pool_id = '9' where {FIRST_ROW}",
    ),
    "rows of an earlier month": (
        "distribution_of_another_filing",
        f"{UNCHECKED}; update internal.distribution_row set period = '2024-01-01' where {FIRST_ROW}",
    ),
    "rows of a later month": (
        "distribution_of_another_filing",
        f"{UNCHECKED}; update internal.distribution_row set period = '2026-01-01' where {FIRST_ROW}",
    ),
    "rows that are missing": (
        "distribution_of_another_filing",
        f"{UNCHECKED}; delete from internal.distribution_row where filing_key = {OTHER}",
    ),
    "a number missing between others": (
        "registration_number_gap",
        f"delete from internal.registered where filing_key = {OTHER}",
    ),
    "a number missing at the beginning": (
        "registration_number_gap",
        f"delete from internal.registered where filing_key = {REFUSED}",
    ),
    "units that the rows of the correction do not have": (
        "filing_effect_sums",
        f"{UNCHECKED}; update internal.income_part set quantity = quantity + 1 where filing_key = {CORRECTION}",
    ),
    "units of a part that the rows do not have": (
        "part_sums",
        f"{UNCHECKED}; update internal.income_part set quantity = quantity + 1e-18 where filing_key = {REPLACED}",
    ),
    "tenge of a part that the rows are not worth": (
        "part_sums",
        f"{UNCHECKED}; update internal.income_part set income_kzt = income_kzt + 1e-11 where filing_key = {REPLACED}",
    ),
    "parts of the miners that are missing": (
        "part_sums",
        f"{UNCHECKED}; delete from internal.income_part where filing_key = {REPLACED} and role = 'miner'",
    ),
    "a correction of other rows": (
        "filing_effect_sums",
        f"{UNCHECKED}; update internal.distribution_row set quantity = 9 where filing_key = {CORRECTION} and row = 12",
    ),
    "a correction without an effect": (
        "filing_effect_sums",
        f"{UNCHECKED}; create temp table filing_effect as from main.filing_effect limit 0",
    ),
}
PASSING = {
    "thousands of numbers in each of two years": (
        "registration_number_gap",
        "create or replace table internal.registered as "
        "select one.* replace ((2024 + year) * 1000000000 + serial as filing_key) "
        "from (from internal.registered limit 1) as one, range(2) as years(year), range(1, 3001) as serials(serial)",
    ),
    "a filing that is neither accepted nor among the figures": (
        "accepted_without_figures",
        f"delete from internal.income_part where filing_key = {OTHER};"
        f"update examination set accepted_from = null where filing_key = {OTHER}",
    ),
    "an accepted filing without a quantity that can be counted": (
        "accepted_without_figures",
        f"delete from internal.income_part where filing_key = {OTHER}; {unreadable(OTHER, 2)}",
    ),
    "an earlier examination that was not accepted": (
        "figures_of_refused_filing",
        examination(OTHER, examination_no=2, is_latest="false", accepted_from="null"),
    ),
    "an earlier examination": ("examination_grain", examination(OTHER, examination_no=2, is_latest="false")),
    "what was checked before": (
        "distribution_grain",
        "delete from internal.filing_unchecked;"
        "insert into internal.distribution_row from internal.distribution_row where row = 12",
    ),
    "parts that were checked before": (
        "part_quantities",
        "delete from internal.filing_unchecked; update internal.income_part set quantity = quantity + 1",
    ),
    "income of several rows of which some have a value": (
        "part_quantities",
        f"{UNCHECKED}; update internal.income_part set row_count = 2, valued_quantity = 0, "
        "unvalued_quantity = quantity, income_kzt = 5 where row_count = 1",
    ),
    "a filing examined without any rows": (
        "distribution_of_another_filing",
        f"{UNCHECKED}; delete from internal.distribution_row where filing_key = {OTHER};"
        f"update examination set row_count = 0 where filing_key = {OTHER}",
    ),
    "rows of a filing whose pool nobody could read": (
        "distribution_of_another_filing",
        f"{UNCHECKED}; update internal.distribution_row set pool_id = null, period = null where filing_key = {OTHER};"
        f"update examination set pool_id = null, period = null where filing_key = {OTHER}",
    ),
    "two accepted filings of pools that nobody could read": (
        "in_force_grain",
        f"update examination set pool_id = null where filing_key in ({OTHER}, {FEBRUARY})",
    ),
    "two accepted filings of months that nobody could read": (
        "in_force_grain",
        f"update examination set period = null where filing_key in ({CORRECTION}, {FEBRUARY})",
    ),
    "the last number of a year": (
        "registration_number_gap",
        f"delete from internal.registered where filing_key = {UNEXAMINED}",
    ),
}


def bad_rows(connection, check: str) -> list[dict[str, object]]:
    return checks.bad_rows(connection, PROJECT / "sql" / "checks" / f"{check}.sql")


def done(connection, statements: str) -> None:
    for statement in statements.split(";"):
        connection.execute(statement)


@pytest.mark.parametrize(("check", "statements"), NOTICED.values(), ids=NOTICED)
def test_noticed(connection, check, statements):
    done(connection, statements)
    assert bad_rows(connection, check)


@pytest.mark.parametrize(("check", "statements"), PASSING.values(), ids=PASSING)
def test_passing(connection, check, statements):
    done(connection, statements)
    assert bad_rows(connection, check) == []


@pytest.mark.parametrize("check", ["in_force_grain", "in_force_not_accepted"])
def test_two_filings_of_a_month_in_force_are_noticed(connection, check):
    replace(connection, "filing/internal/in_force_at", ") = 1;", ") <= 2;")
    assert bad_rows(connection, check)


def test_an_accepted_filing_that_is_not_in_force_is_noticed(connection):
    replace(connection, "filing/internal/in_force_at", ") = 1;", ") = 9;")
    assert bad_rows(connection, "in_force_not_accepted")
    assert bad_rows(connection, "in_force_grain") == []
