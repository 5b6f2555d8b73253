"""Readings of the law that the office confirms: the rows that can be, and the form by which an operator does it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from esep.office import confirmations
from esep.web import decision_checks as checks
from esep.web.rendering import Asked, AskedDep
from esep.web.routes.decide import Decision, FormDep, start

router = APIRouter()

Sent = Annotated[str, Form(max_length=4000)]


@router.get("/confirmation")
def readings(asked: AskedDep) -> Response:
    """Which rows of the law's tables are confirmed, by whom, when and by which document."""
    return _page(asked)


@router.post("/confirmation")
def confirm(
    asked: FormDep, row: Sent = "", confirmed_on: Sent = "", document: Sent = "", reason: Sent = ""
) -> Response:
    """Confirm a row by a document; `row` is its table and key, with a space between."""
    table, _, key = row.partition(" ")
    conf = {
        "decision": "confirm_reference",
        "table": table,
        "key": key,
        "confirmed_on": confirmed_on,
        "document": document.strip(),
        "reason": reason.strip(),
    }
    fault = checks.confirmation_fault(asked, table, key, confirmed_on, document) or checks.reason_fault(asked, reason)
    fault, answered = start(asked, conf, fault)
    return answered or _page(asked, status=422, fault=fault, sent=conf)


def _page(asked: Asked, *, status: int = 200, fault: str | None = None, sent: Decision | None = None) -> Response:
    rows = tuple(confirmations.law_rows(asked.settings))
    return asked.page("confirmation.html", status=status, rows=rows, fault=fault, sent=sent or {})
