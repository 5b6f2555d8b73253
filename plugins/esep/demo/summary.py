"""The outcome of the demo as people read it: figures, procedure, comparison. Everything fits 100 columns."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.config import PROJECT, Settings
from esep.demo.expected import FOLDER, Comparison
from esep.warehouse import published
from esep.warehouse.calls import rows, value

TOP = 8
LISTED = 16
MOST_DIFFERENCES = 40


def print_summary(settings: Settings, console: Console) -> None:
    """Filings, the two answers, what has no value, what was refused."""
    _print(settings, console, _filings, _refused, _incomes, _obligations, _unvalued)


def print_procedure(settings: Settings, console: Console) -> None:
    """Notices, what an officer has to do, what corrections changed, gaps of the reference data."""
    _print(settings, console, _notices, _duties, _corrections, _gaps)


def _print(settings: Settings, console: Console, *tables: Callable[[duckdb.DuckDBPyConnection], Table]) -> None:
    """Tables of the published snapshot, one below the other."""
    connection = published.connect(settings)
    try:
        for table in tables:
            console.print()
            console.print(table(connection))
    finally:
        connection.close()


def print_comparison(comparison: Comparison, console: Console) -> None:
    """What was compared, and each difference."""
    table = _table("Compared with the expected figures", "figures", ">rows", ">differences")
    wrong = [difference.sheet for difference in comparison.differences]
    for sheet, count in comparison.compared.items():
        table.add_row(sheet, f"{count:,}", f"{wrong.count(sheet):,}")
    console.print()
    console.print(table)
    if comparison.agrees:
        console.print("[bold green]Everything agrees with the expected figures.[/]")
        return
    table = _table("Differences", "figures", "row", "column", ">expected", ">published")
    for difference in comparison.differences[:MOST_DIFFERENCES]:
        cells = (
            difference.sheet,
            " ".join(difference.key),
            difference.column,
            difference.expected,
            difference.actual,
        )
        table.add_row(*map(escape, cells))
    console.print(table)
    if len(comparison.differences) > MOST_DIFFERENCES:
        console.print(f"… and {len(comparison.differences) - MOST_DIFFERENCES:,} more")
    console.print("[bold red]The published figures differ from the expected ones.[/]")


def print_places(settings: Settings, console: Console) -> None:
    """Where things are, and what to type next."""
    home = _shown(settings.home)
    table = Table(box=None, show_header=False, pad_edge=False, title="Where things lie", title_justify="left")
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for what, where in (
        ("Warehouse (DuckDB, read-only)", _shown(settings.snapshot)),
        ("Filings as received", f"{home}/archive/"),
        ("Lake (Parquet)", f"{home}/lake/"),
        ("Letters, annotated workbooks", f"{home}/outbox/"),
        ("Made-up prices and rates", f"{home}/reference/"),
        ("Expected figures", f"{home}/{FOLDER}/"),
    ):
        table.add_row(what, escape(where))
    console.print()
    console.print(table)
    console.print("\nNext", style="bold")
    refused = _a_refused_filing(settings)
    commands = [
        f"ESEP_HOME='{home}' make up   # the pages, in Airflow on http://localhost:8080",
        f"ESEP_HOME='{home}' bin/esep statement 2025   # statements for a year, into {home}/reports/",
        f"ESEP_HOME='{home}' bin/esep report 2025-08   # the report on a month's quality",
        "bin/esep template forms/   # the blank forms",
        f"ESEP_HOME='{home}' make run   # after dropping a package into {home}/inbox",
    ]
    if refused:
        folder = f"{home}/archive/{refused[:4]}/{refused}/package"
        commands.insert(0, f"bin/esep check '{folder}'   # what is wrong with a refused filing")
    for command in commands:
        console.print(f"  {escape(command)}", soft_wrap=True, highlight=False)


def _a_refused_filing(settings: Settings) -> str | None:
    """The first refused filing whose pool is known: its remarks are worth a look."""
    connection = published.connect(settings)
    try:
        source = "from refused_filing() where pool_id is not null"
        number: str | None = value(connection, "min(registration_no)", source)
    finally:
        connection.close()
    return number


def _shown(path: Path) -> str:
    """The path below the checkout where it is in it, else in full."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def _table(title: str, *columns: str) -> Table:
    """An empty table; a column whose name begins with `>` is set flush right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in columns:
        table.add_column(name.removeprefix(">"), justify="right" if name.startswith(">") else "left", overflow="fold")
    return table


def _number(value: Decimal) -> str:
    """Thousands separated, no digit lost, no zeros at the end."""
    plain = f"{value:,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _filings(connection: duckdb.DuckDBPyConnection) -> Table:
    states = ("on_time", "late", "refused", "silent", "not_filed", "not_due")
    table = _table(
        "Months by pool", "Pool", ">Filings", *(f">{state.replace('_', ' ')}" for state in states), ">superseded"
    )
    columns = ("pool_name", "filings", *states, "superseded")
    for name, *counts in rows(connection, columns, "from pool_history() order by pool_name"):
        table.add_row(escape(str(name)), *(f"{count:,}" for count in counts))
    return table


def _refused(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table("Refused as incomplete (para 8)", "Filing", "Pool, month", ">Remarks", "The first of them")
    columns = ("registration_no", "pool_name", "period", "remarks", "first_remark_en")
    found = rows(connection, columns, "from refused_filing() order by registration_no")
    for number, pool, period, remarks, message in found:
        whose = f"{pool}, {period:%Y-%m}" if pool and period else pool or "unknown"
        remark, _, _to_do = (message or "").partition(". ")
        table.add_row(number, escape(whose), f"{remarks:,}", escape(remark))
    return table


def _incomes(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table(
        f"Annual income as reported by pools: the {TOP} highest of each year and role",
        "Year",
        "Role",
        "Taxpayer",
        "BIN / IIN",
        ">Income, tenge",
        "Without value",
    )
    columns = ("year", "role", "taxpayer_name", "taxpayer_id", "income_kzt", "coalesce(unvalued_assets, '')")
    found = rows(connection, columns, "from highest_income($top)", top=TOP)
    last = None
    for year, role, name, taxpayer, income, unvalued in found:
        if last not in (None, (year, role)):
            table.add_section()
        last = (year, role)
        table.add_row(str(year), role, escape(name or ""), taxpayer, f"{income:,.2f}", escape(unvalued))
    return table


def _obligations(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table(
        "To be sold through exchanges with an AIFC licence, all taxpayers (para 11)",
        "Year",
        "Asset",
        ">Share",
        ">Taxpayers",
        ">Distributed",
        ">To sell",
    )
    columns = ("year", "asset", "share", "count(distinct taxpayer_id)", "sum(base_quantity)", "sum(quantity_to_sell)")
    found = rows(connection, columns, "from sale_obligation group by year, asset, share order by year, asset, share")
    last = None
    for year, asset, share, taxpayers, base, to_sell in found:
        if last not in (None, year):
            table.add_section()
        last = year
        table.add_row(str(year), asset, f"{share * 100:.0f} %", f"{taxpayers:,}", _number(base), _number(to_sell))
    return table


def _unvalued(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table(
        "Not valued: no official price for the day of receipt",
        "Year",
        "Role",
        "Asset",
        ">Taxpayers",
        ">Quantity without value",
    )
    columns = ("year", "role", "asset", "count(distinct taxpayer_id)", "sum(unvalued_quantity)")
    unvalued = "from annual_income where unvalued_quantity <> 0 group by year, role, asset order by year, role, asset"
    for year, role, asset, taxpayers, quantity in rows(connection, columns, unvalued):
        table.add_row(str(year), role, escape(asset), f"{taxpayers:,}", _number(quantity))
    return table


def _notices(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table(
        "Notices drafted (para 10), the day of detection and the last day to send",
        "Letter",
        "Pool, month",
        "Grounds",
        "Detected",
        "Send by",
        "Sent",
    )
    columns = ("letter_no", "pool_id", "period", "grounds", "detected_on", "notice_by", "sent_on")
    found = rows(connection, columns, "from notice_sent() order by detected_on, letter_no")
    for letter, pool, period, reasons, detected, by, sent in found[-LISTED:]:
        words = ", ".join(reason.replace("_", " ") for reason in reasons)
        late = "\nlate" if sent and sent > by else ""
        when = f"{sent}{late}" if sent else ""
        table.add_row(letter, f"{pool} {period:%Y-%m}", words, str(detected), str(by), when)
    _rest(table, found)
    return table


def _duties(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table("What an officer has to do (obligation_due)", "What", "Para", "State", ">Count")
    columns = ("text_en", "paragraph", "state", "count(*)")
    duties = "from obligation_due group by text_en, paragraph, state order by text_en, state"
    for text, paragraph, state, count in rows(connection, columns, duties):
        table.add_row(escape(text), paragraph, state.replace("_", " "), f"{count:,}")
    return table


def _corrections(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table(
        "What corrections changed against the version before (filing_change, filing_effect)",
        "Correction",
        "of",
        ">Added",
        ">Removed",
        ">Changed",
        ">Income, tenge",
    )
    columns = ("registration_no", "verdict", "replaces", "added", "removed", "changed", "income_kzt_difference")
    found = rows(connection, columns, "from correction_summary() order by registration_no")
    for number, verdict, replaces, added, removed, changed, difference in found[-LISTED:]:
        name = f"{number} (refused)" if verdict == "refused" else number
        table.add_row(name, replaces, f"{added:,}", f"{removed:,}", f"{changed:,}", f"{difference:+,.2f}")
    _rest(table, found)
    return table


def _gaps(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table("Gaps of the reference data (reference_gap)", "Kind", "Of", "Why", ">Days", ">Rows")
    columns = ("kind", "coalesce(asset, currency, pool_id)", "reason", "days", "row_count")
    found = rows(connection, columns, "from reference_gap order by all")
    for kind, subject, reason, days, count in found[-LISTED:]:
        words = (kind.replace("_", " "), escape(str(subject)), reason.replace("_", " "))
        table.add_row(*words, f"{days:,}", f"{count:,}")
    _rest(table, found)
    return table


def _rest(table: Table, rows: list[tuple[object, ...]]) -> None:
    if len(rows) > LISTED:
        table.caption = f"… and {len(rows) - LISTED} more"
