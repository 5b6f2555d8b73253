"""`bin/esep income` and `bin/esep change`: a taxpayer's income of a year, and why it changed between two days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import UnusableError, json_option, language_option, print_json, settings_from_environment

if TYPE_CHECKING:
    import duckdb

    from esep.answers.change import Change
    from esep.answers.taxpayers import Role
    from esep.config import Settings

day_type = click.DateTime(["%Y-%m-%d"])
role_option: Callable[[Any], Any] = click.option(
    "--role",
    type=click.Choice(["miner", "pool"]),
    help="miner: what was received (column 8); pool: its reward (column 9.2). Default: miner where there is a figure.",
)


@click.command()
@click.argument("taxpayer")
@click.argument("year", type=click.IntRange(1990, 2999))
@role_option
@click.option("--known-on", type=day_type, help="Also what was told through this day, like 2025-06-30.")
@click.option("--trace", is_flag=True, help="List the rows behind the figure, each with its filing, sheet and row.")
@json_option
@language_option
def income(
    taxpayer: str,
    year: int,
    role: Role | None,
    known_on: datetime | None,
    trace: bool,
    as_json: bool,
    language: str,
) -> None:
    """Tell the income of TAXPAYER (BIN or IIN) in YEAR as pools reported it, by asset and month.

    It is not the whole income of the taxpayer, and no tax is computed. Assets without a price are told in units.

    \b
    Exit code: 0 told, 2 no such taxpayer or no figure of that year (it says which years there are), no warehouse.
    Examples:  bin/esep income 160140000371 2025
               bin/esep income 160140000371 2025 --known-on 2025-06-30 --language ru
               bin/esep income 160140000371 2025 --trace --json | jq -r '.rows[].value_kzt'
    """
    figure = gathered(taxpayer, year, role, known_on, trace, language)
    if as_json:
        print_json(figure)
        return
    from esep.cli import figure_report
    from esep.documents import terminal

    terminal.show(figure_report.income(figure, language), language)


def gathered(
    taxpayer: str, year: int, role: Role | None, known_on: datetime | None, trace: bool, language: str
) -> dict[str, Any]:
    """The figure and what stands behind it; keys are stable, decimals exact."""
    from esep.answers import obligation, taxpayer_income
    from esep.answers.snapshot import snapshot
    from esep.answers.taxpayer_income import Selection

    with opened(settings_from_environment()) as connection:
        of_role = chosen_role(connection, taxpayer, year, role, language)
        key = (connection, year, of_role, taxpayer)
        figure = taxpayer_income.of_taxpayer(*key)
        day = as_day(known_on)
        told: dict[str, Any] = asdict(figure) | {
            "unvalued": [asdict(one) for one in taxpayer_income.unvalued(*key)],
            "excluded": [asdict(one) for one in taxpayer_income.excluded(*key)],
            "filings": [asdict(one) for one in taxpayer_income.filings(*key)],
            "doubts": [asdict(one) for one in taxpayer_income.doubts(*key)],
            "sale_obligation": [asdict(one) for one in obligation.of_taxpayer(*key)],
            "known_on": asdict(taxpayer_income.reported_through(connection, figure, day)) if day else None,
            "warehouse_as_of": snapshot(connection).as_of,
        }
        if trace:
            of = Selection(year, of_role, taxpayer)
            found = taxpayer_income.rows(connection, of, limit=taxpayer_income.count(connection, of))
            told["rows"] = [asdict(one) for one in found.rows]
            told["rows_value_kzt"], told["rows_add_up"] = found.value_kzt, found.holds
    return told


@click.command()
@click.argument("taxpayer")
@click.argument("year", type=click.IntRange(1990, 2999))
@click.option("--since", required=True, type=day_type, help="What was told at the end of this day, like 2025-06-30.")
@click.option("--until", type=day_type, help="What was told at the end of this day (default: today).")
@role_option
@json_option
@language_option
def change(
    taxpayer: str,
    year: int,
    since: datetime,
    until: datetime | None,
    role: Role | None,
    as_json: bool,
    language: str,
) -> None:
    """Tell why the income of TAXPAYER (BIN or IIN) in YEAR changed between two days, step by step.

    Each step is a filing, a correction, a decision, a version of prices or rates, a re-examination or a version of the
    program. They add up to the difference.

    \b
    Exit code: 0 told, 1 the steps do not add up (tell a data engineer), 2 no such taxpayer or figure, no warehouse.
    Examples:  bin/esep change 160140000371 2025 --since 2025-06-30
               bin/esep change 160140000371 2025 --since 2025-06-30 --until 2025-12-31 --json | jq .difference_kzt
    """
    from esep.answers import change as changes

    first, last = since.date(), as_day(until) or clock.local_date(clock.now())
    if first > last:
        raise UnusableError(f"--since {first}, --until {last}: give the earlier day first")
    with opened(settings_from_environment()) as connection:
        of_role = chosen_role(connection, taxpayer, year, role, language)
        found = changes.of_taxpayer(connection, year, of_role, taxpayer, changes.Span(first, last))
    if as_json:
        print_json(_as_plain(found, taxpayer, year, of_role))
    else:
        from esep.cli import figure_report
        from esep.documents import terminal

        terminal.show(figure_report.change(found, taxpayer, year, language), language)
    if not found.holds:
        raise SystemExit(1)


def _as_plain(found: Change, taxpayer: str, year: int, role: Role) -> dict[str, Any]:
    """Everything as JSON values; decimals as exact text, keys stable."""
    return {
        "taxpayer_id": taxpayer,
        "year": year,
        "role": role,
        **asdict(found.span),
        "since_kzt": found.since_kzt,
        "until_kzt": found.until_kzt,
        "difference_kzt": found.difference_kzt,
        "adds_up": found.holds,
        "steps": [asdict(step) for step in found.steps],
        "assets": [asdict(one) for one in found.assets],
    }


@contextmanager
def opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse; UnusableError with what to do where it cannot be read."""
    from esep.answers import WarehouseError, open_warehouse

    try:
        with open_warehouse(settings) as connection:
            yield connection
    except WarehouseError as error:
        raise UnusableError(str(error)) from None


def chosen_role(
    connection: duckdb.DuckDBPyConnection, taxpayer: str, year: int, role: Role | None, language: str
) -> Role:
    """The role asked for, else the first in which there is a figure; UnusableError tells which years there are."""
    from esep.answers import UnknownError, taxpayers
    from esep.texts import text

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


def as_day(value: datetime | None) -> date | None:
    """The day of an option of `day_type`."""
    return value.date() if value else None
