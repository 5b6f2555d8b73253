"""Rows of the lists behind the counts of quality, and a page of such a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

Row = TypeVar("Row")

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


def of_page(rows: list[Row], page: int) -> Listing[Row]:
    """One page of rows that are all at hand."""
    pages = max(-(-len(rows) // PAGE_LENGTH), 1)
    page = min(max(page, 1), pages)
    return Listing(rows[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH], len(rows), page, pages)
