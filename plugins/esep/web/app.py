"""The application: its routes, its guard, its headers. `create_app()` is what the plugin mounts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module

from fastapi import Depends, FastAPI, Request, Response

from esep.web import access, errors

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
)
"""Modules of esep.web.routes, each with a `router`."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""No script at all, nothing from elsewhere, nothing kept by a shared browser."""


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
    app.middleware("http")(_with_headers)
    for name in ROUTES:
        app.include_router(import_module(f"esep.web.routes.{name}").router)
    return app


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call_next(request)
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer
