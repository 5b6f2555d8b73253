"""`bin/esep change`: why a taxpayer's figure changed between two days."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import UnusableError, json_option, language_option, print_json, settings_from_environment
from esep.cli.figures import as_day, chosen_role, console, day_type, opened, plain, role_option, table

if TYPE_CHECKING:
    from esep.answers.change import Change, Step
    from esep.answers.taxpayers import Role


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
        print_json(as_plain(found, taxpayer, year, of_role), default=plain)
    else:
        print_change(found, taxpayer, year, language)
    if not found.holds:
        raise SystemExit(1)


def as_plain(found: Change, taxpayer: str, year: int, role: Role) -> dict[str, Any]:
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


def print_change(found: Change, taxpayer: str, year: int, language: str) -> None:
    """A table for a terminal of 80 columns or more."""
    from esep.documents.plain import shown
    from esep.texts import text
    from esep.texts.numbers import day, quantity, signed_quantity, signed_tenge, tenge

    out = console()
    out.print(text("change.of_taxpayer", language, name=shown(taxpayer), year=year))
    out.print(text("change.caution", language))
    out.print(_line("change.told_since", found.span.since, tenge(found.since_kzt, language), language))
    out.print(_line("change.told_until", found.span.until, tenge(found.until_kzt, language), language))
    out.print(f"{text('change.difference', language)}: {signed_tenge(found.difference_kzt, language)}")
    if not found.steps:
        span = {"since": day(found.span.since, language), "until": day(found.span.until, language)}
        out.print(f"{text('change.no_steps', language)} ({text('change.span', language, **span)})")
        return
    made = table(
        "",
        (text("column.moment", language), "left"),
        (text("change.what", language), "left"),
        (text("change.step_units", language), "right"),
        (text("change.step_income", language), "right"),
    )
    for step in found.steps:
        units = [f"{signed_quantity(one.quantity, language)} {shown(one.asset)}" for one in step.assets]
        income, running = signed_tenge(step.income_kzt, language), tenge(step.running_kzt, language)
        tenge_lines = f"{income}\n= {running}"
        made.add_row(_moment(step, language), _what(step, language), "\n".join(units), tenge_lines)
    out.print(made)
    key = "change.check_holds" if found.holds else "change.check_fails"
    sums = {"sum": quantity(found.sum_kzt, language), "difference": quantity(found.difference_kzt, language)}
    out.print(text(key, language, **sums))


def _line(key: str, of: date, value: str, language: str) -> str:
    from esep.texts import text
    from esep.texts.numbers import day

    return f"{text(key, language, day=day(of, language))}: {value}"


def _moment(step: Step, language: str) -> str:
    from esep.texts.numbers import moment

    return moment(step.moment, language).replace(" ", "\n")


def _what(step: Step, language: str) -> str:
    from esep.documents.plain import shown
    from esep.texts import text
    from esep.texts.numbers import month

    words = [text(f"column.cause_{step.cause}", language)]
    if step.reference:
        words.append(shown(step.reference))
    if step.period:
        words.append(month(step.period, language))
    return "\n".join(words)
