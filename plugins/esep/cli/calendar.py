"""`bin/esep calendar`: the terms of a year and the days off that move them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import click

from esep.cli.common import UnusableError, json_option, language_option, print_json


@click.command()
@click.argument("year", type=int)
@language_option
@json_option
def calendar(year: int, language: str, as_json: bool) -> None:
    """Print the terms that end in YEAR, and its days off and worked weekends.

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
    if as_json:
        print_json(as_plain(year))
    else:
        print_year(year, language)


def as_plain(year: int) -> dict[str, Any]:
    """The year's terms and special days as JSON values; keys are stable, reasons in three languages."""
    from esep.law import calendar
    from esep.law.calendar import working_calendar

    holidays = working_calendar()
    months = []
    for month in range(1, 13):
        period = (date(year, month, 1) - timedelta(days=1)).replace(day=1)
        due, effective = calendar.due_on(period), calendar.due_effective_on(period)
        passed = [holidays.day(due + timedelta(days=number)) for number in range((effective - due).days)]
        months.append(
            {
                "period": period.isoformat(),
                "remind_on": calendar.remind_on(period).isoformat(),
                "due_on": due.isoformat(),
                "due_effective_on": effective.isoformat(),
                "moved": due != effective,
                "moved_because_of": [{"day": row.day.isoformat(), **_reasons(row)} for row in passed],
                "examine_by": calendar.examine_by(effective).isoformat(),
            }
        )
    return {
        "year": year,
        "working_days": {
            "examination": calendar.EXAMINATION_WORKING_DAYS,
            "notice": calendar.NOTICE_WORKING_DAYS,
            "correction": calendar.CORRECTION_WORKING_DAYS,
        },
        "months": months,
        "days": [
            {"day": row.day.isoformat(), "working": row.working, **_reasons(row), "source": row.source}
            for row in holidays.rows(year, year)
            if row.day in holidays.special
        ],
    }


def print_year(year: int, language: str) -> None:
    """Two tables for a terminal of 80 columns or more."""
    from esep.documents import terminal
    from esep.documents.model import Column, Kind, Paragraph, Table
    from esep.texts import text
    from esep.texts.numbers import day_of_year

    plain = as_plain(year)

    def day(iso: str) -> str:
        return day_of_year(date.fromisoformat(iso), language)

    def table(title: str, columns: tuple[tuple[str, Kind, int], ...], rows: Sequence[Sequence[str]], key: str) -> Table:
        """The days that differ from others are strong: those of whose entry `key` is true."""
        labels = [Column(text(f"calendar.command_{name}", language), kind, width, 300) for name, kind, width in columns]
        differing = {number: "strong" for number, entry in enumerate(plain[title]) if entry[key]}
        caption = text(f"calendar.command_{title}", language, year=year)
        return Table(labels, rows, caption=caption, look="grid", looks=differing)

    reason = f"reason_{language}"
    months = [
        (
            month["period"][:7],
            *(day(month[name]) for name in ("remind_on", "due_on", "due_effective_on", "examine_by")),
            "; ".join(dict.fromkeys(one[reason] for one in month["moved_because_of"])),
        )
        for month in plain["months"]
    ]
    codes = tuple((name, Kind.CODE, 0) for name in ("month", "remind", "due", "effective"))
    days = [
        (day(one["day"]), text(f"statement.{'yes' if one['working'] else 'no'}", language), one[reason], one["source"])
        for one in plain["days"]
    ]
    of_day = (("day", Kind.CODE, 0), ("worked", Kind.CODE, 0), ("reason", Kind.TEXT, 0), ("source", Kind.TEXT, 0))
    counting = text("calendar.command_counting", language, **plain["working_days"])
    terminal.show(
        [
            table("months", (*codes, ("examine", Kind.TEXT, 10), ("why", Kind.TEXT, 0)), months, "moved"),
            Paragraph(counting),
            Paragraph(""),
            table("days", of_day, days, "working"),
        ],
        language,
    )


def _reasons(row: Any) -> dict[str, str]:
    return {f"reason_{language}": row.reason_in(language) for language in ("kk", "ru", "en")}
