"""A filing and what stands around it: its versions, terms, examinations and duties (paras 5 to 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import duckdb

from esep.answers import UnknownError

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Filing:
    """One registered filing, as the relation `filing` tells it; the dictionary says what each field means."""

    registration_no: str
    status: str
    """registered, accepted, refused, superseded."""
    verdict: str | None
    examined_verdict: str | None
    kind: str
    """new, refiling, correction."""
    replaces: str | None
    refiles: str | None
    pool_id: str | None
    pool_name: str | None
    period: date | None
    received_at: datetime
    registered_on: date
    registered_at: datetime
    incoming_no: str | None
    change_date: date | None
    source_name: str | None
    package_sha256: str
    is_history: bool
    stamp_error: str | None
    examine_by: date
    decided_at: datetime | None
    due_on: date | None
    due_effective_on: date | None
    days_late: int | None
    within_rollover: bool
    first_days_late: int | None
    accepted_days_late: int | None
    correction_due_on: date | None
    correction_timeliness: str | None
    notice_by: date | None
    row_count: int | None
    excluded_count: int | None
    examination_no: int | None
    form_version: str | None
    ruleset: str | None
    overruled_at: datetime | None
    overruled_by: str | None
    overrule_reason: str | None

    @property
    def is_identified(self) -> bool:
        return self.pool_id is not None and self.period is not None


@dataclass(frozen=True, slots=True)
class ExaminationDone:
    """One examination; the latest counts, earlier ones stay on record."""

    examination_no: int
    is_latest: bool
    examined_at: datetime
    verdict: str
    row_count: int
    excluded_count: int
    form_version: str | None
    ruleset: str
    code_version: str
    pool_id_source: str | None
    period_source: str | None
    sheets_stated: int | None


@dataclass(frozen=True, slots=True)
class Duty:
    """What an officer has or had to do about the filing, by when."""

    kind: str
    """examine, send_refusal, send_notice."""
    paragraph: str
    letter_no: str | None
    arose_on: date
    due_on: date | None
    done_on: date | None
    done_by: str | None
    state: str
    """open, overdue, done, done_late, lifted."""
    days_over: int


def columns(record: type) -> str:
    """The fields of a record as the columns of a select."""
    return ", ".join(f'"{name}"' for name in record.__dataclass_fields__)  # type: ignore[attr-defined] # a dataclass


def fetch(connection: duckdb.DuckDBPyConnection, record: type[Row], rest: str, *values: Any) -> tuple[Row, ...]:
    """Rows of `select <fields of the record> <rest>` as records."""
    query = f"select {columns(record)} {rest}"
    return tuple(record(*row) for row in connection.execute(query, list(values)).fetchall())


def filing(connection: duckdb.DuckDBPyConnection, number: str) -> Filing:
    """The filing of a registration number; raises UnknownError if the warehouse does not hold it."""
    found = fetch(connection, Filing, "from filing where registration_no = ?", number)
    if not found:
        raise UnknownError("filing", number)
    return found[0]


def versions(connection: duckdb.DuckDBPyConnection, of: Filing) -> tuple[Filing, ...]:
    """All filings of its pool and period in order of arrival; one whose pool or period is unknown stands alone."""
    if not of.is_identified:
        return (of,)
    where = "from filing where pool_id = ? and period = ? order by received_at, filing_key"
    return fetch(connection, Filing, where, of.pool_id, of.period)


def examinations(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[ExaminationDone, ...]:
    """Its examinations, the first one first."""
    where = "from examination where registration_no = ? order by examination_no"
    return fetch(connection, ExaminationDone, where, number)


def duties(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Duty, ...]:
    """What was or is to be done about it, in order of the terms."""
    where = "from obligation_due where registration_no = ? order by due_on nulls last, arose_on, kind, letter_no"
    return fetch(connection, Duty, where, number)
