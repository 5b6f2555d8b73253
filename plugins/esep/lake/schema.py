"""The lake's tables, which columns each has in order, and what a column means wherever its name occurs.

Meanings (type, unit, column of the form, mask and comment) are the rows of `sql/columns.csv`, one a name. A further row
with `relations` (names with spaces between, `lake.…` for a table of the lake) says what differs in these; what it
leaves empty is as in the first. Types are those of the lake's columns: sql/ gives all others. Units and columns of the
form belong to the comment in their row. A mask without `relations` is for words that are the same kind of word
everywhere.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from esep.config import PROJECT
from esep.forms.document import FORM_1CM, ROW_FIELDS, TEXT_FIELDS
from esep.law import form_versions

COLUMNS = PROJECT / "sql" / "columns.csv"
QUANTITY = pa.decimal128(38, 18)
MOMENT = pa.timestamp("us", tz="UTC")
_ARROW_TYPE = {
    "varchar": pa.string(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamptz": MOMENT,
    "decimal(38,18)": QUANTITY,
}
_TEXT = "_text"
"""End of the name of a column that holds a cell as written."""


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
def meanings() -> dict[tuple[str, str], Meaning]:
    """(relation, column) → what sql/columns.csv says of it; relation `` for the row that holds everywhere else."""
    found: dict[tuple[str, str], Meaning] = {}
    printed = {name: column.column_no for name, column in form_versions.by_name().items()}
    with COLUMNS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            column, relations, form_column = row.pop("column"), row.pop("relations"), row.pop("form_column")
            for relation in relations.split() or [""]:
                key = (relation, column)
                if key in found:
                    raise ValueError(f"{COLUMNS}: {relation or 'the row of every relation'}, {column}: described twice")
                found[key] = Meaning(form_column=printed[form_column] if form_column else "", **row)
    return found


def meaning(relation: str, column: str) -> Meaning | None:
    """What a column of a relation is; None where nobody described it."""
    own, general = meanings().get((relation, column)), meanings().get(("", column))
    if own is None or general is None:
        return own or general
    described = own if own.comment else general
    return Meaning(
        described.comment, described.unit, described.form_column, own.type or general.type, own.mask or general.mask
    )


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Its columns say in their metadata what they mean, and its grain ("one row per …") is there too."""

    name: str
    arrow_schema: pa.Schema

    @property
    def loaded(self) -> pa.Schema:
        """The columns that the warehouse loads: all but the cells as written."""
        return pa.schema([(one.name, one.type) for one in self.arrow_schema if not one.name.endswith(_TEXT)])


def _table(name: str, grain: str, columns: str) -> Table:
    """`columns`: names with spaces between; `!` after one that is never null."""
    fields = [_field(name, column.rstrip("!"), nullable=column[-1] != "!") for column in columns.split()]
    return Table(name, pa.schema(fields, {"relation": name, "grain": grain}))


def _field(table: str, name: str, *, nullable: bool) -> pa.Field:
    said = meaning(f"lake.{table}", name)
    if said is None:
        form_column = form_versions.by_name()[name.removesuffix(_TEXT)]
        comment = f"{form_column.heading['en']}, exactly as the cell had it."
        said = Meaning(comment, form_column=form_column.column_no, type="varchar")
    metadata = {"description": said.comment, "unit": said.unit, "form_column": said.form_column}
    return pa.field(name, _ARROW_TYPE[said.type], nullable, {key: value for key, value in metadata.items() if value})


FILING = _table(
    "filing",
    "One row per examination of a registered filing.",
    "registration_no! examination_no! examined_at! verdict pool_id pool_id_source pool_name period period_source "
    "sheets_stated row_count! excluded_count! form_version ruleset! code_version! question",
)
DISTRIBUTION = _table(
    "distribution",
    "One row per data row of a 1-ЦМ sheet.",
    "registration_no! examination_no! file! file_sha256! sheet! row! source! pool_id period row_no taxpayer_id "
    "taxpayer_id_state taxpayer_name licence_no licence_date wallet distributed_on asset quantity reward_asset "
    "reward_quantity " + " ".join(f"{name}{_TEXT}" for name in (*ROW_FIELDS, *TEXT_FIELDS)),
)
"""The values of the form's columns, then each of its cells as written, `spanning_text` and later columns last."""
FINDING = _table(
    "finding",
    "One row per fault found; past the cap of a rule and sheet, one row for all the rest.",
    "registration_no! examination_no! pool_id period rule_id! lane! severity! file sheet row column_no found expected "
    "message_kk! message_ru! message_en! occurrences! found_detail",
)
TABLES = (FILING, DISTRIBUTION, FINDING)
MANIFEST = _table(
    "manifest",
    "One row per file of the lake that a verdict names, but those of examinations that were given up.",
    "path! relation! month! registration_no! examination_no! is_latest! verdict in_force! row_count sha256",
)
"""lake/manifest.parquet, which lies beside the tables and is no truth: it is made anew by the load."""
LATER: Mapping[str, str | None] = {"source": FORM_1CM, "found_detail": None, "question": None}
"""Columns that older files of the lake lack, and what is read in their place."""
