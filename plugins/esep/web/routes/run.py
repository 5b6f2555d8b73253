"""The tab of a DAG run in Airflow: the filings that it handled, each linked to its page."""

from __future__ import annotations

from typing import Annotated

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import APIRouter, Depends, Query, Response

from esep.answers import masking, run_filings
from esep.web.rendering import AskedDep
from esep.web.runs import run_address, run_results
from esep.web.seen import pools_as_seen

router = APIRouter()

may_read_run = requires_access_dag(method="GET", access_entity=DagAccessEntity.XCOM)
"""403 unless Airflow lets the reader see what the tasks of the DAG named in the address gave."""


@router.get("/run", dependencies=[Depends(may_read_run)])
def run_page(
    asked: AskedDep,
    dag_id: Annotated[str, Query(min_length=1, max_length=250)],
    run_id: Annotated[str, Query(min_length=1, max_length=250)],
) -> Response:
    """What a run dealt with."""
    run = run_results(dag_id, run_id)
    handled = run_filings.of_run(asked.warehouse, run)
    return asked.page(
        "run.html",
        run=run,
        handled=handled,
        filings=pools_as_seen(handled.filings, asked.reader),
        limit=run_filings.SHOWN_EVENTS,
        is_person=masking.is_person,
        address=run_address(asked.request, run.dag_id, run.run_id),
    )
