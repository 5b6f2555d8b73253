"""The relations and macros of sql/ as Spark SQL: macros put in their place, what Spark spells otherwise rewritten.

DuckDB is asked which columns a query has, and of which types. So there is one version of each formula, and no type of a
result is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from esep.lake.schema import DISTRIBUTION
from esep.warehouse import schema
from esep.warehouse.spark import rewrites
from esep.warehouse.spark.errors import UntranslatedError

_DIALECT = "duckdb"
LAKE = "lake_distribution"
"""Table that stands for the Parquet files that a query of sql/load/ reads."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A query for Spark and what it reads, by names without schema (`internal.row_value` is `internal_row_value`)."""

    query: str
    views: Mapping[str, str]
    """Spark SQL of the views it reads, each after those that it reads itself."""
    tables: frozenset[str]
    """Tables, as SQL names them: `internal.registered`."""


@dataclass(frozen=True, slots=True)
class _Macro:
    parameters: tuple[str, ...]
    body: exp.Expr

    def called(self, arguments: list[exp.Expr]) -> exp.Expr:
        """Its body with the arguments in place of its parameters."""
        values = dict(zip(self.parameters, arguments, strict=True))

        def put(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column) and not node.table and node.name in values:
                return exp.paren(values[node.name].copy())
            return node

        return self.body.copy().transform(put)


class Relations:
    """What sql/ makes, by name as SQL has it. A file is read when a query first needs it."""

    def __init__(
        self, sql: Path, connection: duckdb.DuckDBPyConnection, as_tables: Collection[str] = frozenset()
    ) -> None:
        """`connection`: to any database of these relations, a working file or a snapshot, with or without rows.

        `as_tables`: views that queries read as if they were tables.
        """
        self._as_tables = as_tables
        self._files = {schema.relation_of(path): path for path in schema.sql_files(sql)}
        self._made: dict[str, _Macro | exp.Expr | None] = {}
        self._connection = connection.cursor()
        self._connection.register(LAKE, DISTRIBUTION.loaded.empty_table())

    def _relation(self, name: str) -> _Macro | exp.Expr | None:
        """A macro, a view's query, or None for a table or what sql/ does not make."""
        if name not in self._made:
            path = self._files.get(name)
            self._made[name] = self._read(path) if path else None
        return self._made[name]

    def _read(self, path: Path) -> _Macro | exp.Expr | None:
        tree = sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect=_DIALECT)
        if not isinstance(tree, exp.Create):
            raise UntranslatedError(f"{path}: a statement that makes a relation is expected")
        if tree.kind == "MACRO":
            return _Macro(tuple(one.name for one in tree.this.expressions), self._expanded(tree.expression))
        return self._expanded(tree.expression) if tree.kind == "VIEW" else None

    def columns(self, query: str) -> dict[str, str]:
        """The columns of a query and their DuckDB types."""
        try:
            return {name: kind for name, kind, *_ in self._connection.execute(f"describe {query}").fetchall()}
        except duckdb.Error as error:
            raise UntranslatedError(f"DuckDB does not understand this query itself: {error}\n{query}") from error

    def translated(self, query: str) -> Translated:
        """A query of DuckDB over relations of sql/. Its columns have the types that they have there.

        Raises UntranslatedError.
        """
        views: dict[str, str] = {}
        tables: set[str] = set()
        parsed = sqlglot.parse_one(query, dialect=_DIALECT)
        for table in parsed.find_all(exp.Table):
            if isinstance(table.this, exp.ReadParquet):
                table.set("this", exp.to_identifier(LAKE))
        columns = self.columns(parsed.sql(dialect=_DIALECT))
        tree = self._rewritten(parsed, views, tables)
        kinds = ", ".join(
            f"cast(`{name}` as {rewrites.spark_type(kind)}) as `{name}`" for name, kind in columns.items()
        )
        query = f"select {kinds} from ({tree.sql(dialect=rewrites.Spark)})"  # noqa: S608 - the query of the caller
        return Translated(query, views, frozenset(tables))

    def _rewritten(self, tree: exp.Expr, views: dict[str, str], tables: set[str]) -> exp.Expr:
        tree = rewrites.rewritten(self._expanded(tree), self.columns)
        for table in _tables_of(tree):
            name = f"{table.db}.{table.name}" if table.db else table.name
            view = self._relation(name)
            if isinstance(view, exp.Expr) and name not in self._as_tables:
                self._add_view(name, view, views, tables)
            else:
                tables.add(name)
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("db", None)
            table.set("this", exp.to_identifier(spark_name(name)))
        return tree

    def _add_view(self, name: str, query: exp.Expr, views: dict[str, str], tables: set[str]) -> None:
        if spark_name(name) not in views:
            tree = self._rewritten(query.copy(), views, tables)
            views[spark_name(name)] = tree.sql(dialect=rewrites.Spark)

    def _expanded(self, tree: exp.Expr) -> exp.Expr:
        """With the body of each macro in place of its call."""
        for call in reversed(list(tree.find_all(exp.Anonymous))):
            parent: Any = call.parent
            is_table = isinstance(parent, exp.Table) and parent.this is call
            is_named = is_table or (isinstance(parent, exp.Dot) and parent.expression is call)
            schema_name = (parent.db if is_table else parent.this.name) if is_named else ""
            macro = self._relation(f"{schema_name}.{call.name}" if schema_name else call.name)
            if not isinstance(macro, _Macro):
                continue
            body, node = macro.called(call.expressions), parent if is_named else call
            if is_table:
                alias = parent.args.get("alias") or exp.TableAlias(this=exp.to_identifier(call.name))
                body = exp.Subquery(this=body, alias=alias, joins=parent.args.get("joins"))
            else:
                body = exp.paren(body.unnest())
            if node is tree:
                return body
            node.replace(body)
        return tree


def spark_name(name: str) -> str:
    """A relation as its temporary view is named, which has no schema."""
    return name.replace(".", "_")


def _tables_of(tree: exp.Expr) -> list[exp.Table]:
    """The relations that a query reads, not the common table expressions that it makes."""
    found = []
    for table in tree.find_all(exp.Table):
        if table.db or table.name not in _made_above(table):
            found.append(table)
    return found


def _made_above(table: exp.Table) -> set[str]:
    """Common table expressions that are in scope at a table: those of each query around it, in one those before it."""
    names: set[str] = set()
    node: exp.Expr = table
    while node.parent is not None:
        parent = node.parent
        if isinstance(parent, exp.With):
            for made in parent.expressions:
                if made is node:
                    break
                names.add(made.alias)
        elif isinstance(parent, exp.Query) and parent.args.get("with_") is not node and parent.args.get("with_"):
            names |= {made.alias for made in parent.args["with_"].expressions}
        node = parent
    return names
