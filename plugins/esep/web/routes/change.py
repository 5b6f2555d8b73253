"""Why a figure changed between two days: of one taxpayer step by step, or which taxpayers' figures changed at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any

import duckdb
from fastapi import APIRouter, HTTPException, Query, Request, Response

from esep.answers import change, open_warehouse, taxpayers
from esep.answers.change import Span
from esep.answers.snapshot import snapshot
from esep.answers.taxpayers import Role, Taxpayer
from esep.texts import text
from esep.texts.numbers import day
from esep.web import downloads, figures, paging
from esep.web.access import Reader, ReaderDep
from esep.web.addresses import Addresses
from esep.web.downloads import About
from esep.web.figures import DayQuery, Format, PageQuery, SearchQuery, YearQuery
from esep.web.rendering import render, root

router = APIRouter()

MOST_FOUND = 20
"""Taxpayers whom a search offers to choose from."""
TaxpayerQuery = Annotated[str, Query(max_length=64)]


@router.get("/change")
def page_of_change(
    request: Request,
    reader: ReaderDep,
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
        figures.check_may_see(reader, taxpayer)
    with open_warehouse(reader.settings) as connection:
        of = figures.chosen_year(connection, year)
        found = _found(connection, reader, search, of, role) if search and not taxpayer else ()
        if len(found) == 1:
            taxpayer, found = found[0].taxpayer_id, ()
        values: dict[str, Any] = {"snapshot": snapshot(connection), "years": taxpayers.years(connection)}
        span = _span(connection, of, role, taxpayer, since, until) if of is not None else None
        is_wrong = span is not None and span.since > span.until
        if of is not None and span is not None and not is_wrong:
            if taxpayer:
                values["change"] = change.of_taxpayer(connection, of, role, taxpayer, span)
                values["person"] = _person(connection, of, role, taxpayer)
            elif not search:
                values["listed"] = change.changed(
                    connection, of, role, span, limit=paging.ON_A_PAGE, offset=paging.offset(page)
                )
    return render(
        request,
        reader,
        "change_taxpayer.html" if "change" in values else "change.html",
        status=422 if is_wrong else 200,
        year=of,
        role=role,
        span=span,
        is_wrong=is_wrong,
        taxpayer=taxpayer,
        search=search,
        found=found[:MOST_FOUND],
        pool_id=partial(figures.pool_number, reader),
        page=page,
        pages=paging.page_count(values["listed"].count) if "listed" in values else 1,
        address=Addresses(
            root(request),
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
    reader: ReaderDep,
    format: Format,  # noqa: A002 - the name in the address
    since: DayQuery,
    until: DayQuery,
    year: YearQuery,
    role: Role,
    taxpayer: TaxpayerQuery = "",
) -> Response:
    """The entries of one taxpayer, or the list of all whose figure changed, as a file."""
    if taxpayer:
        figures.check_may_see(reader, taxpayer)
    with open_warehouse(reader.settings) as connection:
        of = figures.chosen_year(connection, year) or 0
        span = _span(connection, of, role, taxpayer, since, until)
        if span.since > span.until:
            raise HTTPException(422)
        if taxpayer:
            table = change.table_of_entries(connection, of, role, taxpayer, span)
            title = text(
                "change.of_taxpayer",
                reader.language,
                name=figures.name_of(reader, _person(connection, of, role, taxpayer)),
                year=of,
            )
        else:
            table = change.table_of_changed(connection, of, role, span)
            title = text("change.title", reader.language)
        about = _about(reader, title, of, role, span, snapshot(connection))
    return downloads.response(table, format, f"change-{of}-{role}-{span.since}-{span.until}", about, reader)


def _found(
    connection: duckdb.DuckDBPyConnection, reader: Reader, search: str, year: int | None, role: Role
) -> tuple[Taxpayer, ...]:
    found = taxpayers.find(connection, search, year=year, with_persons=reader.is_operator)
    return tuple(one for one in found if one.role == role)


def _person(connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer_id: str) -> Taxpayer:
    """Number and name; without a name where the figures of the year are gone."""
    found = taxpayers.find(connection, taxpayer_id, year=year)
    of = [one for one in found if one.taxpayer_id == taxpayer_id and one.role == role]
    return of[0] if of else Taxpayer(role, taxpayer_id, None, [])


def _span(
    connection: duckdb.DuckDBPyConnection, year: int, role: Role, taxpayer: str, since: date | None, until: date | None
) -> Span:
    """The days asked for; what was left out is DAYS before, the day of the latest change, or the snapshot's day."""
    if since is not None and until is not None:
        return Span(since, until)
    latest = change.default_span(connection, year, role, taxpayer or None)
    if since is not None:
        return Span(since, max(since, latest.until if latest else since))
    if until is None and latest is not None:
        return latest
    until = until or snapshot(connection).as_of
    return Span(until - timedelta(days=change.DAYS), until)


def _about(reader: Reader, title: str, year: int, role: Role, span: Span, told: Any) -> About:
    language = reader.language
    chosen: Mapping[str, str] = {
        text("column.year", language): str(year),
        text("column.role", language): text(f"state.role_{role}", language),
        text("change.since", language): day(span.since, language),
        text("change.until", language): day(span.until, language),
    }
    return About(title, text("change.caution", language), chosen, told)
