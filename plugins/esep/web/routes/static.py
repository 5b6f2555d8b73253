"""The style sheet and pictures: served by a route, because a mount of static files would pass the guard by."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

router = APIRouter()

_FOLDER = Path(__file__).parents[1] / "static"
_KINDS = {".css": "text/css", ".svg": "image/svg+xml"}


@router.get("/static/{name}")
def static(name: str) -> FileResponse:
    """One of the files in static/; nothing else can be named."""
    found = {path.name: path for path in _FOLDER.iterdir() if path.suffix in _KINDS}.get(name)
    if found is None:
        raise HTTPException(404)
    return FileResponse(found, media_type=_KINDS[found.suffix], headers={"Cache-Control": "private, max-age=3600"})
