"""What the columns of the procedure's relations mean: events, letters, decisions, obligations (paras 5-10)."""

from __future__ import annotations

from collections.abc import Mapping

PROCEDURE_COLUMNS: Mapping[str, str] = {
    "accepted_from": "Moment from which the filing counts as accepted: its arrival, or the decision that overruled its "
    "refusal; empty while refused.",
    "arose_on": "Local day on which the duty arose: of arrival, verdict or detection.",
    "author": "Who did it: a person's name, or the part of the program.",
    "channel": "How the letter was sent: smtp, information_system, email, post or in_person.",
    "correction_timeliness": "in_time or late by para 6; not_determinable without a declared day of change; empty for "
    "a filing that is no correction.",
    "data": "What the event says, as JSON.",
    "days_over": "Calendar days by which the duty passed its last day, until it was done or lifted; 0 in time, empty "
    "if its last day is not known.",
    "decision": "confirmed (there were distributions: not filed) or explained (there were none: no duty).",
    "detected_on": "Local day of detection, from which the 5 working days of the notice run (para 10); for a finding, "
    "that of its examination, which for history lies long after a replayed day. A re-run does not move it.",
    "done_by": "Who closed it: who dispatched the letter, decided, or returned it.",
    "done_on": "Local day on which the duty was met; empty while it is not.",
    "drafted_at": "Moment as of which the notice was drafted.",
    "event": "What happened; CONTRIBUTING lists the kinds.",
    "event_id": "Path of the event's file below $ESEP_HOME.",
    "examined_verdict": "Verdict of the latest examination, also where an officer overruled it.",
    "facts": "JSON list of what the notice says, by stable keys: registration number, rule, subject.",
    "finding_key": "Rule and subject: tells the fault in the filing, the same in every run.",
    "happened_at": "Moment at which it happened.",
    "is_history": "Whether the filing was stamped so long before it was taken in (office_practice) that no term of "
    "para 8 is told of it.",
    "is_expected": "Whether the order was in force for the month, so that an accredited pool's filing is expected.",
    "letter_kind": "receipt, refusal, notice or reminder.",
    "letter_no": "Number of the letter: folder of the outbox, kind and serial (A receipt, R refusal, N notice, "
    "M reminder).",
    "notice_by": "Last day of the 5 working days for the notice (para 10); empty where none is drafted.",
    "obligation": "Kind and subject: tells the duty, the same on every day.",
    "overrule_reason": "Why the officer overruled the refusal.",
    "overruled_at": "Moment at which an officer overruled the refusal; empty where none did.",
    "overruled_by": "Who overruled the refusal.",
    "paragraph": "Paragraph of the Rules.",
    "proof": "What proves the dispatch: a message id, a postal number, a signature.",
    "reasons": "JSON list of the grounds of para 10: not_filed, late, unreliable, incomplete.",
    "recorded_at": "Moment at which the dispatch was recorded.",
    "recorded_by": "Who recorded the dispatch.",
    "refiles": "The refused filing directly before it, whose remarks it answers (para 9); empty where none is.",
    "sent_at": "Moment of dispatch.",
    "sent_on": "Local day of dispatch, by which the terms of paras 8 and 10 are judged.",
    "silence": "What is known of a silence: confirmed, explained, or shown_elsewhere (rows of the pool's other filings "
    "lie in the month); empty while it is a question.",
    "silence_decided_at": "Moment of the decision.",
    "silence_decided_by": "Who decided.",
    "stamp_error": "What of the office's stamp could not be used, and why; empty where all could.",
    "text_en": "In words, English.",
    "text_kk": "In words, Kazakh.",
    "text_ru": "In words, Russian.",
    "waived_at": "Moment of the waiver.",
    "waived_by": "Who waived.",
    "waived_on": "Local day of the waiver.",
    "waived_until": "Last day of the waiver.",
    "withdrawn_at": "Moment at which supervision found that nothing is left to tell; empty while the notice stands.",
    "within_rollover": "Whether it is in time only because the due day was a day off (the order is silent).",
}

PROCEDURE_RELATION_COLUMNS: Mapping[tuple[str, str], str] = {
    ("obligation_due", "kind"): "examine, send_refusal, send_notice or decide_silence.",
    ("obligation_due", "state"): "open, overdue, done, done_late, or lifted (nothing is left to do).",
    ("obligation_due", "due_on"): "Last day of the term.",
    ("obligation_due", "letter_no"): "Letter that has to be sent; empty for other duties.",
    ("obligation_kind", "kind"): "examine, send_refusal, send_notice or decide_silence.",
    ("obligation_kind", "source"): "Where the term comes from.",
}
