"""Fills Airflow's tables with runs of long ago and of now, cleans them, and says what is left, as one line of JSON.

`python housekeeping_process.py HOME`
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

DAGS = ("intake", "dispatch")
AGES = (200, 100, 91, 89, 1)
"""Days ago of the runs of each DAG."""


def main(home: Path) -> None:
    from esep import clock
    from esep.config import Settings
    from esep.orchestration import environment, housekeeping

    settings = Settings(home=home)
    os.environ.update(environment.variables(settings, home / ".airflow" / "up"))
    environment.set_up()
    from airflow.models.dagrun import DagRun
    from airflow.models.log import Log
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunTriggeredByType, DagRunType
    from sqlalchemy import select

    now = clock.now()
    with create_session() as session:
        for dag_id in DAGS:
            for age in AGES:
                moment = now - timedelta(days=age)
                run = DagRun(
                    dag_id=dag_id,
                    run_id=f"{age}",
                    logical_date=moment,
                    run_after=moment,
                    start_date=moment,
                    run_type=DagRunType.MANUAL,
                    state="success",
                    triggered_by=DagRunTriggeredByType.UI,
                )
                session.add(run)
                session.add(Log("started", owner="A", dag_id=dag_id, run_id=f"{age}"))
        session.flush()
        for one in session.scalars(select(Log)):
            if one.run_id:
                one.dttm = now - timedelta(days=int(one.run_id))
    with Path(os.devnull).open("wb") as nowhere:
        is_done = housekeeping.clean(os.environ, now, nowhere.fileno())
    result: dict[str, Any] = {"done": is_done, "runs": {}, "log": {}}
    with create_session() as session:
        for dag_id in DAGS:
            runs = session.scalars(select(DagRun.run_id).where(DagRun.dag_id == dag_id))
            result["runs"][dag_id] = sorted(map(int, runs), reverse=True)
            lines = session.scalars(select(Log.run_id).where(Log.dag_id == dag_id))
            result["log"][dag_id] = sorted(map(int, lines), reverse=True)
    print("RESULT " + json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
