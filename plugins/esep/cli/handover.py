"""`bin/esep handover`: hand over to the other body what was registered, and record what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import Answer, DayType, UnusableError, answering, fields_of, settings_from_environment
from esep.cli.decisions import author_option, decision_answer, reason_option

if TYPE_CHECKING:
    from esep.handover.run import DayReport

DAMAGED = 1
"""Exit code where a filing is left because it is damaged."""
_DEFAULT = "make"


class _Handover(click.Group):
    """A group whose options alone mean its command `make`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Handover)
def handover() -> None:
    """Hand over to the other body, which para 5 names too, what the office registered; record what it answers.

    \b
    bin/esep handover [--day DAY] [--to FOLDER|URL]     is short for bin/esep handover make
    """


@handover.command()
@click.option("--day", type=DayType(), help="Day of registration (default: every day that is due, else today).")
@click.option("--to", help="A folder, or an address such as s3://CONNECTION@bucket/folder (default: ESEP_HANDOVER_TO).")
@author_option
@answering
def make(day: date | None, to: str | None, author: str) -> Answer:
    """Write a bundle of the filings of each day that no bundle holds yet, and record it.

    A bundle has the packages as received, the receipts, the rows as last examined (Parquet), and lists of hashes:
    `sha256sum -c SHA256SUMS` in its folder proves it. It is there as a whole or not at all. What is registered for a
    day later goes into a further bundle; a damaged filing is left and named, the others go.

    \b
    Exit code: 0 handed over, or nothing was left to hand over; 1 damaged filings are left; 2 nothing could be written.
    Examples:  bin/esep handover make --to /mnt/krc
               bin/esep handover --day 2026-02-10
    """
    from esep.handover.run import days_due, hand_over
    from esep.handover.target import target_of

    settings = settings_from_environment()
    address = to or settings.handover_to
    if not address:
        raise UnusableError("No place to hand over to: give --to FOLDER|URL, or set ESEP_HANDOVER_TO.")
    target = target_of(settings.home, address)
    days = [day] if day else days_due(settings, clock.local_date(clock.now()))
    reports = [hand_over(settings, one, target, author, clock.now) for one in days]
    plain = {"target": target.address, "days": [_plain(report) for report in reports]}
    damaged = any(report.damaged for report in reports)
    return Answer(plain, lambda: _lines(reports), DAMAGED if damaged else 0)


@handover.command()
@click.argument("bundle", metavar="DAY")
@click.option("--number", required=True, help="Number of the other body's receipt.")
@click.option("--on", "received_on", required=True, type=DayType(), help="Day on which it received the bundle.")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The receipt; it is kept.")
@author_option
@answering
def received(bundle: str, number: str, received_on: date, file: Path | None, author: str) -> Answer:
    """Record the other body's receipt for the bundle of DAY (`2026-02-10`, a further one is `2026-02-10-2`).

    \b
    Exit code: 0 recorded, or on record already; 2 it cannot be recorded, with what to correct.
    Example:   bin/esep handover received 2026-02-10 --number КР-118 --on 2026-02-11 --file receipt.pdf
    """
    from esep.office.handovers import acknowledge

    settings = settings_from_environment()
    return decision_answer(acknowledge(settings, bundle, number, received_on, author, clock.now(), file))


@handover.command()
@click.option("--from", "since", type=DayType(), help="First day of registration for which it is due.")
@click.option("--off", is_flag=True, help="It is not due any more.")
@reason_option
@author_option
@answering
def switch(since: date | None, off: bool, reason: str, author: str) -> Answer:
    """Say from which day a filing that is not handed over on its day of registration is overdue. Off at first.

    The order sends the filing to both bodies and names no way and no term between them: the duty is a reading, and
    `obligation_due` has it only from this day. The last decision counts.

    \b
    Exit code: 0 recorded, or on record already; 2 it cannot be recorded, with what to correct.
    Example:   bin/esep handover switch --from 2026-03-01 --reason "agreed with the other body, protocol 7"
    """
    from esep.office.handovers import switch_off, switch_on

    if off == (since is not None):
        raise click.UsageError("Say which: --from DAY or --off.")
    settings, now = settings_from_environment(), clock.now()
    if since:
        return decision_answer(switch_on(settings, since, reason, author, now))
    return decision_answer(switch_off(settings, reason, author, now))


def _plain(report: DayReport) -> dict[str, Any]:
    return {
        "day": report.day,
        "filings": report.filings,
        "written": [fields_of(one) for one in report.written],
        "before": [fields_of(one) for one in report.before],
        "damaged": [fields_of(one) for one in report.damaged],
    }


def _lines(reports: list[DayReport]) -> Iterator[str]:
    if not reports:
        yield "Every filing that is due to be handed over is on record as handed over."
    for report in reports:
        for one in report.before:
            yield f"{one.name}: handed over {_moment(one.at)}, {one.author}; {len(one.numbers)} filings, {one.target}"
        for one in report.written:
            yield f"{one.name}: {len(one.numbers)} filings written to {one.target}; manifest {one.manifest_sha256}"
        if not report.filings:
            yield f"{report.day}: no filing was registered on that day; there is nothing to hand over."
        elif not (report.written or report.damaged):
            yield f"{report.day}: nothing is left to hand over."
        for damage in report.damaged:
            yield f"NOT handed over: {damage.registration_no}: {damage.what}"
    if any(report.written for report in reports):
        yield "The warehouse shows it after its next run."


def _moment(moment: Any) -> str:
    from esep.office.decisions import moment_words

    return moment_words(moment)
