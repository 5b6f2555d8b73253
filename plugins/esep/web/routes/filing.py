"""A filing: its page, its faults, its rows, what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from esep import clock
from esep.answers import UnknownError, WarehouseError, filing_findings, filing_rows, open_warehouse
from esep.answers import filing as filings
from esep.answers.filing_archive import Archived, archived, commented_copies, letters, month_events
from esep.answers.filing_findings import Rules
from esep.answers.filing_rows import Cells
from esep.answers.snapshot import snapshot
from esep.law.identifiers import IdentifierState
from esep.letters.wording import citation
from esep.office.dispatches import BY_HAND
from esep.web.access import Reader, ReaderDep
from esep.web.filing_view import happened, pool_shown, timeline
from esep.web.paging import ON_A_PAGE, offset, page_count
from esep.web.personal import fault_shown, group_remark
from esep.web.rendering import render
from esep.web.seen import places, warehouse_key

router = APIRouter()

Number = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{6,12}$")]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
FIRST_FAULTS = 5
"""Faults of a rule that the filing's page shows; the others are a click away."""
FIRST_CHANGES = 10


@router.get("/filing/{number}")
def filing(request: Request, reader: ReaderDep, number: Number) -> Response:
    """The whole filing; from the archive alone while the warehouse does not hold it."""
    kept = archived(reader.settings, number)
    try:
        return filing_page(request, reader, number, kept)
    except (UnknownError, WarehouseError) as error:
        if kept is None:
            raise
        return _archived_page(request, reader, kept, error)


def filing_page(
    request: Request,
    reader: Reader,
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
    rules = Rules(reader.settings)
    with open_warehouse(reader.settings) as connection:
        shown = filings.filing(connection, number)
        versions = filings.versions(connection, shown)
        of_month = month_events(connection, shown.pool_id, shown.period) if shown.pool_id and shown.period else ()
        own_letters = letters(reader.settings, number, (*(kept.events if kept else ()), *of_month))
        first = filing_findings.first_faults(connection, number, FIRST_FAULTS)
        values = {
            "filing": shown,
            "versions": versions,
            "examinations": filings.examinations(connection, number),
            "duties": filings.duties(connection, number),
            "groups": filing_findings.groups(connection, number, rules),
            "faults": {rule: [fault_shown(fault, rules, reader) for fault in found] for rule, found in first.items()},
            "withdrawn": [
                (fault_shown(fault, rules, reader), at) for fault, at in filing_findings.withdrawn(connection, number)
            ],
            "contribution": filings.contribution(connection, number) if shown.status == "accepted" else (),
            "row_total": filing_rows.count(connection, number),
            "snapshot": snapshot(connection),
        }
        if shown.kind == "correction":
            values |= {
                "effect_totals": filings.effect_totals(connection, number),
                "effects": filings.effects(connection, number, offset=0, limit=FIRST_CHANGES),
                "change_counts": filings.change_counts(connection, number),
                "changes": filings.changes(connection, number, offset=0, limit=FIRST_CHANGES),
            }
    return render(
        request,
        reader,
        "filing.html",
        status=status,
        pool=pool_shown(shown, reader),
        kept=kept,
        damaged=places(kept.faults if kept else (), reader.settings),
        letters=own_letters[0],
        letter_faults=places(own_letters[1], reader.settings),
        copies=commented_copies(own_letters[0], number),
        cells=Cells(reader.settings, number),
        events=happened(kept, of_month, number, reader),
        timeline=timeline(shown, versions, own_letters[0]),
        remark=group_remark,
        citation=citation,
        first=FIRST_FAULTS,
        first_changes=FIRST_CHANGES,
        channels=BY_HAND,
        today=clock.local_date(clock.now()),
        fault=fault,
        sent=sent or {},
        **values,
    )


@router.get("/filing/{number}/findings")
def findings(
    request: Request,
    reader: ReaderDep,
    number: Number,
    rule: Annotated[str | None, Query(pattern=r"^[CR]-[0-9]{2,3}$")] = None,
    page: Page = 1,
) -> Response:
    """The faults one by one, of one rule or all."""
    rules = Rules(reader.settings)
    with open_warehouse(reader.settings) as connection:
        shown = filings.filing(connection, number)
        groups = [group for group in filing_findings.groups(connection, number, rules) if rule in (None, group.rule_id)]
        found = filing_findings.faults(connection, number, rule, offset=offset(page), limit=ON_A_PAGE)
        told = snapshot(connection)
    return render(
        request,
        reader,
        "filing_findings.html",
        filing=shown,
        pool=pool_shown(shown, reader),
        groups=groups,
        rule=rule,
        faults=[fault_shown(fault, rules, reader) for fault in found],
        remark=group_remark,
        citation=citation,
        cells=Cells(reader.settings, number),
        page=page,
        pages=page_count(sum(group.listed for group in groups)),
        today=clock.local_date(clock.now()),
        snapshot=told,
    )


@router.get("/filing/{number}/rows")
def rows(
    request: Request,
    reader: ReaderDep,
    number: Number,
    sheet: Annotated[str | None, Query(max_length=200)] = None,
    row: Annotated[int | None, Query(ge=1, le=2_000_000)] = None,
    file: Annotated[str | None, Query(max_length=2000)] = None,
    page: Page = 1,
) -> Response:
    """The data rows; with `sheet` and `row` the page on which that worksheet row stands, marked."""
    place = None
    with open_warehouse(reader.settings) as connection:
        shown = filings.filing(connection, number)
        total = filing_rows.count(connection, number)
        if sheet is not None and row is not None:
            place = filing_rows.position(connection, number, sheet, row, file)
            page = page if place is None else place // ON_A_PAGE + 1
        found = filing_rows.rows(connection, number, offset=offset(page), limit=ON_A_PAGE)
        told = snapshot(connection)
    return render(
        request,
        reader,
        "filing_rows.html",
        filing=shown,
        pool=pool_shown(shown, reader),
        rows=found,
        total=total,
        marked=None if place is None else place % ON_A_PAGE,
        asked=(sheet, row) if sheet is not None and row is not None else None,
        cells=Cells(reader.settings, number),
        known_states=tuple(IdentifierState),
        kept=archived(reader.settings, number),
        page=page,
        pages=page_count(total),
        snapshot=told,
    )


@router.get("/filing/{number}/changes")
def changes(request: Request, reader: ReaderDep, number: Number, page: Page = 1) -> Response:
    """The rows that a correction adds, removes or changes."""
    with open_warehouse(reader.settings) as connection:
        shown = filings.filing(connection, number)
        counts = filings.change_counts(connection, number)
        found = filings.changes(connection, number, offset=offset(page), limit=ON_A_PAGE)
        told = snapshot(connection)
    return render(
        request,
        reader,
        "filing_changes.html",
        filing=shown,
        pool=pool_shown(shown, reader),
        counts=counts,
        changes=found,
        page=page,
        pages=page_count(sum(counts.values())),
        snapshot=told,
    )


@router.get("/filing/{number}/effect")
def effect(request: Request, reader: ReaderDep, number: Number, page: Page = 1) -> Response:
    """What a correction moved in the figures, by taxpayer and asset."""
    with open_warehouse(reader.settings) as connection:
        shown = filings.filing(connection, number)
        totals = filings.effect_totals(connection, number)
        found = filings.effects(connection, number, offset=offset(page), limit=ON_A_PAGE)
        told = snapshot(connection)
    return render(
        request,
        reader,
        "filing_effect.html",
        filing=shown,
        pool=pool_shown(shown, reader),
        totals=totals,
        effects=found,
        page=page,
        pages=page_count(sum(total.figures for total in totals)),
        snapshot=told,
    )


def _archived_page(request: Request, reader: Reader, kept: Archived, error: Exception) -> Response:
    """What the archive knows of a filing that the warehouse does not show (yet), and why it does not."""
    own_letters = letters(reader.settings, kept.number, kept.events)
    return render(
        request,
        reader,
        "filing_archived.html",
        kept=kept,
        damaged=places(kept.faults if kept else (), reader.settings),
        letters=own_letters[0],
        letter_faults=places(own_letters[1], reader.settings),
        events=happened(kept, (), kept.number, reader),
        reason=warehouse_key(error) if isinstance(error, WarehouseError) else None,
    )
