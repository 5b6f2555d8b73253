"""What DuckDB and Spark spell, or mean, otherwise; sqlglot does the rest. Each rewrite keeps the value exactly.

Under the settings of `session` Spark's decimals are exact or raise, as DuckDB's are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects import spark

from esep.warehouse.spark.errors import UntranslatedError

ColumnsOf = Callable[[str], Mapping[str, str]]
"""Columns of a query of DuckDB with their types."""


class Spark(spark.Spark):
    """Spark SQL with common table expressions where they are: those of subqueries may have the names of outer ones."""

    class Generator(spark.Spark.Generator):  # type: ignore[misc, valid-type] # set by a metaclass
        EXPRESSIONS_WITHOUT_NESTED_CTES: ClassVar[set[type[exp.Expr]]] = set()


_TYPES = {
    "VARCHAR": "string",
    "JSON": "string",
    "HUGEINT": "decimal(38,0)",
    "INTEGER": "int",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
}
_WIDE = "decimal(38,0)"


def spark_type(kind: str) -> str:
    """A type of DuckDB as Spark names it; HUGEINT is a decimal of 38 digits there."""
    if kind.endswith("[]"):
        return f"array<{spark_type(kind.removesuffix('[]'))}>"
    return _TYPES.get(kind, kind.lower())


def rewritten(tree: exp.Expr, columns_of: ColumnsOf) -> exp.Expr:
    """A query of DuckDB without macros, to be written out in the dialect Spark."""
    for union in reversed([node for node in tree.find_all(exp.SetOperation) if node.args.get("by_name")]):
        _by_position(union, columns_of)
    for select in list(tree.find_all(exp.Select)):
        _without_replace(select, columns_of)
        _side_by_side(select)
    for node in reversed(list(tree.walk(bfs=False))):  # what is inside first
        rewrite = _REWRITES.get(type(node))
        new = rewrite(node) if rewrite else node
        if new is not node:
            node.replace(new)
    return tree


def _by_position(union: exp.SetOperation, columns_of: ColumnsOf) -> None:
    """`union by name` with the columns of both sides written out."""
    sides = {
        key: columns_of(_in_context(union, union.args[key]).sql(dialect="duckdb")) for key in ("this", "expression")
    }
    kinds = dict(reversed(list(chain.from_iterable(columns.items() for columns in reversed(sides.values())))))
    names = list(dict.fromkeys(chain.from_iterable(sides.values())))
    for key, columns in sides.items():
        chosen = [
            exp.column(name, quoted=True)
            if name in columns
            else exp.alias_(exp.cast(exp.null(), kinds[name], dialect="duckdb"), name, quoted=True)
            for name in names
        ]
        union.set(
            key,
            exp.select(*chosen).from_(
                exp.Subquery(this=union.args[key].unnest().copy(), alias=exp.TableAlias(this=exp.to_identifier("side")))
            ),
        )
    union.set("by_name", False)


def _without_replace(select: exp.Select, columns_of: ColumnsOf) -> None:
    """`* replace (… as name)` with the columns written out."""
    for star in select.expressions:
        if not (isinstance(star, exp.Star) and star.args.get("replace")):
            continue
        put = {one.alias: one for one in star.args["replace"]}
        plain = select.copy()
        plain.set("expressions", [exp.Star()])
        for clause in ("where", "qualify", "order", "limit", "distinct"):
            plain.set(clause, None)
        names = columns_of(_in_context(select, plain).sql(dialect="duckdb"))
        chosen = [put[name].copy() if name in put else exp.column(name, quoted=True) for name in names]
        select.set(
            "expressions", list(chain.from_iterable(chosen if one is star else [one] for one in select.expressions))
        )


def _side_by_side(select: exp.Select) -> None:
    """Lists that are unnested in one select go row by row together; Spark would give each with each."""
    places = [place for place, one in enumerate(select.expressions) if isinstance(one.unalias(), exp.Explode)]
    if len(places) < 2:
        return
    first, last = places[0], places[-1]
    together = select.expressions[first : last + 1]
    if len(together) != len(places) or not all(one.alias for one in together):
        raise UntranslatedError(f"lists that are unnested together need names, and no column between: {select.sql()}")
    zipped = exp.Anonymous(this="arrays_zip", expressions=[one.unalias().this.copy() for one in together])
    rows = exp.Aliases(
        this=exp.Anonymous(this="inline", expressions=[zipped]),
        expressions=[exp.to_identifier(one.alias) for one in together],
    )
    select.set("expressions", [*select.expressions[:first], rows, *select.expressions[last + 1 :]])


def _in_context(place: exp.Expr, query: exp.Expr) -> exp.Expr:
    """A query with the common table expressions that are in scope at a place, as a statement of its own."""
    made: dict[str, exp.Expr] = {}
    node: exp.Expr | None = place
    while node is not None:
        parent = node.parent
        clause = (
            parent
            if isinstance(parent, exp.With)
            else (node.args.get("with_") if isinstance(node, exp.Query) else None)
        )
        for one in clause.expressions if clause else ():
            if one is node:
                break
            made.setdefault(one.alias, one)
        node = parent
    query = query.unnest().copy()
    own = query.args.pop("with_", None)
    kept = [
        one.copy() for one in made.values() if own is None or one.alias not in {mine.alias for mine in own.expressions}
    ]
    every = [*kept, *(own.expressions if own else ())]
    if every:
        query.set("with_", exp.With(expressions=every))
    return query


def _cast(node: exp.Cast) -> exp.Expr:
    if node.to.this is exp.DataType.Type.INT128:
        node.set("to", exp.DataType.build(_WIDE, dialect="spark"))
    return node


def _struct(node: exp.Expr) -> exp.Expr:
    """Structs are made to be compared: DuckDB puts nulls last in them, Spark first; so a flag is before each field."""
    fields = []
    for position, field in enumerate(node.expressions):
        name = field.name if isinstance(field, exp.PropertyEQ) else f"field_{position}"
        value = field.expression if isinstance(field, exp.PropertyEQ) else field
        is_null = exp.Is(this=exp.paren(value.copy()), expression=exp.null())
        fields += [exp.Literal.string(f"{name}_is_null"), is_null, exp.Literal.string(name), value.copy()]
    return exp.Anonymous(this="named_struct", expressions=fields)


def _latest(name: str) -> Callable[[exp.Expr], exp.Expr]:
    """arg_max and arg_min pass over a null in what they give, too."""

    def rewrite(node: exp.Expr) -> exp.Expr:
        given, by = node.this, node.expression
        if isinstance(by, exp.Tuple):
            by = _struct(by)
        known = exp.Case().when(exp.Not(this=exp.Is(this=exp.paren(given.copy()), expression=exp.null())), by.copy())
        return exp.Anonymous(this=name, expressions=[given.copy(), known])

    return rewrite


def _any_value(node: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="any_value", expressions=[node.this.copy(), exp.true()])


def _ignore_nulls(node: exp.Expr) -> exp.Expr:
    """any_value says so by its second argument, which may stand before a filter."""
    return node.this.copy() if isinstance(node.this, exp.Anonymous) and node.this.name.lower() == "any_value" else node


def _date_diff(node: exp.Expr) -> exp.Expr:
    if node.text("unit").upper() != "DAY":
        return node
    days = exp.Anonymous(this="datediff", expressions=[node.this.copy(), node.expression.copy()])
    return exp.cast(days, "bigint")


def _trunc(node: exp.Expr) -> exp.Expr:
    if node.args.get("decimals") is not None:
        return node
    number = exp.paren(node.this.copy())
    return _wide(exp.Sub(this=number, expression=exp.Mod(this=number.copy(), expression=exp.Literal.number(1))))


def _regexp_full_match(node: exp.Expr) -> exp.Expr:
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        return node
    whole = exp.Literal.string(rf"\A(?:{pattern.this})\z")
    return exp.Anonymous(this="regexp_like", expressions=[node.this.copy(), whole])


def _join(node: exp.Join) -> exp.Join:
    if node.kind in ("SEMI", "ANTI") and not node.side:
        node.set("side", "LEFT")
    return node


def _towards_zero(node: exp.Expr) -> exp.Expr:
    """`a // b` with 38 digits, which Spark's div has not: what is left over is taken off first, so nothing is rounded.

    By a power of ten the division is a product; other divisors have quotients below 10^20, for which decimals suffice.
    """
    whole, divisor = _wide(node.this), node.expression
    by = _wide(divisor)
    exact = exp.paren(exp.Sub(this=whole, expression=exp.Mod(this=whole.copy(), expression=by)))
    number = divisor.unnest()
    if isinstance(number, exp.Literal) and re.fullmatch("10+", number.this):
        zeros = len(number.this) - 1
        unit = sqlglot.parse_one(f"cast('0.{'1'.rjust(zeros, '0')}' as decimal({zeros},{zeros}))", dialect="spark")
        return _wide(exp.Mul(this=exact, expression=unit))
    return _wide(exp.Div(this=exact, expression=by.copy()))


def _wide(number: exp.Expr) -> exp.Expr:
    return exp.cast(number.unnest().copy(), _WIDE, dialect="spark")


_REWRITES: Mapping[type[exp.Expr], Callable[[Any], exp.Expr]] = {
    exp.Cast: _cast,
    exp.Struct: _struct,
    exp.ArgMax: _latest("max_by"),
    exp.ArgMin: _latest("min_by"),
    exp.AnyValue: _any_value,
    exp.IgnoreNulls: _ignore_nulls,
    exp.DateDiff: _date_diff,
    exp.Trunc: _trunc,
    exp.RegexpFullMatch: _regexp_full_match,
    exp.Join: _join,
    exp.IntDiv: _towards_zero,
}


__all__ = ["ColumnsOf", "Spark", "rewritten", "spark_type"]
