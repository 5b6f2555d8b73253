"""The lake's tables, described once: Parquet schema, DuckDB types, comments and dictionary all come from here."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

QUANTITY = pa.decimal128(38, 18)
MOMENT = pa.timestamp("us", tz="UTC")

_DUCKDB_TYPE = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    MOMENT: "TIMESTAMPTZ",
    QUANTITY: "DECIMAL(38,18)",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `form_column` is the printed number in Annex 2; `unit` is empty where there is none."""

    name: str
    type: pa.DataType
    description: str
    unit: str = ""
    form_column: str = ""
    nullable: bool = True

    @property
    def duckdb_type(self) -> str:
        return _DUCKDB_TYPE[self.type]

    @property
    def comment(self) -> str:
        """The text of COMMENT ON COLUMN: description, unit and column of the form."""
        parts = [self.description]
        if self.unit:
            parts.append(f"Unit: {self.unit}.")
        if self.form_column:
            parts.append(f"Form 1-ЦМ column {self.form_column}.")
        return " ".join(parts)

    @property
    def arrow_field(self) -> pa.Field:
        metadata = {"description": self.description, "unit": self.unit, "form_column": self.form_column}
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


_REGISTRATION_NO = Column(
    "registration_no", pa.string(), "Registration number YYYY-NNNNNN of the filing (para 7).", nullable=False
)
_EXAMINATION_NO = Column(
    "examination_no", pa.int32(), "1 for the first examination; each re-examination counts up.", nullable=False
)
_POOL_ID = Column("pool_id", pa.string(), "BIN of the pool that filed, as written in Annex 1.")
_PERIOD = Column("period", pa.date32(), "Month of distribution, as its first day.")


def _text(name: str, what: str, form_column: str) -> Column:
    return Column(f"{name}_text", pa.string(), f"{what}, exactly as the cell had it.", form_column=form_column)


FILING = Table(
    "filing",
    "One row per examination of a registered filing.",
    (
        _REGISTRATION_NO,
        _EXAMINATION_NO,
        Column("examined_at", MOMENT, "Moment of the verdict.", nullable=False),
        Column("verdict", pa.string(), "accepted or refused (para 8: refused only if incomplete).", nullable=False),
        _POOL_ID,
        Column("pool_id_source", pa.string(), "Where the pool was read: application, signature, register or none."),
        Column("pool_name", pa.string(), "Name of the pool as written in Annex 1, else Annex 2."),
        _PERIOD,
        Column("period_source", pa.string(), "Where the period was read: application, form or none."),
        Column("sheets_stated", pa.int32(), "Number of sheets of paper stated in Annex 1."),
        Column("row_count", pa.int32(), "Data rows of all 1-ЦМ sheets of the filing.", nullable=False),
        Column("excluded_count", pa.int32(), "Data rows whose quantity could not be read.", nullable=False),
        Column("form_version", pa.string(), "Version of the form's description that was used."),
        Column("ruleset", pa.string(), "Hash of expectations/ at the examination.", nullable=False),
        Column("code_version", pa.string(), "Version of Esep at the examination.", nullable=False),
    ),
)

DISTRIBUTION = Table(
    "distribution",
    "One row per data row of a 1-ЦМ sheet.",
    (
        _REGISTRATION_NO,
        _EXAMINATION_NO,
        Column("file", pa.string(), "Path of the workbook inside the package.", nullable=False),
        Column("file_sha256", pa.string(), "SHA-256 of the workbook.", nullable=False),
        Column("sheet", pa.string(), "Name of the worksheet.", nullable=False),
        Column("row", pa.int32(), "Worksheet row, counted from 1.", nullable=False),
        _POOL_ID,
        _PERIOD,
        Column("row_no", pa.int64(), "Ordinal number.", form_column="1"),
        Column(
            "taxpayer_id",
            pa.string(),
            "BIN or IIN of the miner (or of the pool itself); with lost leading zeros restored where the check digit "
            "then holds, else as written.",
            form_column="3",
        ),
        Column("taxpayer_id_state", pa.string(), "ok, or what is wrong with the number.", form_column="3"),
        Column("taxpayer_name", pa.string(), "Name of the miner (or of the pool itself).", form_column="2"),
        Column("licence_no", pa.string(), "Number of the mining licence.", form_column="4"),
        Column("licence_date", pa.date32(), "Day the licence was issued.", form_column="4"),
        Column("wallet", pa.string(), "Address of the digital wallet.", form_column="5"),
        Column("distributed_on", pa.date32(), "Day of distribution (day of receipt of the asset).", form_column="6"),
        Column("asset", pa.string(), "Ticker of the distributed asset; as written where unknown.", form_column="7"),
        Column("quantity", QUANTITY, "Quantity distributed to the miner.", "units of the asset", "8"),
        Column(
            "reward_asset", pa.string(), "Ticker of the pool's reward; as written where unknown.", form_column="9.1"
        ),
        Column("reward_quantity", QUANTITY, "The pool's reward.", "units of the reward asset", "9.2"),
        _text("row_no", "Ordinal number", "1"),
        _text("miner_name", "Name", "2"),
        _text("miner_id", "BIN or IIN", "3"),
        _text("licence", "Licence number and date", "4"),
        _text("wallet", "Wallet", "5"),
        _text("distributed_on", "Day of distribution", "6"),
        _text("asset", "Asset", "7"),
        _text("quantity", "Quantity", "8"),
        _text("reward_asset", "Asset of the reward", "9.1"),
        _text("reward_quantity", "Quantity of the reward", "9.2"),
        _text("spanning", "A separate column 9 of the explanation", "9"),
    ),
)

FINDING = Table(
    "finding",
    "One row per fault found; past the cap of a rule and sheet, one row for all the rest.",
    (
        _REGISTRATION_NO,
        _EXAMINATION_NO,
        _POOL_ID,
        _PERIOD,
        Column("rule_id", pa.string(), "C-nn (completeness) or R-nn (reliability).", nullable=False),
        Column("lane", pa.string(), "completeness (refuses, para 8) or reliability (notice, para 10).", nullable=False),
        Column("severity", pa.string(), "error or warning.", nullable=False),
        Column("file", pa.string(), "Path of the file inside the package."),
        Column("sheet", pa.string(), "Name of the worksheet."),
        Column("row", pa.int32(), "Worksheet row, counted from 1."),
        Column("column_no", pa.string(), "Column of the form as printed (5, 9.2)."),
        Column("found", pa.string(), "What stands there, as written."),
        Column("expected", pa.string(), "What was expected there."),
        Column("message_kk", pa.string(), "The remark in Kazakh.", nullable=False),
        Column("message_ru", pa.string(), "The remark in Russian.", nullable=False),
        Column("message_en", pa.string(), "The remark in English.", nullable=False),
        Column("occurrences", pa.int32(), "How many faults this row stands for; they add up.", nullable=False),
    ),
)

TABLES = (FILING, DISTRIBUTION, FINDING)
