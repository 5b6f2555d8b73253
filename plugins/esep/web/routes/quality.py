"""The page Quality and the lists behind its numbers; the monthly reports, which are masked and open to every reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from markupsafe import Markup

from esep.answers import UnknownError, duties, open_warehouse, quality_lists
from esep.answers.quality_summary import CLASSES, Summary, summary
from esep.answers.snapshot import snapshot
from esep.documents.html import stacked_bars
from esep.reports import quality_files
from esep.texts import numbers, text
from esep.web.access import ReaderDep
from esep.web.quality_filter import (
    DutyKind,
    DutyState,
    Lane,
    MonthQuery,
    PageQuery,
    PoolQuery,
    RuleQuery,
    Severity,
    YearQuery,
    chosen_filter,
    rule_texts,
)
from esep.web.rendering import render

router = APIRouter()

_REPORT_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
}
"""A report carries its style in itself; it has no script and fetches nothing."""


@router.get("/quality")
def quality(
    request: Request, reader: ReaderDep, year: YearQuery = None, month: MonthQuery = None, pool: PoolQuery = None
) -> Response:
    """Counts and shares of a year or a month, of all pools or one; every number leads to its list."""
    with open_warehouse(reader.settings) as connection:
        chosen = chosen_filter(connection, request, reader, year, month, pool)
        found = summary(connection, chosen.scope)
        told = snapshot(connection)
    return render(
        request,
        reader,
        "quality.html",
        filter=chosen,
        found=found,
        classes=CLASSES,
        chart=_chart(found, reader.language) if month is None else "",
        rule_text=rule_texts(reader.settings, reader.language),
        reports=quality_files.months(reader.settings),
        build=told,
    )


@router.get("/quality/findings")
def findings(
    request: Request,
    reader: ReaderDep,
    year: YearQuery = None,
    month: MonthQuery = None,
    pool: PoolQuery = None,
    rule: RuleQuery = None,
    lane: Lane | None = None,
    severity: Severity | None = None,
    refused: bool = False,
    page: PageQuery = 1,
) -> Response:
    """The findings one by one, each with its filing."""
    with open_warehouse(reader.settings) as connection:
        chosen = chosen_filter(connection, request, reader, year, month, pool)
        query = quality_lists.findings(chosen.scope, rule_id=rule, lane=lane, severity=severity, of_refused=refused)
        listing = quality_lists.listing(connection, query, page)
        told = snapshot(connection)
    return render(
        request, reader, "quality_findings.html", filter=chosen, listing=listing, rule=rule, lane=lane,
        severity=severity, refused=refused, rule_text=rule_texts(reader.settings, reader.language), build=told,
    )  # fmt: skip


@router.get("/quality/filings")
def filings(
    request: Request,
    reader: ReaderDep,
    year: YearQuery = None,
    month: MonthQuery = None,
    pool: PoolQuery = None,
    which: Annotated[str, Query(max_length=32)] = "all",
    rule: RuleQuery = None,
    page: PageQuery = 1,
) -> Response:
    """The filings behind a count."""
    with open_warehouse(reader.settings) as connection:
        chosen = chosen_filter(connection, request, reader, year, month, pool)
        listing = quality_lists.listing(
            connection, quality_lists.filings(chosen.scope, which=which, rule_id=rule), page
        )
        told = snapshot(connection)
    return render(
        request, reader, "quality_filings.html", filter=chosen, listing=listing, which=which, rule=rule, build=told
    )


@router.get("/quality/duties")
def list_of_duties(
    request: Request,
    reader: ReaderDep,
    year: YearQuery = None,
    month: MonthQuery = None,
    pool: PoolQuery = None,
    kind: DutyKind | None = None,
    state: DutyState | None = None,
    ground: Annotated[str | None, Query(pattern=r"^[a-z_]{1,20}$")] = None,
    days: Annotated[int | None, Query(ge=0, le=100_000)] = None,
    page: PageQuery = 1,
) -> Response:
    """What the office had to do by a day, and when it did."""
    with open_warehouse(reader.settings) as connection:
        chosen = chosen_filter(connection, request, reader, year, month, pool)
        found = [
            duty
            for duty in duties.duties(connection, chosen.scope)
            if (kind is None or duty.kind == kind)
            and (state is None or duty.state == state)
            and (ground is None or ground in duty.grounds)
            and (days is None or duty.working_days == days)
        ]
        told = snapshot(connection)
    listing = quality_lists.of_page(found, page)
    return render(
        request, reader, "quality_duties.html", filter=chosen, listing=listing, kind=kind, state=state, ground=ground,
        days=days, build=told,
    )  # fmt: skip


@router.get("/quality/excluded")
def excluded(
    request: Request,
    reader: ReaderDep,
    year: YearQuery = None,
    month: MonthQuery = None,
    pool: PoolQuery = None,
    page: PageQuery = 1,
) -> Response:
    """Quantities that are left out of the figures."""
    with open_warehouse(reader.settings) as connection:
        chosen = chosen_filter(connection, request, reader, year, month, pool)
        listing = quality_lists.listing(connection, quality_lists.excluded(chosen.scope), page)
        told = snapshot(connection)
    return render(request, reader, "quality_excluded.html", filter=chosen, listing=listing, build=told)


@router.get("/quality/report/{month}/{name}")
def report(reader: ReaderDep, month: str, name: str) -> FileResponse:
    """A file of a monthly report, found among those that are there, never by joining a path of the request."""
    found = quality_files.files_of(reader.settings, month).get(name)
    if found is None:
        raise UnknownError("file", f"{month}/{name}")
    kind = "application/pdf" if found.suffix == ".pdf" else "text/html; charset=utf-8"
    shown_as = f"esep-quality-{month}-{name}"
    return FileResponse(
        found, media_type=kind, headers=_REPORT_HEADERS, filename=shown_as, content_disposition_type="inline"
    )


def _chart(found: Summary, language: str) -> Markup | str:
    """Findings by month, stacked by class; nothing where there is none."""
    counts = found.findings_of_month
    months: Sequence[date] = [date(found.scope.first.year, number, 1) for number in range(1, 13)]
    rows: list[dict[str, Any]] = [
        {
            "month": numbers.month_short(month, language),
            "class": text(f"quality.class_{lane}_{severity}", language),
            "findings": counts[month, lane, severity],
        }
        for lane, severity in CLASSES
        for month in months
        if (month, lane, severity) in counts
    ]
    if not rows:
        return ""
    return stacked_bars(
        rows,
        x="month",
        y="findings",
        colour="class",
        order=[numbers.month_short(month, language) for month in months],
        title=text("quality.chart", language, year=found.scope.first.year),
        y_title=text("quality.findings", language),
    )
