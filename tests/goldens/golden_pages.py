"""The pages of a home as somebody asks for them: who, in which language, and what Airflow would say of its runs."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import vl_convert
from fastapi import HTTPException, Request

from filled_demo import MADE_AT
from goldens import golden_home

# Airflow reads its configuration when it is first imported, and pages import it.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
os.environ.setdefault("AIRFLOW__API__SECRET_KEY", "a secret of the tests, long enough for their forms")

if TYPE_CHECKING:
    from httpx import Response

    from esep.config import Settings

ROLES = ("operator", "viewer", "stranger")
NAME = "А. Бекова"
HEADERS = ("content-type", "content-disposition", "content-security-policy", "cache-control", "location", "set-cookie")
RUNS: Mapping[str, Mapping[str, Any]] = {
    "intake": {
        "results": {
            "register": [
                {
                    "registered": [{"number": "2024-000001", "source": "2024-qantar.xlsx"}],
                    "duplicates": [{"number": "2025-000010", "source": "2025-02-pool-2.zip"}],
                    "examined": ["2025-000010"],
                }
            ],
            "examine": [{"2024-000001": "refused"}, {"2025-000039": "accepted"}],
            "letters": [["2024-000001/A-1", "2024-000001/R-1"]],
        }
    },
    "warehouse": {
        "results": {
            "load": ["loaded 85 registered"],
            "publish": ["published"],
            "reference": [[{"name": "price", "problems": ["line 2: no price"]}, {"name": "pool", "problems": []}]],
        }
    },
    "supervision": {"conf": {"since": "2025-12-15", "as_of": "2026-02-05"}},
    "decision": {
        "conf": {"decision": "waive_rule", "registration_no": "2025-000048", "rule_id": "R-71", "until": "2026-12-31"}
    },
    "dispatch": {"conf": {"letter_no": "2025-000048/N-1"}},
}
"""What Airflow keeps of a run of each DAG: what its tasks gave, its parameters."""


class Asking:
    """`asking("GET", "/income", "viewer", "ru")` gives the answer of the application, at the home's moment."""

    def __init__(self, settings: Settings) -> None:
        from starlette.testclient import TestClient

        from esep.warehouse import published
        from esep.web import access
        from esep.web.app import create_app
        from esep.web.routes import run

        def reader(request: Request) -> access.Reader:
            role = request.headers["x-role"]
            if role == "stranger":
                raise HTTPException(401)
            return access.Reader(NAME, role == "operator", access.language_of(request), settings)

        self.started: list[Mapping[str, str]] = []
        """Parameters of the runs of the DAG `decision` that forms have started."""
        app = create_app()
        app.dependency_overrides[access.reader] = reader
        app.dependency_overrides[run.may_read_run] = lambda: None
        self._client = TestClient(app, follow_redirects=False)
        self._kept_open = published.connect(settings)  # the snapshot is then opened once for all pages
        self._kept_open.execute("set threads = 1")  # small data: more of them only cost
        self._drawn: dict[str, str] = {}

    def __call__(
        self, method: str, address: str, role: str, language: str, form: Mapping[str, str] | None = None
    ) -> Response:
        headers = {"accept": "text/html", "accept-language": language, "x-role": role}
        with self._airflow():
            answer: Response = self._client.request(method, address, headers=headers, data=form)
        self._client.cookies.clear()
        return answer

    @property
    def token(self) -> str:
        """What the forms of an operator carry."""
        from esep.web import access

        return access.form_token(NAME)

    @contextmanager
    def _airflow(self) -> Iterator[None]:
        """Runs that no Airflow keeps, and starting one only notes it."""
        from esep.answers.run_filings import RunResults
        from esep.web import errors, runs
        from esep.web.routes import run

        def results(dag_id: str, run_id: str) -> RunResults:
            facts = {"conf": {}, "results": {}} | dict(RUNS[dag_id])
            moments = {"logical_date": MADE_AT, "started_at": MADE_AT, "ended_at": MADE_AT + timedelta(seconds=40)}
            return RunResults(dag_id=dag_id, run_id=run_id, state="success", user=NAME, **moments, **facts)

        def decision(run_id: str) -> runs.Run | None:
            return runs.Run(run_id, "queued", RUNS["decision"]["conf"], NAME, MADE_AT, run_id == "paused")

        def start(conf: Mapping[str, str], user: str) -> str:
            self.started.append(conf)
            return "started"

        def drawn(chart: dict[str, Any]) -> str:
            """Half a second each; the same for each role."""
            key = json.dumps(chart, default=str)
            if key not in self._drawn:
                self._drawn[key] = draw(chart)
            return self._drawn[key]

        draw = vl_convert.vegalite_to_svg
        with pytest.MonkeyPatch.context() as patch, golden_home.fixed_clock():
            patch.setattr(vl_convert, "vegalite_to_svg", drawn)
            patch.setattr(errors, "get_auth_manager", lambda: SimpleNamespace(get_url_login=_login))
            patch.setattr(run, "run_results", results)
            patch.setattr(runs, "decision_run", decision)
            patch.setattr(runs, "start_decision", start)
            yield


def _login(**asked: str) -> str:
    return f"/auth/login {asked}"


def head_of(answer: Response) -> str:
    """Status and the headers that mean something to a browser."""
    lines = [f"{name}: {answer.headers[name]}" for name in HEADERS if name in answer.headers]
    return "\n".join([str(answer.status_code), *lines])


def file_name(answer: Response, address: str) -> str:
    """By which name an answer is saved; by the ending of the address where it has none."""
    found = re.search(r'filename="?([^";]+)', answer.headers.get("content-disposition", ""))
    return found[1] if found else address.partition("?")[0]
