"""What only an officer can answer: the list of questions, an answer as a run of the DAG `decision`, a transcription.

A transcription is the one decision that a page records itself: a file fits into no run, and whether it can be used is
said at once. It is read in the guarded process that reads packages; nothing of one that fails is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from esep import clock
from esep.answers import questions
from esep.answers.tables import ON_A_PAGE, page_of
from esep.office.decisions import DecisionError
from esep.web import decision_checks as checks
from esep.web import required_actions, runs, uploads
from esep.web.filing_view import plain_name
from esep.web.form_files import SentFile, Upload
from esep.web.queries import NumberPath, PageQuery
from esep.web.rendering import Asked, AskedDep, DecidedDep
from esep.web.routes.decide import FormDep, Sent, filing_decision, shown_again
from esep.web.seen import pools_as_seen

router = APIRouter()

_PIECE = 1024**2


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
        steps=required_actions.addresses(asked),
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
    largest, fields = checks.LARGEST_TRANSCRIPTION, ("reason", "incomplete")
    async with uploads.received(asked, request, "transcription", fields, largest=largest, most=1) as sent:
        yield sent


@router.post("/filing/{number}/transcribe")
def transcribe(asked: DecidedDep, number: NumberPath, sent: Annotated[Upload, Depends(_upload)]) -> Response:
    """Keep and examine a workbook with the content of what no machine could read (para 8)."""
    reason, incomplete = sent.fields.get("reason", ""), bool(sent.fields.get("incomplete"))
    file = sent.files[0] if sent.files else None
    fault = (
        (checks.upload_fault(asked, sent.fault) if sent.fault else None)
        or checks.transcription_fault(asked, number, plain_name(file.name) if file else "")
        or checks.reason_fault(asked, reason)
        or _recorded(asked, number, file, reason, incomplete)
    )
    if fault is None:
        runs.announce_filings()
        return RedirectResponse(f"{asked.root}/filing/{number}#questions", 303)
    conf = {"decision": "transcribe", "reason": reason, "incomplete": "yes" if incomplete else ""}
    return shown_again(asked, number, conf, fault)


def _recorded(asked: Asked, number: str, file: SentFile | None, reason: str, incomplete: bool) -> str | None:
    """Hand the file in; the fault, if it cannot be used."""
    from esep.examination import answering

    assert file is not None  # a form without a file has a fault
    with tempfile.TemporaryDirectory(prefix="esep-transcription-") as folder:
        path = Path(folder) / plain_name(file.name)
        with path.open("wb") as kept:
            while piece := file.content.read(_PIECE):
                kept.write(piece)
        try:
            answering.transcribe(
                asked.settings,
                number,
                path,
                reason,
                asked.reader.name,
                clock.now(),
                incomplete=incomplete,
            )
        except DecisionError as error:
            return asked.text("decide.fault_transcription", words=error)
    return None
