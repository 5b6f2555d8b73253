"""The lists behind the numbers of quality as files; viewers get them without what filers wrote."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from esep.answers import open_warehouse, quality_lists
from esep.answers.quality_lists import ListQuery
from esep.answers.snapshot import snapshot
from esep.texts import text
from esep.texts.numbers import month as month_words
from esep.web import downloads
from esep.web.access import ReaderDep
from esep.web.downloads import About
from esep.web.figures import Format
from esep.web.quality_filter import (
    Filter,
    Lane,
    MonthQuery,
    PoolQuery,
    RuleQuery,
    Severity,
    YearQuery,
    chosen_filter,
)

router = APIRouter()

WRITTEN_BY_FILERS = ("file", "sheet", "found", "expected", "asset")
"""Columns that may hold personal data, whatever they are meant for."""


@router.get("/quality/{of}/download")
def download(
    request: Request,
    reader: ReaderDep,
    of: Literal["findings", "filings", "excluded"],
    format: Format,  # noqa: A002 - the name in the address
    year: YearQuery = None,
    month: MonthQuery = None,
    pool: PoolQuery = None,
    which: Annotated[str, Query(max_length=32)] = "all",
    rule: RuleQuery = None,
    lane: Lane | None = None,
    severity: Severity | None = None,
    refused: bool = False,
) -> Response:
    """A list with the same filter as on its page."""
    with open_warehouse(reader.settings) as connection:
        chosen = chosen_filter(connection, request, reader, year, month, pool)
        if of == "findings":
            query = quality_lists.findings(chosen.scope, rule_id=rule, lane=lane, severity=severity, of_refused=refused)
        elif of == "filings":
            query = quality_lists.filings(chosen.scope, which=which, rule_id=rule)
        else:
            query = quality_lists.excluded(chosen.scope)
        table = quality_lists.table(connection, query, () if reader.is_operator else _hidden(query))
        told = snapshot(connection)
    title = text(f"quality.list_{which}" if of == "filings" else f"quality.{of}", reader.language)
    about = About(title, text("quality.caution", reader.language), _chosen(chosen, rule, reader.language), told)
    return downloads.response(table, format, f"quality-{of}-{chosen.year}", about, reader)


def _hidden(query: ListQuery) -> tuple[str, ...]:
    return tuple(name for name in WRITTEN_BY_FILERS if name in query.row.__dataclass_fields__)


def _chosen(chosen: Filter, rule: str | None, language: str) -> dict[str, str]:
    lines = {text("quality.year", language): str(chosen.year)}
    if chosen.month:
        lines[text("quality.month", language)] = month_words(chosen.scope.first, language)
    if chosen.pool is not None:
        lines[text("quality.pool", language)] = chosen.pools[chosen.pool].label
    if rule:
        lines[text("quality.rule", language)] = rule
    return lines
