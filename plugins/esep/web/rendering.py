"""Templates to pages. Every value that a template prints is escaped, and its invisible signs are made visible."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from esep import __version__, texts
from esep.answers import masking
from esep.letters.text import NOTHING, shown
from esep.texts import numbers
from esep.web import forms, language
from esep.web.access import Reader

_FOLDER = Path(__file__).parent / "templates"
_FORMATS = (
    "quantity", "tenge", "signed_tenge", "signed_quantity", "count", "percent",
    "day", "day_and_weekday", "day_in_words", "moment", "month", "month_short",
)  # fmt: skip
"""Functions of texts.numbers that templates use as filters, in the page's language."""
LONGEST_TEXT = 2000


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
    """Jinja's environment of a language: `t(key, …)` gives texts, filters give numbers and days."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    made.globals["t"] = partial(_text, of_language)
    made.globals["languages"] = texts.NAMES
    for name in _FORMATS:
        made.filters[name] = partial(_in_language, getattr(numbers, name), of_language)
    made.filters["breakable"] = _breakable
    made.filters["taxpayer"] = _taxpayer
    made.filters["wallet"] = _wallet
    return made


def _text(of_language: str, key: str, **values: object) -> str:
    """A text of the catalogue; what is filled in is made harmless like any other value."""
    return texts.text(key, of_language, **{name: _harmless(value) for name, value in values.items()})


def _in_language(write: Any, of_language: str, value: Any, *rest: Any) -> str:
    return str(write(value, of_language, *rest))


def _harmless(value: object) -> object:
    """Text of strangers on one line with its invisible signs written out; None as a dash. Escaping comes after."""
    if value is None:
        return NOTHING
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return shown(value, LONGEST_TEXT) if _has_marks(value) or len(value) > LONGEST_TEXT else value


def _has_marks(value: str) -> bool:
    return not value.isprintable()


def _breakable(value: object) -> Markup:
    """Long words (wallets, hashes) with chances to wrap; copied text stays whole."""
    words = str(_harmless(value)).split(" ")
    cut = (
        Markup("<wbr>").join(word[start : start + 8] for start in range(0, len(word), 8)) if len(word) > 20 else word
        for word in words
    )
    return Markup(" ").join(cut)


def _taxpayer(person: Mapping[str, Any] | Any, reader: Reader) -> tuple[str | None, str | None]:
    """Number and name as the reader may see them: `{% set id, name = row | taxpayer(reader) %}`."""
    number, name = person.taxpayer_id, person.taxpayer_name
    return (number, name) if reader.is_operator else masking.masked_taxpayer(number, name)


def _wallet(address: str | None, reader: Reader) -> str | None:
    return address if reader.is_operator else masking.masked_wallet(address)
