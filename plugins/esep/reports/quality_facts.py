"""What the monthly report on quality tells: one month of distribution as a day sees it, without words of a language.

Filings, decisions, dispatches and findings across filings count if they were there before the day began. Verdicts,
prices and rates, the reconciliation and missing reference data are told as the snapshot has them.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from esep.answers import UnknownError, quality_lists, reconciliation
from esep.answers.quality_lists import FilingRow, Listing, Place
from esep.answers.quality_scope import Scope
from esep.answers.quality_summary import Summary, summary
from esep.answers.reconciliation import Gap, Identity
from esep.answers.snapshot import snapshot

EXAMPLES = 3
"""Places told for each rule."""
TREND_MONTHS = 12


@dataclass(frozen=True, slots=True)
class QualityFacts:
    """A month of distribution as of a day."""

    month: date
    as_of: date
    code_version: str
    """Of the code that built the snapshot."""
    found: Summary
    trend: Summary
    """The month and the eleven before it."""
    filings: Listing[FilingRow]
    corrections: Listing[FilingRow]
    examples: Mapping[str, list[Place]]
    gaps: tuple[Gap, ...]
    identities: tuple[Identity, ...]


class MonthError(ValueError):
    """A month that no report can be written about; the text says why."""


def facts(connection: duckdb.DuckDBPyConnection, month: date, as_of: date) -> QualityFacts:
    """The facts of a month, given as its first day.

    Raises MonthError for a month that is not over on the day, UnknownError("month") for one of which nothing was due
    and nothing came.
    """
    if month >= as_of.replace(day=1):
        raise MonthError(f"{month:%Y-%m} is not over on {as_of}: a report is written about months that are")
    scope = Scope(month, month, None, as_of)
    found = summary(connection, scope)
    if not found.pool_months and not found.expected:
        raise UnknownError("month", f"{month:%Y-%m}")
    last_day = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return QualityFacts(
        month=month,
        as_of=as_of,
        code_version=snapshot(connection).code_version,
        found=found,
        trend=summary(connection, Scope(months_before(month, TREND_MONTHS - 1), month, None, as_of)),
        filings=quality_lists.listing(connection, quality_lists.filings(scope)),
        corrections=quality_lists.listing(connection, quality_lists.filings(scope, which="correction")),
        examples=quality_lists.examples(connection, scope, EXAMPLES),
        gaps=tuple(reconciliation.gaps(connection, month, last_day)),
        identities=tuple(reconciliation.identities(connection)),
    )


def months_before(month: date, count: int) -> date:
    """The first day of the month so many months earlier."""
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month
