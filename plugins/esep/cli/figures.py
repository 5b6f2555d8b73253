"""What the commands about figures share: whose figure is meant, and what to say where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from esep.cli.common import UnusableError

if TYPE_CHECKING:
    import duckdb

    from esep.answers.taxpayers import Role
    from esep.config import Settings

day_type = click.DateTime(["%Y-%m-%d"])
role_option: Callable[[Any], Any] = click.option(
    "--role",
    type=click.Choice(["miner", "pool"]),
    help="miner: what was received (column 8); pool: its reward (column 9.2). Default: miner where there is a figure.",
)


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


def plain(value: Any) -> Any:
    """A value for JSON: decimals as text with all their digits, days and moments in ISO form."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def table(title: str, *columns: tuple[str, str]) -> Any:
    """A table of (heading, `left` or `right`) columns; columns of numbers never wrap, long texts fold."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for heading, side in columns:
        is_number = side == "right"
        made.add_column(heading, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number)
    return made


def console() -> Any:
    """A console that prints texts of strangers as they are, with nothing taken for markup."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False)
