"""`bin/esep questions`: what only an officer can answer, by when, and how to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from esep.cli.common import Answer, answering, settings_from_environment, today
from esep.documents.model import Block, Items, Paragraph
from esep.texts import numbers, text

if TYPE_CHECKING:
    from esep.answers.tables import Row

CALM, ATTENTION = 0, 1
_PLAIN: tuple[str, ...] = (
    *("question", "kind", "paragraph", "registration_no", "pool_id", "pool_name", "period", "arose_on", "due_on"),
    *("days_counted", "state", "answers", "answer", "answered_at", "answered_by", "reason", "lifted_on"),
)


@click.command()
@click.option("--all", "show_all", is_flag=True, help="Answered and lifted ones as well.")
@answering
def questions(show_all: bool, language: str) -> Answer:
    """List the questions that only an officer can answer, with paragraph, due date and possible answers.

    Such are a package that no machine could read, a correction without application or signature, data filed again
    after the due date, a reward that may be the total, a silent month. Answer with `bin/esep decide answer`, or
    `bin/esep decide transcribe`. The published warehouse is read.

    \b
    Exit code: 0 none is overdue, 1 one is, 2 it cannot be determined (no warehouse).
    Examples:  bin/esep questions
               bin/esep questions --all --json
    """
    from esep.answers import open_warehouse
    from esep.answers.questions import OPEN, on_day

    with open_warehouse(settings_from_environment()) as connection:
        found = [row for row in on_day(connection, today()) if show_all or row.state in OPEN]
    plain = {"questions": [{name: getattr(row, name) for name in _PLAIN} for row in found]}
    is_late = any(row.state == "overdue" for row in found)
    return Answer(plain, lambda: report(found, language), ATTENTION if is_late else CALM)


def report(found: Sequence[Row], language: str) -> Iterator[Block]:
    """The questions one by one; each says how its days are counted and what may be answered."""
    if not found:
        yield Paragraph(text("questions.none", language), "good")
        return
    for row in found:
        yield Paragraph(row.question, "bad" if row.state == "overdue" else "strong")
        lines = [
            text(f"state.question_{row.kind}", language),
            _about(row, language),
            _due(row, language),
            *_answers(row, language),
        ]
        yield Items([line for line in lines if line])


def _about(row: Row, language: str) -> str:
    period = numbers.month(row.period, language) if row.period else ""
    return " ".join(part for part in (row.pool_name or row.pool_id or "", period) if part)


def _due(row: Row, language: str) -> str:
    """The due date and its working days, as a lawyer counts them."""
    counted = ", ".join(f"{n}) {numbers.day(day, language)}" for n, day in enumerate(row.days_counted, start=1))
    paragraph, state = (
        text("filing.para", language, n=row.paragraph),
        text(f"state.question_state_{row.state}", language),
    )
    due = text("questions.due", language, day=numbers.day(row.due_on, language), paragraph=paragraph, counted=counted)
    return f"{due} – {state}"


def _answers(row: Row, language: str) -> Iterator[str]:
    """What may be answered, or what was."""
    if row.answer:
        answered = text(f"state.answer_{row.answer}", language)
        yield f"{answered}: {row.reason} ({row.answered_by}, {numbers.moment(row.answered_at, language)})"
    elif row.state in ("open", "overdue"):
        yield text("questions.answers", language)
        yield from (f"  {name}: {text(f'state.answer_{name}', language)}" for name in row.answers)
