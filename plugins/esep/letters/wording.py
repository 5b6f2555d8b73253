"""Texts of letters (texts/letter.toml) and their small sentences: pools, deadlines, citations, places."""

from __future__ import annotations

from datetime import date, datetime

from esep.clock import TIMEZONE
from esep.documents.plain import shown
from esep.examination.model import Finding
from esep.examination.suites import LANGUAGES
from esep.forms.phrases import month_phrase
from esep.letters.facts import Deadline, Pool
from esep.texts import has, text, words
from esep.texts.numbers import day, day_in_words

NAME_LIMIT = 160
"""Characters of a name that a letter prints; the register and receipt.json keep the whole."""
MESSAGE_LIMIT = 700
"""Characters of a remark, an advice or an officer's reason."""
VALUE_LIMIT = 120
"""Characters of a cell that a letter quotes; findings.xlsx keeps the whole."""


def phrase(key: str, language: str, **values: object) -> str:
    """The text `letter.<key>`; raises KeyError for a text or language that is not there."""
    return text(f"letter.{key}", language, **values)


def reading(language: str) -> str:
    """What marks a reading of an open point of the order, wherever a letter uses one."""
    return text("common.reading", language)


def moment_words(moment: datetime, language: str) -> str:
    local = moment.astimezone(TIMEZONE)
    return f"{day_in_words(local.date(), language)}, {local:%H:%M:%S} (UTC{local.isoformat()[-6:]})"


def period_words(period: date | None, language: str) -> str:
    return phrase("unknown", language) if period is None else month_phrase(period, language)


def pool_words(pool: Pool, language: str) -> str:
    """Name and BIN, or what is known of them."""
    parts = [shown(pool.pool_name, NAME_LIMIT)] if pool.pool_name else []
    if pool.pool_id:
        parts.append(phrase("bin", language, id=shown(pool.pool_id, 40)))
    return ", ".join(parts) or phrase("pool_unknown", language)


def deadline_words(deadline: Deadline, language: str) -> str:
    return phrase(f"term_{deadline.kind}", language, end=day_in_words(deadline.ends_on, language))


def counting_words(deadline: Deadline, language: str) -> str:
    """How the deadline was counted, day by day: a lawyer checks it."""
    start, end = day(deadline.starts_on, language), day(deadline.ends_on, language)
    if deadline.counted:
        days = ", ".join(f"{number})\u00a0{day(one, language)}" for number, one in enumerate(deadline.counted, start=1))
        return phrase("counting_days", language, start=start, days=days, reading=reading(language))
    if deadline.rolled_over:
        return phrase("counting_rolled", language, start=start, end=end, reading=reading(language))
    return phrase("counting_nominal", language, start=start, end=end)


def citation(paragraph: str, language: str) -> str:
    """`8; Annex 2, column 5`, as suites cite the order, in words of the language."""
    items = (_cited(item.strip(), language) for item in paragraph.replace(";", ",").split(","))
    return ", ".join(filter(None, items))


def _cited(item: str, language: str) -> str:
    """A paragraph's number, an annex, a column, or a part of a form by its English name; empty without translation."""
    if item.isdecimal():
        return text("finding.paragraph", language, number=item)
    kind, _, number = item.partition(" ")
    if kind in ("Annex", "column"):
        return text(f"finding.{kind.lower()}", language, number=number)
    part = f"finding.part_{item.lower().replace(' ', '_').replace(chr(39), '')}"
    return text(part, language) if has(part) else item if language == "en" else ""


def place(finding: Finding, language: str, cell: str | None = None, *, with_file: bool = True) -> str:
    """File, sheet, cell, row and column of the form, as far as the finding has them."""
    return words.place_words(
        language,
        file=shown(finding.file, VALUE_LIMIT) if finding.file and with_file else None,
        sheet=shown(finding.sheet, 60) if finding.sheet else None,
        row=finding.row,
        column_no=finding.column_no,
        cell=cell,
    )


def found_words(finding: Finding, language: str) -> str | None:
    """What was found there: a cell as written; of a whole file, what is wrong with it in words of the language."""
    of_cell = finding.row is not None or finding.sheet is not None
    return words.found_words(finding.found, finding.found_detail, language, is_of_cell=of_cell)


def found_in_all(finding: Finding) -> str | None:
    """What was found at the place; where it is a sentence about a file, in all languages."""
    texts = dict.fromkeys(found_words(finding, language) for language in LANGUAGES)
    return " / ".join(text for text in texts if text) or None
