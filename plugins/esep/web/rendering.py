"""Templates to pages. Every value that a template prints is escaped, and its invisible signs are made visible."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from esep import __version__, texts
from esep.answers import masking
from esep.documents import html
from esep.web import forms, language
from esep.web.access import Reader

_FOLDER = Path(__file__).parent / "templates"


def render(request: Request, reader: Reader, template: str, *, status: int = 200, **values: object) -> Response:
    """The page of a template; `values` are what it shows. Sets the chosen language for the next page."""
    page = environment(reader.language).get_template(template)
    context = {
        "request": request,
        "reader": reader,
        "language": reader.language,
        "root": root(request),
        "language_queries": {code: _query_in(request, code) for code in texts.LANGUAGES},
        "version": __version__,
        "form_token": forms.token(reader.name) if reader.is_operator else "",
        **values,
    }
    answer = HTMLResponse(page.render(context), status_code=status)
    if request.query_params.get(language.PARAMETER) == reader.language:
        answer.set_cookie(
            language.COOKIE, reader.language, max_age=365 * 86400, samesite="lax", path=root(request) or "/"
        )
    return answer


def _query_in(request: Request, code: str) -> str:
    """The query of this page's address, asking for another language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != language.PARAMETER]
    return urlencode([*kept, (language.PARAMETER, code)])


def root(request: Request) -> str:
    """The address under which the application is mounted, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


@cache
def environment(of_language: str) -> Environment:
    """The pages' templates in a language, with what a reader may see of taxpayers and wallets."""
    made = html.environment(of_language, _FOLDER)
    made.globals["languages"] = texts.NAMES
    made.filters["taxpayer"] = _taxpayer
    made.filters["wallet"] = _wallet
    made.filters["cell"] = _cell
    return made


def _taxpayer(person: Any, reader: Reader) -> tuple[str | None, str | None]:
    """Number and name as the reader may see them: `{% set id, name = row | taxpayer(reader) %}`."""
    number, name = person.taxpayer_id, person.taxpayer_name
    return (number, name) if reader.is_operator else masking.masked_taxpayer(number, name)


def _wallet(address: str | None, reader: Reader) -> str | None:
    return address if reader.is_operator else masking.masked_wallet(address)


def _cell(found: str | None, reader: Reader) -> str | None:
    """What a filer wrote into a cell; a viewer sees it only if it can be nothing of a person."""
    return found if reader.is_operator or masking.is_impersonal(found) else masking.HIDDEN
