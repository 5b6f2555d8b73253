"""`bin/esep income`, `change` and `check-figures`: a taxpayer's income of a year, why it changed between two days, and
all figures worked out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import (
    Answer,
    DayType,
    UnusableError,
    answering,
    fields_of,
    settings_from_environment,
    table,
    today,
)
from esep.documents.model import Block, Cell, Kind, Paragraph, Table
from esep.documents.plain import CELL_LIMIT, shown
from esep.exact import added
from esep.texts import text
from esep.texts.numbers import day, moment, month, quantity, signed_quantity, signed_tenge, tenge

if TYPE_CHECKING:
    import duckdb

    from esep.answers.change import Change
    from esep.answers.tables import Row
    from esep.answers.taxpayers import Role

_YEAR = click.argument("year", type=click.IntRange(1990, 2999))
_ROLE: Callable[[Any], Any] = click.option(
    "--role",
    type=click.Choice(["miner", "pool"]),
    help="miner: what was received (column 8); pool: its reward (column 9.2). Default: miner where there is a figure.",
)
_table = partial(table, limit=CELL_LIMIT)
TRACE_ROWS = 500
"""Rows that `--trace` prints as a table; what is left out is counted, and `--json` has all."""
DIFFERENT = 1
"""Exit code of `check-figures` where a figure is not that of its rows, of `change` where the steps do not add up."""


@click.command()
@click.argument("taxpayer")
@_YEAR
@_ROLE
@click.option("--known-on", type=DayType(), help="Also what was reported through this day, like 2025-06-30.")
@click.option("--trace", is_flag=True, help="List the rows behind the figure, each with its filing, sheet and row.")
@answering
def income(taxpayer: str, year: int, role: Role | None, known_on: date | None, trace: bool, language: str) -> Answer:
    """Print the income of TAXPAYER (BIN or IIN) in YEAR as pools reported it, by asset and month.

    It is not the whole income of the taxpayer, and no tax is computed. Assets without a price are given in units.

    \b
    Exit code: 0 printed, 2 no such taxpayer or no figure of that year (it says which years there are), no warehouse.
    Examples:  bin/esep income 160140000371 2025
               bin/esep income 160140000371 2025 --known-on 2025-06-30 --language ru
               bin/esep income 160140000371 2025 --trace --json | jq -r '.rows[].value_kzt'
    """
    from esep.answers import open_warehouse

    with open_warehouse(settings_from_environment()) as connection:
        of_role = chosen_role(connection, taxpayer, year, role, language)
        figure = gathered(connection, taxpayer, year, of_role, known_on, trace)
    return Answer(figure, lambda: report_income(figure, language))


def gathered(
    connection: duckdb.DuckDBPyConnection, taxpayer: str, year: int, role: Role, known_on: date | None, trace: bool
) -> dict[str, Any]:
    """The figure and what is behind it; keys are stable, decimals exact."""
    from esep.answers import income as incomes
    from esep.answers import obligation, snapshot

    key = (connection, year, role, taxpayer)
    figure = incomes.of_taxpayer(*key)
    found = fields_of(figure) | {
        "unvalued": incomes.unvalued(*key),
        "excluded": incomes.excluded(*key),
        "filings": incomes.filings(*key),
        "doubts": incomes.doubts(*key),
        "sale_obligation": obligation.of_taxpayer(*key),
        "known_on": incomes.compared(connection, figure, known_on) if known_on else None,
        "warehouse_as_of": snapshot(connection).as_of,
    }
    if trace:
        of = incomes.Selection(year, role, taxpayer)
        proof = incomes.proof(connection, of)
        found |= {"rows": incomes.rows(of).rows(connection), "rows_value_kzt": proof.value_kzt}
        found["rows_add_up"] = incomes.holds(proof)
    return found


@click.command()
@click.argument("taxpayer")
@_YEAR
@click.option(
    "--since", required=True, type=DayType(), help="What was reported by the end of this day, like 2025-06-30."
)
@click.option("--until", type=DayType(), help="What was reported by the end of this day (default: today).")
@_ROLE
@answering
def change(taxpayer: str, year: int, since: date, until: date | None, role: Role | None, language: str) -> Answer:
    """Show why the income of TAXPAYER (BIN or IIN) in YEAR changed between two days, step by step.

    Each step is a filing, a correction, a decision, a version of prices or rates, a re-examination or a version of the
    program. They add up to the difference.

    \b
    Exit code: 0 shown, 1 the steps do not add up (report it), 2 no such taxpayer or figure, no warehouse.
    Examples:  bin/esep change 160140000371 2025 --since 2025-06-30
               bin/esep change 160140000371 2025 --since 2025-06-30 --until 2025-12-31 --json | jq .difference_kzt
    """
    from esep.answers import change as changes
    from esep.answers import open_warehouse

    span = changes.Span(since, until or today())
    if span.since > span.until:
        raise UnusableError(f"--since {span.since}, --until {span.until}: give the earlier day first")
    with open_warehouse(settings_from_environment()) as connection:
        of_role = chosen_role(connection, taxpayer, year, role, language)
        found = changes.of_taxpayer(connection, year, of_role, taxpayer, span)
    plain = {
        "taxpayer_id": taxpayer,
        "year": year,
        "role": of_role,
        **fields_of(span, "since", "until"),
        **fields_of(found, "since_kzt", "until_kzt", "difference_kzt"),
        "adds_up": found.holds,
        **fields_of(found, "steps", "assets"),
    }
    return Answer(plain, lambda: report_change(found, taxpayer, year, language), 0 if found.holds else DIFFERENT)


def chosen_role(
    connection: duckdb.DuckDBPyConnection, taxpayer: str, year: int, role: Role | None, language: str
) -> Role:
    """The role asked for, else the first in which there is a figure; UnusableError says which years there are."""
    from esep.answers import UnknownError, taxpayers

    try:
        there = taxpayers.years_of(connection, taxpayer)
    except UnknownError:
        years = ", ".join(map(str, taxpayers.years(connection))) or "–"
        raise UnusableError(text("income.command_unknown", language, id=taxpayer, years=years)) from None
    roles = [of_role for of_year, of_role in there if of_year == year and role in (None, of_role)]
    if not roles:
        years = ", ".join(f"{of_year} ({text(f'state.role_{of_role}', language)})" for of_year, of_role in there)
        raise UnusableError(text("income.command_only", language, id=taxpayer, year=year, years=years))
    return roles[0]


@click.command("check-figures")
@click.option("--seed", type=int, help="Draw the sample of a publication again, from warehouse/reckoning.json.")
@answering
def check_figures(seed: int | None) -> Answer:
    """Work out all published figures again from the lake's rows and name what differs.

    Income, obligations and traces of all years and taxpayers, in plain decimals, without the warehouse's SQL. With
    --seed only what was looked at before a publication, in the working file.

    \b
    Exit code: 0 all agree, 1 something differs, 2 it could not be looked at.
    Example:   bin/esep check-figures
    """
    from esep.answers import open_warehouse
    from esep.warehouse import work
    from esep.warehouse.reckoning import everything, publication, result

    settings = settings_from_environment()
    with open_warehouse(settings):  # one of other code is refused, before the working file would be made anew
        pass
    if seed is None:
        found = everything.reckon(settings)
        result.keep(settings, result.EVERYTHING, clock.now(), found)
    else:
        with work.opened(settings) as connection:
            found = publication.reckon(settings, connection, seed)
    return Answer(found.as_plain(), found.lines, DIFFERENT if found.differences else 0)


def report_income(figure: dict[str, Any], language: str) -> Iterator[Block]:
    """The figure as `gathered` gives it: total, assets, months, filings, and the trace if it is there."""
    name = shown(figure["taxpayer_name"] or figure["taxpayer_id"])
    yield Paragraph(text("income.of_taxpayer", language, name=name, year=figure["year"]))
    yield Paragraph(f"{shown(figure['taxpayer_id'])}, {text('state.role_' + figure['role'], language)}")
    state = figure["taxpayer_id_state"]
    if state not in (None, "ok", "lost_zeros"):
        yield Paragraph(text("income.state_note", language, state=text(f"state.identifier_{state}", language)))
    has_value = figure["income_kzt"] or not figure["unvalued"]
    total = tenge(figure["income_kzt"], language) if has_value else text("income.no_value", language)
    yield Paragraph(f"{text('income.total', language)}: {total}")
    yield Paragraph(text(f"income.caution_{figure['role']}", language))
    yield Paragraph("")
    yield _assets(figure, language)
    if figure["unvalued"]:
        yield _unvalued(figure, language)
    yield _months(figure, language)
    if figure["excluded"]:
        yield Paragraph(f"{text('income.excluded_title', language)}: {len(figure['excluded'])}")
    if figure["known_on"]:
        then = figure["known_on"]
        caption = text("income.reported_caption", language, day=day(then.day, language))
        yield Paragraph(f"{caption}: {tenge(then.then_kzt, language)}; {tenge(then.now_kzt, language)}")
    yield _filings(figure, language)
    if "rows" in figure:
        yield from _trace(figure, language)


def _assets(figure: dict[str, Any], language: str) -> Table:
    no_value = text("income.no_value", language)
    columns = (("column.asset", Kind.TEXT), ("column.quantity", Kind.QUANTITY), ("column.income_kzt", Kind.MONEY))
    rows = (
        (
            shown(one.asset),
            one.quantity,
            one.income_kzt if one.valued_quantity or not one.unvalued_quantity else no_value,
        )
        for one in figure["assets"]
    )
    return _table("income.by_asset", columns, rows, language)


def _unvalued(figure: dict[str, Any], language: str) -> Table:
    columns = (("column.asset", Kind.TEXT), ("column.unvalued_quantity", Kind.QUANTITY), ("column.reason", Kind.TEXT))
    rows = (
        (shown(one.asset), one.quantity, text(f"state.reason_{one.reason}", language)) for one in figure["unvalued"]
    )
    return _table("income.unvalued_title", columns, rows, language)


def _months(figure: dict[str, Any], language: str) -> Table:
    columns = (("income.month", Kind.MONTH), ("column.income_kzt", Kind.MONEY), ("column.unvalued_assets", Kind.TEXT))
    periods: dict[date, list[Row]] = {}
    for one in figure["months"]:
        periods.setdefault(one.period, []).append(one)
    rows = (
        (
            period,
            added(one.income_kzt for one in of_month),
            ", ".join(shown(one.asset) for one in of_month if one.unvalued_quantity),
        )
        for period, of_month in periods.items()
    )
    return _table("income.by_month", columns, rows, language)


def _filings(figure: dict[str, Any], language: str) -> Table:
    columns = (
        ("income.filing", Kind.CODE),
        ("income.month", Kind.MONTH),
        ("income.received", Kind.DAY),
        ("income.pool", Kind.TEXT),
        ("column.income_kzt", Kind.MONEY),
    )
    rows = (
        (
            one.registration_no,
            one.period,
            one.received_at.date(),
            one.pool_name or one.pool_id,
            one.income_kzt,
        )
        for one in figure["filings"]
    )
    return _table("income.filings", columns, rows, language)


def _trace(figure: dict[str, Any], language: str) -> Iterator[Block]:
    """The first rows behind the figure, and whether all of them add up to it."""
    columns = (("income.filing", Kind.TEXT), ("column.row", Kind.TEXT), ("column.value_kzt", Kind.NUMBER))
    rows = (
        (
            (one.registration_no, one.distributed_on or "–"),
            (one.sheet or "–", text("income.place", language, row=one.row, column=one.column_no)),
            _calculation(one, language),
        )
        for one in figure["rows"][:TRACE_ROWS]
    )
    count = len(figure["rows"])
    yield _table("income.rows_caption", columns, rows, language, count=count)
    if count > TRACE_ROWS:
        yield Paragraph(text("income.command_more", language, number=count - TRACE_ROWS))
    exact = added(one.income_kzt for one in figure["assets"])
    value, total = quantity(figure["rows_value_kzt"], language), quantity(exact, language)
    key = "income.check_holds" if figure["rows_add_up"] else "income.check_fails"
    yield Paragraph(text(key, language, value=value, figure=total))


def _calculation(one: Row, language: str) -> tuple[str, ...]:
    """`0.004 BTC × 50,135.9 USD × 465.11`, and the value on a line of its own."""
    units = f"{quantity(one.quantity, language)} {shown(one.asset)}"
    if one.reason:
        return units, f"{text('income.no_value', language)}: {text('state.reason_' + one.reason, language)}"
    price = f"{quantity(one.price, language)} {shown(one.currency)}"
    return units, f"× {price} × {quantity(one.rate, language)}", f"= {quantity(one.value_kzt, language)}"


def report_change(found: Change, taxpayer: str, year: int, language: str) -> Iterator[Block]:
    """Both figures, their difference and the steps between them."""
    since, until = day(found.span.since, language), day(found.span.until, language)
    yield Paragraph(text("change.of_taxpayer", language, name=shown(taxpayer), year=year))
    yield Paragraph(text("change.caution", language))
    yield Paragraph(f"{text('change.reported_since', language, day=since)}: {tenge(found.since_kzt, language)}")
    yield Paragraph(f"{text('change.reported_until', language, day=until)}: {tenge(found.until_kzt, language)}")
    yield Paragraph(f"{text('change.difference', language)}: {signed_tenge(found.difference_kzt, language)}")
    if not found.steps:
        span = text("change.span", language, since=since, until=until)
        yield Paragraph(f"{text('change.no_steps', language)} ({span})")
        return
    columns = (
        ("column.moment", Kind.TEXT),
        ("change.what", Kind.TEXT),
        ("change.step_units", Kind.NUMBER),
        ("change.step_income", Kind.NUMBER),
    )
    yield _table("", columns, (_step(step, language) for step in found.steps), language)
    key = "change.check_holds" if found.holds else "change.check_fails"
    sums = {"sum": quantity(found.sum_kzt, language), "difference": quantity(found.difference_kzt, language)}
    yield Paragraph(text(key, language, **sums))


def _step(step: Row, language: str) -> tuple[Cell, ...]:
    what = [text(f"state.cause_{step.cause}", language)]
    what += [shown(step.reference)] if step.reference else []
    what += [month(step.period, language)] if step.period else []
    return (
        tuple(moment(step.moment, language).split(" ")),
        tuple(what),
        tuple(f"{signed_quantity(one['quantity'], language)} {shown(one['asset'])}" for one in step.assets),
        (signed_tenge(step.income_kzt, language), f"= {tenge(step.running_kzt, language)}"),
    )
