"""The running sentences of Annex 1, filled or with their blanks."""

from __future__ import annotations

from esep.forms import annex1
from esep.forms.writing.content import ApplicationContent


def pool_line(content: ApplicationContent) -> str | None:
    """`"Пул" ЖШС, БСН 230640000008`, or what of it there is."""
    word = annex1.POOL_ID_WORD[content.language]
    number = f"{word} {content.pool_id}" if content.pool_id else None
    return ", ".join(part for part in (content.pool_name, number) if part) or None


def request_sentence(content: ApplicationContent) -> str:
    """The request with month and year in it."""
    language = content.language
    period = content.period_text() or f"{annex1.PERIOD_BLANK[language]} {annex1.PERIOD_CAPTION[language]}"
    words = (annex1.REQUEST_BEFORE[language], period, annex1.REQUEST_AFTER[language])
    return " ".join(word for word in words if word)


def sheets_sentence(content: ApplicationContent) -> str:
    """`Қоса беріледі 3 парақ.` / `Прилагается 3 листа.`"""
    language = content.language
    count = annex1.SHEETS_BLANK if content.sheet_count is None else str(content.sheet_count)
    unit = _russian_sheets(count) if language == "ru" else annex1.SHEETS_AFTER[language]
    return f"{annex1.SHEETS_BEFORE[language]} {count} {unit}."


def _russian_sheets(count: str) -> str:
    """The case of «лист» after a number."""
    if not count.isdecimal() or int(count) % 100 in range(11, 15) or int(count) % 10 in (0, 5, 6, 7, 8, 9):
        return "листов"
    return "лист" if int(count) % 10 == 1 else "листа"
