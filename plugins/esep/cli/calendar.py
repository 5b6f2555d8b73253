"""`bin/esep calendar`: the deadlines of a year and the days off that move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import click

from esep import clock
from esep.cli.common import Answer, UnusableError, answering
from esep.documents.model import Block, Cell, Column, Kind, Paragraph, Table
from esep.texts import LANGUAGES, text
from esep.texts.numbers import day_of_year


@click.command()
@click.argument("year", type=int)
@answering
def calendar(year: int, language: str) -> Answer:
    """Print the deadlines that fall in YEAR, and its days off and worked weekends.

    \b
    Exit code: 0, or 2 for a year that the calendar does not hold.
    Example:   bin/esep calendar 2026 --language ru
    """
    from esep.law.calendar import FIRST_YEAR, LAST_YEAR

    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnusableError(
            f"{year}: the calendar holds the years {FIRST_YEAR} to {LAST_YEAR}. Ask for one of these; more years are "
            "taken by esep.law.holiday_snapshot."
        )
    plain = as_plain(year)
    return Answer(plain, lambda: report(plain, language))


def as_plain(year: int) -> dict[str, Any]:
    """The year's deadlines and special days; keys are stable, reasons in three languages."""
    from esep.law import calendar

    holidays = calendar.working_calendar()
    return {
        "year": year,
        "working_days": {
            "examination": calendar.EXAMINATION_WORKING_DAYS,
            "notice": calendar.NOTICE_WORKING_DAYS,
            "correction": calendar.CORRECTION_WORKING_DAYS,
        },
        "months": [_month(clock.month_before(date(year, month, 1))) for month in range(1, 13)],
        "days": [
            {"day": row.day, "working": row.working, **_reasons(row), "source": row.source}
            for row in holidays.rows(year, year)
            if row.day in holidays.special
        ],
    }


def _month(period: date) -> dict[str, Any]:
    from esep.law import calendar

    due, effective = calendar.due_on(period), calendar.due_effective_on(period)
    passed = (calendar.working_calendar().day(due + timedelta(days=number)) for number in range((effective - due).days))
    return {
        "period": period,
        "remind_on": calendar.remind_on(period),
        "due_on": due,
        "due_effective_on": effective,
        "moved": due != effective,
        "moved_because_of": [{"day": row.day, **_reasons(row)} for row in passed],
        "examine_by": calendar.examine_by(effective),
    }


def _reasons(row: Any) -> dict[str, str]:
    return {f"reason_{language}": row.reason_in(language) for language in LANGUAGES}


def report(plain: dict[str, Any], language: str) -> Iterator[Block]:
    """Two tables for a terminal of 80 columns or more."""
    reason = f"reason_{language}"
    months = [
        (
            f"{month['period']:%Y-%m}",
            *(day_of_year(month[name], language) for name in ("remind_on", "due_on", "due_effective_on", "examine_by")),
            "; ".join(dict.fromkeys(one[reason] for one in month["moved_because_of"])),
        )
        for month in plain["months"]
    ]
    days = [
        (
            day_of_year(one["day"], language),
            text(f"statement.{'yes' if one['working'] else 'no'}", language),
            one[reason],
            one["source"],
        )
        for one in plain["days"]
    ]

    def table(title: str, columns: dict[str, Kind], rows: Sequence[Sequence[Cell]], differs: str) -> Table:
        """Those rows are strong whose entry has the mark `differs`."""
        labels = [
            Column(text(f"calendar.command_{name}", language), kind, 10 if name == "examine" else 0, 300)
            for name, kind in columns.items()
        ]
        looks = {number: "strong" for number, entry in enumerate(plain[title]) if entry[differs]}
        caption = text(f"calendar.command_{title}", language, year=plain["year"])
        return Table(labels, rows, caption=caption, look="grid", looks=looks)

    of_month = dict.fromkeys(("month", "remind", "due", "effective"), Kind.CODE)
    yield table("months", of_month | {"examine": Kind.TEXT, "why": Kind.TEXT}, months, "moved")
    yield Paragraph(text("calendar.command_counting", language, **plain["working_days"]))
    yield Paragraph("")
    of_day = {"day": Kind.CODE, "worked": Kind.CODE, "reason": Kind.TEXT, "source": Kind.TEXT}
    yield table("days", of_day, days, "working")
