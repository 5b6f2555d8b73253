"""Tables of the masked snapshot, filled by selects that mask.

What becomes of each column is its mask in sql/columns.csv (`masked_values`); pseudonyms are worked out once for each
distinct value and joined from temporary tables, which are no part of the file. Only a licence's word depends on other
rows: it is shown while it is stated beside BINs alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from esep.config import Settings
from esep.examination import suites
from esep.warehouse import calls, schema
from esep.warehouse.known_assets import tickers
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

_OTHER_WORDS = (Treatment.NAME, Treatment.AUTHOR, Treatment.LETTER, Treatment.EVENT_DATA)
"""What is shown word by word as well, though not as a pseudonym."""
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


class EarlierWordError(Exception):
    """What was copied before would get another word now."""


@dataclass(frozen=True, slots=True)
class Copying:
    """Copies rows of SOURCE into the tables of the connection's database."""

    connection: duckdb.DuckDBPyConnection
    pseudonyms: Pseudonyms
    rules: Words
    known_licences: Collection[str] = ()
    """Licences as they are shown in what was copied before."""

    def copy(self, sources: Mapping[str, str]) -> set[str]:
        """Copy rows, by table what is to be selected `from`; gives their licences as they are shown.

        Raises EarlierWordError if a licence that was shown may be shown no longer; nothing is copied then.
        """
        tables = {table: columns for table, columns in columns_of(self.connection).items() if table in sources}
        licences = self._prepare(tables, sources)
        for table, columns in tables.items():
            _copy(self.connection, table, columns, sources[table])
        return licences

    def _prepare(self, tables: Mapping[str, list[Column]], sources: Mapping[str, str]) -> set[str]:
        """Make the tables of words that `_expression` joins; gives the words of licences."""
        connection, pseudonyms = self.connection, self.pseudonyms
        every = [column for columns in tables.values() for column in columns]
        values = {kind: _distinct(connection, every, kind, sources) for kind in (*PSEUDONYMS, *_OTHER_WORDS)}
        shown = {kind: {value: pseudonyms.of_value(kind, value) for value in values[kind]} for kind in PSEUDONYMS}
        shown[Treatment.TAXPAYER] = {value: pseudonyms.taxpayer(value) for value in values[Treatment.TAXPAYER]}
        shown[Treatment.ASSET] |= {ticker: ticker for ticker in tickers(connection, SOURCE)}
        shown[Treatment.LICENCE] |= self._open_licences(every, sources, shown)
        shown[Treatment.NAME] = {name: name for name in values[Treatment.NAME] if is_organisation(name)}
        shown[Treatment.AUTHOR] = {name: author(name) for name in values[Treatment.AUTHOR]}
        shown[Treatment.LETTER] = {number: pseudonyms.letter(number) for number in values[Treatment.LETTER]}
        events = EventMask(pseudonyms, self.rules)
        shown[Treatment.EVENT_DATA] = {data: events.data(data) for data in values[Treatment.EVENT_DATA]}
        for kind, pairs in shown.items():
            _keep(connection, str(kind), {"written": list(pairs), "shown": list(pairs.values())})
        texts = {key: [self.rules[rule][key] for rule in self.rules] for key in ("kk", "ru", "en", "expected")}
        _keep(connection, "rule", {"written": list(self.rules)} | texts)
        return set(shown[Treatment.LICENCE].values())

    def _open_licences(
        self, columns: list[Column], sources: Mapping[str, str], shown: Mapping[Treatment, Mapping[str, str]]
    ) -> dict[str, str]:
        """Licence numbers that are stated beside BINs only, here and in what was copied before."""
        stated: dict[str, set[str]] = {}
        for table, number, holder in licence_columns(columns):
            source = f'from {sources[table]} where "{number}" is not null'
            for licence, taxpayer in calls.rows(self.connection, (f'distinct "{number}"', holder), source):
                stated.setdefault(licence, set()).add(taxpayer)
        bins = {number for number, word in shown[Treatment.TAXPAYER].items() if number == word}
        found = {number for number, holders in stated.items() if is_licence_number(number) and holders <= bins}
        if any(number in self.known_licences for number in stated.keys() - found):
            raise EarlierWordError
        return {number: number for number in found if shown[Treatment.LICENCE][number] not in self.known_licences}


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


def _keep(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, list[str]]) -> None:
    table = pa.table({key: pa.array(values, pa.string()) for key, values in columns.items()})
    connection.register("words", table)
    connection.execute(f"create or replace temp table words_of_{name} as from words")
    connection.unregister("words")


def _distinct(
    connection: duckdb.DuckDBPyConnection, columns: Iterable[Column], kind: Treatment, sources: Mapping[str, str]
) -> set[str]:
    """All values of the columns of one kind in what is copied."""
    found: set[str] = set()
    for column in columns:
        if column.treatment is kind:
            source = f'from {sources[column.table]} where "{column.name}" is not null'
            found.update(calls.column(connection, f'distinct "{column.name}"::varchar', source))
    return found


def licence_columns(columns: list[Column]) -> Iterator[tuple[str, str, str]]:
    """Table, column of a licence's number, and the column that says whose it is."""
    for column in columns:
        if column.treatment is Treatment.LICENCE:
            yield column.table, column.name, _holder(column, columns)


def _holder(column: Column, columns: Iterable[Column]) -> str:
    """The column of the same table that says whose name or licence it is."""
    own = {other.name for other in columns if other.table == column.table}
    return next(name for name in HOLDERS[column.name] if name in own)


def _copy(connection: duckdb.DuckDBPyConnection, table: str, columns: list[Column], source: str) -> None:
    joins: dict[str, str] = {}
    selected = ",\n".join(f'{_expression(column, columns, joins)} as "{column.name}"' for column in columns)
    connection.execute(
        f"insert into {table} by name\nselect\n{selected}\nfrom {source} as source\n" + "\n".join(joins.values())
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
