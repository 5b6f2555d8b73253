"""What operators decide in pages. A decision is a run of the DAG `decision`: checked here, recorded there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import RedirectResponse

from esep import clock
from esep.answers import UnknownError, filing_findings
from esep.answers.calendar import silence
from esep.answers.filing_archive import archived, letters, month_events
from esep.letters.remarks import Citations
from esep.office.dispatches import BY_HAND
from esep.orchestration import names
from esep.web import decision_checks as checks
from esep.web import required_actions, runs
from esep.web.access import check_form
from esep.web.filing_view import month_happened
from esep.web.queries import MonthPath, NumberPath, PoolPath
from esep.web.rendering import Asked, AskedDep, DecidedDep
from esep.web.routes.filing import filing_page
from esep.web.seen import check_may_see, places, without_home

router = APIRouter()

Sent = Annotated[str, Form(max_length=4000)]
Decision = Mapping[str, str]
"""The fields of a run of the DAG `decision`."""


def _form(asked: DecidedDep, form_token: Sent = "") -> Asked:
    check_form(asked.reader.name, form_token)
    return asked


FormDep = Annotated[Asked, Depends(_form)]
"""A form that was shown to this operator; 403 for others."""


def _dispatch(
    asked: FormDep,
    letter_no: Sent = "",
    channel: Sent = "",
    proof: Sent = "",
    sent_at: Sent = "",
    recipients: Sent = "",
) -> tuple[Decision, str | None]:
    """The record that a letter was sent by hand, and what is wrong with it. A moment of the form is local time."""
    conf = {
        "decision": "record_dispatch",
        "letter_no": letter_no,
        "channel": channel,
        "proof": proof.strip(),
        "sent_at": sent_at,
        "recipients": "; ".join(part.strip() for part in recipients.replace("\n", ";").split(";") if part.strip()),
    }
    try:
        moment = clock.moment_of(sent_at) if sent_at else None
    except ValueError:
        return conf, asked.text("decide.fault_moment")
    fault = checks.dispatch_fault(asked, letter_no, channel, proof, moment)
    if fault is None and moment is not None:
        conf["sent_at"] = moment.isoformat()
    return conf, fault


DispatchDep = Annotated[tuple[Decision, str | None], Depends(_dispatch)]


@router.post("/filing/{number}/overrule")
def overrule(asked: FormDep, number: NumberPath, reason: Sent = "") -> Response:
    """Overrule a refusal (para 8)."""
    fault = checks.reason_fault(asked, reason) or checks.overrule_fault(asked, number)
    conf = {"decision": "overrule_refusal", "registration_no": number, "reason": reason.strip()}
    return filing_decision(asked, number, conf, fault)


@router.post("/filing/{number}/waive")
def waive(asked: FormDep, number: NumberPath, rule_id: Sent = "", until: Sent = "", reason: Sent = "") -> Response:
    """Set a reliability rule aside for the filing until a day (para 10)."""
    groups = filing_findings.groups(asked.warehouse, number, Citations.of(asked.settings))
    lanes = {group.rule_id: group.lane for group in groups}
    fault = checks.waiver_fault(asked, rule_id, until, lanes) or checks.reason_fault(asked, reason)
    conf = {
        "decision": "waive_rule",
        "registration_no": number,
        "rule_id": rule_id,
        "until": until,
        "reason": reason.strip(),
    }
    return filing_decision(asked, number, conf, fault)


@router.post("/filing/{number}/dispatch")
def dispatch(asked: FormDep, number: NumberPath, sent: DispatchDep) -> Response:
    """Record that a letter was sent by hand (paras 8 and 10)."""
    return filing_decision(asked, number, sent[0], _of_folder(asked, number, *sent))


@router.get("/silence/{pool_id}/{month}")
def question(asked: AskedDep, pool_id: PoolPath, month: MonthPath) -> Response:
    """What is known of a month without a filing, and the question to decide."""
    check_may_see(asked.reader, pool_id)
    return _silence_page(asked, pool_id, month)


@router.post("/silence/{pool_id}/{month}")
def answer(asked: FormDep, pool_id: PoolPath, month: MonthPath, decision: Sent = "", reason: Sent = "") -> Response:
    """Confirm or explain the silence (paras 5 and 10)."""
    period = _period(month)
    filed = silence(asked.warehouse, pool_id, period).month.registration_no is not None
    is_chosen = decision in ("confirm_silence", "explain_silence")
    fault = (
        (None if is_chosen else asked.text("decide.fault_no_choice"))
        or checks.silence_fault(asked, pool_id, period, filed)
        or checks.reason_fault(asked, reason)
    )
    conf = {"decision": decision, "pool_id": pool_id, "period": period.isoformat(), "reason": reason.strip()}
    return _silence_decision(asked, pool_id, month, conf, fault)


@router.post("/silence/{pool_id}/{month}/dispatch")
def dispatch_of_month(asked: FormDep, pool_id: PoolPath, month: MonthPath, sent: DispatchDep) -> Response:
    """Record that a letter about a month without a filing was sent by hand."""
    fault = _of_folder(asked, f"{pool_id}-{_period(month):%Y-%m}", *sent)
    return _silence_decision(asked, pool_id, month, sent[0], fault)


@router.get("/decision")
def started(asked: DecidedDep, run_id: Annotated[str, Query(min_length=1, max_length=250)]) -> Response:
    """What became of a decision that was started in a page."""
    run = runs.decision_run(run_id)
    if run is None:
        raise UnknownError("run", run_id)
    address = runs.run_address(asked.request, names.DECISION, run_id)
    return asked.page(
        "decide_started.html",
        run=run,
        address=address,
        results=[
            row | {"words": without_home(row["words"], asked.settings)} for row in runs.letters_of_decision(run_id)
        ],
    )


def _of_folder(asked: Asked, folder: str, conf: Decision, fault: str | None) -> str | None:
    """What is wrong with a dispatch; that the letter is about something else, too."""
    if fault is None and not conf["letter_no"].startswith(f"{folder}/"):
        return asked.text("decide.fault_letter", letter=conf["letter_no"])
    return fault


def filing_decision(asked: Asked, number: str, conf: Decision, fault: str | None) -> Response:
    """Start the run that records the decision; the page with the fault and what was sent, where there is one."""
    fault, answered = start(asked, conf, fault)
    return answered or shown_again(asked, number, conf, fault)


def shown_again(asked: Asked, number: str, conf: Decision, fault: str | None) -> Response:
    """The filing's page with what was sent, and what is wrong with it."""
    return filing_page(asked, number, archived(asked.settings, number), status=422, fault=fault, sent=conf)


def _silence_decision(asked: Asked, pool_id: str, month: str, conf: Decision, fault: str | None) -> Response:
    fault, answered = start(asked, conf, fault)
    return answered or _silence_page(asked, pool_id, month, status=422, fault=fault, sent=conf)


def start(asked: Asked, conf: Decision, fault: str | None) -> tuple[str | None, Response | None]:
    """Start the run and answer with the way to its page; else the fault."""
    if fault is None:
        try:
            run_id = runs.start_decision({name: value for name, value in conf.items() if value}, asked.reader.name)
        except runs.NotStartedError as error:
            fault = asked.text("decide.fault_not_started", words=error)
        else:
            return None, RedirectResponse(f"{asked.root}/decision?run_id={quote(run_id, safe='')}", 303)
    return fault, None


def _silence_page(
    asked: Asked,
    pool_id: str,
    month: str,
    *,
    status: int = 200,
    fault: str | None = None,
    sent: Decision | None = None,
) -> Response:
    period = _period(month)
    known = silence(asked.warehouse, pool_id, period)
    of_month = month_events(asked.warehouse, pool_id, period)
    own_letters = letters(asked.settings, f"{pool_id}-{period:%Y-%m}", of_month)
    return asked.page(
        "silence.html",
        status=status,
        known=known,
        letters=own_letters[0],
        letter_faults=places(own_letters[1], asked.settings),
        events=month_happened(of_month, asked.reader),
        channels=BY_HAND,
        steps=required_actions.addresses(asked),
        fault=fault,
        sent=sent or {},
    )


def _period(month: str) -> date:
    return date.fromisoformat(f"{month[:7]}-01")
