"""The page's application: one form, its answer, and rules and form as data."""

from __future__ import annotations

import base64
import json
import logging
import tempfile
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from esep import clock, open_data, texts
from esep.config import Settings
from esep.documents import html, narrow
from esep.examination import suites
from esep.examination.check_report import register_left_out
from esep.examination.frame_columns import STAGES
from esep.filer_page import upload
from esep.filer_page.checked import Shown, check, settings_without_office
from esep.filer_page.upload import UploadError
from esep.filer_page.visitors import BusyError, Visitors
from esep.web.headers import with_headers
from esep.web.languages import language_of

log = logging.getLogger(__name__)

_FOLDER = Path(__file__).parent / "templates"
_STATIC = Path(__file__).parents[1] / "web" / "static"
_STATIC_FILES = {"esep.css": "text/css", "esep.svg": "image/svg+xml"}
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BUSY_SECONDS = 30
_FAULTS = {404: "filer_page.not_found", 405: "filer_page.not_allowed"}
_GONE = 499
"""Seen by nobody: the browser has gone."""


def create_app(settings: Settings | None = None, visitors: Visitors | None = None) -> Starlette:
    """The application. `settings`: rules and limits, by default those of the environment; no home is read.

    Raises SuiteError where expectations/ cannot be read, ConfigurationError for a variable that is wrong.
    """
    app = Starlette(
        routes=[
            Route("/", form, methods=["GET"]),
            Route("/", checked, methods=["POST"]),
            Route("/static/{name}", static),
            Route("/healthy", healthy),
            *(
                Route(f"/{data.name}.{kind}", partial(published, data, kind))
                for data in open_data.ALL.values()
                for kind in ("json", "csv", "schema.json")
            ),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=with_headers)],
        exception_handlers={HTTPException: _http},
    )
    app.state.settings = settings or settings_without_office()
    app.state.visitors = visitors or Visitors()
    suites.load(app.state.settings)
    return app


async def form(request: Request) -> Response:
    """The form."""
    return _page(request)


async def checked(request: Request) -> Response:
    """The answer to the form; 429 and 503 say after how many seconds to try again."""
    settings, visitors = request.app.state.settings, request.app.state.visitors
    seconds = visitors.seconds_to_wait(request.client.host if request.client else "")
    if seconds:
        return _page(request, 429, fault="filer_page.too_often", retry_after=seconds)
    with tempfile.TemporaryDirectory(prefix="esep-page-") as work:
        package = Path(work, "package")
        package.mkdir()
        try:
            names = await upload.take(request, package)
            async with visitors.turn():
                found = await run_in_threadpool(check, package, language_of(request), settings, clock.now())
        except UploadError as error:
            return _page(request, error.status, fault=error.key)
        except BusyError:
            return _page(request, 503, fault="filer_page.busy", retry_after=_BUSY_SECONDS)
        except ClientDisconnect:
            return Response(status_code=_GONE)
        except Exception:
            log.exception("a package could not be examined")
            return _page(request, 500, fault="filer_page.failed")
    return _page(request, found=found, names=names)


async def static(request: Request) -> Response:
    """Style and picture."""
    name = request.path_params["name"]
    if name not in _STATIC_FILES:
        raise HTTPException(404)
    return FileResponse(_STATIC / name, media_type=_STATIC_FILES[name])


async def healthy(_: Request) -> Response:
    """For whoever watches the process."""
    return PlainTextResponse("ok")


async def published(data: open_data.DataSet, kind: str, request: Request) -> Response:
    """Rules or form as data; other sites may read it, too."""
    settings = request.app.state.settings
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}
    if kind == "csv":
        return Response(data.csv(settings), media_type="text/csv; charset=utf-8; header=present", headers=headers)
    return _Json(data.schema if kind == "schema.json" else data.document(settings), headers=headers)


class _Json(JSONResponse):
    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, indent=2).encode()


async def _http(request: Request, error: Exception) -> Response:
    """What is not there, or not to be done so."""
    assert isinstance(error, HTTPException)
    return _page(
        request, error.status_code, fault=_FAULTS.get(error.status_code, "filer_page.failed"), headers=error.headers
    )


def _page(
    request: Request,
    status: int = 200,
    *,
    fault: str = "",
    retry_after: int = 0,
    found: Shown | None = None,
    names: list[str] | None = None,
    headers: Any = None,
) -> Response:
    language, settings = language_of(request), request.app.state.settings
    rules, limits = suites.load(settings), {"megabytes": upload.LARGEST // 1024**2, "count": upload.MOST_FILES}
    page = environment(language).get_template("page.html")
    body = page.render(
        language=language,
        root=request.scope.get("root_path", "").rstrip("/"),
        fault=texts.text(fault, language, seconds=retry_after, **limits) if fault else "",
        found=found,
        names=names or [],
        links={name: _link(content) for name, content in (found.workbooks if found else {}).items()},
        ruleset=rules.ruleset,
        code_version=suites.code_version(),
        register=register_left_out(settings, language).text,
        across=sorted({rule.rule_id for rule in rules.by_stage[STAGES[-1]]}),
        limits=limits,
        data=open_data.ALL,
    )
    body = narrow.stacked(body)
    return HTMLResponse(body, status, {**(headers or {}), **({"Retry-After": str(retry_after)} if retry_after else {})})


def _link(content: bytes) -> Markup:
    """A workbook in the answer itself, so that nothing has to be kept for a second request."""
    return Markup(f"data:{_WORKBOOK};base64,{base64.b64encode(content).decode()}")  # noqa: S704 - base64 alone


@cache
def environment(language: str) -> Environment:
    """The page's templates, with the blocks of documents."""
    made = html.environment(language, _FOLDER)
    made.globals["languages"] = texts.NAMES
    return made
