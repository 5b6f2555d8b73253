"""Data rows of examinations that a later one replaced: they tell what the figures were in their time.

An examination that an officer gave up (event `examination_lost`, written by `bin/esep reexamine --apply`) or whose
file cannot be read is marked with rows_lost: the figures of now do not rest on it, and what it told is left out of the
figures as told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.lake.schema import DISTRIBUTION
from esep.office import archive
from esep.proof.named import lost_examinations
from esep.warehouse import duckdb_paths
from esep.warehouse.lake_load import DISTRIBUTION_ROWS


def load(
    settings: Settings, connection: duckdb.DuckDBPyConnection, verdicts: Mapping[str, Sequence[Mapping[str, Any]]]
) -> None:
    """Load the rows of these verdicts, in order, by registration number. To be called inside a transaction."""
    for number, earlier in verdicts.items():
        lost = lost_examinations(archive.entry(settings, number)) if earlier else set()
        for examination_no, verdict in enumerate(earlier, start=1):
            rows = None if examination_no in lost else _rows(settings, number, examination_no, verdict)
            if rows is None:
                connection.execute(
                    "update examination set rows_lost = true where registration_no = ? and examination_no = ?",
                    [number, examination_no],
                )
            elif len(rows):
                connection.register("earlier_rows", rows)
                connection.execute("insert into earlier_row by name select * from earlier_rows")
                connection.unregister("earlier_rows")


def _rows(settings: Settings, number: str, examination_no: int, verdict: Mapping[str, Any]) -> pa.Table | None:
    """The examination's rows, None where the lake does not hold all of them."""
    paths = [
        settings.lake / relative
        for relative in verdict["lake"]
        if PurePosixPath(relative).parts[0] == DISTRIBUTION.name
    ]
    with duckdb.connect() as probe:  # an error must not spoil the transaction of the load
        try:
            probe.execute(f"create table examined as {DISTRIBUTION_ROWS}", [duckdb_paths.parquet(paths)])
            of_this = probe.execute(
                "select count(*) from examined where registration_no = ? and examination_no = ?",
                [number, examination_no],
            ).fetchall()
            complete = of_this == [(verdict["row_count"],)]
            return probe.sql("select * from examined").to_arrow_table() if complete else None
        except duckdb.Error:
            return None
