"""What operators decide in pages. A decision is a run of the DAG `decision`: checked here, recorded there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from esep import clock
from esep.answers import UnknownError, filing_findings, masking, open_warehouse
from esep.answers.filing_archive import archived, letters, month_events
from esep.answers.filing_findings import Rules
from esep.answers.silence import silence
from esep.answers.snapshot import snapshot
from esep.office.dispatches import BY_HAND
from esep.orchestration import names
from esep.texts import text
from esep.web import decision_checks as checks
from esep.web import forms, runs
from esep.web.access import OperatorDep, Reader, ReaderDep
from esep.web.filing_view import month_happened
from esep.web.rendering import render, root
from esep.web.routes.filing import Number, filing_page
from esep.web.seen import places

router = APIRouter()

PoolId = Annotated[str, Path(pattern=r"^[0-9]{12}$")]
Month = Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])(-01)?$")]
Sent = Annotated[str, Form(max_length=4000)]


@router.post("/filing/{number}/overrule")
def overrule(
    request: Request, operator: OperatorDep, number: Number, form_token: Sent = "", reason: Sent = ""
) -> Response:
    """Overrule a refusal (para 8)."""
    forms.check(operator.name, form_token)
    fault = checks.reason_fault(reason, operator.language) or checks.overrule_fault(
        operator.settings, number, operator.language
    )
    conf = {"decision": "overrule_refusal", "registration_no": number, "reason": reason.strip()}
    return _filing_decision(request, operator, number, conf, fault)


@router.post("/filing/{number}/waive")
def waive(
    request: Request,
    operator: OperatorDep,
    number: Number,
    form_token: Sent = "",
    rule_id: Sent = "",
    until: Sent = "",
    reason: Sent = "",
) -> Response:
    """Set a reliability rule aside for the filing until a day (para 10)."""
    forms.check(operator.name, form_token)
    rules = Rules(operator.settings)
    with open_warehouse(operator.settings) as connection:
        lanes = {group.rule_id: group.lane for group in filing_findings.groups(connection, number, rules)}
    fault = checks.waiver_fault(rule_id, until, lanes, clock.now(), operator.language) or checks.reason_fault(
        reason, operator.language
    )
    conf = {
        "decision": "waive_rule",
        "registration_no": number,
        "rule_id": rule_id,
        "until": until,
        "reason": reason.strip(),
    }
    return _filing_decision(request, operator, number, conf, fault)


@router.post("/filing/{number}/dispatch")
def dispatch(
    request: Request,
    operator: OperatorDep,
    number: Number,
    form_token: Sent = "",
    letter_no: Sent = "",
    channel: Sent = "",
    proof: Sent = "",
    sent_at: Sent = "",
    recipients: Sent = "",
) -> Response:
    """Record that a letter was sent by hand (paras 8 and 10)."""
    forms.check(operator.name, form_token)
    conf, fault = _dispatch(operator, f"{number}/", letter_no, channel, proof, sent_at, recipients)
    return _filing_decision(request, operator, number, conf, fault)


@router.get("/silence/{pool_id}/{month}")
def question(request: Request, reader: ReaderDep, pool_id: PoolId, month: Month) -> Response:
    """What is known of a month without a filing, and the question to decide."""
    if masking.is_person(pool_id) and not reader.is_operator:
        raise HTTPException(403)
    return _silence_page(request, reader, pool_id, month)


@router.post("/silence/{pool_id}/{month}")
def answer(
    request: Request,
    operator: OperatorDep,
    pool_id: PoolId,
    month: Month,
    form_token: Sent = "",
    decision: Sent = "",
    reason: Sent = "",
) -> Response:
    """Confirm or explain the silence (paras 5 and 10)."""
    forms.check(operator.name, form_token)
    period = _period(month)
    with open_warehouse(operator.settings) as connection:
        filed = silence(connection, pool_id, period).month.registration_no is not None
    language = operator.language
    fault = (
        (None if decision in ("confirm_silence", "explain_silence") else text("decide.fault_no_choice", language))
        or checks.silence_fault(pool_id, period, filed, clock.now(), language)
        or checks.reason_fault(reason, language)
    )
    conf = {"decision": decision, "pool_id": pool_id, "period": period.isoformat(), "reason": reason.strip()}
    return _silence_decision(request, operator, pool_id, month, conf, fault)


@router.post("/silence/{pool_id}/{month}/dispatch")
def dispatch_of_month(
    request: Request,
    operator: OperatorDep,
    pool_id: PoolId,
    month: Month,
    form_token: Sent = "",
    letter_no: Sent = "",
    channel: Sent = "",
    proof: Sent = "",
    sent_at: Sent = "",
    recipients: Sent = "",
) -> Response:
    """Record that a letter about a month without a filing was sent by hand."""
    forms.check(operator.name, form_token)
    folder = f"{pool_id}-{_period(month):%Y-%m}/"
    conf, fault = _dispatch(operator, folder, letter_no, channel, proof, sent_at, recipients)
    return _silence_decision(request, operator, pool_id, month, conf, fault)


@router.get("/decision")
def started(
    request: Request, operator: OperatorDep, run_id: Annotated[str, Query(min_length=1, max_length=250)]
) -> Response:
    """What became of a decision that was started in a page."""
    run = runs.decision_run(run_id)
    if run is None:
        raise UnknownError("run", run_id)
    address = runs.run_address(request, names.DECISION, run_id)
    return render(request, operator, "decide_started.html", run=run, address=address)


def _filing_decision(
    request: Request, operator: Reader, number: str, conf: Mapping[str, str], fault: str | None
) -> Response:
    fault, answered = _start(request, operator, conf, fault)
    if answered is not None:
        return answered
    kept = archived(operator.settings, number)
    return filing_page(request, operator, number, kept, status=422, fault=fault, sent=conf)


def _silence_decision(
    request: Request, operator: Reader, pool_id: str, month: str, conf: Mapping[str, str], fault: str | None
) -> Response:
    fault, answered = _start(request, operator, conf, fault)
    return answered or _silence_page(request, operator, pool_id, month, status=422, fault=fault, sent=conf)


def _start(
    request: Request, operator: Reader, conf: Mapping[str, str], fault: str | None
) -> tuple[str | None, Response | None]:
    """Start the run and answer with the way to its page; else the fault."""
    if fault is None:
        try:
            run_id = runs.start_decision({name: value for name, value in conf.items() if value}, operator.name)
        except runs.NotStartedError as error:
            fault = text("decide.fault_not_started", operator.language, words=error)
        else:
            return None, RedirectResponse(f"{root(request)}/decision?run_id={quote(run_id, safe='')}", 303)
    return fault, None


def _dispatch(
    operator: Reader, folder: str, letter_no: str, channel: str, proof: str, sent_at: str, recipients: str
) -> tuple[dict[str, str], str | None]:
    """The run's fields and what is wrong with them. A moment of the form is local time."""
    conf = {
        "decision": "record_dispatch",
        "letter_no": letter_no,
        "channel": channel,
        "proof": proof.strip(),
        "sent_at": sent_at,
        "recipients": "; ".join(part.strip() for part in recipients.replace("\n", ";").split(";") if part.strip()),
    }
    try:
        moment = datetime.fromisoformat(sent_at) if sent_at else None
    except ValueError:
        return conf, text("decide.fault_moment", operator.language)
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.TIMEZONE)
    fault = checks.dispatch_fault(operator.settings, letter_no, channel, proof, moment, clock.now(), operator.language)
    if fault is None and not letter_no.startswith(folder):
        fault = text("decide.fault_letter", operator.language, letter=letter_no)
    if fault is None and moment is not None:
        conf["sent_at"] = moment.isoformat()
    return conf, fault


def _silence_page(
    request: Request,
    reader: Reader,
    pool_id: str,
    month: str,
    *,
    status: int = 200,
    fault: str | None = None,
    sent: Mapping[str, str] | None = None,
) -> Response:
    period = _period(month)
    with open_warehouse(reader.settings) as connection:
        told = silence(connection, pool_id, period)
        of_month = month_events(connection, pool_id, period)
        read = snapshot(connection)
    own_letters = letters(reader.settings, f"{pool_id}-{period:%Y-%m}", of_month)
    return render(
        request,
        reader,
        "silence.html",
        status=status,
        told=told,
        letters=own_letters[0],
        letter_faults=places(own_letters[1], reader.settings),
        events=month_happened(of_month, reader),
        channels=BY_HAND,
        fault=fault,
        sent=sent or {},
        snapshot=read,
    )


def _period(month: str) -> date:
    return date.fromisoformat(f"{month[:7]}-01")
