"""Errors of the API as problem+json (RFC 9457), in the language that the program asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from esep import texts
from esep.web.access import language_of
from esep.web.api.parameters import expected
from esep.web.rendering import root

PREFIX = "/api/v1"
RETRY_SECONDS = 60
"""After which a program asks again where there is no snapshot: about as long as a publication takes."""


class Fault(BaseModel):
    """What is wrong with one parameter."""

    parameter: str
    expected: str


class Problem(BaseModel):
    """What is wrong, and what to do about it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Fault] = []


class OtherSnapshotError(Exception):
    """The list was begun on a snapshot that has been replaced since."""


def path_of(request: Request) -> str:
    """The address below the mount, without its query."""
    return request.url.path.removeprefix(root(request))


def is_of_api(request: Request) -> bool:
    return path_of(request).startswith(f"{PREFIX}/")


def problem(
    request: Request,
    status: int,
    key: str,
    *,
    todo: str = "",
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem by the keys of its title and of what to do; if not given, of the status or the title's own."""
    language = language_of(request)
    of_status = f"api.todo_{status}"
    todo = todo or (of_status if texts.has(of_status) else f"{key}_todo")
    said = Problem(
        title=texts.text(key, language), status=status, detail=texts.text(todo, language), errors=list(errors)
    )
    waiting = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    return JSONResponse(
        said.model_dump(), status, {**(headers or {}), **waiting}, media_type="application/problem+json"
    )


def bad_parameters(request: Request, error: RequestValidationError) -> Response:
    """Each parameter that is wrong, and what it takes."""
    faults = [_fault(request, one) for one in error.errors()]
    return problem(request, 422, "error.422", errors=faults)


def other_snapshot(request: Request) -> Response:
    return problem(request, 409, "api.other_snapshot", todo="api.other_snapshot_todo")


def _fault(request: Request, error: Mapping[str, Any]) -> Fault:
    language = language_of(request)
    parameter = str(error["loc"][-1])
    if error["type"] == "extra_forbidden":
        address = f"{root(request)}{PREFIX}/openapi.json"
        return Fault(parameter=parameter, expected=texts.text("api.unknown_parameter", language, address=address))
    words = error.get("ctx", {}).get("expected")
    if words:
        return Fault(parameter=parameter, expected=texts.text("api.expected_one_of", language, words=_listed(words)))
    return Fault(parameter=parameter, expected=expected(parameter, language))


def _listed(words: str) -> str:
    """`a, b, c` of the list that pydantic gives, whose last comma is a word of English."""
    return words.replace(" or ", ", ").replace("'", "")
