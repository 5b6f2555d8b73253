"""What a reader sees when something is not there or not allowed: a page in words, with the next step."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import quote

from airflow.api_fastapi.app import get_auth_manager
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from esep import texts
from esep.answers import UnknownError, WarehouseError
from esep.config import ConfigurationError
from esep.store.model import StoreError
from esep.web.access import language_of
from esep.web.api import problems
from esep.web.rendering import environment, root
from esep.web.seen import warehouse_key

log = logging.getLogger(__name__)

NO_VALID_LOGIN = "Invalid JWT token"
"""How Airflow names a login that is damaged or was made with another secret."""


def install(app: FastAPI) -> None:
    """Handlers for everything that a route may raise."""
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(UnknownError, _unknown)
    app.add_exception_handler(WarehouseError, _warehouse)
    app.add_exception_handler(ConfigurationError, _warehouse)
    app.add_exception_handler(StoreError, _store)
    app.add_exception_handler(problems.OtherSnapshotError, _other_snapshot)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException | StarletteHTTPException) else 500
    if status == 403 and getattr(error, "detail", "") == NO_VALID_LOGIN:
        status = 401  # a login that Airflow cannot read is none
    if problems.is_of_api(request):
        key = f"error.{status}"
        return problems.problem(request, status, key if texts.has(key) else "error.500", headers=_headers(error))
    if status == 401 and request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"{get_auth_manager().get_url_login()}?next={quote(str(request.url))}", 303)
    key = f"error.{status}"
    detail = error.detail if isinstance(error, HTTPException) and isinstance(error.detail, str) else ""
    return _page(request, status, key if texts.has(key) else "error.500", "" if texts.has(key) else detail)


def _headers(error: Exception) -> Mapping[str, str] | None:
    """Those that the error asks for, such as the methods that an address takes."""
    return error.headers if isinstance(error, StarletteHTTPException) else None


async def _bad_request(request: Request, error: Exception) -> Response:
    if problems.is_of_api(request) and isinstance(error, RequestValidationError):
        return problems.bad_parameters(request, error)
    return _page(request, 422, "error.422")


async def _other_snapshot(request: Request, error: Exception) -> Response:
    return problems.other_snapshot(request)


async def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, UnknownError)
    code = language_of(request)
    kind = f"error.unknown_{error.kind}"
    key = kind if texts.has(kind) else "error.404"
    if problems.is_of_api(request):
        return problems.problem(request, 404, key, todo=f"{key}_todo")
    return _page(request, 404, key, str(error.value), code)


async def _warehouse(request: Request, error: Exception) -> Response:
    log.error("%s", error)  # its words name paths, and quote the database
    if problems.is_of_api(request):
        return problems.problem(request, 503, warehouse_key(error))
    return _page(request, 503, warehouse_key(error))


async def _store(request: Request, error: Exception) -> Response:
    log.error("%s", error)
    return _page(request, 503, "error.store")


def _page(request: Request, status: int, key: str, detail: str = "", code: str | None = None) -> Response:
    """An error as a page, or as JSON for programs. It is shown without a reader: the login may be what is missing."""
    of_language = code or language_of(request)
    if "text/html" not in request.headers.get("accept", "text/html"):
        return JSONResponse({"detail": texts.text(f"{key}", of_language), "what": detail}, status)
    page = environment(of_language).get_template("error.html")
    body = page.render(status=status, key=key, detail=detail, language=of_language, root=root(request))
    return Response(body, status, media_type="text/html")
