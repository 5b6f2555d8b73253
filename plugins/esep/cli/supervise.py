"""`bin/esep supervise`: the daily run of supervision by hand, for one day or for many in turn."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

import click

from esep import clock
from esep.cli.common import UnusableError, json_option, print_json, settings_from_environment

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--as-of", type=_DAY, help="The day (default: today). It knows what was known before it began.")
@click.option("--since", type=_DAY, help="Replay every day from this one to --as-of.")
@json_option
def supervise(as_of: datetime | None, since: datetime | None, as_json: bool) -> None:
    """Find what is late, silent, unreliable or not filed again, and draft notices and reminders.

    What was recorded before stays as it is, so that a day may be run again. Nothing is sent.

    \b
    Exit code: 0 done, 2 not possible.
    Example:   bin/esep supervise --since 2024-01-01 --as-of 2025-12-31
    """
    from esep.office.archive import ArchiveError
    from esep.supervision import daily
    from esep.supervision.letters import LettersError
    from esep.warehouse.errors import WarehouseError
    from esep.warehouse.rebuild import refresh

    settings, today = settings_from_environment(), clock.local_date(clock.now())
    last = as_of.date() if as_of else today
    first = since.date() if since else last
    _check(first, last, today)
    try:
        refresh(settings, clock.now())
        reports = daily.supervise(settings, last, first, progress=None if as_json else _tell)
        letters = daily.letters(settings)
        refresh(settings, clock.now())
    except (WarehouseError, ArchiveError, LettersError, OSError) as error:
        raise UnusableError(str(error)) from None
    if as_json:
        days = [asdict(report) for report in reports if report.found]
        print_json({"days": days, "letters": [letter.letter_no for letter in letters]})
        return
    if not any(report.found for report in reports):
        click.echo(f"{last}: nothing new")
    for letter in letters:
        click.echo(f"{letter.letter_no}: {letter.folder}")


def _check(first: date, last: date, today: date) -> None:
    if last > today:
        raise UnusableError(f"--as-of {last}: the day is yet to come; today is {today}")
    if first > last:
        raise UnusableError(f"--since {first} lies after --as-of {last}; give the earlier day first")


def _tell(report: object) -> None:
    if getattr(report, "found", 0):
        click.echo(str(report))
