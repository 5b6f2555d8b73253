"""Names of the months in Kazakh and Russian, the phrases in which the forms use them, and names of a document's tables.

The latter are used where findings and rows name the worksheet.
"""

from __future__ import annotations

import re
from datetime import date

from esep.forms.annex1 import words_of

_MONTHS = words_of("months")
KAZAKH, RUSSIAN, RUSSIAN_GENITIVE = (tuple[str, ...](_MONTHS[form]) for form in ("kk", "ru", "ru_genitive"))
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


def month_name(period: date, language: str) -> str:
    """`наурыз` or `март`."""
    return (KAZAKH if language == "kk" else RUSSIAN)[period.month - 1]


def day_phrase(day: date, language: str) -> str:
    """`2025 жылғы "10" сәуір` or `"10" апреля 2025 года`, as the application dates itself."""
    if language == "kk":
        return f'{day.year} жылғы "{day.day}" {KAZAKH[day.month - 1]}'
    return f'"{day.day}" {RUSSIAN_GENITIVE[day.month - 1]} {day.year} года'


_TABLE_NAME = {"kk": "{}-кесте", "ru": "Таблица {}"}
_TABLE_NAMES = re.compile(r"[1-9]\d*-кесте|Таблица [1-9]\d*")


def table_name(number: int, language: str) -> str:
    """The name of the n-th table, counted from 1, in the language of the document (`kk` or `ru`)."""
    return _TABLE_NAME[language].format(number)


def is_table_name(sheet: str) -> bool:
    """Whether a "sheet" is a table of a document, so that no place calls it a sheet."""
    return _TABLE_NAMES.fullmatch(sheet) is not None
