"""# Question: one thing that only an officer can answer

One run a question (parameter `question`): a package that no machine could read, a correction without application or
signature, data filed again after the due date, a reward that may be the total, a silent month. `bin/esep questions`
lists them. The answer is an event with the officer's name and reason; where a filing waits, it is examined with it.

**Starts** by `dispatch_queue`, which makes one run for each open question, or by hand. `make run` and the demonstration
never start it.

| task | does | may be repeated because |
|---|---|---|
| `describe` | says what is asked, until when, and what each answer does; skips what stands no longer | it only reads |
| `ask` | waits for an officer under "Required Actions"; a reason is needed | one answer is kept |
| `record` | records the answer, examines a waiting filing with it, wakes the warehouse | an answer is recorded once |

A question may as well be answered by a page, the DAG `decision` or `bin/esep decide answer`. The waiting step looks
every hour whether its question stands, and is skipped if not; an answer given here meanwhile is not recorded, and the
log of `record` says who answered before. `transcribe` hands in a file, which no form of Airflow takes: the filing's
page or `bin/esep decide transcribe NUMBER FILE` does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import Param, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.examination.standing import NotStandingError
from esep.office.decisions import DecisionError
from esep.orchestration import common, names, shown
from esep.orchestration import questions as work
from esep.orchestration.assets import FILINGS
from esep.orchestration.operators import QuestionOperator
from esep.orchestration.required_action import all_languages


@dag(
    dag_id=names.QUESTION,
    dag_display_name=shown.dag_name(names.QUESTION),
    schedule=None,
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=500,  # each waits for an officer and holds no worker meanwhile
    default_args=common.task_defaults(),
    params={
        "question": Param(
            type="string",
            title=shown.field_title("question"),
            description=shown.param_help(names.QUESTION, "question"),
            pattern="^[a-z_]+/[0-9-]+$",
        )
    },
    tags=["esep", "decisions"],
    doc_md=__doc__,
)
def question() -> None:
    @task(task_display_name=shown.task_name("describe"))
    def describe(question: str) -> dict[str, Any]:
        try:
            with work.about(question):
                return work.request(Settings.from_environment(), question, clock.local_date(clock.now()))
        except NotStandingError as reason:
            raise AirflowSkipException(str(reason)) from reason
        except DecisionError as error:
            raise AirflowFailException(str(error)) from error

    @task(task_display_name=shown.task_name("record"), outlets=[FILINGS])
    def record(question: str, answer: dict[str, Any], given: int) -> str:
        try:
            with work.about(question):
                return work.record(Settings.from_environment(), question, answer, given)
        except NotStandingError as reason:
            raise AirflowSkipException(str(reason)) from reason
        except DecisionError as error:
            raise AirflowFailException(str(error)) from error

    name = "{{ params.question }}"
    asked = describe(name)
    ask = QuestionOperator(
        task_id="ask",
        task_display_name=shown.task_name("ask"),
        question=name,
        subject=asked["subject"],
        body=asked["body"],
        options=asked["options"],
        given=asked["given"],
        params={"reason": Param("", type="string", title=all_languages("question_step.reason"))},
    )
    record(name, ask.output, asked["given"])


question()
