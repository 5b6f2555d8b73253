"""What a filled form says. Fields left None stay blank lines; values are written as given, without interpretation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from esep.forms.annex2 import Way
from esep.forms.months import day_phrase, month_phrase
from esep.law import form_versions
from esep.law.form_versions import FormColumn

Cell = str | int | float | Decimal | date | datetime | None
"""What may stand in a cell. A Decimal is written as text, because a number cell keeps only 15 to 17 digits."""


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


Content = TypeVar("Content", FormContent, ApplicationContent)


def of_kind(kind: type[Content], values: dict[str, Any]) -> Content:
    """The content made of those of `values` that it has fields for."""
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in names})
