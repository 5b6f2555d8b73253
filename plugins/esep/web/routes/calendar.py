"""The first page: pools and months, and above them what has to be done; the lists behind its numbers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from esep import clock
from esep.answers import calendar as calendars
from esep.answers import open_warehouse
from esep.answers.duties import duty_kinds, open_duties
from esep.answers.snapshot import snapshot
from esep.answers.status import status
from esep.web.access import ReaderDep
from esep.web.paging import ON_A_PAGE, offset, page_count
from esep.web.rendering import render
from esep.web.runs import run_address
from esep.web.seen import pools_as_seen, without_home

router = APIRouter()

COLOURS = {
    "on_time": "good",
    "late": "warning",
    "refused": "bad",
    "registered": "calm",
    "silent": "question",
    "not_filed": "bad",
    "not_due": "none",
}


@router.get("/")
def calendar_page(
    request: Request, reader: ReaderDep, year: Annotated[int | None, Query(ge=1, le=9999)] = None
) -> Response:
    """Pools and months of a year, or the last twelve months."""
    now = clock.now()
    with open_warehouse(reader.settings) as connection:
        state = status(connection, reader.settings, now)
        shown = calendars.calendar(connection, state.today, year)
    return render(
        request,
        reader,
        "calendar.html",
        state=state,
        calendar=replace(shown, pools=pools_as_seen(shown.pools, reader)),
        states=calendars.STATES,
        colours=COLOURS,
        build=state.snapshot,
    )


@router.get("/due")
def due_page(
    request: Request,
    reader: ReaderDep,
    kind: Annotated[str | None, Query(pattern="^[a-z_]{1,40}$")] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """What is not done, of a kind or all, a page at a time; the earliest term first."""
    today = clock.local_date(clock.now())
    with open_warehouse(reader.settings) as connection:
        kinds = duty_kinds(connection, today)
        duties = open_duties(connection, today, kind, ON_A_PAGE, offset(page))
        build = snapshot(connection)
    count = sum(of.count for of in kinds if kind in (None, of.kind))
    return render(
        request,
        reader,
        "due.html",
        kind=kind,
        kinds=kinds,
        duties=pools_as_seen(duties, reader),
        count=count,
        page=page,
        pages=page_count(count),
        build=build,
    )


@router.get("/status")
def status_page(request: Request, reader: ReaderDep) -> Response:
    """What `bin/esep status` tells, as a page."""
    with open_warehouse(reader.settings) as connection:
        state = status(connection, reader.settings, clock.now())
    return render(
        request,
        reader,
        "status.html",
        state=state,
        build=state.snapshot,
        limit=ON_A_PAGE,
        run_address=partial(run_address, request),
        below_home=partial(without_home, settings=reader.settings),
    )
