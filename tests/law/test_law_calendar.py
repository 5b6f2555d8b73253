"""Vectors of facts section 5, and the shape of the calendar."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import esep
from esep.law import calendar, tables
from esep.law.calendar import CalendarDay, WorkingCalendar, working_calendar

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("event", "n", "deadline"),
    [
        ("2026-10-23", 2, "2026-10-28"),
        ("2026-03-19", 2, "2026-03-26"),
        ("2024-05-03", 2, "2024-05-06"),
        ("2025-01-02", 2, "2025-01-06"),
        ("2026-08-28", 2, "2026-09-01"),
        ("2026-03-13", 2, "2026-03-17"),
        ("2026-05-06", 2, "2026-05-12"),
        ("2026-05-06", 5, "2026-05-15"),
        ("2026-05-06", 10, "2026-05-22"),
        ("2024-12-13", 5, "2024-12-23"),
    ],
)
def test_terms_in_working_days(event: str, n: int, deadline: str) -> None:
    assert working_calendar().add_working_days(d(event), n) == d(deadline)
    term = {2: calendar.examine_by, 5: calendar.notice_by, 10: calendar.correction_due}[n]
    assert term(d(event)) == d(deadline)


@pytest.mark.parametrize(
    ("due", "effective"),
    [
        ("2025-10-25", "2025-10-28"),
        ("2026-01-25", "2026-01-26"),
        ("2026-03-25", "2026-03-26"),
        ("2026-04-25", "2026-04-27"),
        ("2026-07-25", "2026-07-27"),
        ("2026-10-25", "2026-10-27"),
        ("2025-02-25", "2025-02-25"),
    ],
)
def test_the_25th_moves_to_a_working_day(due: str, effective: str) -> None:
    period = (d(due).replace(day=1) - timedelta(days=1)).replace(day=1)
    assert calendar.due_on(period) == d(due)
    assert calendar.due_effective_on(period) == d(effective)


@pytest.mark.parametrize(
    ("received", "price_day"),
    [
        ("2026-03-22", "2026-03-20"),
        ("2026-03-25", "2026-03-20"),
        ("2025-01-05", "2025-01-05"),
        ("2024-05-08", "2024-05-06"),
    ],
)
def test_price_days(received: str, price_day: str) -> None:
    assert working_calendar().working_day_on_or_before(d(received)) == d(price_day)


@pytest.mark.parametrize("day", ["2024-05-04", "2025-01-05", "2023-07-01", "2026-08-31", "2026-03-16", "2022-10-22"])
def test_days_that_are_worked(day: str) -> None:
    assert working_calendar().is_working(d(day))


@pytest.mark.parametrize(
    "day",
    ["2024-05-08", "2025-01-03", "2023-07-07", "2025-09-01", "2027-03-15", "2024-01-01", "2025-06-06", "2024-01-07"],
)
def test_days_off(day: str) -> None:
    assert not working_calendar().is_working(d(day))


def test_december_is_due_in_january_of_the_next_year() -> None:
    assert calendar.due_on(date(2025, 12, 1)) == date(2026, 1, 25)
    assert calendar.due_on(date(2025, 12, 31)) == date(2026, 1, 25)


def test_the_reminder_goes_five_working_days_before_the_effective_due_day() -> None:
    # September 2025: due Tuesday 28 October; before it 24, 23, 22, 21 and 20 October are worked, 25 to 27 are not.
    assert calendar.remind_on(date(2025, 9, 1)) == date(2025, 10, 20)


def test_rows_hold_every_day_once_with_a_source() -> None:
    rows = list(working_calendar().rows())
    assert [row.day for row in rows] == [date(2020, 1, 1) + timedelta(days=n) for n in range(len(rows))]
    assert rows[-1].day == date(2035, 12, 31)
    assert all(row.source for row in rows)
    assert all(row.reason for row in rows if not row.working)
    assert all(row.working == working_calendar().is_working(row.day) for row in rows)


def test_a_special_day_stands_above_the_week() -> None:
    tuesday = CalendarDay(date(2025, 2, 11), False, "made up", "test")
    sunday = CalendarDay(date(2025, 2, 16), True, "made up", "test")
    calendar = WorkingCalendar({tuesday.day: tuesday, sunday.day: sunday})
    assert not calendar.is_working(tuesday.day)
    assert calendar.is_working(sunday.day)
    assert calendar.add_working_days(date(2025, 2, 10), 1) == date(2025, 2, 12)
    assert calendar.add_working_days(date(2025, 2, 14), 1) == sunday.day
    assert {tuesday, sunday} < set(calendar.rows(2025, 2025))


def test_an_override_stands_above_the_snapshot() -> None:
    """8 May 2024 is reported by both; the act's number comes from the override."""
    assert any(row["date"] == date(2024, 5, 8) for row in tables.read("holiday"))
    assert "G24G0000109" in working_calendar().day(date(2024, 5, 8)).source


def test_reasons_in_three_languages() -> None:
    for row in working_calendar().rows():
        if row.reason:
            assert row.reason_in("en") == row.reason
            assert row.reason_in("ru") != row.reason != row.reason_in("kk")
    assert working_calendar().day(date(2026, 12, 16)).reason_in("ru") == "День Независимости"
    assert working_calendar().day(date(2026, 12, 19)).reason_in("kk") == "Сенбі"


def test_terms_reach_over_the_last_year_of_the_snapshot() -> None:
    # 1 and 2 January are holidays, the 5th and 6th a weekend, the 7th Christmas: worked are the 3rd, 4th, 8th to 10th.
    assert calendar.notice_by(date(2035, 12, 31)) == date(2036, 1, 10)
    assert working_calendar().working_day_on_or_before(date(2020, 1, 2)) == date(2019, 12, 31)


def test_far_from_the_snapshot_the_week_alone_counts() -> None:
    assert working_calendar().is_working(date(2050, 12, 16))  # a Friday, and Independence Day
    assert not working_calendar().is_working(date(2050, 12, 17))


@given(days, st.integers(1, 15))
def test_a_term_counts_exactly_its_working_days(day: date, n: int) -> None:
    calendar = working_calendar()
    deadline = calendar.add_working_days(day, n)
    between = [day + timedelta(days=k) for k in range(1, (deadline - day).days + 1)]
    assert sum(map(calendar.is_working, between)) == n
    assert calendar.is_working(deadline)


@given(days, st.integers(1, 15))
def test_counting_back_undoes_counting_on(day: date, n: int) -> None:
    calendar = working_calendar()
    assert calendar.subtract_working_days(calendar.add_working_days(day, n), n) == calendar.working_day_on_or_before(
        day
    )


@given(days)
def test_nearest_working_days(day: date) -> None:
    calendar = working_calendar()
    before, after = calendar.working_day_on_or_before(day), calendar.working_day_on_or_after(day)
    assert before <= day <= after
    assert (before == day) == (after == day) == calendar.is_working(day)


@pytest.mark.parametrize("n", [0, -1])
def test_a_term_needs_a_day(n: int) -> None:
    with pytest.raises(ValueError, match="one day or more"):
        working_calendar().add_working_days(date(2025, 1, 1), n)
    with pytest.raises(ValueError, match="one day or more"):
        working_calendar().subtract_working_days(date(2025, 1, 1), n)


def test_the_law_imports_light() -> None:
    """DAG files import the law; none of these may come with it."""
    code = (
        "import sys, esep.law.calendar, esep.law.assets, esep.law.wallets, esep.law.identifiers; "
        "print([m for m in ('pandas', 'numpy', 'pyarrow', 'holidays', 'duckdb') if m in sys.modules])"
    )
    plugins = Path(esep.__file__).parents[1]
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(plugins)}
    )
    assert answer.stdout.strip() == "[]"
