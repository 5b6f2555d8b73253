"""The commands of `bin/esep`. A module of commands is imported when one of its own, or all help, is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import import_module

import click

from esep import __version__, clock
from esep.cli.common import (
    Answer,
    DayType,
    UnusableError,
    answering,
    require_not_to_come,
    say,
    settings_from_environment,
    today,
)

_MODULES: Mapping[str, str] = {
    "backup": "backup",
    "calendar": "calendar",
    "change": "figures",
    "check": "check",
    "check-figures": "figures",
    "decide": "letters",  # which adds its commands to those of `decisions`
    "handover": "handover",
    "history": "history",
    "income": "figures",
    "lake": "lake",
    "questions": "questions",
    "reexamine": "reexamine",
    "reference": "reference",
    "report": "reports",
    "restore": "backup",
    "rules": "rules",
    "serve-check": "serve_check",
    "show": "show",
    "statement": "reports",
    "status": "status",
    "store": "store",
    "template": "template",
    "texts": "texts",
    "verify": "verify",
}
"""Module of each command that is not in this one."""


class _Commands(click.Group):
    """The commands of this module and of _MODULES."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_MODULES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return super().get_command(ctx, cmd_name)
        found: click.Command = getattr(import_module(f"esep.cli.{_MODULES[cmd_name]}"), cmd_name.replace("-", "_"))
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="esep")
def main() -> None:
    """Esep: filings of form 1-ЦМ, from the office inbox to the two figures.

    Data live under $ESEP_HOME (default: var/ in the checkout).
    """


@main.command()
@answering
def rebuild() -> Answer:
    """Delete the warehouse and build it again from archive, lake and reference data.

    Every byte is proved first. Readers keep the last snapshot until the new one is published.

    \b
    Exit code: 0 built and published, 1 damaged files, each named with what to do, 2 not possible for another reason;
               readers keep what they have.
    Example:   bin/esep rebuild
    """
    from esep.warehouse import masked
    from esep.warehouse.errors import DamagedHomeError
    from esep.warehouse.rebuild import rebuild as rebuild_warehouse

    settings = settings_from_environment()
    try:
        steps = [rebuild_warehouse(settings, clock.now()).summary()]
        say(steps[0])
        steps.append(str(masked.publish(settings)))
    except DamagedHomeError as error:
        raise click.ClickException(str(error)) from None  # exit code 1
    lines = [line for step in steps for line in step.splitlines()]
    plain = {"snapshot": settings.snapshot, "masked": settings.masked_snapshot, "steps": lines}
    return Answer(plain, lambda: steps[-1:])


@main.command()
@click.option("--as-of", type=DayType(), help="The day (default: today). It knows what was known before it began.")
@click.option("--since", type=DayType(), help="Replay every day from this one to --as-of.")
@answering
def supervise(as_of: date | None, since: date | None) -> Answer:
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
        raise UnusableError(f"--since {first} is after --as-of {last}; give the earlier day first")
    refresh(settings, clock.now())
    reports = daily.supervise(settings, last, first, progress=lambda day: say(str(day)) if day.found else None)
    letters = daily.letters(settings)
    refresh(settings, clock.now())
    found = [report for report in reports if report.found]
    lines = [] if found else [f"{last}: nothing new"]
    lines += [f"{letter.letter_no}: {letter.folder}" for letter in letters]
    return Answer({"days": found, "letters": [letter.letter_no for letter in letters]}, lambda: lines)
