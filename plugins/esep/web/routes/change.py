"""Why a figure changed between two days: of one taxpayer step by step, or which taxpayers' figures changed at all."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response

from esep.answers import change, taxpayers
from esep.answers.change import Span
from esep.answers.tables import Row
from esep.answers.taxpayers import Role
from esep.texts.numbers import day
from esep.web import downloads, seen
from esep.web.queries import DayQuery, Format, PageQuery, SearchQuery, YearQuery
from esep.web.rendering import Asked, AskedDep

router = APIRouter()

MOST_FOUND = 20
"""Taxpayers whom a search offers to choose from."""
TaxpayerQuery = Annotated[str, Query(max_length=64)]


@router.get("/change")
def page_of_change(
    asked: AskedDep,
    taxpayer: TaxpayerQuery = "",
    search: SearchQuery = "",
    year: YearQuery = None,
    role: Role = "miner",
    since: DayQuery = None,
    until: DayQuery = None,
    page: PageQuery = 1,
) -> Response:
    """The steps of one taxpayer's figure, or all taxpayers whose figure changed."""
    taxpayer, search = taxpayer.strip(), search.strip()
    if taxpayer:
        seen.check_may_see(asked.reader, taxpayer)
    of = taxpayers.chosen_year(asked.warehouse, year)
    found = _found(asked, search, of, role) if search and not taxpayer else ()
    if len(found) == 1:
        taxpayer, found = found[0].taxpayer_id, ()
    values: dict[str, Any] = {"years": taxpayers.years(asked.warehouse)}
    span = _span(asked, of, role, taxpayer, since, until) if of is not None else None
    is_wrong = span is not None and span.since > span.until
    if of is not None and span is not None and not is_wrong:
        if taxpayer:
            values["change"] = change.of_taxpayer(asked.warehouse, of, role, taxpayer, span)
            name = _name(asked, of, role, taxpayer)
            values["person"] = seen.number_and_name(asked.reader, taxpayer, name)
        elif not search:
            values["listed"] = change.changed(of, role, span).page(asked.warehouse, page)
    return asked.page(
        "change_taxpayer.html" if "change" in values else "change.html",
        status=422 if is_wrong else 200,
        year=of,
        role=role,
        span=span,
        is_wrong=is_wrong,
        taxpayer=taxpayer,
        search=search,
        found=found[:MOST_FOUND],
        named=partial(seen.named, asked.reader),
        version_of=change.version_of,
        address=asked.addresses(
            taxpayer=taxpayer or None,
            year=of,
            role=role,
            since=span.since if span else None,
            until=span.until if span else None,
        ),
        **values,
    )


@router.get("/change/download")
def download_change(
    asked: AskedDep,
    format: Format,  # noqa: A002 - the name in the address
    since: DayQuery,
    until: DayQuery,
    year: YearQuery,
    role: Role,
    taxpayer: TaxpayerQuery = "",
) -> Response:
    """The entries of one taxpayer, or the list of all whose figure changed, as a file."""
    if taxpayer:
        seen.check_may_see(asked.reader, taxpayer)
    of = taxpayers.chosen_year(asked.warehouse, year) or 0
    span = _span(asked, of, role, taxpayer, since, until)
    if span.since > span.until:
        raise HTTPException(422)
    listed, title = change.changed(of, role, span), asked.text("change.title")
    if taxpayer:
        listed = change.entries(of, role, taxpayer, span)
        name = seen.named(asked.reader, taxpayer, _name(asked, of, role, taxpayer))
        title = asked.text("change.of_taxpayer", name=name, year=of)
    chosen = {
        "column.year": str(of),
        "column.role": asked.text(f"state.role_{role}"),
        "change.since": day(span.since, asked.language),
        "change.until": day(span.until, asked.language),
    }
    file = f"change-{of}-{role}-{span.since}-{span.until}"
    return downloads.response(asked, listed.table(asked.warehouse), format, file, title, "change.caution", chosen)


def _found(asked: Asked, search: str, year: int | None, role: Role) -> tuple[Row, ...]:
    found = taxpayers.find(asked.warehouse, search, year=year, with_persons=asked.reader.is_operator)
    return tuple(one for one in found if one.role == role)


def _name(asked: Asked, year: int, role: Role, taxpayer_id: str) -> str | None:
    """None where the figures of the year are gone."""
    found = taxpayers.find(asked.warehouse, taxpayer_id, year=year)
    return next((one.taxpayer_name for one in found if (one.taxpayer_id, one.role) == (taxpayer_id, role)), None)


def _span(asked: Asked, year: int, role: Role, taxpayer: str, since: date | None, until: date | None) -> Span:
    """The days asked for; what was left out is DAYS before, the day of the latest change, or the snapshot's day."""
    if since is not None and until is not None:
        return Span(since, until)
    latest = change.default_span(asked.warehouse, year, role, taxpayer or None)
    if since is not None:
        return Span(since, max(since, latest.until if latest else since))
    if until is None and latest is not None:
        return latest
    until = until or asked.snapshot.as_of
    return Span(until - timedelta(days=change.DAYS), until)
