"""# Mail intake: packages that pools send by e-mail

Reads the office's mailbox and puts the attachments of each letter into the inbox as one package, with the letter beside
them, byte for byte. They are registered by the DAG `intake` like everything that arrives. Needs Airflow's connection
`esep_imap` (type IMAP; extra `folder`, `since`, `use_ssl`); a run without it is skipped.

**Starts** every ten minutes. By hand at any time.

| task | does | may be repeated because |
|---|---|---|
| `take_letters` | takes the letters that came since; skipped if none did | a letter is known by its bytes |

The moment of arrival is the one at which the mail server received the letter. Nothing on the server is changed:
no letter is deleted, moved or marked as seen. A letter without attachments is kept in `mail/attention/` for an officer
and listed in the status. A server that is down or refuses makes the task fail with the reason; the next run goes on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from esep import clock
from esep.config import Settings
from esep.orchestration import assets, common, mail_intake, names, shown
from esep.orchestration.periodic import ParameterError


@dag(
    dag_id=names.MAIL_INTAKE,
    dag_display_name=shown.dag_name(names.MAIL_INTAKE),
    schedule=CronTriggerTimetable("*/10 * * * *", timezone=str(clock.TIMEZONE)),
    start_date=datetime(2024, 1, 1, tzinfo=clock.TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=common.task_defaults(),
    tags=["esep", "filings"],
    doc_md=__doc__,
)
def mail() -> None:
    @task(task_display_name=shown.task_name("take_letters"), outlets=[assets.INBOX_FOLDER])
    def take_letters() -> dict[str, Any]:
        user = get_current_context()["dag_run"].triggering_user_name
        try:
            done = mail_intake.take_letters(Settings.from_environment(), clock.now())
        except ParameterError as error:
            raise (AirflowFailException if user else AirflowSkipException)(str(error)) from error
        if not done["letters"]:
            raise AirflowSkipException("no letter came")
        return done

    take_letters()


mail()
