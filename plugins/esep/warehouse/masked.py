"""The masked snapshot: the published warehouse without IINs, names of persons and wallets, for wider use.

It is made anew from the published file each time, never by changing a copy, because DuckDB keeps old bytes in free
blocks: the same relations, comments and macros, with tables filled by selects that mask. What becomes of each column
is its mask in sql/columns.csv (`masked_values`); pseudonyms are worked out once for each distinct value and joined from
temporary tables, which are no part of the file. The file is built in a folder of the owner, copied beside its place and
renamed: the public folder may be another disk.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from filelock import FileLock

from esep import files
from esep.config import Settings
from esep.examination import suites
from esep.warehouse import calls, duckdb_paths, schema, work
from esep.warehouse.errors import MaskingError, NoSnapshotError
from esep.warehouse.masked_values import (
    HOLDERS,
    MASK,
    NUMBER_OR_DATE,
    PSEUDONYMS,
    EventMask,
    Pseudonyms,
    Treatment,
    author,
    is_licence_number,
    is_organisation,
    open_columns,
    rule_key,
    treatment,
)

FOLDER = ".masking"
"""Folder of the warehouse in which the file is built; what DuckDB cannot keep in memory goes there, too."""
STATE = "masked.json"
"""File of the warehouse that says which snapshot the masked one was made from."""
LOCK = "masked.lock"
_OTHER_WORDS = (Treatment.NAME, Treatment.AUTHOR, Treatment.LETTER, Treatment.EVENT_DATA)
"""What is shown word by word as well, though not as a pseudonym."""
SOURCE = "published"
"""Name under which the published file is attached."""
_NOT_TEXT = ("BOOLEAN", "DATE", "TIMESTAMP", "TIME", "DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "SMALLINT", "DOUBLE")
"""Types that cannot hold a text begin so. Any other type is treated as one that can."""
_RULE_KEY = "concat_ws(' ', source.rule_id, source.column_no)"
Words = Mapping[str, Mapping[str, str]]
"""Key of a rule (`rule_key`) → language (or `expected`) → text."""
_PUBLIC_FOLDER, _PUBLIC_FILE, _PASS_THROUGH = 0o755, 0o644, 0o001


@dataclass(frozen=True, slots=True)
class MaskedReport:
    published: bool
    """False when the masked snapshot is that of the published one already."""

    def __str__(self) -> str:
        return "masked snapshot published" if self.published else "the masked snapshot is up to date"


def publish(settings: Settings) -> MaskedReport:
    """Make the masked snapshot of what is published, unless it is there. May run while others read or write.

    Raises NoSnapshotError while nothing was published, MaskingError if it cannot be made: the last one then stays.
    """
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / LOCK):
        if not settings.snapshot.is_file():
            raise NoSnapshotError(f"{settings.snapshot}: no warehouse has been published yet, so none is masked.")
        pseudonyms = Pseudonyms.of(settings)
        state = _state(settings, pseudonyms)
        if settings.masked_snapshot.is_file() and _last_state(settings) == state:
            return MaskedReport(published=False)
        with _folder(settings) as folder:
            built = folder / settings.masked_snapshot.name
            try:
                _build(built, settings, pseudonyms)
            except duckdb.Error as error:
                raise MaskingError(
                    f"{settings.masked_snapshot}: could not be made ({error}); the last one stays in place. The full "
                    f"snapshot {settings.snapshot} is published. If space is left on the disk, look whether both were "
                    "made by the same version of Esep: `bin/esep rebuild` makes both anew."
                ) from error
            _put_in_place(built, settings)
        files.write_json(settings.warehouse / STATE, state)
        return MaskedReport(published=True)


def is_current(settings: Settings) -> bool:
    """Whether the masked snapshot is there, and was made from what is published."""
    try:
        return settings.masked_snapshot.is_file() and _last_state(settings) == _state(settings, Pseudonyms.of(settings))
    except (OSError, MaskingError):  # `publish` says why
        return False


def _state(settings: Settings, pseudonyms: Pseudonyms) -> dict[str, str | int]:
    """What the masked file depends on: the file that is published, code, rules and secret (as a hash)."""
    found = settings.snapshot.stat()
    rules = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(settings.expectations.glob("*.json"))))
    return {
        "snapshot": f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}",
        "fingerprint": work.fingerprint(settings.sql),
        "rules": rules.hexdigest(),
        "secret": hashlib.sha256(b"of the masked snapshot" + pseudonyms.key).hexdigest(),
    }


def _last_state(settings: Settings) -> object:
    try:
        return files.read_json(settings.warehouse / STATE)
    except (OSError, json.JSONDecodeError):
        return None


@contextmanager
def _folder(settings: Settings) -> Iterator[Path]:
    """An empty folder for the owner alone; what a kill left in it is removed. To be called with the lock held."""
    folder = settings.warehouse / FOLDER
    duckdb_paths.remove(folder)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield duckdb_paths.prepare(folder)
    finally:
        duckdb_paths.remove(folder)


def _build(path: Path, settings: Settings, pseudonyms: Pseudonyms) -> None:
    sums = schema.query(settings.sql, "snapshot/annual_sum_by_asset")
    with duckdb_paths.created(path) as connection:
        connection.execute("set TimeZone = 'Asia/Almaty'")
        connection.execute("set preserve_insertion_order = true")
        connection.execute(f"set temp_directory = {duckdb_paths.quoted(path.parent / 'spilled')}")
        schema.create(connection, settings.sql)
        duckdb_paths.attach(connection, settings.snapshot, SOURCE)
        copy_all(connection, settings, pseudonyms)
        connection.execute(f"detach {SOURCE}")
        connection.execute("force checkpoint")
        masked = connection.sql(sums).fetchall()
    with duckdb.connect(str(settings.snapshot), read_only=True) as connection:
        full = connection.sql(sums).fetchall()
    if masked != full:
        raise MaskingError(
            f"{settings.masked_snapshot}: its annual figures would differ from those of {settings.snapshot}, so it is "
            "not put in place; the last one stays. This is a fault of the program: keep both files and report it."
        )


def _put_in_place(built: Path, settings: Settings) -> None:
    settings.public.mkdir(exist_ok=True)
    files.set_mode(settings.public, _PUBLIC_FOLDER)
    files.remove_unfinished(settings.masked_snapshot)
    with files.replacing(settings.masked_snapshot) as temporary:
        shutil.copyfile(built, temporary)
        files.set_mode(temporary, _PUBLIC_FILE)
    files.set_mode(settings.home, settings.home.stat().st_mode & 0o7777 | _PASS_THROUGH)


@dataclass(frozen=True, slots=True)
class Column:
    table: str
    """As SQL names it, with its schema."""
    name: str
    treatment: Treatment | None
    """None: it cannot hold a text."""


def can_hold_text(data_type: str) -> bool:
    return data_type.endswith("[]") or not data_type.startswith(_NOT_TEXT)


def columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Column]]:
    """The tables of the database with their columns; a column that can hold a text and has no word is masked."""
    columns = ("schema_name", "table_name", "column_name", "data_type")
    source = """
        from duckdb_columns() semi join duckdb_tables() using (database_name, schema_name, table_name)
        where not internal and database_name = current_database()
        order by schema_name, table_name, column_index
    """
    found: dict[str, list[Column]] = {}
    for schema_name, relation, name, data_type in calls.rows(connection, columns, source):
        table = schema.named(schema_name, relation)
        becomes = treatment(relation, name) if can_hold_text(data_type) else None
        found.setdefault(table, []).append(Column(table, name, becomes))
    return found


def copy_all(connection: duckdb.DuckDBPyConnection, settings: Settings, pseudonyms: Pseudonyms) -> None:
    """Fill every table that schema.create left empty; those of the law are filled by it."""
    tables = columns_of(connection)
    words = rule_words(settings)
    _prepare(connection, tables, pseudonyms, words)
    for table, columns in tables.items():
        if not calls.value(connection, "count(*)", f"from {table}"):
            _copy(connection, table, columns)


def rule_words(settings: Settings) -> Words:
    """The texts of the rules as expectations/ has them now, with what would be filled in taken out.

    By rule and column of the form. A rule that says several things of one column says them all: ` / ` between.
    """
    taken_out = dict.fromkeys(("found", "expected", "file", "sheet", "row", "column"), MASK)
    words: dict[str, dict[str, str]] = {}
    for rule in suites.load(settings).rules:
        of_rule = words.setdefault(rule_key(rule.rule_id, rule.column_no), {})
        for language in suites.LANGUAGES:
            text = f"{rule.text[language]} {rule.todo[language]}".format_map(taken_out | {"column": rule.column_no})
            of_rule[language] = " / ".join(dict.fromkeys([*filter(None, [of_rule.get(language)]), text]))
        of_rule["expected"] = rule.expected or ""
    return words


def _prepare(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, list[Column]], pseudonyms: Pseudonyms, words: Words
) -> None:
    """Make the tables of words that `_expression` joins."""
    every = [column for columns in tables.values() for column in columns]
    values = {kind: _distinct(connection, every, kind) for kind in (*PSEUDONYMS, *_OTHER_WORDS)}
    shown = {kind: {value: pseudonyms.of_value(kind, value) for value in values[kind]} for kind in PSEUDONYMS}
    shown[Treatment.TAXPAYER] = {value: pseudonyms.taxpayer(value) for value in values[Treatment.TAXPAYER]}
    shown[Treatment.ASSET] |= {ticker: ticker for ticker in _tickers(connection)}
    shown[Treatment.LICENCE] |= {number: number for number in _open_licences(connection, every, shown)}
    shown[Treatment.NAME] = {name: name for name in values[Treatment.NAME] if is_organisation(name)}
    shown[Treatment.AUTHOR] = {name: author(name) for name in values[Treatment.AUTHOR]}
    shown[Treatment.LETTER] = {number: pseudonyms.letter(number) for number in values[Treatment.LETTER]}
    events = EventMask(pseudonyms, words)
    shown[Treatment.EVENT_DATA] = {data: events.data(data) for data in values[Treatment.EVENT_DATA]}
    for kind, pairs in shown.items():
        _keep(connection, str(kind), {"written": list(pairs), "shown": list(pairs.values())})
    keys = ("kk", "ru", "en", "expected")
    _keep(connection, "rule", {"written": list(words)} | {key: [words[rule][key] for rule in words] for key in keys})


def _keep(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, list[str]]) -> None:
    table = pa.table({key: pa.array(values, pa.string()) for key, values in columns.items()})
    connection.register("words", table)
    connection.execute(f"create temp table words_of_{name} as from words")
    connection.unregister("words")


def _distinct(connection: duckdb.DuckDBPyConnection, columns: Iterable[Column], kind: Treatment) -> set[str]:
    """All values of the columns of one kind in the published snapshot."""
    found: set[str] = set()
    for column in columns:
        if column.treatment is kind:
            source = f'from {SOURCE}.{column.table} where "{column.name}" is not null'
            found.update(calls.column(connection, f'distinct "{column.name}"::varchar', source))
    return found


def _tickers(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Assets that the law or the price list knows: words of the office, not of a filer."""
    sources = (("ticker", "asset"), ("distinct asset", "price"), ("distinct asset", "price_history"))
    return {ticker for name, table in sources for ticker in calls.column(connection, name, f"from {SOURCE}.{table}")}


def _open_licences(
    connection: duckdb.DuckDBPyConnection,
    columns: list[Column],
    shown: Mapping[Treatment, Mapping[str, str]],
) -> set[str]:
    """Licence numbers that are stated beside BINs only."""
    stated: dict[str, set[str]] = {}
    for column in columns:
        if column.treatment is Treatment.LICENCE:
            holder = _holder(column, columns)
            source = f'from {SOURCE}.{column.table} where "{column.name}" is not null'
            for number, taxpayer in calls.rows(connection, (f'distinct "{column.name}"', holder), source):
                stated.setdefault(number, set()).add(taxpayer)
    bins = {number for number, word in shown[Treatment.TAXPAYER].items() if number == word}
    return {number for number, holders in stated.items() if is_licence_number(number) and holders <= bins}


def _holder(column: Column, columns: Iterable[Column]) -> str:
    """The column of the same table that says whose name or licence it is."""
    own = {other.name for other in columns if other.table == column.table}
    return next(name for name in HOLDERS[column.name] if name in own)


def _copy(connection: duckdb.DuckDBPyConnection, table: str, columns: list[Column]) -> None:
    joins: dict[str, str] = {}
    selected = ",\n".join(f'{_expression(column, columns, joins)} as "{column.name}"' for column in columns)
    connection.execute(
        f"insert into {table} by name\nselect\n{selected}\n"
        f"from {SOURCE}.{table} as source\n" + "\n".join(joins.values())
    )


def _expression(column: Column, columns: list[Column], joins: dict[str, str]) -> str:
    """The select item of a column; what it needs is added to `joins` (alias → left join)."""
    written, kind = f'source."{column.name}"', column.treatment
    if kind is None or kind is Treatment.KEPT:
        return written
    taken_out = f"case when {written} is not null then '{MASK}' end"
    if kind is Treatment.DROPPED:
        return taken_out
    if kind in (Treatment.CELL, Treatment.EXPECTED):
        harmless = f"source.column_no in {open_columns()} and regexp_full_match({written}, '{NUMBER_OR_DATE}')"
        if kind is Treatment.EXPECTED:
            harmless += f" or {written} = {_join(joins, 'rule', _RULE_KEY)}.expected"
        return f"case when {harmless} then {written} when {written} is not null then '{MASK}' end"
    if kind is Treatment.MESSAGE:
        return f"coalesce({_join(joins, 'rule', _RULE_KEY)}.{column.name.rpartition('_')[2]}, {taken_out})"
    if kind is Treatment.NAME:
        holder = f'source."{_holder(column, columns)}"'
        taxpayer = _join(joins, Treatment.TAXPAYER, holder)
        name = _join(joins, Treatment.NAME, written)
        return f"case when {taxpayer}.shown = {holder} and {name}.shown is not null then {written} else {taken_out} end"
    return f"{_join(joins, kind, f'{written}::varchar')}.shown"


def _join(joins: dict[str, str], table: str, value: str) -> str:
    """The alias of the words of `value`, joined once."""
    condition = f"words_of_{table} as {{0}} on {{0}}.written = {value}"
    for alias, join in joins.items():
        if join == f"left join {condition.format(alias)}":
            return alias
    alias = f"{table}_word_{len(joins)}"
    joins[alias] = f"left join {condition.format(alias)}"
    return alias
