"""What each column means, wherever its name occurs: type, unit, column of the form, mask and comment.

They are the rows of `sql/columns.csv`, one a name. A further row with `relations` (names with spaces between, `lake.…`
for a table of the lake) says what differs in these; what it leaves empty is as in the first. Types are those of the
lake's columns: sql/ gives all others. Units and columns of the form belong to the comment beside which they stand. A
mask without `relations` is for words that are the same kind of word everywhere.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from esep.config import PROJECT
from esep.law import form_versions

TABLE = PROJECT / "sql" / "columns.csv"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column of a relation is. All but the comment may be empty."""

    comment: str
    unit: str = ""
    form_column: str = ""
    """Printed number of the form's column that it is read from."""
    type: str = ""
    mask: str = ""

    @property
    def sentence(self) -> str:
        """The text of COMMENT ON COLUMN: comment, unit and column of the form."""
        unit = f" Unit: {self.unit}." if self.unit else ""
        return self.comment + unit + (f" Form 1-ЦМ column {self.form_column}." if self.form_column else "")


@cache
def table() -> dict[tuple[str, str], Meaning]:
    """(relation, column) → what sql/columns.csv says of it; relation `` for the row that holds everywhere else."""
    found: dict[tuple[str, str], Meaning] = {}
    printed = {name: column.column_no for name, column in form_versions.by_name().items()}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            column, relations, form_column = row.pop("column"), row.pop("relations"), row.pop("form_column")
            for relation in relations.split() or [""]:
                key = (relation, column)
                if key in found:
                    raise ValueError(f"{TABLE}: {relation or 'the row of every relation'}, {column}: described twice")
                found[key] = Meaning(form_column=printed[form_column] if form_column else "", **row)
    return found


def meaning(relation: str, column: str) -> Meaning | None:
    """What a column of a relation is; None where nobody described it."""
    own, general = table().get((relation, column)), table().get(("", column))
    if own is None or general is None:
        return own or general
    described = own if own.comment else general
    return Meaning(
        described.comment, described.unit, described.form_column, own.type or general.type, own.mask or general.mask
    )
