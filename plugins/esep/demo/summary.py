"""The outcome of the demo as people read it: figures, procedure, comparison. Everything fits 100 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from esep.answers import valuation_basis
from esep.config import PROJECT, Settings
from esep.demo.expected import FOLDER, Comparison
from esep.texts import numbers, text
from esep.warehouse import published
from esep.warehouse.calls import rows, value

TOP = 8
LISTED = 16
MOST_DIFFERENCES = 40
STATES = ("on_time", "late", "refused", "waiting", "silent", "not_filed")


class Asked(NamedTuple):
    """A table of the published snapshot. A column whose heading begins with `>` is set flush right."""

    title: str
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    source: str
    cells: Callable[..., tuple[object, ...]] = lambda *row: row
    groups: int = 0
    """Rows of other values in so many first columns begin below a line."""
    last: int | None = None
    """Only so many rows are shown, the last ones; the others are counted."""
    notes: Callable[[Sequence[tuple[Any, ...]]], Iterable[str]] = lambda _: ()
    """What has to stand below the figures, from the rows."""


def _spoken(state: str) -> str:
    return state.replace("_", " ")


def _refused(
    number: str, pool: str | None, period: date | None, remarks: int, message: str | None
) -> tuple[object, ...]:
    whose = f"{pool}, {period:%Y-%m}" if pool and period else pool or "unknown"
    return number, whose, remarks, (message or "").partition(". ")[0]


def _notice(
    letter: str, pool: str, period: date, grounds: list[str], detected: date, send_by: date, sent: date | None
) -> tuple[object, ...]:
    when = f"{sent}\nlate" if sent and sent > send_by else sent
    return letter, f"{pool} {period:%Y-%m}", ", ".join(map(_spoken, grounds)), detected, send_by, when


def _correction(number: str, verdict: str | None, *rest: object) -> tuple[object, ...]:
    *counts, difference = rest
    mark = "" if verdict == "accepted" else f" ({verdict or 'waiting'})"
    return number + mark, *counts, f"{difference:+,.2f}"


def _valued(found: Sequence[tuple[Any, ...]]) -> Iterable[str]:
    """The orders on valuation of the years, which are the first column."""
    lines = (line for year in sorted({row[0] for row in found}) for line in valuation_basis.of_year(int(year), "en"))
    return text("income.basis", "en"), *dict.fromkeys(lines)


def _unconfirmed(found: Sequence[tuple[Any, ...]]) -> Iterable[str]:
    """Whether a share is still that of a secondary source: the last column says so."""
    return [text("state.share_state_not_confirmed", "en")] if any(row[-1] == "not_confirmed" for row in found) else []


FIGURES = (
    Asked(
        "Months by pool",
        ("Pool", ">Filings", *(f">{_spoken(state)}" for state in STATES), ">superseded"),
        ("pool_name", "filings", *STATES, "superseded"),
        "from pool_history() order by pool_name",
    ),
    Asked(
        "Refused as incomplete (para 8)",
        ("Filing", "Pool, month", ">Remarks", "The first of them"),
        ("registration_no", "pool_name", "period", "remarks", "first_remark_en"),
        "from refused_filing() order by registration_no",
        _refused,
    ),
    Asked(
        f"Annual income as reported by pools: the {TOP} highest of each year and role",
        ("Year", "Role", "Taxpayer", "BIN / IIN", ">Income, tenge", "Without value"),
        ("year::varchar", "role", "taxpayer_name", "taxpayer_id", "income_kzt", "unvalued_assets"),
        "from highest_income($top)",
        lambda *row: (*row[:4], f"{row[4]:,.2f}", row[5]),
        groups=2,
        notes=_valued,
    ),
    Asked(
        "To be sold through exchanges with an AIFC licence, all taxpayers (para 11)",
        ("Year", "Asset", ">Share", ">Taxpayers", ">Distributed", ">To sell"),
        (
            "year::varchar",
            "asset",
            "share",
            "count(distinct taxpayer_id)",
            "sum(base_quantity)",
            "sum(quantity_to_sell)",
            "max(share_state)",
        ),
        "from sale_obligation group by year, asset, share order by year, asset, share",
        lambda year, asset, share, *sums: (
            year,
            asset,
            "undecided" if share is None else f"{share * 100:.0f} %",
            *sums[:-1],
        ),
        groups=1,
        notes=_unconfirmed,
    ),
    Asked(
        "Not valued: no official price for the day of receipt",
        ("Year", "Role", "Asset", ">Taxpayers", ">Unvalued quantity"),
        ("year::varchar", "role", "asset", "count(distinct taxpayer_id)", "sum(unvalued_quantity)"),
        "from annual_income where unvalued_quantity <> 0 group by year, role, asset order by year, role, asset",
    ),
)
"""Filings, the two answers, what has no value, what was refused."""
PROCEDURE = (
    Asked(
        "Notices drafted (para 10), the day of detection and the last day to send",
        ("Letter", "Pool, month", "Grounds", "Detected", "Send by", "Sent"),
        ("letter_no", "pool_id", "period", "grounds", "detected_on", "notice_by", "sent_on"),
        "from notice_sent() order by detected_on, letter_no",
        _notice,
        last=LISTED,
    ),
    Asked(
        "What an officer has to do (obligation_due)",
        ("What", "Para", "State", ">Count"),
        ("text_en", "paragraph", "state", "count(*)"),
        "from obligation_due group by text_en, paragraph, state order by text_en, state",
        lambda text, paragraph, state, count: (text, paragraph, _spoken(state), count),
    ),
    Asked(
        "What corrections changed against the version before (filing_change, filing_effect)",
        ("Correction", "of", ">Added", ">Removed", ">Changed", ">Income, tenge"),
        ("registration_no", "verdict", "replaces", "added", "removed", "changed", "income_kzt_difference"),
        "from correction_summary() order by registration_no",
        _correction,
        last=LISTED,
        notes=lambda _: ["By prices and rates of now, under the orders named above"],
    ),
    Asked(
        "Gaps of the reference data (reference_gap)",
        ("Kind", "Of", "Why", ">Days", ">Rows"),
        ("kind", "coalesce(asset, currency, pool_id)", "reason", "days", "row_count"),
        "from reference_gap order by all",
        lambda kind, subject, reason, days, count: (_spoken(kind), subject, _spoken(reason), days, count),
        last=LISTED,
    ),
)
"""Notices, what an officer has to do, what corrections changed, gaps of the reference data."""


def print_tables(settings: Settings, tables: Iterable[Asked], console: Console) -> None:
    """The tables one below the other."""
    with closing(published.connect(settings)) as connection:
        for asked in tables:
            found = rows(connection, asked.columns, asked.source, top=TOP)
            console.print()
            console.print(_filled(asked, found))
            for note in asked.notes(found):
                console.print(note, style="dim", highlight=False)


def _filled(asked: Asked, found: Sequence[tuple[Any, ...]]) -> Table:
    table = _table(asked.title, *asked.headings)
    listed = found[-asked.last :] if asked.last else found
    for number, row in enumerate(listed):
        if number and row[: asked.groups] != listed[number - 1][: asked.groups]:
            table.add_section()
        table.add_row(*(escape(_text(cell)) for cell in asked.cells(*row)))
    if len(found) > len(listed):
        table.caption = f"… and {len(found) - len(listed)} more"
    return table


def _text(cell: object) -> str:
    """Numbers with thousands separated and no digit lost."""
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, Decimal):
        return numbers.quantity(cell, "en")
    return "" if cell is None else str(cell)


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
    table = Table(box=None, show_header=False, pad_edge=False, title="Where things are", title_justify="left")
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
    with closing(published.connect(settings)) as connection:
        source = "from refused_filing() where pool_id is not null"
        number: str | None = value(connection, "min(registration_no)", source)
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
