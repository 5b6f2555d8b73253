"""Who reads a page, and in which language: Airflow's login and roles decide, there are no users of Esep's own.

A reader who may see the DAG `warehouse` sees pages, with personal data masked. One who may also trigger the DAG
`decision` is an operator: decides, sees and downloads personal data. Forms that decide carry a token, so that another
site cannot send them in somebody's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import get_user
from airflow.configuration import conf
from fastapi import Depends, HTTPException, Request
from itsdangerous import BadData, URLSafeTimedSerializer

from esep.config import Settings
from esep.orchestration import names
from esep.web import languages

COOKIE = "esep_language"
VALID_SECONDS = 12 * 3600
"""For which the forms of a page can be sent."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The person behind a request."""

    name: str
    is_operator: bool
    language: str
    settings: Settings


def reader(request: Request, user: Annotated[BaseUser, Depends(get_user)]) -> Reader:
    """The reader of any page; 401 without a login, 403 without the right to see the DAG `warehouse`."""
    manager = get_auth_manager()
    may_read = manager.is_authorized_dag(method="GET", details=DagDetails(id=names.WAREHOUSE), user=user)
    if not may_read:
        raise HTTPException(403)
    may_decide = manager.is_authorized_dag(
        method="POST", access_entity=DagAccessEntity.RUN, details=DagDetails(id=names.DECISION), user=user
    )
    return Reader(user.get_name(), may_decide, language_of(request), Settings.from_environment())


def operator(reader: Annotated[Reader, Depends(reader)]) -> Reader:
    """The same for what only operators may do or download; 403 for others."""
    if not reader.is_operator:
        raise HTTPException(403)
    return reader


ReaderDep = Annotated[Reader, Depends(reader)]
OperatorDep = Annotated[Reader, Depends(operator)]


def language_of(request: Request) -> str:
    """The language asked for in the address, else the one chosen before, else the browser's."""
    return languages.language_of(request, request.cookies.get(COOKIE))


def form_token(name: str) -> str:
    """A token for the forms that this user is shown."""
    return str(_serializer().dumps(name))


def check_form(name: str, token: str) -> None:
    """Raise 403 unless the form was shown to this user within the last half day."""
    try:
        shown_to = _serializer().loads(token, max_age=VALID_SECONDS)
    except BadData:
        shown_to = None
    if shown_to != name:
        raise HTTPException(403)


def signed(name: str, form: str, shown: Mapping[str, Any]) -> str:
    """What a form shows to this user, to be sent back as it was shown; `form` tells it from every other form."""
    return str(_serializer(f"esep.shown.{form}").dumps({"name": name, "shown": shown}))


def opened(name: str, form: str, token: str) -> dict[str, Any]:
    """What was shown; raise 403 unless this form showed it to this user within the last half day."""
    try:
        value = _serializer(f"esep.shown.{form}").loads(token, max_age=VALID_SECONDS)
    except BadData:
        raise HTTPException(403) from None
    if value["name"] != name:
        raise HTTPException(403)
    return dict(value["shown"])


@cache
def _serializer(salt: str = "esep.forms") -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(conf.get("api", "secret_key"), salt=salt)
