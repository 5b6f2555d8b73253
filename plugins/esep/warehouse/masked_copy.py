"""Filling the tables of the masked snapshot from the published one, column by column as its mask says.

Pseudonyms are worked out once for each distinct value and joined from temporary tables, which are no part of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.examination import suites
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

SOURCE = "published"
"""Name under which the published file is attached."""

_NOT_TEXT = ("BOOLEAN", "DATE", "TIMESTAMP", "TIME", "DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "SMALLINT", "DOUBLE")
"""Types that cannot hold a text begin so. Any other type is treated as one that can."""

_RULE_KEY = "concat_ws(' ', source.rule_id, source.column_no)"

Words = Mapping[str, Mapping[str, str]]
"""Key of a rule (`rule_key`) → language (or `expected`) → text."""


@dataclass(frozen=True, slots=True)
class Column:
    table: str
    name: str
    treatment: Treatment | None
    """None: it cannot hold a text."""


def can_hold_text(data_type: str) -> bool:
    return data_type.endswith("[]") or not data_type.startswith(_NOT_TEXT)


def columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Column]]:
    """The tables of the database with their columns; a column that can hold a text and has no word is masked."""
    rows = connection.execute(
        """
        select columns.table_name, columns.column_name, columns.data_type
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables using (database_name, schema_name, table_name)
        where not columns.internal and columns.database_name = current_database()
        order by columns.table_name, columns.column_index
        """
    ).fetchall()
    found: dict[str, list[Column]] = {}
    for table, name, data_type in rows:
        becomes = treatment(table, name) if can_hold_text(data_type) else None
        found.setdefault(table, []).append(Column(table, name, becomes))
    return found


def copy_all(connection: duckdb.DuckDBPyConnection, settings: Settings, pseudonyms: Pseudonyms) -> None:
    """Fill every table that schema.create left empty; those of the law are filled by it."""
    tables = columns_of(connection)
    words = rule_words(settings)
    _prepare(connection, tables, pseudonyms, words)
    for table, columns in tables.items():
        (filled,) = connection.execute(f"select count(*) > 0 from {table}").fetchone() or (False,)  # noqa: S608 - ours
        if not filled:
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
    values = {kind: _distinct(connection, every, kind) for kind in Treatment}
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
    connection.execute(f"create temp table words_of_{name} as select * from words")  # noqa: S608 - names of this module
    connection.unregister("words")


def _distinct(connection: duckdb.DuckDBPyConnection, columns: Iterable[Column], kind: Treatment) -> list[str]:
    """All values of the columns of one kind in the published snapshot."""
    if kind in (Treatment.KEPT, Treatment.DROPPED, Treatment.CELL, Treatment.EXPECTED, Treatment.MESSAGE):
        return []
    selects = [
        f'select distinct "{column.name}"::varchar as value from {SOURCE}.main.{column.table}'  # noqa: S608 - names of our tables
        for column in columns
        if column.treatment is kind
    ]
    if not selects:
        return []
    union = " union ".join(selects)
    return [value for (value,) in connection.execute(f"select value from ({union}) where value is not null").fetchall()]  # noqa: S608


def _tickers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Assets that the law or the price list knows: words of the office, not of a filer."""
    sources = ("ticker from {0}.main.asset", "asset from {0}.main.price", "asset from {0}.main.price_history")
    union = " union ".join(f"select {source.format(SOURCE)}" for source in sources)
    return [ticker for (ticker,) in connection.execute(union).fetchall()]


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
            pairs = connection.execute(
                f'select distinct "{column.name}", {holder} from {SOURCE}.main.{column.table} '  # noqa: S608 - our tables
                f'where "{column.name}" is not null'
            ).fetchall()
            for number, taxpayer in pairs:
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
        f"from {SOURCE}.main.{table} as source\n" + "\n".join(joins.values())
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
