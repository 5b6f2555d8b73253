"""Files as they are: what a pool sent and the letters of the office, for operators; monthly reports, style sheets.

What a pool sent is never rendered: it leaves as an attachment of no type. Names come from receipt, outbox and folders;
what a reader sends is only compared with them.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from esep.answers import UnknownError
from esep.answers.filing_archive import outbox_file, package_file, transcription_file
from esep.reports import quality_files
from esep.web.access import OperatorDep, ReaderDep
from esep.web.filing_view import plain_name
from esep.web.queries import MonthPath, NumberPath, PoolPath

router = APIRouter()

PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""A browser's own viewer of PDF styles itself."""
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'"
)
"""A report carries its style in itself; it has no script and fetches nothing."""
_STATIC = Path(__file__).parents[1] / "static"
_KINDS = {".css": "text/css", ".svg": "image/svg+xml"}


@router.get("/filing/{number}/file/package")
def received(operator: OperatorDep, number: NumberPath, path: str = "") -> FileResponse:
    """A file of the package, the bytes as received. `path` is no part of the address: a name may hold line breaks."""
    file, place = package_file(operator.settings, number, path)
    return FileResponse(
        place,
        media_type="application/octet-stream",
        filename=plain_name(file.path),
        headers={"ETag": f'"{file.sha256}"'},
    )


@router.get("/filing/{number}/file/transcription")
def transcribed(operator: OperatorDep, number: NumberPath, path: str = "") -> FileResponse:
    """A file that an officer transcribed: the office's work."""
    file, place = transcription_file(operator.settings, number, path)
    return FileResponse(
        place,
        media_type="application/octet-stream",
        filename=f"{number}-{plain_name(file.path)}",
        headers={"ETag": f'"{file.sha256}"'},
    )


@router.get("/filing/{number}/file/outbox/{name}")
def letter(operator: OperatorDep, number: NumberPath, name: str) -> FileResponse:
    """A letter about a filing, or what goes with it."""
    return _of_outbox(operator, number, name)


@router.get("/silence/{pool_id}/{month}/file/{name}")
def letter_of_month(operator: OperatorDep, pool_id: PoolPath, month: MonthPath, name: str) -> FileResponse:
    """A letter about a month without a filing."""
    return _of_outbox(operator, f"{pool_id}-{month[:7]}", name)


def _of_outbox(operator: OperatorDep, folder: str, name: str) -> FileResponse:
    path = outbox_file(operator.settings, folder, name)
    plain = f"{folder}-{plain_name(path.name)}"
    if path.suffix == ".pdf":
        return FileResponse(
            path,
            media_type="application/pdf",
            filename=plain,
            content_disposition_type="inline",
            headers={"Content-Security-Policy": PDF_POLICY},
        )
    return FileResponse(path, media_type="application/octet-stream", filename=plain)


@router.get("/quality/report/{month}/{name}")
def report(reader: ReaderDep, month: str, name: str) -> FileResponse:
    """A file of a monthly report, which is masked and open to every reader."""
    found = quality_files.files_of(reader.settings, month).get(name)
    if found is None:
        raise UnknownError("file", f"{month}/{name}")
    return FileResponse(
        found,
        media_type="application/pdf" if found.suffix == ".pdf" else "text/html; charset=utf-8",
        headers={"Content-Security-Policy": REPORT_POLICY},
        filename=f"esep-quality-{month}-{name}",
        content_disposition_type="inline",
    )


@router.get("/static/{name}")
def static(name: str) -> FileResponse:
    """A style sheet or picture: by a route, because a mount of static files would pass the guard by."""
    found = {path.name: path for path in _STATIC.iterdir() if path.suffix in _KINDS}.get(name)
    if found is None:
        raise HTTPException(404)
    return FileResponse(found, media_type=_KINDS[found.suffix], headers={"Cache-Control": "private, max-age=3600"})
