"""A form with files, read within limits; nothing of it is taken that came cut off. Without Airflow, for every page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from esep.texts import text

_LONGEST_FIELD = 4000
"""Characters of a field that are read."""


class UploadFault(StrEnum):
    """Why nothing of a form is taken."""

    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    CUT_OFF = "cut_off"
    """Less came than was announced."""
    BROKEN = "broken"

    @property
    def status(self) -> int:
        """Of the answer."""
        return 413 if self in (UploadFault.TOO_LARGE, UploadFault.TOO_MANY) else 400

    def words(self, language: str, largest: int, most: int) -> str:
        """In a language; `largest` bytes and `most` files are the form's limits."""
        return text(f"common.upload_{self}", language, limit=largest // 1024**2, most=most)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of the form; `name` is what the browser says. The content is there until the answer is made."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Upload:
    """A form as it was sent."""

    files: Sequence[SentFile] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    """All that the form may have; those that did not come are empty."""
    fault: UploadFault | None = None
    """Then there are neither files nor fields."""


@asynccontextmanager
async def sent_form(
    request: Request, files: str, fields: Sequence[str], *, largest: int, most: int
) -> AsyncIterator[Upload]:
    """The form with its files (field `files`). `largest` is in bytes, of the whole form; `most` is the number of files.

    A form of unknown length is too large. Raises ClientDisconnect for a browser that has gone.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > largest:
        yield Upload(fault=UploadFault.TOO_LARGE)
        return
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:  # without files
            yield _upload(form, files, fields)
        return
    parser = _Parser(request.headers, request.stream(), max_files=most, max_fields=len(fields) + 1)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        is_many = error.message.startswith("Too many files")
        yield Upload(fault=UploadFault.TOO_MANY if is_many else UploadFault.BROKEN)
        return
    try:
        yield _upload(form, files, fields) if parser.is_whole else Upload(fault=UploadFault.CUT_OFF)
    finally:
        await form.close()


class _Parser(MultiPartParser):
    """Starlette's, which leaves out in silence a file that was cut off, and notes here whether the end came."""

    is_whole = False

    def on_end(self) -> None:
        self.is_whole = True


def _upload(form: FormData, files: str, fields: Sequence[str]) -> Upload:
    sent = [one for one in form.getlist(files) if isinstance(one, UploadFile) and one.filename]
    return Upload(
        [SentFile(one.filename or "", one.file) for one in sent],
        {name: _text(form, name) for name in fields},
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value[:_LONGEST_FIELD] if isinstance(value, str) else ""
