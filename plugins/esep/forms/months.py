"""Names of the months in Kazakh and Russian, and the phrases in which the order's forms use them."""

from __future__ import annotations

from datetime import date

KAZAKH = (
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
)
RUSSIAN = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
RUSSIAN_GENITIVE = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
NAMED_MONTH = (
    r"қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан|"
    r"январ|феврал|март|апрел|ма[йяею]\b|июн|июл|август|сентябр|октябр|ноябр|декабр"
)
"""Regular expression (ignore case) of the stems that every case form of a month begins with."""


def month_phrase(period: date, language: str) -> str:
    """`2025 жылғы наурыз` or `март 2025 года`, as the forms name a period."""
    if language == "kk":
        return f"{period.year} жылғы {KAZAKH[period.month - 1]}"
    return f"{RUSSIAN[period.month - 1]} {period.year} года"


def day_phrase(day: date, language: str) -> str:
    """`2025 жылғы "10" сәуір` or `"10" апреля 2025 года`, as the application dates itself."""
    if language == "kk":
        return f'{day.year} жылғы "{day.day}" {KAZAKH[day.month - 1]}'
    return f'"{day.day}" {RUSSIAN_GENITIVE[day.month - 1]} {day.year} года'
