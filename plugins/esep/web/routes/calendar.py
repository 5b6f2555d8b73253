"""The first page: pools and months, and above them what has to be done; the lists behind its numbers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from esep import clock
from esep.answers import calendar as calendars
from esep.answers import duties
from esep.answers.status import status
from esep.answers.tables import ON_A_PAGE
from esep.web.queries import PageQuery, YearQuery
from esep.web.rendering import AskedDep
from esep.web.runs import idle_dags, run_address
from esep.web.seen import pool_as_seen, pools_as_seen, without_home

router = APIRouter()

COLOURS = {
    "on_time": "good",
    "late": "warning",
    "refused": "bad",
    "registered": "calm",
    "waiting": "waiting",
    "silent": "question",
    "not_filed": "bad",
    "not_due": "none",
}


@router.get("/")
def calendar_page(asked: AskedDep, year: YearQuery = None) -> Response:
    """Pools and months of a year, or the last twelve months."""
    state = status(asked.warehouse, asked.settings, clock.now())
    shown = calendars.calendar(asked.warehouse, state.today, year)
    pools = tuple((pool_as_seen(pool, asked.reader), cells) for pool, cells in shown.pools)
    return asked.page(
        "calendar.html",
        state=state,
        calendar=replace(shown, pools=pools),
        states=calendars.STATES,
        colours=COLOURS,
    )


@router.get("/due")
def due_page(
    asked: AskedDep,
    kind: Annotated[str | None, Query(pattern="^[a-z_]{1,40}$")] = None,
    page: PageQuery = 1,
) -> Response:
    """What is not done, of a kind or all, a page at a time; the earliest due date first."""
    today = clock.local_date(clock.now())
    listed = duties.open_on(today, kind).page(asked.warehouse, page)
    return asked.page(
        "due.html",
        kind=kind,
        kinds=duties.kinds_on(asked.warehouse, today),
        duties=pools_as_seen(listed.rows, asked.reader),
        listed=listed,
    )


@router.get("/status")
def status_page(asked: AskedDep) -> Response:
    """What `bin/esep status` prints, as a page."""
    state = replace(status(asked.warehouse, asked.settings, clock.now()), idle_dags=idle_dags())
    return asked.page(
        "status.html",
        state=state,
        approved=pools_as_seen(state.approved_letters, asked.reader),
        limit=ON_A_PAGE,
        run_address=partial(run_address, asked.request),
        below_home=partial(without_home, settings=asked.settings),
    )
