"""What is known of a pool's month in which nothing was filed: the question, the decisions, the months around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from esep.answers import UnknownError
from esep.answers.filing import fetch


@dataclass(frozen=True, slots=True)
class PoolMonth:
    """A pool and month as the calendar tells it today."""

    pool_id: str
    period: date
    due_effective_on: date
    state: str
    """on_time, late, refused, registered, silent, not_filed, not_due."""
    registration_no: str | None
    first_arrived_on: date | None
    first_days_late: int | None
    silence: str | None
    """confirmed, explained, shown_elsewhere; None while it is a question or none."""


@dataclass(frozen=True, slots=True)
class Question:
    """The duty to decide on the silence, and its term."""

    arose_on: date
    due_on: date | None
    done_on: date | None
    done_by: str | None
    state: str
    days_over: int


@dataclass(frozen=True, slots=True)
class SilenceDecision:
    """One decision; the last one counts."""

    decision: str
    """confirmed or explained."""
    silence_decided_at: datetime
    silence_decided_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Everything about one pool and month."""

    month: PoolMonth
    pool_name: str | None
    accredited_from: date | None
    accredited_to: date | None
    question: Question | None
    decisions: tuple[SilenceDecision, ...]
    months: tuple[PoolMonth, ...]
    """The pool's months within a year before and after, this one among them."""


def silence(connection: duckdb.DuckDBPyConnection, pool_id: str, period: date) -> Silence:
    """The facts for a decision; raises UnknownError where no filing is expected of the pool for the month."""
    rest = """
        from filing_calendar
        where pool_id = ? and period between ?::date - interval 12 months and ?::date + interval 12 months
        order by period
    """
    months = fetch(connection, PoolMonth, rest, pool_id, period, period)
    month = next((month for month in months if month.period == period), None)
    if month is None:
        raise UnknownError("pool_month", f"{pool_id} {period:%Y-%m}")
    questions = fetch(
        connection,
        Question,
        "from obligation_due where kind = 'decide_silence' and pool_id = ? and period = ?",
        pool_id,
        period,
    )
    decisions = fetch(
        connection,
        SilenceDecision,
        "from silence_decision where pool_id = ? and period = ? order by silence_decided_at",
        pool_id,
        period,
    )
    return Silence(month, *_pool(connection, pool_id), questions[0] if questions else None, decisions, months)


def _pool(connection: duckdb.DuckDBPyConnection, pool_id: str) -> tuple[str | None, date | None, date | None]:
    """Name and accreditation by the register, else the name that the pool writes on its filings."""
    query = """
        select pool_name, accredited_from, accredited_to
        from pool where pool_id = ? order by accredited_from desc limit 1
    """
    found = connection.execute(query, [pool_id]).fetchone()
    if found is not None:
        return found
    query = "select max_by(pool_name, received_at) from filing where pool_id = ?"
    named = connection.execute(query, [pool_id]).fetchone()
    return (named[0] if named else None), None, None
