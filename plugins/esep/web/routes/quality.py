"""The page Quality, and the lists behind its numbers as pages and as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from esep.answers import UnknownError, quality, quality_lists
from esep.answers.quality import CLASSES, UNREAD, Scope, Summary
from esep.answers.rules import rule_texts
from esep.answers.tables import Listed, page_of
from esep.reports import quality_files
from esep.texts.numbers import month as month_words
from esep.web import downloads
from esep.web.queries import DutyQuery, Format, PageQuery, RuleQuery, YearQuery
from esep.web.rendering import Addresses, Asked, AskedDep
from esep.web.seen import POOL_UNREAD, ShownPool, check_may_see, shown_pool

router = APIRouter()

WRITTEN_BY_FILERS = ("file", "sheet", "found", "expected", "asset")
"""Columns that may hold personal data, whatever they are meant for; viewers get lists without them."""

Lane = Literal["completeness", "reliability"]
Severity = Literal["error", "warning"]
WhichQuery = Annotated[str, Query(max_length=32)]


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page is about, and the addresses that keep it."""

    scope: Scope
    year: int
    month: int | None
    pool: str | None
    years: list[int]
    pools: dict[str, ShownPool]
    address: Addresses


def _filter(
    asked: AskedDep,
    year: YearQuery = None,
    month: Annotated[int | None, Query(ge=1, le=12)] = None,
    pool: Annotated[str | None, Query(max_length=64)] = None,
) -> Filter:
    """The chosen year (default: the latest with filings), month and pool; 403 where a viewer names a person."""
    if pool is not None and pool != POOL_UNREAD:
        check_may_see(asked.reader, pool)
    known = quality.years(asked.warehouse)
    if year is not None and year not in known:
        raise UnknownError("year", year)
    of = year or quality.latest_year(asked.warehouse) or asked.snapshot.as_of.year
    pool_id = UNREAD if pool == POOL_UNREAD else pool
    pools = shown_pools(asked, of)
    if pool_id is not None and pool_id not in pools:
        pools[pool_id] = shown_pool(asked.reader, pool_id, None)
    scope = quality.of_year(of, month, pool_id)
    return Filter(scope, of, month, pool_id, known, pools, asked.addresses(year=of, month=month, pool=pool))


FilterDep = Annotated[Filter, Depends(_filter)]


def shown_pools(asked: Asked, year: int) -> dict[str, ShownPool]:
    """The pools of a year as this reader may see them, by their numbers."""
    found = quality.pools(asked.warehouse, quality.of_year(year))
    return {one.pool_id: shown_pool(asked.reader, one.pool_id, one.pool_name) for one in found}


@router.get("/quality")
def quality_page(asked: AskedDep, chosen: FilterDep) -> Response:
    """Counts and shares of a year or a month, of all pools or one; every number leads to its list."""
    found = quality.summary(asked.warehouse, chosen.scope)
    return asked.page(
        "quality.html",
        filter=chosen,
        found=found,
        classes=CLASSES,
        chart=_chart(asked, found) if chosen.month is None else "",
        rule_text=rule_texts(asked.settings, asked.language),
        reports=quality_files.months(asked.settings),
    )


@router.get("/quality/findings")
def findings(
    asked: AskedDep,
    chosen: FilterDep,
    rule: RuleQuery = None,
    lane: Lane | None = None,
    severity: Severity | None = None,
    refused: bool = False,
    page: PageQuery = 1,
) -> Response:
    """The findings one by one, each with its filing."""
    listed = quality_lists.findings(chosen.scope, rule_id=rule, lane=lane, severity=severity, of_refused=refused)
    return asked.page(
        "quality_findings.html",
        filter=chosen,
        listed=listed.page(asked.warehouse, page),
        rule=rule,
        lane=lane,
        severity=severity,
        refused=refused,
        rule_text=rule_texts(asked.settings, asked.language),
    )


@router.get("/quality/filings")
def filings(
    asked: AskedDep, chosen: FilterDep, which: WhichQuery = "all", rule: RuleQuery = None, page: PageQuery = 1
) -> Response:
    """The filings behind a count."""
    listed = quality_lists.filings(chosen.scope, which=which, rule_id=rule).page(asked.warehouse, page)
    return asked.page("quality_filings.html", filter=chosen, listed=listed, which=which, rule=rule)


@router.get("/quality/duties")
def duties(
    asked: AskedDep,
    chosen: FilterDep,
    kind: DutyQuery = None,
    state: Literal["done", "done_late", "open", "overdue", "lifted"] | None = None,
    ground: Annotated[str | None, Query(pattern=r"^[a-z_]{1,20}$")] = None,
    days: Annotated[int | None, Query(ge=0, le=100_000)] = None,
    page: PageQuery = 1,
) -> Response:
    """What the office had to do by a day, and when it did."""
    found = [
        duty
        for duty in quality.duties_of(asked.warehouse, chosen.scope)
        if (kind is None or duty.kind == kind)
        and (state is None or duty.state == state)
        and (ground is None or ground in duty.grounds)
        and (days is None or duty.working_days == days)
    ]
    listed = page_of(found, page, quality_lists.PAGE_LENGTH)
    return asked.page(
        "quality_duties.html", filter=chosen, listed=listed, kind=kind, state=state, ground=ground, days=days
    )


@router.get("/quality/excluded")
def excluded(asked: AskedDep, chosen: FilterDep, page: PageQuery = 1) -> Response:
    """Quantities that are left out of the figures."""
    listed = quality_lists.excluded(chosen.scope).page(asked.warehouse, page)
    return asked.page("quality_excluded.html", filter=chosen, listed=listed)


@router.get("/quality/{of}/download")
def download(
    asked: AskedDep,
    chosen: FilterDep,
    of: Literal["findings", "filings", "excluded"],
    format: Format,  # noqa: A002 - the name in the address
    which: WhichQuery = "all",
    rule: RuleQuery = None,
    lane: Lane | None = None,
    severity: Severity | None = None,
    refused: bool = False,
) -> Response:
    """A list as a file, with the same filter as on its page."""
    listed: Listed = quality_lists.excluded(chosen.scope)
    if of == "findings":
        listed = quality_lists.findings(chosen.scope, rule_id=rule, lane=lane, severity=severity, of_refused=refused)
    elif of == "filings":
        listed = quality_lists.filings(chosen.scope, which=which, rule_id=rule)
    table = listed.table(asked.warehouse)
    if not asked.reader.is_operator:
        table = table.drop_columns([name for name in WRITTEN_BY_FILERS if name in table.column_names])
    lines = {
        "quality.year": str(chosen.year),
        "quality.month": month_words(chosen.scope.first, asked.language) if chosen.month else None,
        "quality.pool": chosen.pools[chosen.pool].label if chosen.pool is not None else None,
        "quality.rule": rule,
    }
    title = asked.text(f"quality.list_{which}" if of == "filings" else f"quality.{of}")
    return downloads.response(asked, table, format, f"quality-{of}-{chosen.year}", title, "quality.caution", lines)


def _chart(asked: Asked, found: Summary) -> object:
    """Findings by month, stacked by class."""
    rows = [
        {"month": month, "class": asked.text(f"quality.class_{lane}_{severity}"), "findings": count}
        for of_class in CLASSES
        for (month, lane, severity), count in sorted(found.findings_of_month.items())
        if (lane, severity) == of_class
    ]
    year = found.scope.first.year
    title = asked.text("quality.chart", year=year)
    return asked.chart(rows, year, "findings", "class", title, "quality.findings", unit="count")
