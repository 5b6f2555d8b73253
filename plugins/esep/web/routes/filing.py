"""A filing: its page, its faults, its rows, what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from esep import clock
from esep.answers import UnknownError, WarehouseError, duties, filing_findings, questions
from esep.answers import filing as filings
from esep.answers.filing import Cells
from esep.answers.filing_archive import (
    Archived,
    Letters,
    archived,
    commented_copies,
    letters,
    month_events,
    transcriptions,
    unshown_answer,
)
from esep.answers.tables import ON_A_PAGE, Row
from esep.law.identifiers import IdentifierState
from esep.letters.remarks import Citations
from esep.letters.wording import citation
from esep.office.dispatches import BY_HAND
from esep.office.questions import ASK_POOL
from esep.web import required_actions
from esep.web.decision_checks import LARGEST_TRANSCRIPTION, TRANSCRIBED_AS
from esep.web.filing_view import happened, timeline
from esep.web.queries import NumberPath, PageQuery, RuleQuery
from esep.web.rendering import Asked, AskedDep
from esep.web.seen import fault_as_seen, group_remark, places, pool_of, warehouse_key

router = APIRouter()

FIRST_FAULTS = 5
"""Faults of a rule that the filing's page shows; the others are a click away."""
FIRST_CHANGES = 10


@router.get("/filing/{number}")
def filing(asked: AskedDep, number: NumberPath) -> Response:
    """The whole filing; from the archive alone while the warehouse does not hold it."""
    kept = archived(asked.settings, number)
    try:
        return filing_page(asked, number, kept)
    except (UnknownError, WarehouseError) as error:
        if kept is None:
            raise
        return _archived_page(asked, kept, error)


def filing_page(
    asked: Asked,
    number: str,
    kept: Archived | None,
    *,
    status: int = 200,
    fault: str | None = None,
    sent: Mapping[str, str] | None = None,
) -> Response:
    """The page of a filing that the warehouse holds; `fault` and `sent`: of a form that has to be filled in again.

    Raises UnknownError for a filing that it does not hold.
    """
    connection, reader = asked.warehouse, asked.reader
    citations = Citations.of(asked.settings)
    shown = filings.filing(connection, number)
    versions = filings.versions(connection, shown)
    of_month = month_events(connection, shown.pool_id, shown.period) if shown.pool_id and shown.period else ()
    own_letters = letters(asked.settings, number, (*(kept.events if kept else ()), *of_month))
    first = filing_findings.first_faults(connection, number, FIRST_FAULTS)
    return _page(
        asked,
        "filing.html",
        shown,
        status=status,
        versions=versions,
        examinations=filings.examinations(connection, number),
        duties=duties.of_filing(connection, number),
        handovers=filings.handovers(connection, number),
        **_questions(asked, number, shown, kept),
        groups=filing_findings.groups(connection, number, citations),
        faults={rule: [fault_as_seen(one, citations, reader) for one in found] for rule, found in first.items()},
        withdrawn=[fault_as_seen(one, citations, reader) for one in filing_findings.withdrawn(connection, number)],
        contribution=filings.contribution(connection, number) if shown.status == "accepted" else (),
        row_total=filings.rows(number).count(connection),
        **(_changed(asked, number) if shown.kind == "correction" else {}),
        **_of_archive(asked, kept, own_letters),
        copies=commented_copies(own_letters[0], number),
        events=happened(kept, of_month, number, reader),
        timeline=timeline(shown, versions, own_letters[0]),
        first=FIRST_FAULTS,
        first_changes=FIRST_CHANGES,
        channels=BY_HAND,
        fault=fault,
        sent=sent or {},
    )


def _page(asked: Asked, template: str, shown: Row, **values: Any) -> Response:
    """A page about a filing."""
    return asked.page(
        template,
        filing=shown,
        pool=pool_of(shown, asked.reader),
        cells=Cells(asked.settings, shown.registration_no),
        remark=group_remark,
        citation=citation,
        today=clock.local_date(clock.now()),
        **values,
    )


def _questions(asked: Asked, number: str, shown: Row, kept: Archived | None) -> dict[str, Any]:
    """What is asked about the filing and what was answered; `asked_now`: the kinds that still can be answered.

    `just_answered`: the answer that the archive has and the warehouse does not show yet.
    """
    found = questions.of_filing(asked.warehouse, number, clock.local_date(clock.now()))
    pending = unshown_answer(kept, found)
    closed = pending.question if pending and pending.answer != ASK_POOL else None
    asks = {row.kind for row in found if row.state in questions.OPEN or row.kind == shown.question}
    return {
        "questions": found,
        "asked_now": asks - {closed},
        "just_answered": pending,
        "transcriptions": transcriptions(kept),
        "transcribed_as": TRANSCRIBED_AS,
        "transcription_limit": LARGEST_TRANSCRIPTION,
        "joins": shown.joins,
        "joined_by": filings.joined_by(asked.warehouse, number),
    }


def _changed(asked: Asked, number: str) -> dict[str, Any]:
    """What a correction changed, as far as the filing's page shows it."""
    return {
        "effect_totals": filings.effect_totals(asked.warehouse, number),
        "effects": filings.effects(number).rows(asked.warehouse, FIRST_CHANGES),
        "change_counts": filings.change_counts(asked.warehouse, number),
        "changes": filings.changes(number).rows(asked.warehouse, FIRST_CHANGES),
    }


def _of_archive(asked: Asked, kept: Archived | None, own_letters: Letters) -> dict[str, Any]:
    """What archive and outbox have, and the files of them that cannot be read."""
    return {
        "kept": kept,
        "damaged": places(kept.faults if kept else (), asked.settings),
        "letters": own_letters[0],
        "letter_faults": places(own_letters[1], asked.settings),
        "steps": required_actions.addresses(asked),
    }


@router.get("/filing/{number}/findings")
def findings(asked: AskedDep, number: NumberPath, rule: RuleQuery = None, page: PageQuery = 1) -> Response:
    """The faults one by one, of one rule or all; to the filing's page while the warehouse does not hold it."""
    citations = Citations.of(asked.settings)
    try:
        shown = filings.filing(asked.warehouse, number)
    except UnknownError:
        if archived(asked.settings, number) is None:
            raise
        return RedirectResponse(f"{asked.root}/filing/{number}", 303)
    groups = filing_findings.groups(asked.warehouse, number, citations)
    listed = filing_findings.faults(number, rule).page(asked.warehouse, page)
    return _page(
        asked,
        "filing_findings.html",
        shown,
        groups=[group for group in groups if rule in (None, group.rule_id)],
        rule=rule,
        listed=listed,
        faults=[fault_as_seen(fault, citations, asked.reader) for fault in listed.rows],
    )


@router.get("/filing/{number}/rows")
def rows(
    asked: AskedDep,
    number: NumberPath,
    sheet: Annotated[str | None, Query(max_length=200)] = None,
    row: Annotated[int | None, Query(ge=1, le=2_000_000)] = None,
    file: Annotated[str | None, Query(max_length=2000)] = None,
    page: PageQuery = 1,
) -> Response:
    """The data rows; with `sheet` and `row` the page that has that worksheet row, marked."""
    shown = filings.filing(asked.warehouse, number)
    kept = archived(asked.settings, number)
    place = None
    if sheet is not None and row is not None:
        place = filings.position(asked.warehouse, number, sheet, row, file)
        page = page if place is None else place // ON_A_PAGE + 1
    return _page(
        asked,
        "filing_rows.html",
        shown,
        listed=filings.rows(number).page(asked.warehouse, page),
        marked=None if place is None else place % ON_A_PAGE,
        place=(sheet, row) if sheet is not None and row is not None else None,
        known_states=tuple(IdentifierState),
        kept=kept,
        transcriptions=transcriptions(kept),
    )


@router.get("/filing/{number}/changes")
def changes(asked: AskedDep, number: NumberPath, page: PageQuery = 1) -> Response:
    """The rows that a correction adds, removes or changes."""
    shown = filings.filing(asked.warehouse, number)
    listed = filings.changes(number).page(asked.warehouse, page)
    return _page(
        asked, "filing_changes.html", shown, counts=filings.change_counts(asked.warehouse, number), listed=listed
    )


@router.get("/filing/{number}/effect")
def effect(asked: AskedDep, number: NumberPath, page: PageQuery = 1) -> Response:
    """What a correction moved in the figures, by taxpayer and asset."""
    shown = filings.filing(asked.warehouse, number)
    listed = filings.effects(number).page(asked.warehouse, page)
    return _page(
        asked, "filing_effect.html", shown, totals=filings.effect_totals(asked.warehouse, number), listed=listed
    )


def _archived_page(asked: Asked, kept: Archived, error: Exception) -> Response:
    """What the archive knows of a filing that the warehouse does not show (yet), and why it does not."""
    return asked.page(
        "filing_archived.html",
        **_of_archive(asked, kept, letters(asked.settings, kept.number, kept.events)),
        events=happened(kept, (), kept.number, asked.reader),
        reason=warehouse_key(error) if isinstance(error, WarehouseError) else None,
    )
