"""Terms that the order leaves open and the office sets for itself: dated rows of office_practice.csv."""

from __future__ import annotations

from datetime import date

from esep.law import tables

REMINDER = "reminder_working_days"
REFILING = "refiling_working_days"
SILENCE = "silence_working_days"
HISTORY = "history_calendar_days"


def days(name: str, day: date) -> int:
    """The number of days in force on `day`, of the kind that the name tells; LookupError where no row covers it."""
    for row in tables.read("office_practice"):
        if row["name"] == name and tables.in_force(row, day):
            return int(row["value"])
    raise LookupError(f"office_practice.csv: no row {name} is in force on {day}; add one with its source")
