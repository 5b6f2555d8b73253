"""`python airflow_database.py`: Airflow's tables as setup makes them, the DAG `decision`, and a run of it.

The api-server alone never reads DAG files; that is the dag-processor's work, done here once.
"""

from __future__ import annotations

import json
import sys

from esep.orchestration import environment, names


def main(run_id: str, conf: dict[str, str]) -> None:
    environment.set_up()
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.utils.types import DagRunTriggeredByType

    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(DagBag(environment.DAGS / f"{names.DECISION}.py"), "dags-folder", None)
    trigger_dag(
        names.DECISION,
        run_id=run_id,
        conf=conf,
        triggered_by=DagRunTriggeredByType.UI,
        triggering_user_name="op",
    )


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
