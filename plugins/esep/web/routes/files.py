"""Downloads of a filing: what the pool sent, as received, and the letters of the office. Operators only.

What a pool sent is never rendered: it leaves as an attachment of no type. Names come from receipt and outbox; what a
reader sends is only compared with them.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from fastapi import APIRouter
from fastapi.responses import FileResponse

from esep.answers.filing_archive import outbox_file, package_file
from esep.web.access import OperatorDep
from esep.web.routes.decide import Month, PoolId
from esep.web.routes.filing import Number

router = APIRouter()

PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""A browser's own viewer of PDF styles itself."""


@router.get("/filing/{number}/file/package")
def received(operator: OperatorDep, number: Number, path: str = "") -> FileResponse:
    """A file of the package, the bytes as received. `path` is no part of the address: a name may hold line breaks."""
    file, place = package_file(operator.settings, number, path)
    return FileResponse(
        place,
        media_type="application/octet-stream",
        filename=_plain_name(file.path),
        headers={"ETag": f'"{file.sha256}"'},
    )


@router.get("/filing/{number}/file/outbox/{name}")
def letter(operator: OperatorDep, number: Number, name: str) -> FileResponse:
    """A letter about a filing, or what goes with it."""
    return _of_outbox(operator, number, name)


@router.get("/silence/{pool_id}/{month}/file/{name}")
def letter_of_month(
    operator: OperatorDep,
    pool_id: PoolId,
    month: Month,
    name: str,
) -> FileResponse:
    """A letter about a month without a filing."""
    return _of_outbox(operator, f"{pool_id}-{month[:7]}", name)


def _of_outbox(operator: OperatorDep, folder: str, name: str) -> FileResponse:
    path = outbox_file(operator.settings, folder, name)
    plain = f"{folder}-{_plain_name(path.name)}"
    if path.suffix == ".pdf":
        return FileResponse(
            path,
            media_type="application/pdf",
            filename=plain,
            content_disposition_type="inline",
            headers={"Content-Security-Policy": PDF_POLICY},
        )
    return FileResponse(path, media_type="application/octet-stream", filename=plain)


def _plain_name(path: str) -> str:
    """The name alone, without signs that hide or turn round what it is."""
    name = PurePosixPath(path).name or "file"
    return "".join("_" if unicodedata.category(sign).startswith("C") else sign for sign in name)[-150:]
