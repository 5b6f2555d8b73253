"""What the task of the DAG `decision` does: an officer's decision from the fields of a form."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from esep import clock
from esep.config import Settings
from esep.failures import log_fields
from esep.office import confirmations, decisions, dispatches, letter_batch, questions
from esep.office.decisions import DecisionError, Recorded, moment_words
from esep.office.letter_batch import Outcome

log = logging.getLogger(__name__)

DECISIONS = (
    "overrule_refusal",
    "waive_rule",
    "confirm_silence",
    "explain_silence",
    "answer_question",
    "approve_letter",
    "return_letter",
    "record_dispatch",
    "confirm_reference",
)
LETTERS = ("approve_letter", "return_letter", "record_dispatch")
"""Decisions of which the field `letter_no` may name several letters."""


def record(
    settings: Settings, fields: Mapping[str, Any], user: str | None, now: datetime
) -> str | list[dict[str, Any]]:
    """Record the decision that `fields` describes and say what is recorded where; of several letters, a row for each:
    `letter_no`, `done`, and what is recorded or why nothing is.

    `user` is who triggered the run; where nobody did, the field `author` names the officer. Raises DecisionError for
    fields that are missing or wrong, and where it is about one letter that cannot be decided.
    """
    if _text(fields, "decision") in LETTERS:
        return _record_letters(settings, fields, user or _text(fields, "author", needed=False), now)
    number = _text(fields, "registration_no", needed=False) or _asked_about(fields)
    with log_fields(**({"registration_no": number} if number else {})):
        recorded = _record(settings, fields, user or _text(fields, "author", needed=False), now)
        log.info("%s", _words(recorded))
        return _words(recorded)


def _words(recorded: Recorded) -> str:
    event = recorded.event
    since = "recorded" if recorded.written else "on record since"
    return f"{event.kind} {since} {moment_words(event.at)}, {event.author}: {event.path}"


def _record_letters(
    settings: Settings, fields: Mapping[str, Any], author: str, now: datetime
) -> str | list[dict[str, Any]]:
    numbers = letter_batch.numbers_of(_text(fields, "letter_no"))
    rows = []
    for outcome in _decide_letters(settings, fields, numbers, author, now):
        words = _words(outcome.recorded) if outcome.recorded else outcome.fault
        with log_fields(letter_no=outcome.letter_no):
            log.log(logging.INFO if outcome.recorded else logging.WARNING, "%s: %s", outcome.letter_no, words)
        rows.append({"letter_no": outcome.letter_no, "done": outcome.recorded is not None, "words": words})
    if len(rows) > 1:
        return rows
    if not rows[0]["done"]:
        raise DecisionError(rows[0]["words"])
    return str(rows[0]["words"])


def _decide_letters(
    settings: Settings, fields: Mapping[str, Any], numbers: list[str], author: str, now: datetime
) -> list[Outcome]:
    chosen = _text(fields, "decision")
    if chosen != "record_dispatch":
        decide = letter_batch.approve if chosen == "approve_letter" else letter_batch.send_back
        return decide(settings, numbers, _text(fields, "reason"), author, now)
    given = _text(fields, "sent_at", needed=False)
    channel, proof = _text(fields, "channel"), _text(fields, "proof")
    sent_at, to = _moment(given) if given else None, _text(fields, "recipients", needed=False).split(";")
    if len(numbers) == 1:  # one letter may be sent again, by another way
        (number,) = numbers
        return [
            Outcome(
                number,
                dispatches.record_dispatch(settings, number, channel, sent_at, proof, author, now, to),
            )
        ]
    return letter_batch.record_dispatches(settings, numbers, channel, sent_at, proof, author, now, to)


def _record(settings: Settings, fields: Mapping[str, Any], author: str, now: datetime) -> Recorded:
    chosen = _text(fields, "decision")
    reason = _text(fields, "reason")
    if chosen == "answer_question":
        from esep.examination import answering

        return answering.answer(settings, _text(fields, "question"), _text(fields, "answer"), reason, author, now)
    if chosen == "overrule_refusal":
        return decisions.overrule_refusal(settings, _text(fields, "registration_no"), reason, author, now)
    if chosen == "waive_rule":
        number, rule, until = _text(fields, "registration_no"), _text(fields, "rule_id"), _day(fields, "until")
        return decisions.waive_rule(settings, number, rule, until, reason, author, now)
    if chosen in ("confirm_silence", "explain_silence"):
        decide = decisions.confirm_silence if chosen == "confirm_silence" else decisions.explain_silence
        return decide(settings, _text(fields, "pool_id"), _day(fields, "period"), reason, author, now)
    if chosen == "confirm_reference":
        table, key, document = (_text(fields, name) for name in ("table", "key", "document"))
        return confirmations.confirm(settings, table, key, _day(fields, "confirmed_on"), document, reason, author, now)
    raise DecisionError(f"decision {chosen!r}: not one of {', '.join(DECISIONS)}.")


def _asked_about(fields: Mapping[str, Any]) -> str | None:
    """Number of the filing that the field `question` names; a wrong name is reported when it is answered."""
    try:
        return questions.parse(_text(fields, "question", needed=False)).registration_no
    except ValueError:
        return None


def _text(fields: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    value = str(fields.get(name) or "").strip()
    if needed and not value:
        raise DecisionError(f"The field {name} is empty. Fill it in and trigger the DAG again.")
    return value


def _day(fields: Mapping[str, Any], name: str) -> date:
    value = _text(fields, name)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise DecisionError(f"{name} {value!r}: not a day. Write it like 2025-06-30.") from None


def _moment(value: str) -> datetime:
    """A moment without an offset is local time, as officers write it."""
    try:
        return clock.moment_of(value)
    except ValueError:
        raise DecisionError(f"sent_at {value!r}: not a moment. Write it like 2025-04-29T16:20.") from None
