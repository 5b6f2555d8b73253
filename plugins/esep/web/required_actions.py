"""Steps that wait under Airflow's "Required Actions": links to them, and their closing when a page has the answer.

They are read from Airflow's own database: the api-server's, in a session of its own. A page works without them.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail
from airflow.models import DagRun
from airflow.models.hitl import HITLDetail
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from fastapi import HTTPException
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from esep.orchestration import names
from esep.web.rendering import Asked
from esep.web.runs import MOUNTED

log = logging.getLogger(__name__)

_ABOUT = {names.DISPATCH: "letter_no", names.QUESTION: "question"}
"""DAG → the parameter that names what it asks about."""


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step that waits for an answer."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int

    @property
    def path(self) -> str:
        """Of its page in Airflow's UI, below Airflow's own address."""
        run, task = quote(self.run_id, safe=""), quote(self.task_id, safe="")
        return f"/dags/{quote(self.dag_id, safe='')}/runs/{run}/tasks/{task}/required_actions"


def waiting() -> dict[str, WaitingStep]:
    """Letter or question → the step that waits for its answer; empty where Airflow's database cannot be asked."""
    of_steps = (
        select(TaskInstance, DagRun.conf)
        .join(HITLDetail, HITLDetail.ti_id == TaskInstance.id)
        .join(DagRun, (DagRun.dag_id == TaskInstance.dag_id) & (DagRun.run_id == TaskInstance.run_id))
        .where(
            TaskInstance.dag_id.in_(_ABOUT),
            HITLDetail.responded_at.is_(None),
            TaskInstance.state.in_((TaskInstanceState.AWAITING_INPUT, TaskInstanceState.DEFERRED)),
        )
        .order_by(TaskInstance.run_id.desc())
    )
    try:
        with create_session() as session:
            return {
                str((conf or {}).get(_ABOUT[step.dag_id])): WaitingStep(
                    step.dag_id, step.run_id, step.task_id, step.map_index
                )
                for step, conf in session.execute(of_steps)
            }
    except SQLAlchemyError as error:
        log.warning("the waiting steps cannot be looked up: %s", error)
        return {}


def addresses(asked: Asked) -> dict[str, str]:
    """Letter or question → the address of the waiting step in Airflow's UI; none for viewers, who answer nothing."""
    if not asked.reader.is_operator:
        return {}
    before = asked.root.removesuffix(MOUNTED)
    return {about: before + step.path for about, step in waiting().items()}


class _Officer(BaseUser):
    """Who answers, as Airflow's function asks for it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def get_id(self) -> str:
        return self._name

    def get_name(self) -> str:
        return self._name


def close_letters(numbers: Collection[str], option: str, reason: str, name: str) -> list[str]:
    """Give the waiting steps of these letters the officer's answer; gives the letters of those that were closed.

    The run of the letter then records the same decision of the same officer, which is one event whoever is first. A
    step that cannot be closed finds the decision within the hour.
    """
    closed = []
    for letter_no, step in waiting().items():
        if letter_no not in numbers:
            continue
        payload = UpdateHITLDetailPayload(chosen_options=[option], params_input={"reason": reason})
        try:
            with create_session() as session:
                update_hitl_detail(
                    step.dag_id, step.run_id, step.task_id, payload, _Officer(name), session, step.map_index
                )
        except (HTTPException, SQLAlchemyError, ValueError) as error:
            log.warning("%s: the waiting step is not closed: %s", letter_no, error)
        else:
            closed.append(letter_no)
    return closed
