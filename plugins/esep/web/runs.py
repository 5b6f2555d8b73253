"""Runs of Airflow's DAGs, started and looked at from a page. Audit, retries and wake-up stay Airflow's.

They are read from Airflow's own database: the api-server's, in a session of its own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from airflow.api.common.trigger_dag import trigger_dag
from airflow.assets.manager import asset_manager
from airflow.exceptions import DagNotFound
from airflow.models import DagModel, DagRun
from airflow.models.asset import AssetModel
from airflow.models.log import Log
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from airflow.utils.types import DagRunTriggeredByType
from fastapi import Request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from esep.alarm.message import run_path
from esep.answers import UnknownError
from esep.answers.run_filings import RunResults
from esep.answers.status import IdleDags
from esep.orchestration import dag_states, names
from esep.web.rendering import root

log = logging.getLogger(__name__)

FILINGS = "filings"
"""The asset by which DAGs are woken when the archive has changed (orchestration.assets.FILINGS)."""
REFERENCE = "reference"
"""The same for the reference files."""
MOUNTED = "/esep"
"""Where the plugin mounts the pages; what is before it is Airflow's own address."""
_KEY = "return_value"
"""Under which Airflow keeps what a task gave."""


class NotStartedError(RuntimeError):
    """Airflow cannot start the DAG; the text is for its administrator."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a DAG."""

    run_id: str
    state: str
    """queued, running, success, failed."""
    conf: Mapping[str, Any]
    started_by: str | None
    queued_at: datetime | None
    is_paused: bool


def start_decision(conf: Mapping[str, str], user: str) -> str:
    """Trigger the DAG `decision` in this user's name; gives the run's id. Raises NotStartedError."""
    with create_session() as session:
        model = DagModel.get_current(names.DECISION, session=session)
        if model is None or model.is_stale or model.has_import_errors:
            raise NotStartedError(
                f"Airflow does not know the DAG {names.DECISION!r} (yet), or cannot read its file. Look at its import "
                "errors and whether the dag-processor is running."
            )
        try:
            run = trigger_dag(
                names.DECISION,
                triggered_by=DagRunTriggeredByType.UI,
                triggering_user_name=user,
                conf=dict(conf),
                session=session,
            )
        except (DagNotFound, ValueError) as error:
            raise NotStartedError(str(error)) from error
        if run is None:
            raise NotStartedError(f"Airflow started no run of the DAG {names.DECISION!r}.")
        extra = json.dumps(dict(conf), ensure_ascii=False)
        session.add(Log("trigger_dag_run", owner=user, extra=extra, dag_id=names.DECISION, run_id=run.run_id))
        return str(run.run_id)


def announce_filings() -> None:
    """Wake what waits for filings, as a task of a DAG does. Where that fails the DAGs' timed sweep finds them."""
    _announce(FILINGS)


def announce_reference() -> None:
    """The same for the reference files."""
    _announce(REFERENCE)


def _announce(name: str) -> None:
    try:
        with create_session() as session:
            asset = session.scalar(select(AssetModel).where(AssetModel.name == name))
            if asset is not None:
                asset_manager.register_asset_change(asset=asset, source_is_api=True, session=session)
    except SQLAlchemyError as error:
        log.warning("nothing was woken: %s", error)


def decision_run(run_id: str) -> Run | None:
    """A run of the DAG `decision`; None if there is none of this id."""
    with create_session() as session:
        found = DagRun.find(dag_id=names.DECISION, run_id=run_id, session=session)
        if not found:
            return None
        model = DagModel.get_current(names.DECISION, session=session)
        run = found[0]
        return Run(
            run.run_id,
            str(run.state),
            run.conf or {},
            run.triggering_user_name,
            run.queued_at,
            bool(model and model.is_paused),
        )


def letters_of_decision(run_id: str) -> list[dict[str, Any]]:
    """Of a decision about several letters, what became of each: see `orchestration.decision.record`; else empty."""
    found = run_results(names.DECISION, run_id).first("record")
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def idle_dags() -> IdleDags | None:
    """DAGs that Esep needs and Airflow does not run; None where its tables cannot be read."""
    try:
        with create_session() as session:
            return dag_states.idle_dags(session.connection())
    except SQLAlchemyError as error:
        log.warning("whether DAGs are paused is not known: %s", error)
        return None


def run_results(dag_id: str, run_id: str) -> RunResults:
    """The run; raises UnknownError if Airflow has none of this DAG and id."""
    with create_session() as session:
        found = DagRun.find(dag_id=dag_id, run_id=run_id, session=session)
        if not found:
            raise UnknownError("run", run_id)
        run = found[0]
        of_run = select(XComModel).where(XComModel.dag_id == dag_id, XComModel.run_id == run_id, XComModel.key == _KEY)
        results: dict[str, list[object]] = {}
        for row in session.scalars(of_run.order_by(XComModel.task_id, XComModel.map_index)):
            results.setdefault(row.task_id, []).append(XComModel.deserialize_value(row))
        return RunResults(
            dag_id=run.dag_id,
            run_id=run.run_id,
            state=str(run.state),
            logical_date=run.logical_date,
            started_at=run.start_date,
            ended_at=run.end_date,
            user=run.triggering_user_name,
            conf=run.conf or {},
            results=results,
        )


def run_address(request: Request, dag_id: str, run_id: str) -> str:
    """The page of a run in Airflow's own UI."""
    return f"{root(request).removesuffix(MOUNTED)}{run_path(dag_id, run_id)}"
