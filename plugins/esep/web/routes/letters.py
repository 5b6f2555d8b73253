"""Letters for many at once: the lists, what a decision would do to the ticked ones, and the decision.

A decision is one run of the DAG `decision`, which writes each letter's own event. Whatever waits under Airflow's
"Required Actions" for one of them is answered with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import RedirectResponse

from esep import clock
from esep.answers.letters import letters
from esep.answers.tables import ON_A_PAGE, page_of
from esep.office import dispatches, letter_state
from esep.office.archive import ArchiveError
from esep.office.decisions import DecisionError
from esep.office.dispatches import BY_HAND, OutgoingLetter
from esep.office.events import Event
from esep.orchestration import dispatch
from esep.orchestration.required_action import all_languages
from esep.texts.numbers import moment
from esep.texts.words import event_words
from esep.web import access, required_actions, runs
from esep.web import decision_checks as checks
from esep.web.queries import PageQuery
from esep.web.rendering import Asked, DecidedDep
from esep.web.routes.decide import FormDep, Sent
from esep.web.seen import places

router = APIRouter()

_FORM = "letters"
"""The form of a preview."""

LISTS = ("waiting", "approved", "sent")
DECISIONS = {"approve": "approve_letter", "return": "return_letter", "dispatch": "record_dispatch"}
"""Button → the decision of the DAG."""
_RECORDED = {"approve": dispatches.LETTER_APPROVED, "return": dispatches.LETTER_RETURNED}
MOST = 500
"""Letters of one decision."""

Ticked = Annotated[list[str], Form()]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says is to be done with the ticked letters."""

    letters: list[str]
    action: str
    reason: str
    channel: str
    sent_at: str
    proof: str

    @property
    def moment(self) -> datetime | None:
        """When they were sent; without an offset it is local time. None for now; raises ValueError."""
        return clock.moment_of(self.sent_at) if self.sent_at else None

    def conf(self) -> dict[str, str]:
        """The fields of the run that records it."""
        fields = {"decision": DECISIONS[self.action], "letter_no": " ".join(self.letters)}
        if self.action == "dispatch":
            moment = self.moment
            sent = {"channel": self.channel, "proof": self.proof, "sent_at": moment.isoformat() if moment else ""}
            return fields | sent
        return fields | {"reason": self.reason or all_languages("dispatch.no_reason_on_page")}


def _wanted(
    letter: Ticked = [],  # noqa: B006 - FastAPI reads it, nobody changes it
    listed: Ticked = [],  # noqa: B006
    every: Sent = "",
    action: Sent = "",
    reason: Sent = "",
    channel: Sent = "",
    sent_at: Sent = "",
    proof: Sent = "",
) -> Wanted:
    ticked = listed if every else letter
    return Wanted(list(dict.fromkeys(ticked)), action, reason.strip(), channel, sent_at, proof.strip())


@router.get("/letters")
def listed(
    asked: DecidedDep,
    shown: Annotated[str, Query(alias="show", pattern="^(waiting|approved|sent)$")] = "waiting",
    page: PageQuery = 1,
) -> Response:
    """Letters that wait for an officer, that are approved and not sent, or that were sent lately."""
    return _page(asked, shown, page)


@router.post("/letters/preview")
def preview(
    asked: FormDep, wanted: Annotated[Wanted, Depends(_wanted)], shown: Annotated[Sent, Form(alias="show")] = "waiting"
) -> Response:
    """What would be done to which of the ticked letters, and which are left out, before anything is decided."""
    fault = _fault(asked, wanted)
    if fault:
        return _page(asked, shown if shown in LISTS else "waiting", status=422, fault=fault, wanted=wanted)
    return _shown(asked, wanted)


@router.post("/letters/decide")
def decide(asked: DecidedDep, chosen: Annotated[str, Form(max_length=200_000)] = "") -> Response:
    """Decide what was shown; one run for all of it. Shown again where somebody decided otherwise meanwhile."""
    shown = access.opened(asked.reader.name, _FORM, chosen)
    wanted = Wanted(**shown["wanted"])
    if changed := _decided_since(asked, wanted, shown["decided"]):
        return _shown(asked, wanted, status=409, changed=changed)
    conf = {name: value for name, value in wanted.conf().items() if value}
    try:
        run_id = runs.start_decision(conf, asked.reader.name)
    except runs.NotStartedError as error:
        fault = asked.text("decide.fault_not_started", words=error)
        return _page(asked, "waiting", status=422, fault=fault, wanted=wanted)
    if wanted.action != "dispatch":
        option = dispatch.APPROVE if wanted.action == "approve" else dispatch.REJECT
        required_actions.close_letters(wanted.letters, option, conf["reason"], asked.reader.name)
    return RedirectResponse(f"{asked.root}/decision?run_id={quote(run_id, safe='')}", 303)


def _shown(asked: Asked, wanted: Wanted, *, status: int = 200, changed: Sequence[str] = ()) -> Response:
    """The page of a preview with the form to decide what it shows."""
    now, has_mail = clock.now(), wanted.action == "approve" and dispatch.has_mail()
    going, left_out, journal = [], [], dispatches.journal_once(asked.settings)
    for letter_no in wanted.letters:
        letter, reason = checks.letter_fault(asked, letter_no, now, journal)
        if letter and reason is None and wanted.action == "dispatch":
            reason = checks.before_letter_fault(asked, letter, wanted.moment)
        if letter is None or reason:
            left_out.append((letter_no, reason))
        else:
            going.append(letter)
    chosen = {
        "wanted": asdict(wanted) | {"letters": [letter.letter_no for letter in going]},
        "decided": [_mark(letter_state.decision(asked.settings, letter, journal)) for letter in going],
    }
    return asked.page(
        "letters_preview.html",
        status=status,
        wanted=wanted,
        changed=changed,
        going=[
            (letter, _way(asked, letter, now, has_mail=has_mail) if wanted.action == "approve" else None)
            for letter in going
        ],
        left_out=left_out,
        chosen=access.signed(asked.reader.name, _FORM, chosen) if going else "",
    )


def _decided_since(asked: Asked, wanted: Wanted, marks: Sequence[str]) -> list[str]:
    """What others decided about the letters since these marks were shown; a dispatch is a fact whatever they did."""
    if wanted.action == "dispatch":
        return []
    journal, said = dispatches.journal_once(asked.settings), []
    for letter_no, mark in zip(wanted.letters, marks, strict=True):
        try:
            last = letter_state.decision(asked.settings, dispatches.letter_of(asked.settings, letter_no), journal)
        except (DecisionError, ArchiveError):
            continue  # the run says so
        is_own = last and (last.kind, last.author) == (_RECORDED[wanted.action], asked.reader.name)
        if last and _mark(last) != mark and not is_own:  # the same form sent twice decides nothing else
            what = event_words(last.kind, last.data, asked.language)
            said.append(f"{what}, {last.author}, {moment(last.at, asked.language)}")
    return said


def _mark(decided: Event | None) -> str:
    """Tells an event of a letter from every other; empty for none."""
    return decided.path.name if decided else ""


def _fault(asked: Asked, wanted: Wanted) -> str | None:
    """What is wrong with the form as a whole."""
    if not wanted.letters:
        return asked.text("decide.fault_no_letters")
    if len(wanted.letters) > MOST:
        return asked.text("decide.fault_many_letters", limit=MOST)
    if wanted.action not in DECISIONS:
        return asked.text("decide.fault_no_choice")
    if wanted.action == "dispatch":
        try:
            return checks.sending_fault(asked, wanted.channel, wanted.proof, wanted.moment)
        except ValueError:
            return asked.text("decide.fault_moment")
    if wanted.action == "approve" and not wanted.reason:
        return None
    return checks.reason_fault(asked, wanted.reason)


def _way(asked: Asked, letter: OutgoingLetter, now: datetime, *, has_mail: bool) -> str:
    """How the letter leaves once it is approved, in words."""
    to = dispatch.addresses(asked.settings, letter, clock.local_date(now))
    way = dispatch.way_of(to, has_mail=has_mail)
    return asked.text(f"letters.{way}", to=", ".join(to))


def _page(
    asked: Asked,
    shown: str,
    page: int = 1,
    *,
    status: int = 200,
    fault: str | None = None,
    wanted: Wanted | None = None,
) -> Response:
    now = clock.now()
    found = letters(asked.warehouse, asked.settings, now)
    lists: Mapping[str, Any] = {name: getattr(found, name) for name in LISTS}
    return asked.page(
        "letters.html",
        status=status,
        fault=fault,
        wanted=wanted,
        shown=shown,
        lists=LISTS,
        counts={name: len(rows) for name, rows in lists.items()},
        listed=page_of(lists[shown], page, ON_A_PAGE),
        today=clock.local_date(now),
        channels=BY_HAND,
        steps=required_actions.addresses(asked) if shown == "waiting" else {},
        sent_at=lambda event: datetime.fromisoformat(event.data["sent_at"]),
        letter_faults=places(found.faults, asked.settings),
    )
