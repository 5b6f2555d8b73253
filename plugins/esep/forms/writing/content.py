"""What a filled form says. Fields left None stay blank lines; values are written as given, without interpretation.

The running sentences of Annex 1 are made of it, filled or with their blanks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from esep.forms import annex1
from esep.forms.annex2 import Numbering, Way, numberings_of
from esep.forms.phrases import day_phrase, month_name, month_phrase
from esep.law import form_versions
from esep.law.form_versions import HEADING, FormColumn

Cell = str | int | float | Decimal | date | datetime | None
"""What may be in a cell. A Decimal is written as text, because a number cell keeps only 15 to 17 digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContent:
    """Annex 2. Each of `rows` holds the cells of the form's columns from left to right, ten today."""

    language: str = "kk"
    period: date | str | None = None
    """A day of the reporting month, or the phrase to be written."""
    form_of: date | None = None
    """A day whose period has the form that is written; None: `period` if that is a day, else the latest form."""
    rows: Iterable[Sequence[Cell]] = ()
    pool_name: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    executor: str | None = None
    executor_phone: str | None = None
    """Written on the executor's line, after the name."""
    head: str | None = None
    numbering: str = Way.PRINTED
    sheet: str = "1-ЦМ"
    blank_rows: int = 0
    """Empty ruled rows after the data, for people to write in."""

    def columns(self) -> tuple[FormColumn, ...]:
        """The columns of the form that is written, headings included."""
        if self.form_of is None and isinstance(self.period, date):
            return form_versions.columns(self.period)
        return form_versions.columns(self.form_of or date.max)

    def number_row(self) -> Numbering:
        """The columns as they are numbered; raises ValueError for an unknown numbering."""
        numberings = numberings_of(self.columns())
        if self.numbering not in numberings:
            raise ValueError(f"numbering {self.numbering!r}: expected one of {', '.join(numberings)}")
        return numberings[Way(self.numbering)]

    def lines(self) -> Iterator[list[Cell]]:
        """The cells of each row, blank ones last; raises ValueError for a row that has not a cell for each column."""
        width = sum(column.kind != HEADING for column in self.columns())
        for cells in self.rows:
            if len(cells) != width:
                raise ValueError(f"a row of form 1-ЦМ has {width} cells, this one has {len(cells)}: {cells!r}")
            yield list(cells)
        for _ in range(self.blank_rows):
            yield [None] * width

    def footer_text(self, key: str) -> str | None:
        """What stands on a line of the footer."""
        value: str | None = getattr(self, key)
        if key != "executor":
            return value
        return ", ".join(part for part in (value, self.executor_phone) if part) or None

    def period_text(self) -> str | None:
        return month_phrase(self.period, self.language) if isinstance(self.period, date) else self.period


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationContent:
    """Annex 1."""

    language: str = "kk"
    authority: str | None = None
    pool_name: str | None = None
    pool_id: str | None = None
    period: date | str | None = None
    sheet_count: int | str | None = None
    head_name: str | None = None
    completed_on: date | str | None = None
    declares_truth: bool = True
    declares_consent: bool = True
    sheet: str = ""
    """Name of the worksheet; empty for the usual name in the form's language."""

    def period_text(self) -> str | None:
        return month_phrase(self.period, self.language) if isinstance(self.period, date) else self.period

    def completed_text(self) -> str | None:
        done = self.completed_on
        return day_phrase(done, self.language) if isinstance(done, date) else done


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContent:
    """The voluntary message that nothing was distributed in a month."""

    language: str = "kk"
    pool_name: str | None = None
    pool_id: str | None = None
    period: date | None = None
    """A day of the month."""
    head: str | None = None
    completed_on: date | str | None = None

    def values(self) -> dict[str, str | None]:
        """What stands on each line, by its key."""
        done = self.completed_on
        return {
            "pool_name": self.pool_name,
            "pool_id": self.pool_id,
            "month": month_name(self.period, self.language) if self.period else None,
            "year": str(self.period.year) if self.period else None,
            "head": self.head,
            "completed_on": day_phrase(done, self.language) if isinstance(done, date) else done,
        }


def pool_line(content: ApplicationContent) -> str | None:
    """`"Пул" ЖШС, БСН 230640000008`, or what of it there is."""
    word = annex1.POOL_ID_WORD[content.language]
    number = f"{word} {content.pool_id}" if content.pool_id else None
    return ", ".join(part for part in (content.pool_name, number) if part) or None


def request_sentence(content: ApplicationContent) -> str:
    """The request with month and year in it; its caption is printed below."""
    language = content.language
    period = content.period_text() or annex1.PERIOD_BLANK[language]
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
