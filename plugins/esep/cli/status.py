"""`bin/esep status`: what is waiting, due and failed, for officers and engineers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import UnusableError, json_option, language_option, print_json, settings_from_environment

if TYPE_CHECKING:
    from rich.console import Console

    from esep.answers.status import Status, UnusedPrice

CALM, ATTENTION = 0, 1
"""Exit codes, beside UNUSABLE."""
LISTED = 5
"""Lines of each list; the page Status and `--json` tell more."""


@click.command()
@language_option
@json_option
def status(language: str, as_json: bool) -> None:
    """Tell what is waiting, due, failed and damaged: duties with their terms, inbox, reference files, warehouse.

    \b
    Exit code: 0 nothing is overdue and nothing has failed, 1 something is or has,
               2 it cannot be told (no warehouse, or one of other code).
    Examples:  bin/esep status
               bin/esep status --language kk
               bin/esep status --json | jq .overdue
    """
    from esep.answers import WarehouseError, open_warehouse
    from esep.answers.status import status as status_now
    from esep.proof.check import check

    settings = settings_from_environment()
    try:
        check(settings)
        with open_warehouse(settings) as connection:
            found = status_now(connection, settings, clock.now())
    except (WarehouseError, OSError) as error:
        raise UnusableError(str(error)) from None
    if as_json:
        print_json(as_plain(found))
    else:
        print_status(found, language)
    sys.exit(ATTENTION if found.overdue or found.has_failed else CALM)


def as_plain(found: Status) -> dict[str, Any]:
    """Everything as JSON values; days and moments as ISO text, keys stable."""
    from esep.cli.reference_report import refused_as_plain

    return {
        "as_of": found.now.isoformat(),
        "overdue": found.overdue,
        "due_today": found.due_today,
        "failed": found.has_failed,
        "duties": [
            {
                "kind": duty.kind,
                "paragraph": duty.paragraph,
                "overdue": duty.overdue,
                "due_today": duty.due_today,
                "later": duty.later,
                "earliest": _iso(duty.earliest),
            }
            for duty in found.duties
        ],
        "unexamined": list(found.backlog.unexamined),
        "unloaded": list(found.backlog.unloaded),
        "inbox_readable": found.inbox.is_readable,
        "inbox": [
            {
                "name": item.name,
                "cause": item.cause,
                "since": _iso(item.since),
                "needs_attention": item.needs_attention,
            }
            for item in found.inbox.items
        ],
        "refused_files": [refused_as_plain(file) for file in found.refused_files],
        "unvalued": [
            {
                "asset": gap.asset,
                "reason": gap.reason,
                "first_period": _iso(gap.first_period),
                "last_period": _iso(gap.last_period),
                "months": gap.month_count,
            }
            for gap in found.unvalued
        ],
        "unused_prices": [
            {
                "asset": price.asset,
                "first_day": price.first_day.isoformat(),
                "last_day": price.last_day.isoformat(),
                "days": price.days,
            }
            for price in found.unused_prices
        ],
        "failures": [
            {
                "step": failure.step,
                "at": failure.at.isoformat(),
                "text": failure.text,
                "dag_id": failure.dag_id,
                "run_id": failure.run_id,
            }
            for failure in found.failures
        ],
        "damaged": [{"path": one.path, "what": one.what, "todo": one.todo} for one in found.damages],
        "unproved": found.unproved,
        "warehouse": {
            "as_of": found.snapshot.as_of.isoformat(),
            "published_at": _iso(found.snapshot.published_at),
            "code_version": found.snapshot.code_version,
            "stale": found.is_stale,
        },
    }


def print_status(found: Status, language: str) -> None:
    """A table of duties and a line for each other thing, in a terminal of 80 columns or more."""
    from rich.console import Console

    from esep.texts import numbers, text

    console = Console(highlight=False, soft_wrap=False)
    console.print(text("status.lead", language, moment=numbers.moment(found.now, language)), style="bold")
    console.print(_duties(found, language))
    published = text("status.published", language, moment=numbers.moment(found.snapshot.published_at, language))
    fresh = text("status.stale" if found.is_stale else "status.fresh", language)
    _line(console, "warehouse", language, f"{fresh}, {published}", bad=found.is_stale)
    _list(console, "unloaded", language, found.backlog.unloaded)
    _list(console, "unexamined", language, found.backlog.unexamined)
    if found.inbox.is_readable:
        items = [f"{item.name}: {text(f'status.cause_{item.cause}', language)}" for item in found.inbox.items]
        _list(console, "inbox", language, items, bad=bool(found.inbox.attention))
    else:
        _line(console, "inbox", language, text("status.inbox_unreadable", language), bad=True)
    files = [
        " ".join([f"{file.file}: {file.sentence(language)}", *file.todo.get(language, ())])
        for file in found.refused_files
    ]
    _list(console, "refused_files", language, files, bad=True)
    _list(console, "gaps", language, [str(gap.asset) for gap in found.price_gaps])
    unused = [f"{price.asset}: {_span(price, language)}" for price in found.unused_prices]
    _list(console, "unused_prices", language, unused)
    failed = [f"{one.step}, {numbers.moment(one.at, language)}: {one.text}" for one in found.failures]
    _list(console, "failures", language, failed, bad=True)
    _list(console, "damaged", language, [str(damage) for damage in found.damages], bad=True)
    if found.unproved:
        _line(console, "unproved", language, text("status.unproved_todo", language, count=found.unproved), bad=False)
    if found.overdue or found.due_today:
        told = text("status.cli_overdue", language, overdue=found.overdue, today=found.due_today)
        console.print(told, style="bold red" if found.overdue else "bold")
    if not (found.overdue or found.has_failed):
        console.print(text("status.cli_calm", language), style="green")


def _duties(found: Status, language: str) -> Any:
    from rich.table import Table

    from esep.texts import numbers, text

    table = Table()
    table.add_column(text("status.duty", language), overflow="fold")
    for name in ("overdue", "due_today", "later"):
        table.add_column(text(f"status.{name}", language), justify="right")
    table.add_column(text("status.earliest", language), min_width=10)
    for duty in found.duties:
        counts = (str(number) for number in (duty.overdue, duty.due_today, duty.later))
        style = "red" if duty.overdue else "bold" if duty.due_today else ""
        table.add_row(duty.words[language], *counts, numbers.day(duty.earliest, language), style=style)
    return table


def _list(console: Console, key: str, language: str, items: tuple[str, ...] | list[str], *, bad: bool = False) -> None:
    """How many, and the first of them."""
    from esep.texts import text

    _line(console, key, language, str(len(items)), bad=bad and bool(items))
    for item in items[:LISTED]:
        console.print(f"  {_shown(item)}", markup=False)
    if len(items) > LISTED:
        console.print("  " + text("status.first_of", language, shown=LISTED, whole=len(items)))


def _line(console: Console, key: str, language: str, value: str, *, bad: bool) -> None:
    from esep.texts import text

    console.print(f"{text(f'status.{key}', language)}: {value}", style="red" if bad else None, markup=False)


def _span(price: UnusedPrice, language: str) -> str:
    from esep.texts import numbers, text

    first, last = (numbers.day(day, language) for day in (price.first_day, price.last_day))
    return text("status.unused_days", language, first=first, last=last, count=price.days)


def _shown(value: str) -> str:
    """Names and messages on one line, their invisible signs written out."""
    from esep.documents.plain import shown

    return shown(value, 1000)


def _iso(value: Any) -> str | None:
    return None if value is None else value.isoformat()
