"""`bin/esep history`: what a person loads as history, or declares to have been loaded so, with name and moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import click

from esep import clock
from esep.cli.common import Answer, DayType, answering, settings_from_environment
from esep.cli.decisions import author_option, reason_option

if TYPE_CHECKING:
    from esep.config import Settings
    from esep.office.history import Marked
    from esep.office.intake import Registered


@click.group()
def history() -> None:
    """Load filings of old years as history: the time limits of para 8 are not counted for them.

    A package that bears "history": true in its office.json needs none of these commands. Nothing else is history,
    however long a package lay: what the office registers late is overdue.
    """


@history.command()
@author_option
@answering
def load(author: str) -> Answer:
    """Register what waits in the inbox as history.

    Each package needs its office.json with the former moment of arrival; one without stays in the inbox. The next run
    of intake (make run) examines what was registered. Where intake watches the inbox it may be quicker: stamp the
    packages there.

    \b
    Exit code: 0 all that waited is registered as history; 1 some is not, each named with what to do; 2 not possible.
    Example:   bin/esep history load --author "А. Омарова" && make run
    """
    from esep.cli.common import UnusableError
    from esep.office.intake import register_waiting
    from esep.orchestration.registering import identity_of, messages_in

    if not author.strip():
        raise UnusableError(
            "The author is empty. Say who loads the history: the name stays on record with each filing."
        )
    settings = settings_from_environment()
    taken = register_waiting(
        settings,
        clock.now,
        identity_of(settings, clock.now, []),
        history_by=author.strip(),
        messages_in=messages_in(settings),
    )
    problems = {item.source_name: _problem(settings, item) for item in taken}
    numbers = [(item.number, item.duplicate) for item in taken if item.number and not problems[item.source_name]]
    plain = {
        "loaded": [number for number, is_copy in numbers if not is_copy],
        "copies": [number for number, is_copy in numbers if is_copy],
        "messages": [item.message_id for item in taken if item.message_id],
        "left": [{"source": name, "problem": problem} for name, problem in problems.items() if problem],
    }
    return Answer(plain, lambda: _loaded_lines(taken, problems), 1 if plain["left"] else 0)


@history.command()
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1)
@click.option(
    "--all-before",
    type=DayType(),
    help="All that were received before this day and registered on a later day than they were received.",
)
@reason_option
@author_option
@answering
def mark(numbers: tuple[str, ...], all_before: date | None, reason: str, author: str) -> Answer:
    """Declare filings that are registered already to be history, for example those that an earlier version loaded.

    A filing registered on the day of its arrival cannot be. There is no way back. The warehouse shows it after its next
    run; letters that were written stay as they are.

    \b
    Exit code: 0 marked, or on record already; 2 it cannot be recorded, with what to correct.
    Example:   bin/esep history mark --all-before 2025-01-01 --reason "archive of 2023 and 2024, loaded in March 2025"
    """
    from esep.office import history as marks

    if bool(numbers) == (all_before is not None):
        raise click.UsageError("Say which: numbers of filings, or --all-before DAY.")
    settings = settings_from_environment()
    chosen = marks.loads_before(settings, all_before) if all_before else numbers
    marked = marks.mark(settings, chosen, reason, author, clock.now())
    plain = [
        {"number": item.number, "written": item.written, "at": item.event.at, "author": item.event.author}
        for item in marked
    ]
    return Answer(plain, lambda: _marked_lines(marked))


def _problem(settings: Settings, item: Registered) -> str:
    """Why the package is not loaded as history; empty where it is, or was before."""
    from esep.office import archive
    from esep.office.history import mark_of

    if item.fault or item.number is None:
        return item.fault or ""
    if mark_of(archive.entry(settings, item.number)):
        return ""
    mark = f"bin/esep history mark {item.number} --reason …"
    return f"registered before as {item.number}, not as history. If that is what it is: {mark}"


def _loaded_lines(taken: list[Registered], problems: Mapping[str, str]) -> Iterator[str]:
    for item in taken:
        done = f"the same bytes as {item.number}, which is history" if item.duplicate else f"{item.number}, as history"
        if item.message_id:
            done = f"a message that nothing was distributed, kept as {item.message_id}, without a number"
        yield f"{item.source_name}: {problems[item.source_name] or done}"
    if not taken:
        yield "Nothing waits in the inbox."


def _marked_lines(marked: list[Marked]) -> Iterator[str]:
    from esep.office.decisions import moment_words

    for item in marked:
        since = "marked as history" if item.written else f"history since {moment_words(item.event.at)}"
        yield f"{item.number}: {since}, {item.event.author}"
    yield "The warehouse shows it after its next run." if marked else "No such filing; nothing was marked."
