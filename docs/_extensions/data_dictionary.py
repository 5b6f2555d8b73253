"""The page dictionary.md: every relation and macro of an empty warehouse, with its columns by sql/columns.csv.

A Sphinx extension: what it makes is added to the text of `dictionary.md` when that page is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import duckdb

from esep.config import PROJECT
from esep.lake.schema import Meaning, meaning
from esep.warehouse import schema

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE = "dictionary"

PUBLIC: Mapping[str, tuple[str, ...]] = {
    "The two figures": (
        "annual_income",
        "annual_income_total",
        "monthly_income",
        "sale_obligation",
        "monthly_sale_obligation",
        "sale_balance",
        "income_by_pool",
        "taxpayer",
    ),
    "Where a figure comes from": (
        "distribution",
        "distribution_value",
        "value_kzt",
        "quantity_to_sell",
        "excluded_row",
        "trace_income",
        "reconciliation",
    ),
    "Why a figure changed": ("income_entry", "income_change", "filing_change", "filing_effect"),
    "Figures of a past day": (
        "distribution_as_known_on",
        "annual_income_as_known_on",
        "annual_income_total_as_known_on",
        "monthly_income_as_known_on",
        "sale_obligation_as_known_on",
        "monthly_sale_obligation_as_known_on",
        "annual_income_as_reported_on",
        "annual_income_total_as_reported_on",
        "monthly_income_as_reported_on",
        "sale_obligation_as_reported_on",
    ),
    "Filings and findings": ("filing", "filing_as_known_on", "finding", "examination"),
    "Due dates, duties, letters, decisions": (
        "filing_calendar",
        "filing_calendar_as_of",
        "obligation_due",
        "obligation_due_as_of",
        "approved_letter",
        "approved_letter_as_of",
        "question",
        "question_as_of",
        "notice",
        "dispatch",
        "handover",
        "overrule",
        "waiver",
        "answer",
        "silence_decision",
        "no_distribution_message",
        "event",
    ),
    "Reference data and tables of the law": (
        "price",
        "exchange_rate",
        "pool",
        "licence",
        "exchange",
        "sale",
        "reference_version",
        "reference_history",
        "price_history",
        "exchange_rate_history",
        "reference_gap",
        "unused_price",
        "asset",
        "asset_alias",
        "price_list",
        "sale_rule",
        "calendar_day",
        "period_due_date",
        "obligation_kind",
        "question_kind",
        "build",
    ),
}
"""What is made to be queried, by what it is asked for. The rest of `main` is what pages, commands and reports show."""

SHOWN = "What pages, commands and reports show"
INTERNAL = "Building blocks"

PARAMETERS: Mapping[str, str] = {
    "known_on": "moment (TIMESTAMPTZ): what was received, decided or recorded by then counts",
    "reported_on": "moment (TIMESTAMPTZ): what was known by then counts, prices, rates and readings included",
    "today": "local day (DATE) as of which due, overdue and silent are given",
    "taxpayer": "BIN or IIN, as text",
    "of_year": "year, as a number",
    "since": "moment (TIMESTAMPTZ) after which changes count; '-infinity' for all",
    "until": "moment (TIMESTAMPTZ) up to which changes count; 'infinity' for all",
    "quantity": "units of an asset, up to 18 decimals",
    "price": "price of one unit, up to 12 decimals",
    "rate": "tenge for one unit of the price's currency, up to 6 decimals",
    "base": "units to which the share applies",
    "share": "share to be sold",
    "decimals": "decimals of the asset's smallest unit",
}
"""What the parameters of public macros mean."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, as the page shows it."""

    name: str
    type: str
    meaning: str
    unit: str
    form_column: str
    paragraph: str


@dataclass(frozen=True, slots=True)
class Relation:
    """One table, view or macro. A macro has parameters; one that gives a value has no columns."""

    name: str
    kind: str
    grain: str
    parameters: tuple[str, ...]
    columns: tuple[Column, ...]


_FORM_COLUMN = re.compile(r"\bcolumns? (\d+(?:\.\d)?(?:(?:, | and | or )\d+(?:\.\d)?)*)")
_SEPARATOR = re.compile(r", | and | or ")
_PARAGRAPH = re.compile(r"\bparas? (\d+(?:(?:-|, | and )\d+)*)")
_OF_A_PAST_DAY = re.compile(r"_(as_known_on|as_reported_on|as_of)$")


def column_of(name: str, data_type: str, said: Meaning | None) -> Column:
    """A column with the columns of the form and the paragraphs that its comment names; empty where it does not say."""
    if said is None:
        return Column(name, data_type, "", "", "", "")
    named = filter(None, (_numbers(_FORM_COLUMN, said.comment), said.form_column))
    return Column(name, data_type, said.comment, said.unit, ", ".join(named), _numbers(_PARAGRAPH, said.comment))


def _numbers(pattern: re.Pattern[str], text: str) -> str:
    """All numbers that the text gives after the word, each once."""
    found = [number for group in pattern.findall(text) for number in _SEPARATOR.split(group)]
    return ", ".join(dict.fromkeys(found))


@cache
def relations() -> tuple[Relation, ...]:
    """All relations and macros that sql/ makes, in the order of their names."""
    with duckdb.connect() as connection:
        schema.create(connection, PROJECT / "sql")
        described = [*_tables_and_views(connection), *_macros(connection)]
    return tuple(sorted(described, key=lambda relation: relation.name))


def _tables_and_views(connection: duckdb.DuckDBPyConnection) -> Iterator[Relation]:
    found = connection.execute(
        """
        select schema_name, table_name, 'table', comment from duckdb_tables() where not internal
        union all
        select schema_name, view_name, 'view', comment from duckdb_views() where not internal
        """
    ).fetchall()
    for schema_name, name, kind, comment in found:
        columns = connection.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ? "
            "order by column_index",
            [schema_name, name],
        ).fetchall()
        described = tuple(column_of(column, data_type, meaning(name, column)) for column, data_type in columns)
        yield Relation(schema.named(schema_name, name), kind, comment or "", (), described)


def _macros(connection: duckdb.DuckDBPyConnection) -> Iterator[Relation]:
    found = connection.execute(
        "select schema_name, function_name, function_type, parameters, comment from duckdb_functions() "
        "where not internal and function_type in ('macro', 'table_macro')"
    ).fetchall()
    for schema_name, macro, kind, parameters, comment in found:
        name = schema.named(schema_name, macro)
        columns: list[Column] = []
        if kind == "table_macro":
            nothing = ", ".join("null" for _ in parameters)
            described = connection.execute(f"describe select * from {name}({nothing})").fetchall()  # noqa: S608 - our own
            columns = [column_of(row[0], row[1], _of_macro(macro, row[0])) for row in described]
        shown = "macro" if kind == "table_macro" else "macro that gives a value"
        yield Relation(name, shown, comment or "", tuple(parameters), tuple(columns))


def _of_macro(macro: str, column: str) -> Meaning | None:
    """A macro's column means what it means in the relation of today.

    Only building blocks may have columns that nobody described.
    """
    said = meaning(_OF_A_PAST_DAY.sub("", macro), column)
    if said is None and any(macro in names for names in PUBLIC.values()):
        raise KeyError(f"{macro}.{column}: nobody described this column")
    return said


def markdown() -> str:
    """The dictionary as Markdown: a part for each purpose, what pages show, then the building blocks."""
    by_name = {relation.name: relation for relation in relations()}
    public = {name for names in PUBLIC.values() for name in names}
    if unknown := public - by_name.keys():
        raise KeyError(f"{', '.join(sorted(unknown))}: named in PUBLIC, but no file of sql/ makes it")
    blocks = tuple(name for name in by_name if name.startswith(f"{schema.INTERNAL}."))
    shown = tuple(name for name in by_name if name not in public and name not in blocks)
    parts = [*PUBLIC.items(), (SHOWN, shown), (INTERNAL, blocks)]
    lines: list[str] = []
    for title, names in parts:
        lines += [f"## {title}", ""]
        if title == INTERNAL:
            lines += [
                "What the above is made from, in schema `internal`. They may change with any version of Esep.",
                "",
            ]
        for name in names:
            lines += _section(by_name[name], by_name)
    return "\n".join(lines)


def _section(relation: Relation, by_name: Mapping[str, Relation]) -> list[str]:
    call = f"{relation.name}({', '.join(relation.parameters)})" if relation.parameters else relation.name
    lines = [f"### {relation.name}", "", f"`{call}` · {relation.kind}", "", _plain(relation.grain), ""]
    lines += [f"- `{name}`: {_plain(PARAMETERS[name])}" for name in relation.parameters if name in PARAMETERS]
    lines += [""]
    today = by_name.get(_OF_A_PAST_DAY.sub("", relation.name), relation)
    if today is not relation and today.columns == relation.columns:
        return [*lines, f"Columns: those of [{today.name}](#{today.name}).", ""]
    if not relation.columns:
        return lines
    lines += ["| column | type | meaning | unit | 1-ЦМ | para |", "|---|---|---|---|---|---|"]
    of_relation = _numbers(_PARAGRAPH, relation.grain)
    for column in relation.columns:
        cells = (_plain(column.meaning), column.unit, column.form_column, column.paragraph or of_relation)
        lines.append(f"| `{column.name}` | {column.type} | {' | '.join(cells)} |")
    return [*lines, ""]


def _plain(text: str) -> str:
    """The text with nothing in it that Markdown would read as its own."""
    return re.sub(r"([\\`*_{}\[\]<>#|$])", r"\\\1", text)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""

    def fill(_app: Sphinx, page: str, source: list[str]) -> None:
        if page == PAGE:
            source[0] += "\n" + markdown()

    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
