"""What the task of the DAG `decision` does: an officer's decision from the fields of a form."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from esep.clock import TIMEZONE
from esep.config import Settings
from esep.failures import log_fields
from esep.office import confirmations, decisions, dispatches, questions
from esep.office.decisions import DecisionError, Recorded, moment_words

log = logging.getLogger(__name__)

DECISIONS: Mapping[str, str] = {
    "overrule_refusal": "Overrule a refusal",
    "waive_rule": "Waive a rule for a filing until a date",
    "confirm_silence": "Confirm a pool's silence: there were distributions",
    "explain_silence": "Explain a pool's silence: there were none",
    "answer_question": "Answer a question that only an officer can answer",
    "record_dispatch": "Record a dispatch made by hand",
    "confirm_reference": "Confirm a row of the law's tables by a document",
}
"""Decision → how the form calls it."""


def record(settings: Settings, fields: Mapping[str, Any], user: str | None, now: datetime) -> str:
    """Record the decision that `fields` describes and say what is recorded where.

    `user` is who triggered the run; where nobody did, the field `author` names the officer. Raises DecisionError for
    fields that are missing or wrong.
    """
    number = _text(fields, "registration_no", needed=False) or _asked_about(fields)
    with log_fields(**({"registration_no": number} if number else {})):
        recorded = _record(settings, fields, user or _text(fields, "author", needed=False), now)
        event = recorded.event
        since = "recorded" if recorded.written else "on record since"
        done = f"{event.kind} {since} {moment_words(event.at)}, {event.author}: {event.path}"
        log.info("%s", done)
        return done


def _record(settings: Settings, fields: Mapping[str, Any], author: str, now: datetime) -> Recorded:
    chosen = _text(fields, "decision")
    if chosen == "record_dispatch":
        sent_at = _text(fields, "sent_at", needed=False)
        return dispatches.record_dispatch(
            settings,
            _text(fields, "letter_no"),
            _text(fields, "channel"),
            _moment(sent_at) if sent_at else None,
            _text(fields, "proof"),
            author,
            now,
            _text(fields, "recipients", needed=False).split(";"),
        )
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
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise DecisionError(f"sent_at {value!r}: not a moment. Write it like 2025-04-29T16:20.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=TIMEZONE)
