"""Whether a question stands: by archive and journal alone, so that an answer does not depend on the last load."""

from __future__ import annotations

from esep.config import Settings
from esep.office import archive, events, questions
from esep.office.archive import Entry
from esep.office.decisions import REFUSAL_OVERRULED, DecisionError, filed_in, filing_of, moment_words
from esep.office.questions import DETECTED, SILENCE_FOUND, WITHDRAWN, Answer, Question, answers_to, is_about


class NotStandingError(DecisionError):
    """The question does not stand, or no longer; the text says why."""


def require_standing(settings: Settings, question: Question) -> None:
    """Raise NotStandingError where there is nothing to answer (any more), DecisionError for a filing that is unknown.

    A filing of which a copy was asked for still waits: it may be refused or transcribed after all.
    """
    if question.registration_no is None:
        _require_silent(settings, question)
        return
    entry = filing_of(settings, question.registration_no)
    (_require_raised if question.kind.rules else _require_waiting)(settings, entry, question)


def _require_silent(settings: Settings, question: Question) -> None:
    """Supervision found the month silent, nothing was filed since, and nobody has answered."""
    pool_id, period = question.pool_id, question.period
    if not pool_id or not period:
        raise ValueError(f"{question}: neither a filing nor a month")
    given = answers_to(settings, question)
    if given:
        raise _no_longer(
            question, given[-1], f" To change it: bin/esep decide silence {pool_id} {period:%Y-%m} (the last counts)."
        )
    if filed := filed_in(settings, pool_id, period):
        raise NotStandingError(
            f"{question.name}: the pool did file ({', '.join(filed)}), so the question no longer stands."
        )
    if not any(is_about(event, question) for event in events.read_journal(settings, SILENCE_FOUND)):
        raise NotStandingError(
            f"{question.name}: the question does not stand: no run of supervision found the month silent. "
            "See bin/esep questions."
        )


def _require_waiting(settings: Settings, entry: Entry, question: Question) -> None:
    """The filing waits for an answer to the question."""
    verdict = entry.verdict
    if verdict is None:
        raise NotStandingError(
            f"{entry.number}: not examined yet, so nothing is asked. Run the intake first (make run)."
        )
    decided = questions.deciding(entry)
    if decided:
        raise _no_longer(question, decided)
    if verdict["verdict"] is not None or verdict["question"] != question.kind.kind:
        waits = verdict["verdict"] is None
        state = f"it waits for {verdict['question']}" if waits else f"its verdict is {verdict['verdict']}"
        raise NotStandingError(
            f"{entry.number}: the question {question.kind.kind} does not stand: {state}. See bin/esep questions."
        )


def _require_raised(settings: Settings, entry: Entry, question: Question) -> None:
    """Findings of the kind's rules stand in the filing, which is in force, and nobody has answered."""
    kind = question.kind
    for given in answers_to(settings, question):
        raise _no_longer(question, given)
    verdict = entry.verdict or {}
    if verdict.get("verdict") != "accepted" and not events.read(entry.folder, REFUSAL_OVERRULED):
        state = questions.verdict_word(entry.verdict)
        raise NotStandingError(
            f"{entry.number}: the question {kind.kind} does not stand: the filing is {state}. See bin/esep questions."
        )
    if not _rules_that_hold(entry).intersection(kind.rules):
        raise NotStandingError(
            f"{entry.number}: the question {kind.kind} does not stand: no finding of {' or '.join(kind.rules)}. "
            "See bin/esep questions."
        )
    for other in archive.registered(settings):
        later = other.verdict or {}
        same = all(later.get(name) == verdict.get(name) for name in ("pool_id", "period"))
        if same and later.get("verdict") == "accepted" and archive.arrival_order(other) > archive.arrival_order(entry):
            raise NotStandingError(f"{entry.number}: {other.number} took its place, so the question no longer stands.")


def _rules_that_hold(entry: Entry) -> set[str]:
    """Rules of which the last examination has findings, or supervision faults that it has not withdrawn."""
    changes = [event for kind in (DETECTED, WITHDRAWN) for event in events.read(entry.folder, kind)]
    last = {event.data["key"]: event.kind for event in sorted(changes, key=lambda event: event.at)}
    across = {
        event.data["rule_id"] for event in changes if event.kind == DETECTED and last[event.data["key"]] == DETECTED
    }
    return across.union((entry.verdict or {}).get("findings", {}))


def _no_longer(question: Question, given: Answer, todo: str = "") -> NotStandingError:
    return NotStandingError(
        f"{question.name}: {given.author} answered at {moment_words(given.at)}: {given.answer} ({given.reason}). "
        f"The question no longer stands.{todo}"
    )
