"""`bin/esep income`, `change` and `check-figures`: a taxpayer's income of a year, why it changed between two days, and
all figures worked out again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli import figure_report
from esep.cli.common import (
    Answer,
    DayType,
    UnusableError,
    answering,
    fields_of,
    settings_from_environment,
    today,
)
from esep.texts import text

if TYPE_CHECKING:
    import duckdb

    from esep.answers.taxpayers import Role

_YEAR = click.argument("year", type=click.IntRange(1990, 2999))
_ROLE: Callable[[Any], Any] = click.option(
    "--role",
    type=click.Choice(["miner", "pool"]),
    help="miner: what was received (column 8); pool: its reward (column 9.2). Default: miner where there is a figure.",
)
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
    return Answer(figure, lambda: figure_report.income(figure, language))


def gathered(
    connection: duckdb.DuckDBPyConnection, taxpayer: str, year: int, role: Role, known_on: date | None, trace: bool
) -> dict[str, Any]:
    """The figure and what is behind it; keys are stable, decimals exact."""
    from esep.answers import income as incomes
    from esep.answers import obligation, snapshot
    from esep.law import valuation

    key = (connection, year, role, taxpayer)
    figure = incomes.of_taxpayer(*key)
    found = fields_of(figure) | {
        "unvalued": incomes.unvalued(*key),
        "excluded": incomes.excluded(*key),
        "filings": incomes.filings(*key),
        "doubts": incomes.doubts(*key),
        "sale_obligation": obligation.of_taxpayer(*key),
        "known_sales": obligation.known_sales(connection, year, taxpayer) if role == "miner" else None,
        "known_on": incomes.compared(connection, figure, known_on) if known_on else None,
        "legal_basis": valuation.orders(date(year, 1, 1), date(year, 12, 31)),
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
    return Answer(plain, lambda: figure_report.change(found, taxpayer, year, language), 0 if found.holds else DIFFERENT)


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
    if seed is None:
        found = everything.reckon(settings)
        result.keep(settings, result.EVERYTHING, clock.now(), found)
    else:
        # The snapshot first: a working file of other code would be made anew, empty.
        with open_warehouse(settings), work.opened(settings) as connection:
            found = publication.reckon(settings, connection, seed)
    return Answer(found.as_plain(), found.lines, DIFFERENT if found.differences else 0)
