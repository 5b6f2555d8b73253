"""Forms with files, as an operator's browser sends them: limits, the form's token, and nothing that came cut off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import Request

from esep.web.access import check_form
from esep.web.form_files import Upload, sent_form
from esep.web.rendering import Asked

_TOKEN = "form_token"  # noqa: S105 - the name of a field


@asynccontextmanager
async def received(
    asked: Asked, request: Request, files: str, fields: Sequence[str], *, largest: int, most: int
) -> AsyncIterator[Upload]:
    """The form with its files (field `files`); raises 403 for one that was not shown to this operator.

    `largest` is in bytes, of the whole form; `most` is the number of files.
    """
    async with sent_form(request, files, (*fields, _TOKEN), largest=largest, most=most) as sent:
        if not sent.fault:
            check_form(asked.reader.name, sent.fields[_TOKEN])
        yield sent
