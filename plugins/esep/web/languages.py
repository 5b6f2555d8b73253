"""In which language a page is shown."""

from __future__ import annotations

from starlette.requests import Request

from esep.texts import LANGUAGES

PARAMETER = "language"
DEFAULT_LANGUAGE = "ru"


def language_of(request: Request, chosen_before: str | None = None) -> str:
    """The language asked for in the address, else the one chosen before, else the browser's; `ru` for any other."""
    asked = (request.query_params.get(PARAMETER), chosen_before, *_of_browser(request))
    return next((code for code in asked if code in LANGUAGES), DEFAULT_LANGUAGE)


def _of_browser(request: Request) -> list[str]:
    header = request.headers.get("accept-language", "")[:200]
    return [part.split(";")[0].strip()[:2].lower() for part in header.split(",")]
