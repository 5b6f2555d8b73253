"""The lists behind the counts of `quality`: findings, filings, excluded quantities, a page at a time or as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from esep.answers import UnknownError, tables
from esep.answers.quality_rows import PAGE_LENGTH, ExcludedRow, FilingRow, FindingRow, Listing, Place
from esep.answers.quality_scope import FAULTS, FILINGS, Scope

FILING_LISTS = (
    "all", "waiting", "accepted", "refused", "first_examined", "complete", "incomplete", "late", "refiling",
    "correction", "late_correction", "history", "faulty",
)  # fmt: skip
"""Which filings a list shows: the counts of `quality.Arrivals`."""
_CONDITIONS = {
    "all": "true",
    "faulty": "scoped.registration_no in (select registration_no from faults)",
    **{name: f"scoped.is_{name}" for name in FILING_LISTS if name not in ("all", "faulty")},
}


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list: the relation `listed` with the columns of `row` in order, and `filing_key` to sort by."""

    with_listed: str
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
    return ListQuery(
        f"""
        with {FILINGS},

        {FAULTS},

        listed as (
            select
                scoped.registration_no, scoped.month, scoped.of_pool as pool_id, scoped.status, faults.rule_id,
                faults.lane,
                faults.severity, faults.file, faults.sheet, faults.row, faults.column_no, faults.found,
                faults.expected, faults.occurrences, scoped.filing_key
            from faults
            inner join scoped on faults.registration_no = scoped.registration_no
            where
                ($rule_id::varchar is null or faults.rule_id = $rule_id)
                and ($lane::varchar is null or faults.lane = $lane)
                and ($severity::varchar is null or faults.severity = $severity)
                and (not $of_refused or scoped.is_refused)
        )
        """,  # noqa: S608 - no value in the text
        "filing_key desc, rule_id, file, sheet, row, column_no, found",
        scope.values() | {"rule_id": rule_id, "lane": lane, "severity": severity, "of_refused": of_refused},
        FindingRow,
    )


def filings(
    scope: Scope,
    *,
    which: str = "all",
    rule_id: str | None = None,
) -> ListQuery:
    """Filings of one of FILING_LISTS, the latest first; `rule_id`: only those in which the rule found something."""
    if which not in _CONDITIONS:
        raise UnknownError("list", which)
    return ListQuery(
        f"""
        with {FILINGS},

        {FAULTS},

        found as (
            select
                registration_no,
                sum(occurrences)::bigint as findings,
                bool_or(rule_id = $rule_id::varchar) as has_rule
            from faults
            where registration_no in (select registration_no from scoped)
            group by registration_no
        ),

        listed as (
            select
                scoped.registration_no, scoped.month, scoped.period is not null as is_month_read,
                scoped.of_pool as pool_id,
                scoped.received_at, scoped.due_effective_on, scoped.days_late, scoped.kind, scoped.status,
                coalesce(found.findings, 0) as findings, scoped.row_count, scoped.excluded_count, scoped.filing_key
            from scoped
            left join found on scoped.registration_no = found.registration_no
            where {_CONDITIONS[which]} and ($rule_id::varchar is null or found.has_rule)
        )
        """,  # noqa: S608 - no value in the text
        "received_at desc, filing_key desc",
        scope.values() | {"rule_id": rule_id},
        FilingRow,
    )


def excluded(scope: Scope) -> ListQuery:
    """Quantities that are left out of the figures, the latest filings first."""
    return ListQuery(
        f"""
        with {FILINGS},

        listed as (
            select
                scoped.registration_no, scoped.month, scoped.of_pool as pool_id, unreadable_quantity.file,
                unreadable_quantity.sheet, unreadable_quantity.row, unreadable_quantity.column_no,
                unreadable_quantity.found, unreadable_quantity.reason, unreadable_quantity.asset, scoped.filing_key
            from unreadable_quantity
            inner join in_force_as_known_on($known_on::timestamptz) as in_force
                on unreadable_quantity.filing_key = in_force.filing_key
            inner join scoped on unreadable_quantity.registration_no = scoped.registration_no
        )
        """,  # noqa: S608 - no value in the text
        "filing_key desc, file, sheet, row, column_no",
        scope.values("first", "last", "pool_id", "known_on"),
        ExcludedRow,
    )


def examples(connection: duckdb.DuckDBPyConnection, scope: Scope, of_each: int) -> dict[str, list[Place]]:
    """The first places of the findings of every rule, in order of filing and row."""
    rows = connection.execute(
        f"""
        with {FILINGS},

        {FAULTS}

        select faults.rule_id, scoped.registration_no, faults.row, faults.column_no
        from faults
        inner join scoped on faults.registration_no = scoped.registration_no
        qualify
            row_number() over (
                partition by faults.rule_id
                order by scoped.filing_key, faults.file, faults.sheet, faults.row, faults.column_no, faults.found
            ) <= $of_each
        order by faults.rule_id, scoped.filing_key, faults.file, faults.sheet, faults.row, faults.column_no
        """,  # noqa: S608 - no value in the text
        scope.values() | {"of_each": of_each},
    ).fetchall()
    places: dict[str, list[Place]] = {}
    for rule_id, *place in rows:
        places.setdefault(rule_id, []).append(Place(*place))
    return places


def listing(connection: duckdb.DuckDBPyConnection, query: ListQuery, page: int = 1) -> Listing[Any]:
    """A page of a list; the last one where `page` lies beyond it."""
    rows_and_count = _selecting(query, "* exclude (filing_key), count(*) over ()")
    sql = f"{rows_and_count} order by {query.order} limit $limit offset $offset"
    page = max(page, 1)
    while True:
        of_this = {"limit": PAGE_LENGTH, "offset": (page - 1) * PAGE_LENGTH}
        rows = connection.execute(sql, query.values | of_this).fetchall()
        if rows or page == 1:
            break
        counted = connection.execute(_selecting(query, "count(*)"), query.values).fetchone()
        page = max(-(-int(counted[0]) // PAGE_LENGTH), 1) if counted else 1
    count = int(rows[0][-1]) if rows else 0
    return Listing([query.row(*row[:-1]) for row in rows], count, page, max(-(-count // PAGE_LENGTH), 1))


def table(connection: duckdb.DuckDBPyConnection, query: ListQuery, without: tuple[str, ...] = ()) -> pa.Table:
    """The whole list for a download, `without` some columns; see `tables.arrow` for its length."""
    left_out = ", ".join(("filing_key", *without))
    source = f"from ({_selecting(query, '*')}) order by {query.order}"
    return tables.arrow(connection, (f"* exclude ({left_out})",), source, **query.values)


def _selecting(query: ListQuery, columns: str) -> str:
    return f"{query.with_listed} select {columns} from listed"  # noqa: S608 - names of our own
