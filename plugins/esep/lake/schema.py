"""The lake's tables: which columns each has, in order. What a column is stands in sql/columns.csv (`lake.columns`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from esep.forms.document import FORM_1CM, ROW_FIELDS, TEXT_FIELDS
from esep.lake.columns import Meaning, meaning
from esep.law import form_versions

QUANTITY = pa.decimal128(38, 18)
MOMENT = pa.timestamp("us", tz="UTC")

_ARROW_TYPE = {
    "varchar": pa.string(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "date": pa.date32(),
    "timestamptz": MOMENT,
    "decimal(38,18)": QUANTITY,
}
_TEXT = "_text"
"""End of the name of a column that holds a cell as written."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of the lake."""

    name: str
    meaning: Meaning
    nullable: bool = True

    @property
    def type(self) -> pa.DataType:
        return _ARROW_TYPE[self.meaning.type]

    @property
    def is_text(self) -> bool:
        """Whether it holds a cell of the form as written."""
        return self.name.endswith(_TEXT)

    @property
    def arrow_field(self) -> pa.Field:
        said = self.meaning
        metadata = {"description": said.comment, "unit": said.unit, "form_column": said.form_column}
        return pa.field(self.name, self.type, self.nullable, {k: v for k, v in metadata.items() if v})


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its grain ("one row per …") and its columns."""

    name: str
    grain: str
    columns: tuple[Column, ...]

    @property
    def arrow_schema(self) -> pa.Schema:
        return pa.schema([c.arrow_field for c in self.columns], {"relation": self.name, "grain": self.grain})

    @property
    def loaded(self) -> pa.Schema:
        """The columns that the warehouse loads: all but the cells as written."""
        return pa.schema([(column.name, column.type) for column in self.columns if not column.is_text])


def _table(name: str, grain: str, columns: str) -> Table:
    """`columns`: names with spaces between; `!` after one that is never null."""
    names = columns.split()
    return Table(name, grain, tuple(_column(name, one.rstrip("!"), nullable=one[-1] != "!") for one in names))


def _column(table: str, name: str, *, nullable: bool) -> Column:
    said = meaning(f"lake.{table}", name)
    if said is None:
        form_column = form_versions.by_name()[name.removesuffix(_TEXT)]
        what = f"{form_column.heading['en']}, exactly as the cell had it."
        said = Meaning(what, form_column=form_column.column_no, type="varchar")
    return Column(name, said, nullable)


FILING = _table(
    "filing",
    "One row per examination of a registered filing.",
    "registration_no! examination_no! examined_at! verdict! pool_id pool_id_source pool_name period period_source "
    "sheets_stated row_count! excluded_count! form_version ruleset! code_version!",
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
LATER: Mapping[str, str | None] = {"source": FORM_1CM, "found_detail": None}
"""Columns that older files of the lake lack, and what is read in their place."""
