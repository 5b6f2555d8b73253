"""Versions of form 1-ЦМ by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from esep.law import tables


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One row of form_version.csv. `read_as` names the version whose description reads this one."""

    form_version: str
    valid_from: date
    valid_to: date | None
    read_as: str
    source: str


def in_force(day: date) -> FormVersion | None:
    """The version in force on a day of the period; None before the table begins."""
    for row in tables.read("form_version"):
        if tables.in_force(row, day):
            return FormVersion(**row)
    return None
