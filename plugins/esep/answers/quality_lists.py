"""The lists behind the counts of `quality`: findings, filings, excluded quantities, a page at a time or as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import duckdb
import pyarrow as pa

from esep.answers import UnknownError, tables
from esep.answers.quality_scope import Scope

Row = TypeVar("Row")

FILING_LISTS = (
    "all", "waiting", "accepted", "refused", "first_examined", "complete", "incomplete", "late", "refiling",
    "correction", "late_correction", "history", "faulty",
)  # fmt: skip
"""Which filings a list shows: the counts of `quality.Arrivals`."""
_CONDITIONS = {"all": "true"} | {name: f"is_{name}" for name in FILING_LISTS if name != "all"}
PAGE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of a list."""

    rows: list[Row]
    count: int
    """Rows of the whole list."""
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with its place. Texts of strangers: see `masking` before a viewer sees them."""

    registration_no: str
    month: date
    pool_id: str
    status: str
    rule_id: str
    lane: str
    severity: str
    file: str | None
    sheet: str | None
    row: int | None
    column_no: str | None
    found: str | None
    expected: str | None
    occurrences: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding lies, without anything that a filer wrote: names of files and sheets are left out."""

    registration_no: str
    row: int | None
    column_no: str | None


@dataclass(frozen=True, slots=True)
class FilingRow:
    """A filing with what became of it."""

    registration_no: str
    month: date
    is_month_read: bool
    pool_id: str
    received_at: datetime
    due_effective_on: date | None
    days_late: int | None
    kind: str
    status: str
    findings: int
    row_count: int | None
    excluded_count: int | None


@dataclass(frozen=True, slots=True)
class ExcludedRow:
    """A quantity of a filing in force that is left out of the figures."""

    registration_no: str
    month: date
    pool_id: str
    file: str
    sheet: str
    row: int
    column_no: str
    found: str | None
    reason: str
    asset: str | None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list: its source, the columns by which it is ordered, the values, and what a row becomes."""

    source: str
    order: str
    values: dict[str, Any]
    row: Any


def findings(
    scope: Scope,
    *,
    rule_id: str | None = None,
    lane: str | None = None,
    severity: str | None = None,
    of_refused: bool = False,
) -> ListQuery:
    """Findings of the scope, the latest filings first; `of_refused`: only those of refused filings."""
    source = """
        from quality_finding($first, $last, $pool, $known_on, $day)
        where
            ($rule_id::varchar is null or rule_id = $rule_id)
            and ($lane::varchar is null or lane = $lane)
            and ($severity::varchar is null or severity = $severity)
            and (not $of_refused or is_refused)
    """
    values = scope.values() | {"rule_id": rule_id, "lane": lane, "severity": severity, "of_refused": of_refused}
    return ListQuery(source, "filing_key desc, rule_id, file, sheet, row, column_no, found", values, FindingRow)


def filings(scope: Scope, *, which: str = "all", rule_id: str | None = None) -> ListQuery:
    """Filings of one of FILING_LISTS, the latest first; `rule_id`: only those in which the rule found something."""
    if which not in _CONDITIONS:
        raise UnknownError("list", which)
    source = f"""
        from quality_filing_faults($first, $last, $pool, $known_on, $day, $rule_id)
        where {_CONDITIONS[which]} and ($rule_id::varchar is null or has_rule)
    """
    return ListQuery(source, "received_at desc, filing_key desc", scope.values() | {"rule_id": rule_id}, FilingRow)


def excluded(scope: Scope) -> ListQuery:
    """Quantities that are left out of the figures, the latest filings first."""
    source = "from quality_excluded($first, $last, $pool, $known_on)"
    return ListQuery(source, "filing_key desc, file, sheet, row, column_no", scope.values(), ExcludedRow)


def examples(connection: duckdb.DuckDBPyConnection, scope: Scope, of_each: int) -> dict[str, list[Place]]:
    """The first places of the findings of every rule, in order of filing and row."""
    source = "from quality_place($first, $last, $pool, $known_on, $day, $of_each)"
    columns = ("rule_id", "registration_no", "row", "column_no")
    places: dict[str, list[Place]] = {}
    for rule_id, *place in tables.rows(connection, columns, source, **scope.values(), of_each=of_each):
        places.setdefault(rule_id, []).append(Place(*place))
    return places


def listing(connection: duckdb.DuckDBPyConnection, query: ListQuery, page: int = 1) -> Listing[Any]:
    """A page of a list; the last one where `page` lies beyond it."""
    count = tables.value(connection, "count(*)", query.source, **query.values)
    page, pages = _clamped(page, count)
    source = f"{query.source} order by {query.order} limit $limit offset $offset"
    of_this = {"limit": PAGE_LENGTH, "offset": (page - 1) * PAGE_LENGTH}
    return Listing(list(tables.records(connection, query.row, source, **query.values, **of_this)), count, page, pages)


def table(connection: duckdb.DuckDBPyConnection, query: ListQuery, without: tuple[str, ...] = ()) -> pa.Table:
    """The whole list for a download, `without` some columns; see `tables.arrow` for its length."""
    columns = [name for name in query.row.__dataclass_fields__ if name not in without]
    return tables.arrow(connection, columns, f"{query.source} order by {query.order}", **query.values)


def of_page(rows: list[Row], page: int) -> Listing[Row]:
    """One page of rows that are all at hand."""
    page, pages = _clamped(page, len(rows))
    return Listing(rows[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH], len(rows), page, pages)


def _clamped(page: int, count: int) -> tuple[int, int]:
    """A page that there is, and how many there are."""
    pages = max(-(-count // PAGE_LENGTH), 1)
    return min(max(page, 1), pages), pages
