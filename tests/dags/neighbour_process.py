"""Runs Esep's DAGs and another office's that waits for them, in a process with an Airflow of its own.

`python neighbour_process.py HOME FOLDER`: FOLDER holds the other office's DAG. Airflow's scheduler makes the run that
an asset's event calls for, as on a server. Prints the events and what the waiting task gave as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

NEIGHBOUR = "neighbour"


def events() -> dict[str, list[Any]]:
    """Extras of the events so far, by asset."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session

    found: dict[str, list[Any]] = {}
    with create_session() as session:
        for event in session.query(AssetEvent).order_by(AssetEvent.id):
            found.setdefault(event.asset.name, []).append(event.extra)
    return found


def run_what_waits(dag: Any) -> list[Any]:
    """What the task `take` gave in each run that the scheduler made for events."""
    from airflow.jobs.job import Job
    from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
    from airflow.models.dagrun import DagRun
    from airflow.sdk.definitions.dag import _run_task
    from airflow.utils.session import create_session
    from airflow.utils.sqlalchemy import prohibit_commit

    scheduler = SchedulerJobRunner(job=Job())
    with create_session() as session, prohibit_commit(session) as guard:
        scheduler._create_dagruns_for_dags(guard, session)
    given = []
    with create_session() as session:
        for run in session.query(DagRun).filter(DagRun.dag_id == NEIGHBOUR, DagRun.run_type == "asset_triggered"):
            (ti,) = run.get_task_instances(session=session)
            if ti.state is None:
                session.commit()
                _run_task(ti=ti, task=dag.get_task(ti.task_id))
                given.append(ti.xcom_pull(task_ids=ti.task_id))
    return given


def main(home: Path, folder: Path) -> None:
    from esep.config import Settings
    from esep.orchestration import environment

    settings = Settings(home=home, inbox_settle_seconds=0)
    os.environ.update(environment.variables(settings, home / ".airflow"))
    os.environ.update(ESEP_RETRY_SECONDS="0", AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="False")
    environment.set_up()
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.utils.session import create_session

    dags, other = DagBag(environment.DAGS), DagBag(folder, bundle_path=folder, bundle_name="dags-folder")
    result: dict[str, Any] = {"errors": {str(k): str(v) for k, v in (dags.import_errors | other.import_errors).items()}}
    with create_session() as session:
        DagBundlesManager().sync_bundles_to_db(session=session)
    sync_bag_to_db(other, "dags-folder", None)
    result["takes"] = []
    for last in ("", "nothing is new", "later"):
        if last == "later":
            from esep.orchestration import tasks

            tasks.BATCH_SIZE = 0  # what is examined in batches, its letters too
            (home / last).rename(settings.inbox / last)
        for name in ("intake", "warehouse"):
            dags.dags[name].test()
        result["takes"].append(run_what_waits(other.dags[NEIGHBOUR]))
        result.setdefault("events", []).append(events())
    print("RESULT " + json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
