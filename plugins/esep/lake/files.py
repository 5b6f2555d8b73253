"""Parquet files of the lake: one per table and examination, written whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from esep.config import Settings
from esep.files import replacing
from esep.lake.schema import Table

_NO_DICTIONARY = frozenset({"quantity", "quantity_text", "reward_quantity", "reward_quantity_text", "row", "row_no"})
"""Columns of mostly distinct values: collecting a dictionary of them costs time and saves nothing."""


def path_of(table: Table, period: date | None, registration_no: str, examination_no: int) -> PurePosixPath:
    """`<table>/period=YYYY-MM|unknown/<number>[.eN].parquet`, relative to the lake."""
    month = f"{period:%Y-%m}" if period else "unknown"
    again = f".e{examination_no}" if examination_no > 1 else ""
    return PurePosixPath(table.name, f"period={month}", f"{registration_no}{again}.parquet")


def write(settings: Settings, table: Table, rows: pa.Table, path: PurePosixPath) -> None:
    """Write rows under `path` with the table's schema, descriptions, units and form columns as field metadata.

    Raises ArrowInvalid if the rows do not have exactly the table's columns and types, or a null where none may be.
    """
    schema = table.arrow_schema
    exact = rows.select(schema.names).cast(schema)
    exact.validate()
    encoded = [name for name in schema.names if name not in _NO_DICTIONARY]
    with replacing(settings.lake / path) as temporary:
        pq.write_table(exact, temporary, compression="zstd", use_dictionary=encoded)
