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
from esep.orchestration import common, names, shown
from esep.orchestration import decision as work
from esep.orchestration.assets import FILINGS


def optional(name: str, section: str | None = None, **schema: Any) -> Param:
    """A field that only some decisions need."""
    return Param(
        None,
        type=["null", "string"],
        title=shown.decision_title(name),
        description=shown.param_help(names.DECISION, name),
        section=shown.section(section) if section else None,
        **schema,
    )


@dag(
    dag_id=names.DECISION,
    dag_display_name=shown.dag_name(names.DECISION),
    schedule=None,
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=common.task_defaults(),
    params={
        "decision": Param(
            type="string",
            title=shown.decision_title("decision"),
            description=shown.param_help(names.DECISION, "decision"),
            enum=list(work.DECISIONS),
            values_display={name: shown.decision(name) for name in work.DECISIONS},
        ),
        "reason": optional("reason"),
        "author": optional("author"),
        "registration_no": optional("registration_no", "filing"),
        "rule_id": optional("rule_id", "filing"),
        "until": optional("until", "filing", format="date"),
        "pool_id": optional("pool_id", "silence"),
        "period": optional("period", "silence", format="date"),
        "question": optional("question", "question"),
        "answer": optional("answer", "question"),
        "letter_no": optional("letter_no", "letters"),
        "channel": optional("channel", "letters", enum=[None, *BY_HAND]),
        "proof": optional("proof", "letters"),
        "sent_at": optional("sent_at", "letters", format="date-time"),
        "recipients": optional("recipients", "letters"),
        "table": optional("table", "reading"),
        "key": optional("key", "reading"),
        "confirmed_on": optional("confirmed_on", "reading", format="date"),
        "document": optional("document", "reading"),
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
