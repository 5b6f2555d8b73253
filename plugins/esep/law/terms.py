"""The order's terms, and those that it leaves open and the office sets for itself (dated rows of office_practice.csv).

An event's day is day 0; a term ends with its last day, local time (facts section 5).
"""

from __future__ import annotations

from datetime import date

from esep.clock import month_after
from esep.law import tables
from esep.law.calendar import working_calendar

REMINDER = "reminder_working_days"
REFILING = "refiling_working_days"
SILENCE = "silence_working_days"
HISTORY = "history_calendar_days"
"""Names of the terms of the office's practice."""
FILING_DAY = 25
EXAMINATION_WORKING_DAYS = 2
NOTICE_WORKING_DAYS = 5
CORRECTION_WORKING_DAYS = 10
FIRST_PERIOD = date(2023, 5, 1)
"""First month for which an accredited pool is expected to file: the order was registered on 28.04.2023."""


def due_on(period: date) -> date:
    """Para 5: the 25th of the month after the month of distribution. `period` is any day of that month."""
    return month_after(period).replace(day=FILING_DAY)


def due_effective_on(period: date) -> date:
    """The 25th, moved to the next working day when it is a day off (the order is silent; the usual reading)."""
    return working_calendar().working_day_on_or_after(due_on(period))


def remind_on(period: date) -> date:
    """The day of the reminder, which the order does not know: so many working days before the effective due day."""
    due = due_effective_on(period)
    days = practice_days(REMINDER, due)
    return working_calendar().subtract_working_days(due, days) if days else due


def examine_by(registered_on: date) -> date:
    """Para 8: completeness is checked within 2 working days from registration."""
    return working_calendar().add_working_days(registered_on, EXAMINATION_WORKING_DAYS)


def notice_by(detected_on: date) -> date:
    """Para 10: the notice goes out within 5 working days of detection."""
    return working_calendar().add_working_days(detected_on, NOTICE_WORKING_DAYS)


def correction_due(change_date: date) -> date:
    """Para 6: changed data are sent within 10 working days from the day of change."""
    return working_calendar().add_working_days(change_date, CORRECTION_WORKING_DAYS)


def days_late(received_on: date, period: date) -> int:
    """Calendar days of the local arrival date past the effective due date; 0 if in time."""
    return max(0, (received_on - due_effective_on(period)).days)


def is_history(registered_on: date, taken_in_on: date) -> bool:
    """Whether a filing was stamped so long before it was taken in that the terms of para 8 are told of nobody.

    `taken_in_on` is the local day on which this machine registered it. See office_practice.csv.
    """
    return (taken_in_on - registered_on).days >= practice_days(HISTORY, taken_in_on)


def practice_days(name: str, day: date) -> int:
    """The number of days in force on `day`, of the kind that the name tells; LookupError where no row covers it."""
    for row in tables.read("office_practice"):
        if row["name"] == name and tables.in_force(row, day):
            return int(row["value"])
    raise LookupError(f"office_practice.csv: no row {name} is in force on {day}; add one with its source")
