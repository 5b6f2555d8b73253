"""`bin/esep decide`: the officer's decisions, each an event with author, moment and reason."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from esep import clock
from esep.cli.common import Answer, DayType, MonthType, answering, settings_from_environment

if TYPE_CHECKING:
    from esep.office.decisions import Recorded


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


author_option = click.option(
    "--author", default=_system_user, help="Who decides, as it is recorded (default: your user name)."
)
reason_option = click.option("--reason", required=True, help="Why; it stays on record with the decision.")


class MomentType(click.ParamType[datetime]):
    """A moment in ISO form; without an offset it is local time (Asia/Almaty)."""

    name = "MOMENT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return value if isinstance(value, datetime) else clock.moment_of(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment; write it like 2025-04-29T16:20", param, ctx)


@click.group()
def decide() -> None:
    """Record a decision of an officer: it is kept with author, moment and reason, and never taken back.

    The same decision again changes nothing. The warehouse shows it after its next run.

    \b
    Exit code: 0 recorded, or on record already; 2 it cannot be recorded, with what to correct.
    """


@decide.command()
@click.argument("number")
@reason_option
@author_option
@answering
def overrule(number: str, reason: str, author: str) -> Answer:
    """Overrule the refusal of filing NUMBER: it then counts as accepted, and the refusal stays on record beside it.

    \b
    Example: bin/esep decide overrule 2025-000017 --reason "the signature came by letter К-12"
    """
    from esep.office.decisions import overrule_refusal

    return decision_answer(overrule_refusal(settings_from_environment(), number, reason, author, clock.now()))


@decide.command()
@click.argument("number")
@click.argument("rule")
@click.option("--until", required=True, type=DayType(), help="Last day of the waiver, inclusive.")
@reason_option
@author_option
@answering
def waive(number: str, rule: str, until: date, reason: str, author: str) -> Answer:
    """Set the reliability RULE aside for filing NUMBER until a day: its findings are then no ground for a notice.

    \b
    Example: bin/esep decide waive 2025-000017 R-31 --until 2025-06-30 --reason "the pool files a correction in June"
    """
    from esep.office.decisions import waive_rule

    return decision_answer(waive_rule(settings_from_environment(), number, rule, until, reason, author, clock.now()))


@decide.command()
@click.argument("pool_id", metavar="BIN")
@click.argument("period", metavar="YYYY-MM", type=MonthType())
@click.option("--confirmed", is_flag=True, help="There were distributions: not filed.")
@click.option("--explained", is_flag=True, help="There were none: no duty arose (para 5).")
@reason_option
@author_option
@answering
def silence(pool_id: str, period: date, confirmed: bool, explained: bool, reason: str, author: str) -> Answer:
    """Decide what the silence of a pool about a month means. The last decision counts.

    \b
    Example: bin/esep decide silence 230640000008 2025-03 --explained --reason "letter К-40: no distributions"
    """
    from esep.office.decisions import confirm_silence, explain_silence

    if confirmed == explained:
        raise click.UsageError("Say which: --confirmed (there were distributions) or --explained (there were none).")
    decision = confirm_silence if confirmed else explain_silence
    return decision_answer(decision(settings_from_environment(), pool_id, period, reason, author, clock.now()))


@decide.command()
@click.argument("question")
@click.argument("answer")
@reason_option
@author_option
@answering
def answer(question: str, answer: str, reason: str, author: str) -> Answer:
    """Answer a QUESTION that only an officer can answer; `bin/esep questions` lists them with their answers.

    \b
    Examples: bin/esep decide answer not_readable/2025-000017 ask_pool --reason "the photograph is too dark"
              bin/esep decide answer unvouched_correction/2025-000018 take --reason "confirmed by letter К-12"
    """
    from esep.examination import answering

    recorded = answering.answer(settings_from_environment(), question, answer, reason, author, clock.now())
    return decision_answer(recorded)


@decide.command()
@click.argument("number")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--incomplete", is_flag=True, help="The original has the same gaps as the transcription.")
@click.option("--compared", is_flag=True, help="Numbers that are in no readable cell of the original were compared.")
@reason_option
@author_option
@answering
def transcribe(number: str, path: Path, incomplete: bool, compared: bool, reason: str, author: str) -> Answer:
    """Hand in a workbook (or a folder) with the content of filing NUMBER that no machine could read.

    It is kept beside the original as the office's work and examined in its place; the form of bin/esep template is
    the simplest. Nothing is recorded of one that contradicts the original or cannot be read.

    \b
    Example: bin/esep decide transcribe 2025-000017 typed.xlsx --reason "typed from the scan, page by page"
    """
    from esep.examination.answering import transcribe as hand_in

    settings = settings_from_environment()
    recorded, examination = hand_in(
        settings, number, path, reason, author, clock.now(), incomplete=incomplete, compared=compared
    )
    found = decision_answer(recorded)
    verdict = examination.verdict or "waiting"
    outcome = {"verdict": verdict, "row_count": examination.row_count, "excluded_count": examination.excluded_count}
    plain = {**cast("dict[str, Any]", found.plain), **outcome}
    last = f"{number}: {verdict}, {examination.row_count} rows read from the transcription."
    return Answer(plain, lambda: [*found.shown(), last])


@decide.command()
@click.argument("table")
@click.argument("key")
@click.option("--on", "confirmed_on", required=True, type=DayType(), help="Day of the confirmation.")
@click.option("--document", required=True, help="What the reading rests on: its kind, number and day.")
@reason_option
@author_option
@answering
def confirm(table: str, key: str, confirmed_on: date, document: str, reason: str, author: str) -> Answer:
    """Confirm the row KEY of the law's TABLE by a document: its reading is then no longer marked as not confirmed.

    The rows that wait for it are in `bin/esep status`; a table or key that is not there lists those that are. A row
    that is edited later is asked for again.

    \b
    Example: bin/esep decide confirm sale_rule "2025-01-01|miner" --on 2026-02-02 --document "letter № 12" \\
                 --reason "the share is that of the Law, Art. 8(4)"
    """
    from esep.office import confirmations

    settings, now = settings_from_environment(), clock.now()
    return decision_answer(confirmations.confirm(settings, table, key, confirmed_on, document, reason, author, now))


def decision_answer(recorded: Recorded) -> Answer:
    """What was recorded, for programs and people."""
    return Answer(event_as_plain(recorded), lambda: _lines(recorded))


def event_as_plain(recorded: Recorded) -> dict[str, Any]:
    event = recorded.event
    return {
        "event": event.kind,
        "written": recorded.written,
        "at": event.at,
        "author": event.author,
        "data": event.data,
        "path": event.path,
    }


def _lines(recorded: Recorded) -> Iterator[str]:
    """The decision, since when it is on record, and where."""
    from esep.office.decisions import moment_words

    event = recorded.event
    content = ", ".join(f"{name} {_words(value)}" for name, value in event.data.items() if value)
    yield f"{event.kind}: {content}"
    yield f"{'Recorded' if recorded.written else 'On record since'} {moment_words(event.at)}, {event.author}."
    yield f"Event: {event.path}"
    yield "The warehouse shows it after its next run."


def _words(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
