"""# Decision: an officer's decision, recorded with author, time and reason

The same as `bin/esep decide`, for those who work in Airflow: choose the decision, fill in its fields, trigger. The
author is the user who triggers the run. A decision is an event that is never deleted; the same one again changes
nothing. A field that is wrong makes the run fail at once, and the log of `record` says what to do. The answer
`transcribe` hands in a file, which no form of Airflow takes: a page or `bin/esep decide transcribe` does.
`letter_no` may name several letters: each gets its own event, one that cannot be decided holds up no other, and the
result of `record` names them all.

| decision | effect | fields |
|---|---|---|
| `overrule_refusal` | the filing counts as complete; the refusal stays on record | `registration_no`, `reason` |
| `waive_rule` | a reliability rule causes no notice | `registration_no`, `rule_id`, `until`, `reason` |
| `confirm_silence` | the pool did distribute: not filed (paras 5 and 10) | `pool_id`, `period`, `reason` |
| `explain_silence` | the pool distributed nothing: no duty arose (para 5) | `pool_id`, `period`, `reason` |
| `answer_question` | closes a question; a waiting filing is examined with it | `question`, `answer`, `reason` |
| `approve_letter` | a letter may leave | `letter_no`, `reason` |
| `return_letter` | a letter does not leave | `letter_no`, `reason` |
| `record_dispatch` | a letter was sent by hand | `letter_no`, `channel`, `proof`, `sent_at`, `recipients` |
| `confirm_reference` | a row of the law's tables is confirmed | `table`, `key`, `confirmed_on`, `document`, `reason` |

| task | does | may be repeated because |
|---|---|---|
| `record` | checks the facts and writes the event; wakes the warehouse | the same decision is recorded once |

**Starts** by hand only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from esep import clock
from esep.config import Settings
from esep.office.decisions import DecisionError
from esep.office.dispatches import BY_HAND
from esep.orchestration import decision as work
from esep.orchestration import names, shown, tasks
from esep.orchestration.assets import FILINGS

FILING, SILENCE, QUESTION = "A filing", "A pool's silence", "A question"
LETTER, READING = "Letters", "A reading of the law"
"""Sections of the form."""


def optional(title: str, description: str, section: str | None = None, **schema: Any) -> Param:
    """A field that only some decisions need."""
    return Param(None, type=["null", "string"], title=title, description=description, section=section, **schema)


@dag(
    dag_id=names.DECISION,
    dag_display_name=shown.dag_name(names.DECISION),
    schedule=None,
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=tasks.task_defaults(),
    params={
        "decision": Param(
            type="string", title="Decision", enum=list(work.DECISIONS), values_display=dict(work.DECISIONS)
        ),
        "reason": optional("Reason", "Why. Needed for every decision but a dispatch."),
        "author": optional("Author", "Only where Airflow does not know who triggers, as from a program."),
        "registration_no": optional("Registration number", "Such as 2025-000017.", FILING),
        "rule_id": optional("Rule", "To waive a rule: its id, such as R-31.", FILING),
        "until": optional("Until", "To waive a rule: the last day of the waiver.", FILING, format="date"),
        "pool_id": optional("BIN", "The pool's BIN, 12 digits.", SILENCE),
        "period": optional("Month", "Any day of the month of distribution.", SILENCE, format="date"),
        "question": optional("Question", "Its name, such as not_readable/2025-000017.", QUESTION),
        "answer": optional("Answer", "One of the question's answers, such as ask_pool.", QUESTION),
        "letter_no": optional(
            "Letter", "Number as on the letter, such as 2025-000017/R-1; or several, with blanks between.", LETTER
        ),
        "channel": optional("Channel", "How it was sent.", LETTER, enum=[None, *BY_HAND]),
        "proof": optional("Proof", "What shows it: tracking number, entry number, Message-ID.", LETTER),
        "sent_at": optional("Sent at", "When it was sent; empty: now.", LETTER, format="date-time"),
        "recipients": optional("Recipients", "To whom, separated by semicolons.", LETTER),
        "table": optional("Table", "Of the law, such as sale_rule.", READING),
        "key": optional("Row", "Its first day and what distinguishes it, such as 2025-01-01|miner.", READING),
        "confirmed_on": optional("Confirmed on", "Day of the confirmation.", READING, format="date"),
        "document": optional("Document", "What the reading rests on: its kind, number and day.", READING),
    },
    tags=["esep", "decisions"],
    doc_md=__doc__,
)
def decision() -> None:
    @task(task_display_name=shown.task_name("record"), outlets=[FILINGS])
    def record() -> str | list[dict[str, Any]]:
        context = get_current_context()
        user = context["dag_run"].triggering_user_name
        try:
            return work.record(Settings.from_environment(), dict(context["params"]), user, clock.now())
        except DecisionError as error:
            raise AirflowFailException(str(error)) from error

    record()


decision()
