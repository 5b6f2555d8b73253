"""The language of a page: the one asked for in the address, else the one chosen before, else the browser's."""

from __future__ import annotations

from fastapi import Request

from esep.texts import LANGUAGES

COOKIE = "esep_language"
PARAMETER = "language"
DEFAULT = "ru"


def chosen(request: Request) -> str:
    """One of `kk`, `ru`, `en`; anything else that a browser asks for is passed over."""
    asked = (request.query_params.get(PARAMETER), request.cookies.get(COOKIE), *_of_browser(request))
    return next((code for code in asked if code in LANGUAGES), DEFAULT)


def _of_browser(request: Request) -> list[str]:
    header = request.headers.get("accept-language", "")[:200]
    return [part.split(";")[0].strip()[:2].lower() for part in header.split(",")]
