"""Parquet files of the lake: one per table and examination, written whole or not at all."""

from __future__ import annotations

import errno
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from esep import files
from esep.config import Settings
from esep.lake import places
from esep.lake.schema import LATER, Table
from esep.law import form_versions

UNFINISHED = ".unfinished"
"""Folder of the lake for files that do not have their names yet."""
_QUANTITIES = [name for name, column in form_versions.by_name().items() if column.kind == "quantity"]
_NO_DICTIONARY = frozenset({"row", "row_no", *_QUANTITIES, *(f"{name}_text" for name in _QUANTITIES)})
"""Columns of mostly distinct values: collecting a dictionary of them costs time and saves nothing."""


def path_of(table: Table, period: date | None, registration_no: str, examination_no: int) -> PurePosixPath:
    """`<table>/month=YYYY-MM|unknown/<number>[.eN].parquet`, relative to the lake."""
    month = f"{period:%Y-%m}" if period else places.UNKNOWN
    again = f".e{examination_no}" if examination_no > 1 else ""
    return PurePosixPath(table.name, f"{places.KEY}={month}", f"{registration_no}{again}.parquet")


@dataclass(frozen=True, slots=True)
class Aside:
    """A Parquet file that is whole on disk and does not have its name yet."""

    temporary: Path
    target: Path
    sha256: str
    """Hex, of the file's bytes."""

    def place(self) -> None:
        """Give it its name in one step, also where a killed run left a file that nothing counts.

        Where the month's folder is on another disk, or mounted by itself, it is copied beside its name first.
        """
        try:
            self.temporary.replace(self.target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            beside = self.target.with_name(self.temporary.name)
            files.copy(self.temporary, beside)
            files.flush_to_disk(beside)
            beside.replace(self.target)
            self.drop()

    def drop(self) -> None:
        self.temporary.unlink(missing_ok=True)


def write_aside(settings: Settings, table: Table, rows: pa.Table, path: PurePosixPath) -> Aside:
    """Write rows for `path` with the table's schema, descriptions, units and form columns as field metadata.

    Pages carry checksums, for readers that look at them. Raises ArrowInvalid if the rows do not have exactly the
    table's columns and types, or a null where none may be.
    """
    schema = table.arrow_schema
    exact = rows.select(schema.names).cast(schema)
    exact.validate()
    encoded = [name for name in schema.names if name not in _NO_DICTIONARY]
    target = settings.lake / path
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = _unfinished(settings.lake, target)
    try:
        pq.write_table(exact, temporary, compression="zstd", use_dictionary=encoded, write_page_checksum=True)
        files.flush_to_disk(temporary)
        return Aside(temporary, target, files.sha256_of(temporary))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _unfinished(lake: Path, target: Path) -> Path:
    """A hidden name for a file in the making: in no table's folder, where some readers open whatever there is."""
    aside = lake / UNFINISHED
    aside.mkdir(parents=True, exist_ok=True)
    return aside / f".{target.name}.{uuid.uuid4().hex}{files.TEMPORARY}"


def opened(settings: Settings, recorded: str) -> pq.ParquetFile:
    """A file that a verdict names; raises OSError or ArrowException where it is gone or damaged."""
    return pq.ParquetFile(settings.lake / places.found(settings.lake, recorded))


def read(settings: Settings, table: Table, recorded: str) -> pa.Table:
    """The rows of a file that a verdict names, with the columns that an older one lacks; raises as `opened`."""
    rows = opened(settings, recorded).read()
    for column in table.arrow_schema:
        if column.name in LATER and column.name not in rows.column_names:
            rows = rows.append_column(column.name, pa.repeat(pa.scalar(LATER[column.name], column.type), len(rows)))
    return rows


def place(written: Iterable[Aside]) -> None:
    """Give files their names, and flush their folders."""
    folders = set()
    for one in written:
        one.place()
        folders.add(one.target.parent)
    for folder in folders:
        files.flush_to_disk(folder)


def write(settings: Settings, table: Table, rows: pa.Table, path: PurePosixPath) -> str:
    """Write rows under `path` at once; gives the file's hex SHA-256."""
    written = write_aside(settings, table, rows, path)
    place([written])
    return written.sha256
