"""`bin/esep calendar`: the terms of a year and the days off that move them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import click

from esep.cli.common import UnusableError, json_option, language_option, print_json

_WORDS: Mapping[str, Mapping[str, str]] = {
    "terms": {
        "en": "Terms of {year}: filing by the 25th for the month before (para 5)",
        "ru": "Сроки {year} года: сведения за прошедший месяц до 25 числа (пункт 5)",
        "kk": "{year} жылғы мерзімдер: өткен ай үшін мәліметтер 25-не дейін (5-тармақ)",
    },
    "month": {"en": "Month", "ru": "Месяц", "kk": "Ай"},
    "remind": {"en": "Reminder", "ru": "Напоминание", "kk": "Еске салу"},
    "due": {"en": "The 25th", "ru": "25 число", "kk": "25-і"},
    "effective": {"en": "Due", "ru": "Срок", "kk": "Мерзім"},
    "why": {"en": "Moved because of", "ru": "Перенос из-за", "kk": "Ауысу себебі"},
    "examine": {
        "en": "Arrived when due: examine by",
        "ru": "Поступило в срок: проверить до",
        "kk": "Мерзім күні келсе: тексеру соңы",
    },
    "counting": {
        "en": "The day of the event is day 0. Working days: {examination} to examine and refuse (para 8), {notice} for "
        "a notice (para 10), {correction} for changed data (para 6). The reminder is the office's own.",
        "ru": "День события не считается. Рабочих дней: {examination} на проверку и отказ (пункт 8), {notice} на "
        "уведомление (пункт 10), {correction} на изменённые сведения (пункт 6). Напоминание установлено канцелярией.",
        "kk": "Оқиға күні саналмайды. Жұмыс күндері: тексеру мен бас тартуға {examination} (8-тармақ), хабарламаға "
        "{notice} (10-тармақ), өзгерген мәліметтерге {correction} (6-тармақ). Еске салуды кеңсе өзі белгілейді.",
    },
    "days": {
        "en": "Days off and worked weekends of {year}",
        "ru": "Выходные и рабочие субботы и воскресенья {year} года",
        "kk": "{year} жылғы демалыс және жұмыс істейтін сенбі мен жексенбілер",
    },
    "day": {"en": "Day", "ru": "День", "kk": "Күн"},
    "worked": {"en": "Worked", "ru": "Рабочий", "kk": "Жұмыс күні"},
    "yes": {"en": "yes", "ru": "да", "kk": "иә"},
    "no": {"en": "no", "ru": "нет", "kk": "жоқ"},
    "reason": {"en": "Reason", "ru": "Причина", "kk": "Себебі"},
    "source": {"en": "Source, act", "ru": "Источник, акт", "kk": "Дереккөз, акт"},
}
_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "kk": ("дс", "сс", "ср", "бс", "жм", "сб", "жс"),
}


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
    from esep.law import terms
    from esep.law.calendar import working_calendar

    holidays = working_calendar()
    months = []
    for month in range(1, 13):
        period = (date(year, month, 1) - timedelta(days=1)).replace(day=1)
        due, effective = terms.due_on(period), terms.due_effective_on(period)
        passed = [holidays.day(due + timedelta(days=number)) for number in range((effective - due).days)]
        months.append(
            {
                "period": period.isoformat(),
                "remind_on": terms.remind_on(period).isoformat(),
                "due_on": due.isoformat(),
                "due_effective_on": effective.isoformat(),
                "moved": due != effective,
                "moved_because_of": [{"day": row.day.isoformat(), **_reasons(row)} for row in passed],
                "examine_by": terms.examine_by(effective).isoformat(),
            }
        )
    return {
        "year": year,
        "working_days": {
            "examination": terms.EXAMINATION_WORKING_DAYS,
            "notice": terms.NOTICE_WORKING_DAYS,
            "correction": terms.CORRECTION_WORKING_DAYS,
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
    from rich.console import Console

    plain = as_plain(year)
    console = Console(soft_wrap=False)
    console.print(_terms_table(plain, language))
    console.print(_word("counting", language).format(**plain["working_days"]))
    console.print()
    console.print(_days_table(plain, language))


def _terms_table(plain: dict[str, Any], language: str) -> Any:
    table = _table("terms", plain["year"], language)
    for name in ("month", "remind", "due", "effective"):
        table.add_column(_word(name, language), no_wrap=True)
    table.add_column(_word("examine", language), min_width=10)
    table.add_column(_word("why", language), overflow="fold")
    for month in plain["months"]:
        why = dict.fromkeys(day[f"reason_{language}"] for day in month["moved_because_of"])
        table.add_row(
            month["period"][:7],
            _day(month["remind_on"], language),
            _day(month["due_on"], language),
            _day(month["due_effective_on"], language),
            _day(month["examine_by"], language),
            "; ".join(why),
            style="bold" if month["moved"] else "",
        )
    return table


def _days_table(plain: dict[str, Any], language: str) -> Any:
    table = _table("days", plain["year"], language)
    table.add_column(_word("day", language), no_wrap=True)
    table.add_column(_word("worked", language), no_wrap=True)
    table.add_column(_word("reason", language), overflow="fold")
    table.add_column(_word("source", language), overflow="fold")
    for day in plain["days"]:
        table.add_row(
            _day(day["day"], language),
            _word("yes" if day["working"] else "no", language),
            day[f"reason_{language}"],
            day["source"],
            style="bold" if day["working"] else "",
        )
    return table


def _table(title: str, year: int, language: str) -> Any:
    from rich.table import Table

    return Table(title=_word(title, language).format(year=year), title_justify="left", title_style="bold")


def _reasons(row: Any) -> dict[str, str]:
    return {f"reason_{language}": row.reason_in(language) for language in ("kk", "ru", "en")}


def _day(iso: str, language: str) -> str:
    """`01-26 Mon`, `26.01 пн`: the year stands in the title."""
    day = date.fromisoformat(iso)
    written = f"{day:%m-%d}" if language == "en" else f"{day:%d.%m}"
    return f"{written} {_WEEKDAYS[language][day.weekday()]}"


def _word(name: str, language: str) -> str:
    return _WORDS[name][language]
