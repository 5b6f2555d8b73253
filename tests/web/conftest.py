"""Pages without a server: the application in this process, its reader put in place of Airflow's login."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request

# Airflow reads its configuration when it is first imported, and pages import it.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
os.environ.setdefault("AIRFLOW__API__SECRET_KEY", "a secret of the tests, long enough for their forms")

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from esep.config import Settings

Pages = Callable[..., "TestClient"]


@pytest.fixture(scope="session")
def pages() -> Pages:
    """`pages(settings, operator=True, language="en", name="А. Бекова")` gives a client of the pages over a home."""
    from starlette.testclient import TestClient

    from esep.web import access
    from esep.web.app import create_app

    known: list[tuple[str, bool, Settings]] = []

    def reader(request: Request) -> access.Reader:
        name, operator, settings = known[int(request.headers["x-reader"])]
        return access.Reader(name, operator, access.language_of(request), settings)

    app = create_app()
    app.dependency_overrides[access.reader] = reader

    def client(settings: Settings, operator: bool = True, language: str = "en", name: str = "А. Бекова") -> TestClient:
        known.append((name, operator, settings))
        headers = {"accept": "text/html", "accept-language": language, "x-reader": str(len(known) - 1)}
        return TestClient(app, raise_server_exceptions=True, follow_redirects=False, headers=headers)

    return client
