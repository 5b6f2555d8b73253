"""Form 1-ЦМ by period: what its version is called, and which columns it has.

The tables are `form_version.csv` and `form_column.csv`. A column that begins, ends or gets another number on a day is a
row of the second one: reader, blank forms and lake follow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from esep.law import tables

HEADING = "heading"
"""Kind of a column that is only printed over others; the explanation gives it a number, too."""
LANGUAGES = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One row of form_column.csv: a column of the form with the days from which and to which a period has it."""

    column_no: str
    """Number printed in the form."""
    explained_no: str
    """Number of the same column in the explanation."""
    name: str
    kind: str
    """Kind of its cells: row_number, name, identifier, licence, wallet, day, asset, quantity, text; or a heading."""
    kept_as: str
    """`value`: read, typed and judged by code of its own; `text`: kept as written."""
    is_open: bool
    """A number or a date in it says nothing about a person: the masked snapshot shows it."""
    valid_from: date
    valid_to: date | None
    heading: Mapping[str, str]
    source: str

    def spans(self, other: FormColumn) -> bool:
        """Whether this is the heading over the other column."""
        return self.kind == HEADING and other.column_no.startswith(f"{self.column_no}.")


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One row of form_version.csv."""

    name: str
    valid_from: date
    valid_to: date | None

    @property
    def columns(self) -> tuple[FormColumn, ...]:
        """Every column that a period of the version has, headings included."""
        last = self.valid_to or date.max
        rows = all_columns()
        return tuple(one for one in rows if one.valid_from <= last and (one.valid_to or date.max) >= self.valid_from)


def versions() -> tuple[FormVersion, ...]:
    """The versions of the form, the first one first."""
    rows = sorted(tables.read("form_version"), key=lambda row: row["valid_from"])
    return tuple(FormVersion(row["form_version"], row["valid_from"], row["valid_to"]) for row in rows)


def in_force(day: date) -> str:
    """The name of the version of the period that holds `day`; the first one for days before the table begins."""
    rows = tables.read("form_version")
    first = min(rows, key=lambda row: row["valid_from"])
    return str(next((row for row in rows if tables.in_force(row, day)), first)["form_version"])


@cache
def all_columns() -> tuple[FormColumn, ...]:
    """Every row of form_column.csv, in the order of the form; raises TableError for one that cannot be followed."""
    found = []
    for row in tables.read("form_column"):
        heading = {language: row.pop(f"heading_{language}") for language in LANGUAGES}
        found.append(FormColumn(**row, heading=heading))
    ends = {row.name: row.valid_to for row in sorted(found, key=lambda row: row.valid_from) if row.kept_as == "value"}
    if ended := [name for name, end in ends.items() if end]:
        raise tables.TableError(
            f"form_column.csv: {', '.join(ended)} would end. Code reads the values of such a column in every form "
            "(kept_as value): give it a further row with its new number, or change the code with the table"
        )
    return tuple(found)


def columns(day: date) -> tuple[FormColumn, ...]:
    """The form's columns in the period that holds `day`, headings included; those of the first form before it began."""
    begun = max(day, min(row.valid_from for row in all_columns()))
    return tuple(row for row in all_columns() if row.valid_from <= begun <= (row.valid_to or date.max))


def layouts() -> tuple[tuple[FormColumn, ...], ...]:
    """The columns of each form that there was, the latest first."""
    begun = {row.valid_from for row in all_columns()}
    begun |= {row.valid_to + timedelta(days=1) for row in all_columns() if row.valid_to}
    return tuple(columns(day) for day in sorted(begun, reverse=True))


def by_name() -> dict[str, FormColumn]:
    """Each column that the form has or had, in the order of the form; of several rows of one name the latest."""
    latest = {row.name: row for row in sorted(all_columns(), key=lambda row: row.valid_from)}
    return {row.name: latest[row.name] for row in all_columns()}
