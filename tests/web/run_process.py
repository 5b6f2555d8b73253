"""Runs the DAG intake in a process with a database of its own, then asks for the page of its run.

`python run_process.py HOME`: prints what was asked for, status and page, as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlencode

from web.decision_process import client, token


def main(home: Path) -> None:
    from esep import clock
    from esep.config import Settings
    from esep.orchestration import environment

    settings = Settings(home=home, inbox_settle_seconds=0.0)
    os.environ.update(environment.variables(settings, home / ".airflow"))
    os.environ["AIRFLOW__CORE__AUTH_MANAGER"] = (
        "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
    )
    os.environ["AIRFLOW__API_AUTH__JWT_SECRET"] = "a secret of the tests that is long enough for its algorithm" * 2
    os.environ["AIRFLOW__API__SECRET_KEY"] = "another secret of the tests"
    from esep.orchestration.environment import set_up

    set_up()
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag

    from esep.warehouse.rebuild import refresh

    DagBundlesManager().sync_bundles_to_db()
    run = DagBag(environment.DAGS / "intake.py").dags["intake"].test()
    refresh(settings, clock.now())
    pages = client()
    asked = {
        "intake": ("operator", {"dag_id": "intake", "run_id": run.run_id}),
        "viewer": ("viewer", {"dag_id": "intake", "run_id": run.run_id}),
        "another_dag": ("viewer", {"dag_id": "warehouse", "run_id": run.run_id}),
        "nothing": ("viewer", {"dag_id": "intake"}),
        "stranger": (None, {"dag_id": "intake", "run_id": run.run_id}),
    }
    answers = {}
    for name, (who, query) in asked.items():
        headers = {"accept": "application/json" if who is None else "text/html", "accept-language": "en"}
        if who:
            headers["authorization"] = f"Bearer {token(who)}"
        answer = pages.get(f"/esep/run?{urlencode(query)}", headers=headers)
        answers[name] = [answer.status_code, answer.text]
    print("RESULT " + json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
