"""Forms that change something carry a token, so that another site cannot send them in a reader's name."""

from __future__ import annotations

from functools import cache

from airflow.configuration import conf
from fastapi import HTTPException
from itsdangerous import BadData, URLSafeTimedSerializer

VALID_SECONDS = 12 * 3600
FIELD = "form_token"


def token(name: str) -> str:
    """A token for the forms that this user is shown."""
    return str(_serializer().dumps(name))


def check(name: str, sent: str) -> None:
    """Raise 403 unless the form was shown to this user within the last half day."""
    try:
        shown_to = _serializer().loads(sent, max_age=VALID_SECONDS)
    except BadData:
        shown_to = None
    if shown_to != name:
        raise HTTPException(403)


@cache
def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(conf.get("api", "secret_key"), salt="esep.forms")
