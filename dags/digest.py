"""# Digest: what there is to do, each working morning

Sends what arrived, what is due today and this week, what is overdue, what waits for an officer, what failed and what
Airflow does not run, by mail (`ESEP_ALARM_TO`) and webhook (`ESEP_ALARM_WEBHOOK`): the mail with all that
`bin/esep status` shows, the webhook in numbers alone. Off where neither is set: a run is then skipped.

**Starts** every day at 08:30; on days off it only sends what was kept. By hand at any time.

| task | does | may be repeated because |
|---|---|---|
| `send_digest` | sends what was kept, then the digest of the day | a day has one digest, and what was sent is gone |

A server that is down does not make the task fail: the message is kept and tried again (docs/operating.md, Alarm).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.orchestration import common, names, shown
from esep.orchestration.periodic import ParameterError


@dag(
    dag_id=names.DIGEST,
    dag_display_name=shown.dag_name(names.DIGEST),
    schedule=CronTriggerTimetable("30 8 * * *", timezone=str(clock.TIMEZONE)),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=common.task_defaults(),
    tags=["esep", "operation"],
    doc_md=__doc__,
)
def morning() -> None:
    @task(task_display_name=shown.task_name("send_digest"))
    def send_digest() -> dict[str, Any]:
        from esep.orchestration import digest

        context = get_current_context()
        user = context["dag_run"].triggering_user_name
        idle = digest.needed_dags_paused(context["ti"])
        try:
            return digest.send(Settings.from_environment(), clock.now(), idle, by_hand=bool(user))
        except ParameterError as error:
            raise (AirflowFailException if user else AirflowSkipException)(str(error)) from error

    send_digest()


morning()
