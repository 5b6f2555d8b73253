"""A run with what its tasks gave, from Airflow's own database: the api-server's, read in a session of its own."""

from __future__ import annotations

from airflow.models import DagRun
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from sqlalchemy import select

from esep.answers import UnknownError
from esep.answers.run_filings import RunResults

_KEY = "return_value"
"""Under which Airflow keeps what a task gave."""


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
