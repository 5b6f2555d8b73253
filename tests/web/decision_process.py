"""Asks Airflow's api-server for decisions as operator, viewer and stranger, in a process with a database of its own.

`python decision_process.py HOME REQUESTS`: REQUESTS is JSON, a list of {"who", "method", "path", "form"}; `form_token`
"own" stands for a token that the page of `shown` gives. Prints the answers and the runs of the DAG `decision` as one
line of JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

USERS = {"operator": "OP", "viewer": "VIEWER"}


def known_to_airflow() -> None:
    """Put the DAG files into Airflow's database, as its dag-processor does."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    from esep.orchestration import environment

    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(DagBag(environment.DAGS / "decision.py"), "dags-folder", None)


def client() -> Any:
    from airflow.api_fastapi.app import create_app
    from starlette.testclient import TestClient

    return TestClient(create_app("core"), base_url="http://localhost", follow_redirects=False)


def token(name: str) -> str:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    return get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=name, role=USERS[name]))


def runs() -> list[dict[str, Any]]:
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session

    with create_session() as session:
        found = session.query(DagRun).filter(DagRun.dag_id == "decision").order_by(DagRun.id)
        return [
            {
                "conf": run.conf,
                "user": run.triggering_user_name,
                "by": run.triggered_by.value,
                "type": str(run.run_type),
                "state": str(run.state),
            }
            for run in found
        ]


def audited() -> list[str]:
    from airflow.models.log import Log
    from airflow.utils.session import create_session

    with create_session() as session:
        return [
            log.owner for log in session.query(Log).filter(Log.dag_id == "decision", Log.event == "trigger_dag_run")
        ]


def main(home: Path, requests: list[dict[str, Any]]) -> None:
    from esep.config import Settings
    from esep.orchestration import environment

    settings = Settings(home=home)
    os.environ.update(environment.variables(settings, home / ".airflow"))
    os.environ["AIRFLOW__CORE__AUTH_MANAGER"] = (
        "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
    )
    os.environ["AIRFLOW__API_AUTH__JWT_SECRET"] = "a secret of the tests that is long enough for its algorithm" * 2
    os.environ["AIRFLOW__API__SECRET_KEY"] = "another secret of the tests"
    from airflow.utils import db

    db.initdb()
    pages = client()
    answers = []
    for request in requests:
        if request.get("before") == "known":
            known_to_airflow()
        headers = {"accept": "text/html", "accept-language": "en"}
        if request["who"] in USERS:
            headers["authorization"] = f"Bearer {token(request['who'])}"
        form = dict(request.get("form", {}))
        if form.get("form_token") == "own":
            shown = pages.get(request["shown"], headers=headers).text
            form["form_token"] = re.search(r'name="form_token" value="([^"]+)"', shown)[1]  # type: ignore[index] # is there
        answer = pages.request(request["method"], request["path"], data=form or None, headers=headers)
        reported = re.search(r'role="alert">([^<]*)', answer.text)
        answers.append(
            {
                "status": answer.status_code,
                "location": answer.headers.get("location"),
                "reported": reported[1].strip() if reported else None,
                "runs": len(runs()),
            }
        )
        location = answer.headers.get("location", "")
        if "/decision?" in location:
            page = pages.get(location, headers=headers)
            answers[-1]["page"] = [page.status_code, page.text]
    print("RESULT " + json.dumps({"answers": answers, "runs": runs(), "audited": audited()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
