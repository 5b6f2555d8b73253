"""`bin/esep supervise`: the daily run of supervision by hand, for one day or for many in turn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from esep import clock
from esep.cli.common import (
    DayType,
    UnusableError,
    expected_errors,
    json_option,
    print_json,
    require_not_to_come,
    settings_from_environment,
    today,
)

if TYPE_CHECKING:
    from esep.supervision.daily import DayReport


@click.command()
@click.option("--as-of", type=DayType(), help="The day (default: today). It knows what was known before it began.")
@click.option("--since", type=DayType(), help="Replay every day from this one to --as-of.")
@json_option
def supervise(as_of: date | None, since: date | None, as_json: bool) -> None:
    """Find what is late, silent, unreliable or not filed again, and draft notices and reminders.

    What was recorded before stays as it is, so that a day may be run again. Nothing is sent.

    \b
    Exit code: 0 done, 2 not possible.
    Example:   bin/esep supervise --since 2024-01-01 --as-of 2025-12-31
    """
    from esep.supervision import daily
    from esep.warehouse.rebuild import refresh

    settings, last = settings_from_environment(), as_of or today()
    first = since or last
    require_not_to_come("--as-of", last)
    if first > last:
        raise UnusableError(f"--since {first} lies after --as-of {last}; give the earlier day first")
    with expected_errors():
        refresh(settings, clock.now())
        reports = daily.supervise(settings, last, first, progress=None if as_json else _print)
        letters = daily.letters(settings)
        refresh(settings, clock.now())
    found = [report for report in reports if report.found]
    if as_json:
        print_json({"days": found, "letters": [letter.letter_no for letter in letters]})
        return
    if not found:
        click.echo(f"{last}: nothing new")
    for letter in letters:
        click.echo(f"{letter.letter_no}: {letter.folder}")


def _print(report: DayReport) -> None:
    if report.found:
        click.echo(str(report))
