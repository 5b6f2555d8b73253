"""`bin/esep income`: a taxpayer's income of a year in a terminal, down to the cells that it comes from."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from esep.cli.common import json_option, language_option, print_json, settings_from_environment
from esep.cli.figures import as_day, chosen_role, console, day_type, opened, plain, role_option, table
from esep.exact import added

if TYPE_CHECKING:
    from esep.answers.taxpayers import Role

TRACE_ROWS = 500
"""Rows that `--trace` prints as a table; what is left out is told, and `--json` has all."""


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
    told = gathered(taxpayer, year, role, known_on, trace, language)
    if as_json:
        print_json(told, default=plain)
    else:
        print_income(told, language)


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
            "known_on": asdict(taxpayer_income.told_through(connection, figure, day)) if day else None,
            "warehouse_as_of": snapshot(connection).as_of,
        }
        if trace:
            of = Selection(year, of_role, taxpayer)
            found = taxpayer_income.rows(connection, of, limit=taxpayer_income.count(connection, of))
            told["rows"] = [asdict(one) for one in found.rows]
            told["rows_value_kzt"], told["rows_add_up"] = found.value_kzt, found.holds
    return told


def print_income(told: dict[str, Any], language: str) -> None:
    """Tables for a terminal of 80 columns or more."""
    from esep.documents.plain import shown
    from esep.texts import text
    from esep.texts.numbers import day, tenge

    out = console()
    name = shown(told["taxpayer_name"] or told["taxpayer_id"])
    out.print(text("income.of_taxpayer", language, name=name, year=told["year"]))
    out.print(f"{shown(told['taxpayer_id'])}, {text('state.role_' + told['role'], language)}")
    state = told["taxpayer_id_state"]
    if state not in (None, "ok", "lost_zeros"):
        out.print(text("income.state_note", language, state=text(f"column.state_{state}", language)))
    has_value = told["income_kzt"] or not told["unvalued"]
    total = tenge(told["income_kzt"], language) if has_value else text("income.no_value", language)
    out.print(f"{text('income.total', language)}: {total}")
    out.print(text(f"income.caution_{told['role']}", language))
    out.print()
    out.print(_assets(told, language))
    if told["unvalued"]:
        out.print(_unvalued(told, language))
    out.print(_months(told, language))
    if told["excluded"]:
        out.print(f"{text('income.excluded_title', language)}: {len(told['excluded'])}")
    if told["known_on"]:
        then = told["known_on"]
        caption = text("income.told_caption", language, day=day(then["day"], language))
        out.print(f"{caption}: {tenge(then['then_kzt'], language)}; {tenge(then['now_kzt'], language)}")
    out.print(_filings(told, language))
    if "rows" in told:
        _print_trace(out, told, language)


def _assets(told: dict[str, Any], language: str) -> Any:
    from esep.texts import text
    from esep.texts.numbers import quantity, tenge

    made = table(
        text("income.by_asset", language),
        (text("column.asset", language), "left"),
        (text("column.quantity", language), "right"),
        (text("column.income_kzt", language), "right"),
    )
    for one in told["assets"]:
        is_valued = one["valued_quantity"] or not one["unvalued_quantity"]
        value = tenge(one["income_kzt"], language) if is_valued else text("income.no_value", language)
        made.add_row(_shown(one["asset"]), quantity(one["quantity"], language), value)
    return made


def _unvalued(told: dict[str, Any], language: str) -> Any:
    from esep.texts import text
    from esep.texts.numbers import quantity

    made = table(
        text("income.unvalued_title", language),
        (text("column.asset", language), "left"),
        (text("column.unvalued_quantity", language), "right"),
        (text("column.reason", language), "left"),
    )
    for one in told["unvalued"]:
        reason = text(f"column.reason_{one['reason']}", language)
        made.add_row(_shown(one["asset"]), quantity(one["quantity"], language), reason)
    return made


def _months(told: dict[str, Any], language: str) -> Any:
    from esep.texts import text
    from esep.texts.numbers import month, tenge

    made = table(
        text("income.by_month", language),
        (text("income.month", language), "left"),
        (text("column.income_kzt", language), "right"),
        (text("column.unvalued_assets", language), "left"),
    )
    for period in dict.fromkeys(one["period"] for one in told["months"]):
        of_month = [one for one in told["months"] if one["period"] == period]
        without = ", ".join(_shown(one["asset"]) for one in of_month if one["unvalued_quantity"])
        made.add_row(month(period, language), tenge(added(one["income_kzt"] for one in of_month), language), without)
    return made


def _filings(told: dict[str, Any], language: str) -> Any:
    from esep.texts import text
    from esep.texts.numbers import day, month, tenge

    made = table(
        text("income.filings", language),
        (text("income.filing", language), "left"),
        (text("income.month", language), "left"),
        (text("income.received", language), "left"),
        (text("income.pool", language), "left"),
        (text("column.income_kzt", language), "right"),
    )
    for one in told["filings"]:
        made.add_row(
            one["registration_no"],
            month(one["period"], language),
            day(one["received_at"].date(), language),
            _shown(one["pool_name"] or one["pool_id"]),
            tenge(one["income_kzt"], language),
        )
    return made


def _print_trace(out: Any, told: dict[str, Any], language: str) -> None:
    from esep.texts import text
    from esep.texts.numbers import day, quantity

    made = table(
        text("income.rows_caption", language, count=len(told["rows"])),
        (text("income.filing", language), "left"),
        (text("column.row", language), "left"),
        (text("column.value_kzt", language), "right"),
    )
    for one in told["rows"][:TRACE_ROWS]:
        place = text("income.place", language, row=one["row"], column=one["column_no"])
        made.add_row(
            f"{one['registration_no']}\n{day(one['distributed_on'], language)}",
            f"{_shown(one['sheet'])}\n{place}",
            _calculation(one, language),
        )
    out.print(made)
    if len(told["rows"]) > TRACE_ROWS:
        out.print(text("income.command_more", language, count=len(told["rows"]) - TRACE_ROWS))
    key = "income.check_holds" if told["rows_add_up"] else "income.check_fails"
    value = quantity(told["rows_value_kzt"], language)
    out.print(text(key, language, value=value, figure=quantity(_figure(told), language)))


def _calculation(one: dict[str, Any], language: str) -> str:
    """`0.004 BTC × 50,135.9 USD × 465.11`, and the value on a line of its own."""
    from esep.texts import text
    from esep.texts.numbers import quantity

    units = f"{quantity(one['quantity'], language)} {_shown(one['asset'])}"
    if one["reason"]:
        return f"{units}\n{text('income.no_value', language)}: {text('column.reason_' + one['reason'], language)}"
    price = f"{quantity(one['price'], language)} {_shown(one['currency'])}"
    value = quantity(one["value_kzt"], language)
    return f"{units}\n× {price} × {quantity(one['rate'], language)}\n= {value}"


def _figure(told: dict[str, Any]) -> Any:
    """The exact figure: the assets added up."""
    return added(one["income_kzt"] for one in told["assets"])


def _shown(words: object) -> str:
    from esep.documents.plain import shown

    return shown(words)
