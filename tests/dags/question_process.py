"""Runs the DAG of questions over an office that a test prepared, in a process with an Airflow of its own.

`python question_process.py HOME`: prints what became of each run as one line of JSON. Officers are threads: one answers
through the function behind Airflow's own response page, another by the function behind the command.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from dispatch_process import Officer, run

COLLEAGUE = "Б. Серік"


def when_waiting(*deeds: Callable[[Any, Any], None]) -> threading.Thread:
    """Do the deeds one after the other, each with detail and session once the step waits (again)."""
    from airflow.models.hitl import HITLDetail
    from airflow.utils.session import create_session
    from sqlalchemy import select

    def wait_and_act() -> None:
        for deed in deeds:
            for _ in range(1200):
                with create_session() as session:
                    waiting = [
                        detail
                        for detail in session.scalars(select(HITLDetail).where(HITLDetail.responded_at.is_(None)))
                        if detail.task_instance.state == "awaiting_input"
                        and detail.task_instance.trigger_timeout
                        > datetime.now(detail.task_instance.trigger_timeout.tzinfo)
                    ]
                    if waiting:
                        deed(waiting[0], session)
                        break
                time.sleep(0.1)

    thread = threading.Thread(target=wait_and_act, daemon=True)
    thread.start()
    return thread


def respond(code: str, reason: str, seen: dict[str, Any]) -> Callable[[Any, Any], None]:
    """Choose the option of that code under "Required Actions"."""

    def deed(detail: Any, session: Any) -> None:
        from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
        from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail

        seen.update(subject=detail.subject, body=detail.body, options=detail.options, params=detail.params)
        option = next(option for option in detail.options if option.startswith(f"{code}:"))
        payload = UpdateHITLDetailPayload(chosen_options=[option], params_input={"reason": reason})
        step = detail.task_instance
        update_hitl_detail(step.dag_id, step.run_id, step.task_id, payload, Officer(), session)

    return deed


def let_an_hour_pass(detail: Any, session: Any) -> None:
    """The scheduler's own look at steps whose time to respond is over."""
    from airflow.jobs.scheduler_job_runner import SchedulerJobRunner

    detail.task_instance.trigger_timeout -= timedelta(hours=2)
    session.flush()
    scheduler: Any = SimpleNamespace(log=logging.getLogger(__name__))
    SchedulerJobRunner.check_awaiting_input_timeouts(scheduler, session=session)


def by_command(settings: Any, question: str, chosen: str) -> Callable[[Any, Any], None]:
    def deed(detail: Any, session: Any) -> None:
        from esep import clock
        from esep.examination import answering

        answering.answer(settings, question, chosen, "by telephone", COLLEAGUE, clock.now())

    return deed


def both(*deeds: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def deed(detail: Any, session: Any) -> None:
        for one in deeds:
            one(detail, session)

    return deed


def queued() -> list[tuple[str, str]]:
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        runs = session.scalars(select(DagRun).where(DagRun.dag_id == "question", DagRun.run_id.like("question__%")))
        return sorted((run.run_id, run.conf["question"]) for run in runs)


def fault_of(params_input: dict[str, Any]) -> str:
    from airflow.sdk import Param

    from esep.orchestration.operators import QuestionOperator

    fields = {"reason": Param("", type="string")}
    operator = QuestionOperator(task_id="ask", question="x/1", given=0, subject="?", options=["a: b"], params=fields)
    try:
        operator.validate_params_input(params_input)
    except ValueError as error:
        return str(error)
    return ""


def main(home: Path) -> None:
    from esep.config import Settings
    from esep.orchestration import environment

    settings = Settings(home=home)
    os.environ.update(environment.variables(settings, home / ".airflow"))
    os.environ.update(ESEP_RETRY_SECONDS="0", ESEP_APPROVAL="on")
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils import db

    db.initdb()
    dags = DagBag(environment.DAGS)
    names = [f"not_readable/2025-00000{number}" for number in (1, 2, 3)]
    result: dict[str, Any] = {"errors": {str(path): str(error) for path, error in dags.import_errors.items()}}
    result["queue"] = {"states": run(dags, "dispatch_queue", {}), "queued": queued()}
    result["queue_again"] = {"states": run(dags, "dispatch_queue", {}), "queued": queued()}
    seen: dict[str, Any] = {}
    when_waiting(respond("refuse", "the scan is black", seen))
    result["answered"] = {"states": run(dags, "question", {"question": names[0]}), **seen}
    result["asked_again"] = run(dags, "question", {"question": names[0]})
    when_waiting(let_an_hour_pass, both(by_command(settings, names[1], "refuse"), let_an_hour_pass))
    result["closed"] = run(dags, "question", {"question": names[1]})
    when_waiting(both(by_command(settings, names[2], "ask_pool"), respond("refuse", "too late", {})))
    result["too_late"] = run(dags, "question", {"question": names[2]})
    result["unknown"] = run(dags, "question", {"question": "not_readable/2025-000009"})
    result["faults"] = [fault_of(given) for given in ({}, {"reason": " "}, {"reason": "black"})]
    print("RESULT " + json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
