"""The files of the form, written into a folder within limits."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from starlette.requests import Request

from esep.office.hand_in import kept_names
from esep.web.form_files import UploadFault, sent_form

LARGEST = 20 * 1024**2
"""Bytes of a form with its files."""
MOST_FILES = 40
SECONDS = 120.0
"""For which a form may be on its way."""


class UploadError(ValueError):
    """What was sent cannot be used; `key` is that of its text, `status` the answer's."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status, self.key = status, key


_FAULTS = {
    UploadFault.TOO_LARGE: "filer_page.too_large",
    UploadFault.TOO_MANY: "filer_page.too_many_files",
    UploadFault.CUT_OFF: "common.upload_cut_off",
    UploadFault.BROKEN: "common.upload_broken",
}


async def take(request: Request, folder: Path) -> list[str]:
    """Write the files of the form into the folder under plain names; gives these in the order of the form.

    Raises UploadError, and ClientDisconnect for a browser that has gone.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UploadError(415, "filer_page.not_a_form")
    try:
        async with (
            asyncio.timeout(SECONDS),
            sent_form(request, "files", (), largest=LARGEST, most=MOST_FILES) as sent,
        ):
            if sent.fault:
                raise UploadError(sent.fault.status, _FAULTS[sent.fault])
            names = kept_names(file.name for file in sent.files)
            for file, name in zip(sent.files, names, strict=True):
                with (folder / name).open("wb") as written:
                    shutil.copyfileobj(file.content, written)
    except TimeoutError:
        raise UploadError(408, "common.upload_cut_off") from None
    if not names:
        raise UploadError(422, "common.upload_no_file")
    return names
