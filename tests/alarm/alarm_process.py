"""Lets runs fail, run late and work again in a process with an Airflow of its own, with a mail server and a webhook.

`python alarm_process.py HOME`: prints what became of each run and what both servers got, as one line of JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from alarm.webhook_server import WebhookServer
from dags.dispatch_process import MailServer


class Office:
    """The servers, and what came to them since the last look."""

    def __init__(self) -> None:
        self.mail, self.hook = MailServer(), WebhookServer()
        self.seen = [0, 0]

    def received(self) -> dict[str, Any]:
        mails, posts = self.mail.messages[self.seen[0] :], self.hook.posted[self.seen[1] :]
        self.seen = [len(self.mail.messages), len(self.hook.posted)]
        return {"mails": mails, "posts": posts}

    def connection(self) -> str:
        extra = {"from_email": "office@example.kz", "disable_tls": True, "disable_ssl": True, "retry_limit": 5}
        server = {"host": "127.0.0.1", "port": self.mail.server_address[1]}
        return json.dumps({"conn_type": "smtp", **server, "extra": extra})


def run(dags: Any, dag_id: str) -> dict[str, Any]:
    done = dags.dags[dag_id].test()
    states = {task.task_id: str(task.state) for task in done.get_task_instances()}
    return {"run_id": done.run_id, "state": str(done.state), "states": states}


def late_run(state: str, number: int) -> list[bool]:
    """A run that was queued an hour ago, its deadline as Airflow makes it, missed and called as Airflow does."""
    from airflow._shared.timezones import timezone
    from airflow.models.deadline import Deadline
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.sdk.execution_time.callback_supervisor import execute_callback
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType
    from sqlalchemy import select
    from structlog import get_logger

    with create_session() as session:
        model = SerializedDagModel.get("intake", session=session)
        assert model
        moment = timezone.utcnow() - timedelta(hours=1, minutes=number)
        made = model.dag.create_dagrun(
            run_id=f"scheduled__late_{number}",
            logical_date=moment,
            data_interval=(moment, moment),
            run_after=moment,
            run_type=DagRunType.SCHEDULED,
            triggered_by=DagRunTriggeredByType.TIMETABLE,
            state=DagRunState.QUEUED,
            session=session,
        )
        session.flush()
        (deadline,) = session.scalars(select(Deadline).where(Deadline.dagrun_id == made.id))
        limit = (deadline.deadline_time - made.queued_at).total_seconds()
        made.state = DagRunState(state)
        session.flush()
        deadline.handle_miss(session)
        data = deadline.callback.data
        done, _ = execute_callback(data["path"], data["kwargs"], Path("intake.py"), None, get_logger())
        session.delete(made)
        return [limit == 1800, done]


def main(home: Path) -> None:
    from end_to_end import filer
    from esep.config import PROJECT, Settings
    from esep.orchestration import dag_states, environment

    office = Office()
    settings = Settings(home=home, alarm_to=("it@example.kz", "head@example.kz"), alarm_webhook=office.hook.url)
    os.environ.update(environment.variables(settings, home / ".airflow"))
    os.environ.update(
        ESEP_RETRY_SECONDS="0",
        ESEP_LANGUAGE="ru",
        ESEP_INBOX_SETTLE_SECONDS="0",
        ESEP_EXPECTATIONS=str(shutil.copytree(PROJECT / "expectations", home / "expectations")),
        AIRFLOW_CONN_ESEP_SMTP=office.connection(),
        AIRFLOW__API__BASE_URL="https://esep.example.kz",
        AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="False",
    )
    from airflow.dag_processing.dagbag import DagBag

    from esep.orchestration.notifier import without_deadlines

    environment.set_up()
    dags = DagBag(environment.DAGS)
    without_deadlines(dags.dags.values())
    result: dict[str, Any] = {"errors": {str(path): str(error) for path, error in dags.import_errors.items()}}

    def step(name: str, done: Any) -> None:
        result[name] = {"run": done, **office.received()}

    settings.archive.write_text("not a folder")
    step("failed", run(dags, "intake"))
    step("failed_again", run(dags, "intake"))
    settings.archive.unlink()
    step("worked", run(dags, "intake"))
    step("worked_again", run(dags, "intake"))

    suite = Path(os.environ["ESEP_EXPECTATIONS"]) / "rows.json"
    whole = suite.read_bytes()
    suite.write_text("{ broken")
    filer.write(filer.Filing(), settings.inbox / "march")
    step("suite_broken", run(dags, "intake"))
    suite.write_bytes(whole)
    step("suite_mended", run(dags, "intake"))

    step("late", late_run("running", 1))
    step("late_but_failed", late_run("failed", 2))

    office.hook.code = 500
    os.environ["AIRFLOW_CONN_ESEP_SMTP"] = json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": 1})
    settings.lake.mkdir(exist_ok=True)
    settings.warehouse.write_text("not a folder")
    step("servers_down", run(dags, "warehouse"))
    result["kept"] = len(list((home / ".alarms" / "waiting").glob("*.json")))
    office.hook.code = 200
    os.environ["AIRFLOW_CONN_ESEP_SMTP"] = office.connection()

    from esep import clock
    from esep.alarm import kept
    from esep.orchestration.alarm_channels import channels

    step("too_early", kept.send(settings, channels(settings), clock.now()))
    later = clock.now() + kept.AGAIN
    step("servers_up", kept.send(settings, channels(settings), later))
    step("servers_up_again", kept.send(settings, channels(settings), later))

    from airflow.models import DagModel
    from airflow.utils.session import create_session

    with create_session() as session:
        model = DagModel.get_current("supervision", session=session)
        assert model
        model.is_paused = True
    step("digest", run(dags, "digest"))
    with create_session() as session:
        result["idle"] = dag_states.idle_dags(session.connection()).paused
    print("RESULT " + json.dumps(result, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
