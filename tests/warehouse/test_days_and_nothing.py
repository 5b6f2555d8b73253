"""What is not known is null and never 0: days by which a term was passed, units to sell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from warehouse.warehouse_office import moment, row

LATE = "select status, days_late, first_days_late, accepted_days_late from filing order by filing_key"


def reported(connection, expression: str) -> object:
    return connection.execute(f"select {expression}").fetchone()[0]


@pytest.mark.parametrize(
    ("day", "term", "days"),
    [
        ("date '2025-01-26'", "date '2025-01-25'", 1),
        ("date '2025-01-25'", "date '2025-01-25'", 0),
        ("date '2025-01-24'", "date '2025-01-25'", 0),
        ("date '2025-02-25'", "date '2025-01-25'", 31),
        ("null::date", "date '2025-01-25'", None),
        ("date '2025-01-25'", "null::date", None),
        ("null::date", "null::date", None),
    ],
)
def test_days_after_a_term(empty_warehouse, day, term, days):
    assert reported(empty_warehouse, f"internal.days_after({day}, {term})") == days


@pytest.mark.parametrize(
    ("base", "share", "decimals", "units"),
    [
        ("null", "0.75", "8", None),
        ("1", "null", "8", None),
        ("1", "0.75", "null", None),
        ("0", "0.75", "8", Decimal(0)),
        ("-2", "0.75", "8", Decimal(0)),
        ("2.5", "0.75", "8", Decimal("1.875")),
        ("2.5", "0.75", "0", Decimal(2)),
        ("2.5", "0.75", "18", Decimal("1.875")),
        ("0.000000000000000001", "0.75", "19", Decimal("1e-18")),
    ],
)
def test_units_to_sell_of_what_is_not_known(empty_warehouse, base, share, decimals, units):
    expression = f"quantity_to_sell({base}::decimal(38, 18), {share}::decimal(7, 6), {decimals}::integer)"
    assert reported(empty_warehouse, expression) == units


def test_nothing_accepted_and_a_period_that_nobody_could_read_have_no_days_late(office):
    rows = [row("2025-01-06")]
    office.file("2025-02-28", rows, verdict="refused")
    office.file("2025-02-27", rows, period=None, verdict="refused")
    office.file("2025-02-27", rows, period=None, pool=None)
    office.register("2025-02-28")
    office.refresh(moment("2025-03-05"))
    assert office.query(LATE) == [
        ("refused", 3, 3, None),
        ("refused", None, None, None),
        ("accepted", None, None, None),
        ("registered", None, None, None),
    ]
    office.file("2025-03-01", rows)
    office.refresh(moment("2025-03-05"))
    assert office.query(LATE)[0] == ("refused", 3, 3, 4)


def test_a_month_outside_the_calendar_has_no_due_day_and_no_days_late(office):
    office.file("2025-02-28", [row("2099-01-06")], period="2099-01-01")
    office.refresh(moment("2025-03-05"))
    calendar = "select due_effective_on, first_days_late, accepted_days_late from filing_calendar"
    assert office.query(calendar) == [(None, None, None)]
