"""What only an officer can answer: the list of questions, an answer as a run of the DAG `decision`, a transcription.

A transcription is the one decision that a page records itself: a file fits into no run, and whether it can be used is
said at once. It is read in the guarded process that reads packages; nothing of one that fails is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from esep import clock
from esep.answers import questions
from esep.answers.tables import ON_A_PAGE, page_of
from esep.office.decisions import DecisionError
from esep.web import decision_checks as checks
from esep.web import runs
from esep.web.access import check_form
from esep.web.filing_view import plain_name
from esep.web.queries import NumberPath, PageQuery
from esep.web.rendering import Asked, AskedDep, DecidedDep
from esep.web.routes.decide import FormDep, Sent, filing_decision, shown_again
from esep.web.seen import pools_as_seen

router = APIRouter()

_PIECE = 1024**2


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with a transcription as it was sent."""

    name: str
    content: BinaryIO | None
    reason: str
    incomplete: bool
    too_large: bool = False
    """Then nothing of it was read."""


@router.get("/questions")
def listed(
    asked: AskedDep,
    shown: Annotated[str, Query(alias="show", pattern="^(open|all)$")] = "open",
    page: PageQuery = 1,
) -> Response:
    """The questions with due date and answers; the open ones, or all."""
    today = clock.local_date(clock.now())
    found = questions.on_day(asked.warehouse, today)
    chosen = pools_as_seen([row for row in found if shown == "all" or row.state in questions.OPEN], asked.reader)
    waiting = sum(row.state in questions.OPEN for row in found)
    return asked.page(
        "questions.html",
        listed=page_of(chosen, page, ON_A_PAGE),
        shown=shown,
        today=today,
        counts={"open": waiting, "all": len(found)},
    )


@router.post("/filing/{number}/answer")
def answer(asked: FormDep, number: NumberPath, question: Sent = "", answer: Sent = "", reason: Sent = "") -> Response:
    """Answer a question about the filing (paras 8 and 10)."""
    fault = checks.answer_fault(asked, number, question, answer) or checks.reason_fault(asked, reason)
    conf = {
        "decision": "answer_question",
        "registration_no": number,
        "question": f"{question}/{number}",
        "answer": answer,
        "reason": reason.strip(),
    }
    return filing_decision(asked, number, conf, fault)


async def _upload(asked: DecidedDep, request: Request) -> AsyncIterator[Upload]:
    """The form; 403 for one that was not shown to this operator."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > checks.LARGEST_TRANSCRIPTION:
        yield Upload("", None, "", incomplete=False, too_large=True)
        return
    async with request.form(max_files=1, max_fields=8) as form:
        check_form(asked.reader.name, str(form.get("form_token") or ""))
        file, reason = form.get("transcription"), str(form.get("reason") or "")
        sent = file if isinstance(file, UploadFile) and file.filename else None
        name = plain_name(sent.filename) if sent and sent.filename else ""
        yield Upload(name, sent.file if sent else None, reason, bool(form.get("incomplete")))


@router.post("/filing/{number}/transcribe")
def transcribe(asked: DecidedDep, number: NumberPath, sent: Annotated[Upload, Depends(_upload)]) -> Response:
    """Keep and examine a workbook with the content of what no machine could read (para 8)."""
    fault = (
        (checks.too_large(asked) if sent.too_large else None)
        or checks.transcription_fault(asked, number, sent.name)
        or checks.reason_fault(asked, sent.reason)
        or _recorded(asked, number, sent)
    )
    if fault is None:
        runs.announce_filings()
        return RedirectResponse(f"{asked.root}/filing/{number}#questions", 303)
    conf = {"decision": "transcribe", "reason": sent.reason, "incomplete": "yes" if sent.incomplete else ""}
    return shown_again(asked, number, conf, fault)


def _recorded(asked: Asked, number: str, sent: Upload) -> str | None:
    """Hand the file in; the fault, if it cannot be used."""
    from esep.examination import answering

    assert sent.content is not None  # a form without a file has a fault
    with tempfile.TemporaryDirectory(prefix="esep-transcription-") as folder:
        path = Path(folder) / sent.name
        with path.open("wb") as kept:
            while piece := sent.content.read(_PIECE):
                kept.write(piece)
        try:
            answering.transcribe(
                asked.settings,
                number,
                path,
                sent.reason,
                asked.reader.name,
                clock.now(),
                incomplete=sent.incomplete,
            )
        except DecisionError as error:
            return asked.text("decide.fault_transcription", words=error)
    return None
