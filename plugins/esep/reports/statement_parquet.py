"""The figures of a statement as Parquet: exact decimals, sorted rows, the same bytes for the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from esep.answers.statement import Statement
from esep.warehouse.dictionary import column_comment

_QUANTITY, _MONEY = pa.decimal128(38, 18), pa.decimal128(38, 12)
_TAXPAYER = {"taxpayer_id": pa.string(), "taxpayer_name": pa.string(), "taxpayer_id_state": pa.string()}
_INCOME = {
    "asset": pa.string(),
    "quantity": _QUANTITY,
    "valued_quantity": _QUANTITY,
    "unvalued_quantity": _QUANTITY,
    "income_kzt": _MONEY,
}
TABLES: Mapping[str, Mapping[str, pa.DataType]] = {
    "annual_income": {"year": pa.int32(), "role": pa.string(), **_TAXPAYER, **_INCOME},
    "monthly_income": {"year": pa.int32(), "period": pa.date32(), "role": pa.string(), **_TAXPAYER, **_INCOME},
    "sale_obligation": {
        "year": pa.int32(),
        "role": pa.string(),
        **_TAXPAYER,
        "asset": pa.string(),
        "share": pa.decimal128(7, 6),
        "base_quantity": _QUANTITY,
        "quantity_to_sell": _QUANTITY,
        "decimals": pa.int32(),
    },
    "filing": {
        "registration_no": pa.string(),
        "pool_id": pa.string(),
        "pool_name": pa.string(),
        "period": pa.date32(),
        "received_at": pa.timestamp("us", "Asia/Almaty"),
        "kind": pa.string(),
        "replaces": pa.string(),
        "examination_no": pa.int32(),
        "ruleset": pa.string(),
    },
}
"""Relation → its columns; they are those of the warehouse."""


def write_tables(folder: Path, statement: Statement) -> None:
    """`annual_income.parquet`, `monthly_income.parquet`, `sale_obligation.parquet`, `filing.parquet`."""
    rows: Mapping[str, Iterable[Any]] = {
        "annual_income": statement.income,
        "monthly_income": statement.monthly,
        "sale_obligation": statement.obligations,
        "filing": statement.filings,
    }
    for name, columns in TABLES.items():
        schema = pa.schema(
            [
                pa.field(column, kind, metadata={"comment": column_comment(name, column)})
                for column, kind in columns.items()
            ]
        )
        lines = [{"year": statement.year, **asdict(row)} for row in rows[name]]
        table = pa.Table.from_pylist([{column: line[column] for column in columns} for line in lines], schema)
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
