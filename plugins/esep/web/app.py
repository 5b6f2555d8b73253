"""The application: its routes, its guard, its headers. `create_app()` is what the plugin mounts."""

from __future__ import annotations

from importlib import import_module

from fastapi import Depends, FastAPI

from esep.web import access, errors
from esep.web.headers import with_headers

ROUTES = (
    "calendar",
    "filing",
    "figures",
    "change",
    "quality",
    "rules",
    "run",
    "find",
    "decide",
    "confirm",
    "letters",
    "questions",
    "reference",
    "hand_in",
    "events",
    "files",
    "api",
)
"""Modules of esep.web.routes, each with a `router`."""


def create_app() -> FastAPI:
    """The pages. Every route, files included, asks for Airflow's login: the guard hangs on the application itself."""
    app = FastAPI(
        title="Esep",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(access.reader)],
    )
    errors.install(app)
    app.middleware("http")(with_headers)
    for name in ROUTES:
        app.include_router(import_module(f"esep.web.routes.{name}").router)
    return app
