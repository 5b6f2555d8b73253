"""What the tasks of `question` do, and `dispatch_queue` for questions: which are open, what is asked, the answer.

Which questions are open is read from the published warehouse; whether one still stands, and what was answered, from
archive and journal, so that an answer by a page or a command counts at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, Any

from esep import clock
from esep.config import Settings
from esep.documents.plain import shown
from esep.examination.standing import NotStandingError, require_standing
from esep.failures import log_fields
from esep.office import archive, questions
from esep.office.decisions import DecisionError, moment_words
from esep.office.questions import TRANSCRIBE, Question
from esep.orchestration.required_action import all_languages, cell, link, response, table
from esep.texts import LANGUAGES, numbers, text

if TYPE_CHECKING:
    import duckdb

    from esep.answers.filing_findings import RuleGroup
    from esep.answers.tables import Row

log = logging.getLogger(__name__)

LISTED = 10
"""Rules that the step names; the filing's page has all, and what was found."""
_NAME_LIMIT = 160
_REASON_LIMIT = 400
"""Characters of a pool's name, and of an earlier answer's reason."""


def about(name: str) -> AbstractContextManager[None]:
    """Log lines of the block carry the question's name, and the number of its filing if it is about one."""
    subject = name.partition("/")[2]
    return log_fields(question=name, **({"registration_no": subject} if archive.is_number(subject) else {}))


def run_of(name: str) -> dict[str, Any]:
    """Id and parameters of the run of `question`: always the same, so that there is one run a question."""
    return {"trigger_run_id": f"question__{name.replace('/', '_')}", "conf": {"question": name}}


def open_questions(settings: Settings, today: date) -> list[str]:
    """Names of the questions that the published warehouse has open, by due date; none while there is no warehouse."""
    from esep.answers import NoSnapshotError, open_warehouse
    from esep.answers.questions import OPEN, on_day

    try:
        with open_warehouse(settings) as connection:
            found = [row.question for row in on_day(connection, today) if row.state in OPEN]
    except NoSnapshotError as error:
        log.info("%s", error)
        return []
    log.info("%d questions are open", len(found))
    return found


def request(settings: Settings, name: str, today: date) -> dict[str, Any]:
    """What the officer is asked: `subject` and `body` (Markdown) in three languages, `options`, and `given`, how often
    the question was answered before.

    Raises NotStandingError for a question that does not stand, DecisionError for a name that means none and for one
    that the published warehouse does not have yet.
    """
    question = questions.parse(name)
    require_standing(settings, question)
    from esep.answers import open_warehouse

    with open_warehouse(settings) as connection:
        row = _row(connection, name, today)
        if row is None:
            raise DecisionError(
                f"{name}: not in the published warehouse yet. Run the DAG warehouse, then trigger this one again."
            )
        found = _findings(connection, settings, question)
    facts = table({f"question_step.{key}": value for key, value in _facts(settings, question, row).items()})
    in_words = "\n\n".join(_in_words(question, row, found, language) for language in LANGUAGES)
    return {
        "subject": f"{name}: {all_languages(f'state.question_{question.kind.kind}')}",
        "body": f"{facts}\n\n{in_words}",
        "options": [
            f"{answer}: {all_languages(f'state.answer_{answer}')}"
            for answer in question.kind.answers
            if answer != TRANSCRIBE
        ],
        "given": len(questions.answers_to(settings, question)),
    }


def require_open(settings: Settings, name: str, given: int, today: date) -> None:
    """Raise NotStandingError once the question stands no longer, or was answered by another way since it was asked."""
    from esep.answers import WarehouseError, open_warehouse

    question = questions.parse(name)
    answered = questions.answers_to(settings, question)
    if len(answered) > given:
        last = answered[-1]
        raise NotStandingError(
            f"{name}: {last.author} answered meanwhile, at {moment_words(last.at)}: {last.answer} ({last.reason}). "
            "Nothing more is asked here."
        )
    require_standing(settings, question)
    try:
        with open_warehouse(settings) as connection:
            _row(connection, name, today)
    except WarehouseError as error:
        log.info("%s stands by archive and journal; the warehouse cannot be asked: %s", name, error)


def record(settings: Settings, name: str, answer: Mapping[str, Any], given: int) -> str:
    """Record the officer's answer with name, moment and reason; a filing that waits is examined with it.

    `answer` is what the step gave (see `required_action.response`). Raises NotStandingError where another answer came
    first, DecisionError for an answer without a reason.
    """
    from esep.examination import answering

    said = response(answer)
    chosen = said.option.partition(":")[0]
    own = (chosen, said.reason, said.author)
    last = questions.answers_to(settings, questions.parse(name))[-1:]
    if own not in [(one.answer, one.reason, one.author) for one in last]:
        require_open(settings, name, given, clock.local_date(said.at))
    event = answering.answer(settings, name, chosen, said.reason, said.author, said.at).event
    log.info("%s answered: %s, %s (%s)", name, chosen, said.author, said.reason)
    return f"{name}: {chosen}, {event.author}, {moment_words(event.at)}"


def _row(connection: duckdb.DuckDBPyConnection, name: str, today: date) -> Row | None:
    """The question as the warehouse has it, None if it is not loaded yet; raises NotStandingError for a lifted one."""
    from esep.answers.questions import on_day

    row = next((one for one in on_day(connection, today) if one.question == name), None)
    if row and row.state == "lifted":
        raise NotStandingError(f"{name}: nothing is asked since {row.lifted_on}, it no longer stands.")
    return row


def _facts(settings: Settings, question: Question, row: Row) -> dict[str, str]:
    counted = ", ".join(f"{n}) {day:%d.%m.%Y}" for n, day in enumerate(row.days_counted, start=1))
    pool = " ".join(shown(value, _NAME_LIMIT) for value in (row.pool_name, row.pool_id) if value)
    facts = {
        "question": cell(question.name),
        "paragraph": cell(row.paragraph),
        "pool": cell(pool) or "–",
        "month": f"{row.period:%m.%Y}" if row.period else "–",
        "arose": f"{row.arose_on:%d.%m.%Y}",
        "due": f"{row.due_on:%d.%m.%Y}: {counted}" if counted else f"{row.due_on:%d.%m.%Y}",
    }
    number = question.registration_no
    if number is None:
        return facts | {"page": link(f"/esep/silence/{question.pool_id}/{question.period:%Y-%m}")}
    entry = archive.entry(settings, number)
    return facts | {
        "folder": cell(entry.package.relative_to(settings.home).as_posix()),
        "files": str(len(entry.receipt.files)),
        "page": link(f"/esep/filing/{number}"),
    }


def _in_words(question: Question, row: Row, found: list[RuleGroup], language: str) -> str:
    """Question, answers with what each does, and findings in one language."""
    lines = [f"**{text(f'state.question_{question.kind.kind}', language)}**", ""]
    if row.answer:
        before = text("question_step.answered_before", language)
        lines += [f"{before}: {_said(row, language)}", ""]
    for answer in question.kind.answers:
        words = text(f"state.answer_{answer}", language)
        lines.append(f"- `{answer}`: {words}. {text(f'question_step.does_{answer}', language)}")
    if found:
        raised_by = text("question_step.findings", language)
        lines += ["", f"{raised_by}:", "", *_remarks(found, language)]
    return "\n".join(lines)


def _said(row: Row, language: str) -> str:
    answered = text(f"state.answer_{row.answer}", language)
    by = f"{row.answered_by}, {numbers.moment(row.answered_at, language)}"
    return cell(f"{answered} ({shown(row.reason, _REASON_LIMIT)}; {by})")


def _remarks(found: list[RuleGroup], language: str) -> Iterator[str]:
    """The rules' own texts, without what a filer wrote: not all who see the step may see personal data."""
    for group in found[:LISTED]:
        times = f" ({group.count})" if group.count > 1 else ""
        yield f"- {group.rule_id}: {cell((group.general or {}).get(language, '…'))}{times}"
    if len(found) > LISTED:
        yield f"- … ({len(found)})"


def _findings(connection: duckdb.DuckDBPyConnection, settings: Settings, question: Question) -> list[RuleGroup]:
    """What raised the question: the findings of its rules, else those for which the package is incomplete."""
    from esep.answers.filing_findings import groups
    from esep.letters.remarks import Citations

    if question.registration_no is None:
        return []
    rules = question.kind.rules
    found = groups(connection, question.registration_no, Citations.of(settings))
    return [group for group in found if (group.rule_id in rules if rules else group.lane == "completeness")]
