"""Parquet files of the lake into the working file. Only files that a verdict names count.

Rows of examinations that a later one replaced are kept apart: they say what the figures were in their time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.forms.values import quantity
from esep.lake.schema import DISTRIBUTION, FINDING, LATER, Table
from esep.office import archive
from esep.proof.named import lost_examinations
from esep.warehouse import duckdb_paths
from esep.warehouse.errors import LoadError

_KEY = (
    "split_part(registration_no, '-', 1)::bigint * 1000000000 + split_part(registration_no, '-', 2)::bigint"
    " as filing_key"
)


def _rows(table: Table, *more: str) -> str:
    """A query of the loaded columns of the lake's files, and of `more`; what an older file lacks is as LATER says."""
    later = [column for column in table.arrow_schema if column.name in LATER]
    selected = [f'"{name}"' for name in table.loaded.names if name not in LATER]
    selected += [f"coalesce({one.name}, {_literal(LATER[one.name])}) as {one.name}" for one in later]
    empty = ", ".join(f"null::varchar as {column.name}" for column in later) or "1 as nothing"
    return (
        f"select {', '.join([*more, *selected])} from (select {empty} where false union all by name "  # noqa: S608 - ours
        "select * from read_parquet(?, hive_partitioning = false, union_by_name = true))"
    )


def _literal(value: str | None) -> str:
    return "null" if value is None else f"'{value}'"


DISTRIBUTION_ROWS = _rows(DISTRIBUTION, _KEY)
"""Columns of distribution_row from the lake's files."""
_UNREADABLE = f"""
insert into internal.unreadable_quantity by name
with quantities as (
    select
        *,
        '8' as column_no,
        asset as of_asset,
        quantity as typed,
        quantity_text as found
    from read_parquet($files, hive_partitioning = false, union_by_name = true)
    union all
    select
        *,
        '9.2' as column_no,
        reward_asset as of_asset,
        reward_quantity as typed,
        reward_quantity_text as found
    from read_parquet($files, hive_partitioning = false, union_by_name = true)
)

select
    {_KEY},
    registration_no,
    file,
    sheet,
    row,
    column_no,
    taxpayer_id,
    of_asset as asset,
    found,
    case
        when typed is not null then 'too_large'
        when found is null then 'empty'
        else 'unreadable'
    end as reason
from quantities
where internal.counted_quantity(typed) is null
"""  # noqa: S608 - constants of this module
_TOLD = ("registration_no", "file", "sheet", "column_no", "found", "reason")
_WITH_COMMAS = """
with texts as (
    select registration_no, file, sheet, '8' as column_no, quantity_text as text
    from read_parquet($files, hive_partitioning = false, union_by_name = true)
    union all
    select registration_no, file, sheet, '9.2' as column_no, reward_quantity_text as text
    from read_parquet($files, hive_partitioning = false, union_by_name = true)
)

select distinct registration_no, file, sheet, column_no, text
from texts
where regexp_matches(text, ',.*[,.]')
"""
_LOADED = {
    DISTRIBUTION.name: "count(*) as row_count, "
    "coalesce(sum(internal.counted_quantity(quantity)), 0) as quantity, "
    "coalesce(sum(internal.counted_quantity(reward_quantity)), 0) as reward_quantity, "
    "0 as occurrences",
    FINDING.name: "count(*) as row_count, 0 as quantity, 0 as reward_quantity, "
    "coalesce(sum(occurrences), 0) as occurrences",
}
_INSERTS = {
    DISTRIBUTION.name: (f"insert into internal.distribution_row by name {DISTRIBUTION_ROWS}", _UNREADABLE),
    FINDING.name: (f"insert into internal.examination_finding by name {_rows(FINDING)}",),
}


def load(settings: Settings, connection: duckdb.DuckDBPyConnection, verdicts: Mapping[str, Mapping[str, Any]]) -> None:
    """Load the files that each filing's latest verdict names; `verdicts` by registration number.

    Raises LoadError naming the filing and the file. To be called inside a transaction.
    """
    files: dict[str, dict[str, str]] = {DISTRIBUTION.name: {}, FINDING.name: {}}
    for number, verdict in verdicts.items():
        for relative in verdict["lake"]:
            relation = PurePosixPath(relative).parts[0]
            if relation in files:
                files[relation][relative] = number
    for relation, numbers in files.items():
        if numbers:
            _load_relation(settings.lake, connection, relation, numbers)


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
                connection.execute("insert into internal.earlier_row by name select * from earlier_rows")
                connection.unregister("earlier_rows")


def _earlier_rows(settings: Settings, number: str, examination_no: int, verdict: Mapping[str, Any]) -> pa.Table | None:
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


def _load_relation(
    lake: Path, connection: duckdb.DuckDBPyConnection, relation: str, numbers: Mapping[str, str]
) -> None:
    for relative, number in numbers.items():
        if not (lake / relative).is_file():
            raise LoadError(_complaint(number, lake / relative, "the file is missing"))
    paths = duckdb_paths.parquet(lake / relative for relative in numbers)
    try:
        _count(connection, lake, relation, paths)
        for statement in _INSERTS[relation]:
            connection.execute(statement, {"files": paths} if "$files" in statement else [paths])
        if relation == DISTRIBUTION.name:
            _tell_reasons(connection, lake, numbers)
    except duckdb.Error as error:
        raise LoadError(_faulty(lake, numbers, relation, error)) from error
    _compare_numbers(connection, lake, relation, numbers)


def _count(connection: duckdb.DuckDBPyConnection, lake: Path, relation: str, paths: Iterable[str]) -> None:
    connection.execute(
        f"""
        insert into internal.loaded_file by name
        select
            filename[{len(str(lake)) + 2}:] as path,
            any_value(registration_no) as registration_no,
            '{relation}' as relation,
            {_LOADED[relation]}
        from read_parquet(?, hive_partitioning = false, filename = true)
        group by filename
        """,  # noqa: S608 - names of this module
        [list(paths)],
    )


def _tell_reasons(connection: duckdb.DuckDBPyConnection, lake: Path, numbers: Mapping[str, str]) -> None:
    """Numbers without a value that can be read say why: more digits than a DECIMAL(38,18) holds, or R-88."""
    rows = connection.execute(
        "select distinct registration_no, file, sheet, column_no, found from internal.unreadable_quantity "
        "where reason = 'unreadable' and regexp_matches(found, '[0-9]') and registration_no in (select unnest(?))",
        [list(numbers.values())],
    ).fetchall()
    if not rows:
        return
    commas = _comma_columns(connection, lake, numbers) if any("," in row[-1] for row in rows) else frozenset()
    told = [(*row, quantity.reason_without_figure(row[-1], row[:-1] in commas)) for row in rows]
    others = [row for row in told if row[-1] != "unreadable"]
    if others:
        connection.execute(
            """
            update internal.unreadable_quantity
            set reason = told.reason
            from (select unnest(?::struct(
                registration_no varchar, file varchar, sheet varchar, column_no varchar, found varchar, reason varchar
            )[], recursive := true)) as told
            where
                unreadable_quantity.reason = 'unreadable'
                and unreadable_quantity.registration_no = told.registration_no
                and unreadable_quantity.file = told.file
                and unreadable_quantity.sheet = told.sheet
                and unreadable_quantity.column_no = told.column_no
                and unreadable_quantity.found = told.found
            """,
            [[dict(zip(_TOLD, row, strict=True)) for row in others]],
        )


def _comma_columns(
    connection: duckdb.DuckDBPyConnection, lake: Path, numbers: Mapping[str, str]
) -> frozenset[tuple[str, ...]]:
    """Columns (registration number, file, sheet, printed number) whose figures have commas between thousands."""
    texts: dict[tuple[str, ...], list[str]] = {}
    rows = connection.execute(_WITH_COMMAS, {"files": [str(lake / relative) for relative in numbers]}).fetchall()
    for *column, text in rows:
        texts.setdefault(tuple(column), []).append(text)
    return frozenset(column for column, of in texts.items() if quantity.column_uses_comma_for_thousands(of))


def _compare_numbers(
    connection: duckdb.DuckDBPyConnection, lake: Path, relation: str, numbers: Mapping[str, str]
) -> None:
    """A file must hold rows of the filing whose verdict names it, and of no other."""
    rows = connection.execute(
        "select path, registration_no from internal.loaded_file where relation = ?", [relation]
    ).fetchall()
    for path, number in rows:
        if path in numbers and numbers[path] != number:
            raise LoadError(_complaint(numbers[path], lake / path, f"it holds rows of filing {number}"))


def _faulty(lake: Path, numbers: Mapping[str, str], relation: str, error: duckdb.Error) -> str:
    """Find the file at fault by reading each by itself."""
    table = {DISTRIBUTION.name: DISTRIBUTION, FINDING.name: FINDING}[relation]
    for relative, number in numbers.items():
        with duckdb.connect() as probe:
            try:
                probe.execute(f"create table probe as {_rows(table)}", [duckdb_paths.parquet([lake / relative])])
            except duckdb.Error as fault:
                return _complaint(number, lake / relative, f"it cannot be read ({_first_line(fault)})")
    return f"The Parquet files of {', '.join(sorted(set(numbers.values())))} cannot be loaded: {error}"


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]


def _complaint(number: str, path: Path, what: str) -> str:
    return (
        f"{number}: {path}: {what}, though the filing's verdict names it. Restore the file from a backup, or examine "
        f"the filing again, which writes new files and a new verdict: bin/esep reexamine {number} --apply; then run "
        "again. Nothing was loaded."
    )
