"""The lists behind the counts of `quality`: findings, filings, excluded quantities."""

from __future__ import annotations

import duckdb

from esep.answers import UnknownError
from esep.answers.quality import Scope
from esep.answers.tables import Listed, Row, records

FILING_LISTS = (
    "all", "unexamined", "waiting", "accepted", "refused", "first_examined", "complete", "incomplete", "late",
    "refiling", "correction", "late_correction", "history", "faulty",
)  # fmt: skip
"""Which filings a list shows: the counts of `quality.Arrivals`."""
PAGE_LENGTH = 100
_FILING = (
    "registration_no", "month", "is_month_read", "pool_id", "received_at", "due_effective_on", "days_late", "kind",
    "status", "question", "findings", "row_count", "excluded_count", "is_transcribed",
)  # fmt: skip


def findings(
    scope: Scope,
    *,
    rule_id: str | None = None,
    lane: str | None = None,
    severity: str | None = None,
    of_refused: bool = False,
) -> Listed:
    """Findings of the scope, the latest filings first; `of_refused`: only those of refused filings.

    Texts of strangers: see `masking` before a viewer sees them.
    """
    source = """
        from quality_finding($first, $last, $pool, $known_on, $day)
        where
            ($rule_id::varchar is null or rule_id = $rule_id)
            and ($lane::varchar is null or lane = $lane)
            and ($severity::varchar is null or severity = $severity)
            and (not $of_refused or is_refused)
    """
    values = scope.values() | {"rule_id": rule_id, "lane": lane, "severity": severity, "of_refused": of_refused}
    order = "filing_key desc, rule_id, file, sheet, row, column_no, found"
    return Listed(source, order, values, "* exclude (filing_key, is_refused)", PAGE_LENGTH)


def filings(scope: Scope, *, which: str = "all", rule_id: str | None = None) -> Listed:
    """Filings of one of FILING_LISTS, the latest first; `rule_id`: only those in which the rule found something."""
    if which not in FILING_LISTS:
        raise UnknownError("list", which)
    source = f"""
        from quality_filing_faults($first, $last, $pool, $known_on, $day, $rule_id)
        where {"true" if which == "all" else f"is_{which}"} and ($rule_id::varchar is null or has_rule)
    """
    values = scope.values() | {"rule_id": rule_id}
    return Listed(source, "received_at desc, filing_key desc", values, _FILING, PAGE_LENGTH)


def excluded(scope: Scope) -> Listed:
    """Quantities of filings in force that are left out of the figures, the latest filings first."""
    source = "from quality_excluded($first, $last, $pool, $known_on)"
    order = "filing_key desc, file, sheet, row, column_no"
    return Listed(source, order, scope.values(), "* exclude (filing_key)", PAGE_LENGTH)


def examples(connection: duckdb.DuckDBPyConnection, scope: Scope, of_each: int) -> dict[str, list[Row]]:
    """The first places of the findings of every rule, in order of filing and row; nothing that a filer wrote."""
    source = "from quality_place($first, $last, $pool, $known_on, $day, $of_each)"
    places: dict[str, list[Row]] = {}
    for place in records(connection, "*", source, **scope.values(), of_each=of_each):
        places.setdefault(place.rule_id, []).append(place)
    return places
