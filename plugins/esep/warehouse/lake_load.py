"""Parquet files of the lake into the working file. Only files that a verdict names count.

Rows of examinations that a later one replaced are kept apart: they say what the figures were in their time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.forms.values import quantity
from esep.lake import places
from esep.lake.schema import DISTRIBUTION, FINDING, Table
from esep.office import archive
from esep.proof.named import lost_examinations
from esep.warehouse import calls, duckdb_paths, lake_rows, work
from esep.warehouse.errors import LoadError
from esep.warehouse.schema import columns_of, query

_COLUMN = ("registration_no", "file", "sheet", "column_no")
"""What identifies a column of a sheet of a filing."""
BATCH_ROWS = 1_000_000
"""Rows that are read at once, to bound what a first load needs in memory."""
_FILING_ROWS = 500
"""What one more file costs in memory, in rows: an empty filing counts as much."""


def load(settings: Settings, connection: duckdb.DuckDBPyConnection, verdicts: Mapping[str, Mapping[str, Any]]) -> None:
    """Load the files that each filing's latest verdict names; `verdicts` by registration number.

    Raises LoadError naming the filing and the file. To be called inside a transaction: batches are no steps of their
    own, all of them are loaded or none.
    """
    for batch in _batches(verdicts):
        for table in (DISTRIBUTION, FINDING):
            numbers = {path: number for number in batch for path in _paths(verdicts[number], table)}
            if numbers:
                _load_table(settings, connection, table, numbers)


def load_earlier(
    settings: Settings, connection: duckdb.DuckDBPyConnection, verdicts: Mapping[str, Sequence[Mapping[str, Any]]]
) -> None:
    """Load the rows of these verdicts, in order, by registration number: what the figures were in their time.

    An examination that an officer gave up (event `examination_lost`, written by `bin/esep reexamine --apply`) or whose
    file cannot be read is marked with rows_lost: the figures of now do not rest on it, those as reported lack it. To be
    called inside a transaction.
    """
    for number, earlier in verdicts.items():
        lost = lost_examinations(archive.entry(settings, number)) if earlier else set()
        for examination_no, verdict in enumerate(earlier, start=1):
            rows = None if examination_no in lost else _earlier_rows(settings, number, examination_no, verdict)
            if rows is None:
                connection.execute(
                    "update examination set rows_lost = true where registration_no = ? and examination_no = ?",
                    [number, examination_no],
                )
            elif len(rows):
                connection.register("earlier_rows", rows)
                lake_rows.add_earlier(settings, connection, "earlier_rows")
                connection.unregister("earlier_rows")


def _batches(verdicts: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
    """Registration numbers in order, in lists of about BATCH_ROWS rows or of a single filing."""
    batch: list[str] = []
    held = 0
    for number in sorted(verdicts):
        rows = verdicts[number]["row_count"] + _FILING_ROWS
        if batch and held + rows > BATCH_ROWS:
            yield batch
            batch, held = [], 0
        batch.append(number)
        held += rows
    if batch:
        yield batch


def _paths(verdict: Mapping[str, Any], table: Table) -> list[str]:
    return [path for path in verdict["lake"] if PurePosixPath(path).parts[0] == table.name]


def _earlier_rows(settings: Settings, number: str, examination_no: int, verdict: Mapping[str, Any]) -> pa.Table | None:
    """The examination's rows, None where the lake does not hold all of them."""
    with duckdb.connect() as probe:  # an error must not spoil the transaction of the load
        try:
            _read(settings, probe, DISTRIBUTION, _paths(verdict, DISTRIBUTION))
            of_this = "from examined where registration_no = $number and examination_no = $examination_no"
            count = calls.value(probe, "count(*)", of_this, number=number, examination_no=examination_no)
            return probe.sql("from examined").to_arrow_table() if count == verdict["row_count"] else None
        except duckdb.Error:
            return None


def _found(settings: Settings, paths: Iterable[str]) -> list[str]:
    """Where the files are that a verdict names, relative to the lake."""
    return [places.found(settings.lake, path) for path in paths]


def _read(settings: Settings, probe: duckdb.DuckDBPyConnection, table: Table, paths: Sequence[str]) -> None:
    """The rows of files into the table `examined` of a database of their own."""
    calls.set_variables(probe, files=duckdb_paths.parquet(settings.lake / path for path in _found(settings, paths)))
    probe.execute(f"create table examined as {lake_rows.rows_of(settings.sql, table)}")


def _load_table(
    settings: Settings, connection: duckdb.DuckDBPyConnection, table: Table, numbers: Mapping[str, str]
) -> None:
    lake, recorded = settings.lake, list(numbers)
    found = _found(settings, recorded)
    for path, place in zip(recorded, found, strict=True):
        if not (lake / place).is_file():
            raise LoadError(_complaint(numbers[path], lake / path, "the file is missing"))
    paths = duckdb_paths.parquet(lake / place for place in found)
    calls.set_variables(connection, files=paths, lake=str(lake), found=found, recorded=recorded)
    try:
        connection.execute(f"insert into internal.loaded_file by name from {query(settings.sql, 'load/lake_file')}")
        if table is FINDING:
            rows = lake_rows.rows_of(settings.sql, table)
            connection.execute(f"insert into internal.examination_finding by name {rows}")
        else:
            lake_rows.add(settings, connection)
            keys = sorted({work.filing_key(number) for number in numbers.values()})
            calls.set_variables(connection, filings=keys)
            for relation in ("stored_rows", "stated_taxpayer"):
                of_these = query(settings.sql, f"load/{relation}")
                connection.execute(f"insert into internal.{relation} by name from {of_these}")
            _load_unreadable(settings, connection, dict(zip(numbers, paths, strict=True)), numbers)
    except duckdb.Error as error:
        raise LoadError(_faulty(settings, table, numbers, error)) from error
    _compare_numbers(connection, lake, table, numbers)


def _load_unreadable(
    settings: Settings, connection: duckdb.DuckDBPyConnection, files: Mapping[str, str], numbers: Mapping[str, str]
) -> None:
    """Numbers without a value that can be read get why: more digits than a DECIMAL(38,18) holds, or R-88.

    Only files of filings that have such are read for it. `files`: where DuckDB finds a recorded path.
    """
    uncounted = set(calls.column(connection, "registration_no", f"from {query(settings.sql, 'load/uncounted')}"))
    if not uncounted:
        return
    calls.set_variables(connection, files=[files[path] for path, number in numbers.items() if number in uncounted])
    quantities = query(settings.sql, "load/lake_quantity")
    columns = columns_of(connection, "internal.unreadable_quantity").names
    unreadable = calls.selected(columns, f"from {quantities} where reason is not null")
    connection.execute(f"insert into internal.unreadable_quantity by name {unreadable}")
    source = (
        "from internal.unreadable_quantity where reason = 'unreadable' and regexp_matches(found, '[0-9]') "
        "and registration_no in (select unnest($numbers::varchar[]))"
    )
    rows = calls.rows(connection, ("distinct registration_no", *_COLUMN[1:], "found"), source, numbers=[*uncounted])
    commas = _comma_columns(connection, quantities) if any("," in found for *_, found in rows) else frozenset()
    reasons = [(*row, quantity.reason_without_figure(row[-1], row[:-1] in commas)) for row in rows]
    found = [dict(zip((*_COLUMN, "found", "reason"), row, strict=True)) for row in reasons if row[-1] != "unreadable"]
    if found:
        connection.register("reasons", pa.Table.from_pylist(found))
        same = " and ".join(f"unreadable.{name} = reasons.{name}" for name in (*_COLUMN, "found"))
        connection.execute(
            "update internal.unreadable_quantity as unreadable set reason = reasons.reason from reasons "  # noqa: S608 - ours
            f"where unreadable.reason = 'unreadable' and {same}"
        )
        connection.unregister("reasons")


def _comma_columns(connection: duckdb.DuckDBPyConnection, quantities: str) -> frozenset[tuple[str, ...]]:
    """Columns (registration number, file, sheet, printed number) whose figures have commas between thousands."""
    texts: dict[tuple[str, ...], list[str]] = {}
    source = f"from {quantities} where regexp_matches(found, ',.*[,.]')"
    for *column, text in calls.rows(connection, ("distinct registration_no", *_COLUMN[1:], "found"), source):
        texts.setdefault(tuple(column), []).append(text)
    return frozenset(column for column, of in texts.items() if quantity.column_uses_comma_for_thousands(of))


def _compare_numbers(
    connection: duckdb.DuckDBPyConnection, lake: Path, table: Table, numbers: Mapping[str, str]
) -> None:
    """A file must hold rows of the filing whose verdict names it, and of no other."""
    source = "from internal.loaded_file where relation = $relation and path in (select unnest($paths::varchar[]))"
    found = calls.rows(connection, ("path", "registration_no"), source, relation=table.name, paths=[*numbers])
    for path, number in found:
        if numbers[path] != number:
            raise LoadError(_complaint(numbers[path], lake / path, f"it holds rows of filing {number}"))


def _faulty(settings: Settings, table: Table, numbers: Mapping[str, str], error: duckdb.Error) -> str:
    """Find the file at fault by reading each by itself."""
    for path, number in numbers.items():
        with duckdb.connect() as probe:
            try:
                _read(settings, probe, table, [path])
            except duckdb.Error as fault:
                reason = str(fault).splitlines()[0]
                return _complaint(number, settings.lake / path, f"it cannot be read ({reason})")
    return f"The Parquet files of {', '.join(sorted(set(numbers.values())))} cannot be loaded: {error}"


def _complaint(number: str, path: Path, fault: str) -> str:
    return (
        f"{number}: {path}: {fault}, though the filing's verdict names it. Restore the file from a backup, or examine "
        f"the filing again, which writes new files and a new verdict: bin/esep reexamine {number} --apply; then run "
        "again. Nothing was loaded."
    )
