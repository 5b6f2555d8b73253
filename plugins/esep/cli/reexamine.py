"""`bin/esep reexamine`: which verdicts and findings would change under today's rules, and the step to record them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from esep import clock
from esep.cli.common import UNUSABLE, Answer, DayType, answering, fields_of, settings_from_environment
from esep.documents.model import Block, Column, Kind, Paragraph, Table
from esep.texts import text

if TYPE_CHECKING:
    from esep.examination.reexamine import Change, Reexamination


@click.command()
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...")
@click.option("--since", type=DayType(), help="Only filings that arrived on or after this local date (YYYY-MM-DD).")
@click.option(
    "--apply/--dry-run",
    "apply",
    default=False,
    help="Record the new examinations of those that differ, beside the old. Default: --dry-run, which changes nothing.",
)
@answering
def reexamine(numbers: tuple[str, ...], since: date | None, apply: bool) -> Answer:
    """Examine filings again and show what differs from their latest verdicts.

    Without NUMBER: all filings whose latest verdict was made by other rules (expectations/) or another version of the
    program. History stays: a new examination gets a verdict of its own (verdict-2.json, …). With --apply a damaged
    file of the lake is put back where the same bytes can be made again.

    \b
    Exit code: 0, or 2 if something could not be examined.
    Example:   bin/esep reexamine --since 2025-01-01
               bin/esep reexamine 2025-000017 --apply
    """
    from rich.console import Console

    from esep.examination import reexamine as library

    settings = settings_from_environment()
    with Console(stderr=True).status("Looking for filings") as status:

        def progress(done: int, total: int, number: str) -> None:
            status.update(f"{number}: {done + 1} of {total}")

        result = library.reexamine(settings, clock.now(), numbers, since=since, apply=apply, progress=progress)
    plain = as_plain(result, applied=apply)
    return Answer(plain, lambda: report(result, applied=apply), UNUSABLE if result.faults else 0)


def as_plain(result: Reexamination, *, applied: bool) -> dict[str, Any]:
    """The result for programs; keys are stable."""
    return {
        "applied": applied,
        **fields_of(result, "ruleset", "code_version", "candidates", "unchanged"),
        "changes": [
            {
                "registration_no": change.number,
                **fields_of(change, "pool_id", "period"),
                **fields_of(change.difference),
                "recorded": change.recorded,
            }
            for change in result.changes
        ],
        "restored": result.restored,
        "faults": [{"registration_no": number, "error": error} for number, error in result.faults],
    }


def report(result: Reexamination, *, applied: bool) -> Iterator[Block]:
    """One line per filing that differs, the totals, and what could not be examined."""
    if result.changes:
        yield _table(result.changes)
    verdicts = sum(change.difference.verdict_before != change.difference.verdict_after for change in result.changes)
    yield Paragraph(
        f"{result.candidates} examined again: {len(result.changes)} differ, {verdicts} of them in the verdict; "
        f"{result.unchanged} stay as they are."
    )
    for path in result.restored:
        yield Paragraph(f"lake/{path}: put back, the same bytes as before")
    if applied:
        recorded = sum(change.recorded for change in result.changes)
        yield Paragraph(f"{recorded} new examinations recorded; the warehouse shows them after its next run.")
    elif result.changes:
        yield Paragraph("Nothing was recorded. The same command with --apply records what differs.")
    for number, error in result.faults:
        yield Paragraph(error, "bad", f"{number} could not be examined")


def _table(changes: tuple[Change, ...]) -> Table:
    headings = ("Filing", "Pool", "Period", "Verdict", "No longer found", "Newly found", "Otherwise")
    rows = []
    for change in changes:
        difference = change.difference
        before, after = _verdict(difference.verdict_before), _verdict(difference.verdict_after)
        rows.append((
            change.number,
            change.pool_id or "–",
            (change.period or "–")[:7],
            after if before == after else f"{before} → {after}",
            _counts(difference.gone),
            _counts(difference.new),
            "; ".join(_otherwise(change)),
        ))  # fmt: skip
    return Table([Column(heading, Kind.SAID) for heading in headings], rows, look="lines")


def _verdict(code: str | None) -> str:
    return text(f"state.verdict_{code}", "en") if code else "–"


def _otherwise(change: Change) -> list[str]:
    difference = change.difference
    texts = [f"{name} {before} → {after}" for name, (before, after) in difference.facts.items()]
    texts += [f"{name} read differently in {count} rows" for name, count in _columns(difference.values).items()]
    texts += [f"{difference.values[key]} {key.replace('_', ' ')}" for key in _ROWS if key in difference.values]
    if difference.reworded:
        texts.append(f"reworded: {_counts(difference.reworded)}")
    if difference.damaged:
        texts.append(f"the recorded files are damaged: {difference.damaged}")
    return texts


_ROWS = ("rows_gone", "rows_new")


def _columns(values: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in values.items() if name not in _ROWS}


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{rule} ×{count}" for rule, count in counts.items())
