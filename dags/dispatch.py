"""# Dispatch: one letter, put before an officer and then sent

One run a letter (parameter `letter_no`). An officer approves or returns it; only then does it leave. This gates the
dispatch and nothing else: verdict, load and figures never wait for it. Paras 8 and 10 are met by sending, so what
counts is the event `dispatched`.

**Starts** by `dispatch_queue`, which makes one run for each refusal, request and notice, or by hand for any letter of
the outbox. `make run` and the demonstration never start it.

| task | does | may be repeated because |
|---|---|---|
| `describe` | says what the letter is; skips one that was sent or must not leave | it only reads |
| `approve` | waits for an officer under "Required Actions"; nothing is asked of a decided letter | one answer is kept |
| `record` | records the answer with the officer's name; a rejection ends the run here | an answer is recorded once |
| `send` | sends letter and enclosures to the pool's e-mail, records the dispatch | a letter sent is not sent again |

A letter may as well be approved or returned by the page Letters, the DAG `decision` or `bin/esep decide`. A page closes
the waiting step with it; else the step looks every hour whether there is anything left to ask. It goes on without an
answer once the letter is approved, and ends once the letter is returned, sent, or must not leave.

Sending needs Airflow's connection `esep_smtp` (type SMTP, extra `from_email`) and the pool's e-mail in
`reference/pool.csv`. Where one is missing `send` is skipped and its log says how to record a dispatch by hand. After a
fault of the mail server clear `send`. A kill between sending and recording may send a letter twice, under the same
Message-ID. An answer given within seconds of the question can be lost by Airflow 3.3: the officer is then asked again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import Param, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.office.decisions import DecisionError
from esep.orchestration import common, names, shown
from esep.orchestration import dispatch as work
from esep.orchestration.assets import FILINGS
from esep.orchestration.operators import LetterOperator


@dag(
    dag_id=names.DISPATCH,
    dag_display_name=shown.dag_name(names.DISPATCH),
    schedule=None,
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=500,  # each waits for an officer and holds no worker meanwhile
    default_args=common.task_defaults(),
    params={
        "letter_no": Param(
            type="string",
            title=shown.field_title("letter_no"),
            description=shown.param_help(names.DISPATCH, "letter_no"),
            pattern="^[0-9A-Za-z-]+/[ARQNMS]-[1-9][0-9]*$",
        )
    },
    tags=["esep", "letters"],
    doc_md=__doc__,
)
def dispatch() -> None:
    @task(task_display_name=shown.task_name("describe"))
    def describe(letter_no: str) -> dict[str, str]:
        try:
            with work.about(letter_no):
                return work.request(Settings.from_environment(), letter_no, clock.now(), has_mail=work.has_mail())
        except DecisionError as error:
            raise AirflowFailException(str(error)) from error
        except work.NotSentError as reason:
            raise AirflowSkipException(str(reason)) from reason

    @task.short_circuit(task_display_name=shown.task_name("record"), outlets=[FILINGS])
    def record(letter_no: str, answer: dict[str, Any]) -> bool:
        with work.about(letter_no):
            return work.record(Settings.from_environment(), letter_no, answer)

    @task(task_display_name=shown.task_name("send"), outlets=[FILINGS])
    def send(letter_no: str) -> str:
        try:
            with work.about(letter_no):
                return work.send(Settings.from_environment(), letter_no, clock.now)
        except work.NotSentError as reason:
            raise AirflowSkipException(str(reason)) from reason

    letter_no = "{{ params.letter_no }}"
    asked = describe(letter_no)
    approve = LetterOperator(
        task_id="approve",
        task_display_name=shown.task_name("approve"),
        letter_no=letter_no,
        subject=asked["subject"],
        body=asked["body"],
        options=[work.APPROVE, work.REJECT],
        params={"reason": Param(None, type=["null", "string"], title=work.all_languages("reason"))},
    )
    record(letter_no, approve.output) >> send(letter_no)


dispatch()
