"""`bin/esep decide approve`, `return` and `dispatch`: decisions about one letter or several."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from esep import clock
from esep.cli.common import UNUSABLE, Answer, UnusableError, answering, settings_from_environment
from esep.cli.decisions import MomentType, author_option, decide, decision_answer, event_as_plain, reason_option
from esep.office.dispatches import BY_HAND

if TYPE_CHECKING:
    from esep.office.letter_batch import Outcome


@decide.command()
@click.argument("letter_no", nargs=-1, required=True)
@reason_option
@author_option
@answering
def approve(letter_no: tuple[str, ...], reason: str, author: str) -> Answer:
    """Let the letters LETTER_NO leave: by e-mail where a mail server is connected, else they are to be sent by hand.

    \b
    Example: bin/esep decide approve 2025-000017/R-1 2025-000018/R-1 --reason "checked"
    """
    from esep.office.letter_batch import approve

    return letters_answer(approve(settings_from_environment(), letter_no, reason, author, clock.now()))


@decide.command("return")
@click.argument("letter_no", nargs=-1, required=True)
@reason_option
@author_option
@answering
def send_back(letter_no: tuple[str, ...], reason: str, author: str) -> Answer:
    """Hold the letters LETTER_NO back: they do not leave. A letter may be approved later: the last decision counts.

    \b
    Example: bin/esep decide return 2025-000017/R-1 --reason "the wrong cell is named"
    """
    from esep.office.letter_batch import send_back

    return letters_answer(send_back(settings_from_environment(), letter_no, reason, author, clock.now()))


@decide.command()
@click.argument("letter_no", nargs=-1, required=True)
@click.option("--channel", required=True, type=click.Choice(BY_HAND), help="How it was sent.")
@click.option("--proof", required=True, help="What shows it: tracking number, entry number, Message-ID.")
@click.option("--sent-at", type=MomentType(), help="When, local time, like 2025-04-29T16:20 (default: now).")
@click.option("--recipient", "recipients", multiple=True, help="To whom; may be repeated.")
@author_option
@answering
def dispatch(
    letter_no: tuple[str, ...],
    channel: str,
    proof: str,
    sent_at: datetime | None,
    recipients: tuple[str, ...],
    author: str,
) -> Answer:
    """Record that the letter LETTER_NO was sent by hand; the deadlines of paras 8 and 10 are judged by it.

    Of several letters each is recorded with the same channel, moment and proof; one that was sent before, or must not
    leave, is named and left out.

    \b
    Example: bin/esep decide dispatch 2025-000017/R-1 --channel post --proof RR123456789KZ --sent-at 2025-04-29T16:20
    """
    from esep.office.dispatches import record_dispatch
    from esep.office.letter_batch import record_dispatches

    settings, now = settings_from_environment(), clock.now()
    if len(letter_no) == 1:
        return decision_answer(
            record_dispatch(settings, letter_no[0], channel, sent_at, proof, author, now, recipients)
        )
    return letters_answer(record_dispatches(settings, letter_no, channel, sent_at, proof, author, now, recipients))


def letters_answer(outcomes: list[Outcome]) -> Answer:
    """What became of each letter; exit code 2 if nothing was recorded of one. One letter alone is as any decision."""
    first = outcomes[0]
    if len(outcomes) == 1:
        if first.recorded is None:
            raise UnusableError(first.fault)
        return decision_answer(first.recorded)
    plain = [
        {
            "letter_no": one.letter_no,
            "fault": one.fault or None,
            "recorded": one.recorded and event_as_plain(one.recorded),
        }
        for one in outcomes
    ]
    is_whole = all(one.recorded for one in outcomes)
    return Answer({"letters": plain}, lambda: _letter_lines(outcomes), 0 if is_whole else UNUSABLE)


def _letter_lines(outcomes: list[Outcome]) -> Iterator[str]:
    from esep.office.decisions import moment_words

    for one in outcomes:
        if one.recorded:
            since = "recorded" if one.recorded.written else "on record since"
            event = one.recorded.event
            yield f"{one.letter_no}: {event.kind}, {since} {moment_words(event.at)}, {event.author}."
        else:
            yield f"NOT recorded: {one.fault}"
    yield "The warehouse shows it after its next run."
