"""# Dispatch queue: a run for each letter and each question that waits for an officer

Looks through the outbox for refusals, requests and notices that nobody has approved, returned, sent or overruled, and
starts a run of `dispatch` for each that has none. Left out are letters dated more than 30 days ago and refusals of
history (filings that a person loaded as such): start `dispatch` by hand where one of them is to leave. Where a mail
server is connected it also starts one for each letter that was approved by page or command within 30 days, is not sent,
and has an address. In the same way it starts a run of `question` for each question that the published warehouse has
open.

**Starts** when filings have changed or the warehouse was published, and every hour in any case. Puts nothing before
an officer unless ESEP_APPROVAL is `on`, as it is in `make up` and docker-compose.yaml; what is approved leaves anyway.

| task | does | may be repeated because |
|---|---|---|
| `letters_to_send` | lists the letters that have no run yet | it only reads |
| `start` | starts their runs | a letter's run always has the same id, and there is one of it |
| `open_questions` | lists the questions that have no run yet | it only reads |
| `ask` | starts their runs | as with letters |
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.orchestration import approved_letters, common, names, questions, shown
from esep.orchestration import dispatch as work
from esep.orchestration.assets import FILINGS, PUBLISHED


@dag(
    dag_id=names.DISPATCH_QUEUE,
    dag_display_name=shown.dag_name(names.DISPATCH_QUEUE),
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("7 * * * *", timezone=str(clock.TIMEZONE)), assets=FILINGS | PUBLISHED
    ),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=common.task_defaults(),
    tags=["esep", "letters"],
    doc_md=__doc__,
)
def dispatch_queue() -> None:
    def without_run(dag_id: str, runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [run for run in runs if not has_run(dag_id, run)]

    def has_run(dag_id: str, run: dict[str, Any], states: list[str] | None = None) -> bool:
        count = get_current_context()["ti"].get_dr_count
        return bool(count(dag_id=dag_id, run_ids=[run["trigger_run_id"]], states=states))

    @task(task_display_name=shown.task_name("letters_to_send"))
    def letters_to_send() -> list[dict[str, Any]]:
        settings, now, is_on = Settings.from_environment(), clock.now(), work.approval_is_on()
        if not is_on and not work.has_mail():
            raise AirflowSkipException(f"{work.APPROVAL} is off and no mail server connected: letters are sent by hand")
        asked = [work.run_of(letter) for letter in work.letters_to_send(settings, now)] if is_on else []
        approved = [
            approved_letters.run_of_approved(letter, approval)
            for letter, approval in (approved_letters.approved_to_send(settings, now) if work.has_mail() else ())
            if not has_run(names.DISPATCH, work.run_of(letter), ["queued", "running"])  # it goes on by itself
        ]
        return without_run(names.DISPATCH, [*asked, *approved])

    @task(task_display_name=shown.task_name("open_questions"))
    def open_questions() -> list[dict[str, Any]]:
        if not work.approval_is_on():
            raise AirflowSkipException(f"{work.APPROVAL} is off: questions are answered by page or command")
        found = questions.open_questions(Settings.from_environment(), clock.local_date(clock.now()))
        return without_run(names.QUESTION, [questions.run_of(name) for name in found])

    TriggerDagRunOperator.partial(
        task_id="start",
        task_display_name=shown.task_name("start"),
        trigger_dag_id=names.DISPATCH,
        logical_date=None,
        skip_when_already_exists=True,
    ).expand_kwargs(letters_to_send())
    TriggerDagRunOperator.partial(
        task_id="ask",
        task_display_name=shown.task_name("ask"),
        trigger_dag_id=names.QUESTION,
        logical_date=None,
        skip_when_already_exists=True,
    ).expand_kwargs(open_questions())


dispatch_queue()
