"""What is known of a pool's month in which nothing was filed: the question, the decisions, the months around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from esep.answers import UnknownError, tables
from esep.answers.calendar import PoolPeriod
from esep.answers.filing import Duty
from esep.answers.tables import records


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

    month: PoolPeriod
    pool_name: str | None
    accredited_from: date | None
    accredited_to: date | None
    question: Duty | None
    """The duty to decide on the silence, and its term."""
    decisions: tuple[SilenceDecision, ...]
    months: tuple[PoolPeriod, ...]
    """The pool's months within a year before and after, this one among them."""


def silence(connection: duckdb.DuckDBPyConnection, pool_id: str, period: date) -> Silence:
    """The facts for a decision; raises UnknownError where no filing is expected of the pool for the month."""
    around = """
        from filing_calendar
        where
            pool_id = $pool_id
            and period between $period::date - interval 12 months and $period::date + interval 12 months
        order by period
    """
    of = {"pool_id": pool_id, "period": period}
    months = records(connection, PoolPeriod, around, **of)
    month = next((month for month in months if month.period == period), None)
    if month is None:
        raise UnknownError("pool_month", f"{pool_id} {period:%Y-%m}")
    asked = "from obligation_due where kind = 'decide_silence' and pool_id = $pool_id and period = $period"
    decided = "from silence_decision where pool_id = $pool_id and period = $period order by silence_decided_at"
    questions = records(connection, Duty, asked, **of)
    decisions = records(connection, SilenceDecision, decided, **of)
    return Silence(month, *_pool(connection, pool_id), questions[0] if questions else None, decisions, months)


def _pool(connection: duckdb.DuckDBPyConnection, pool_id: str) -> tuple[str | None, date | None, date | None]:
    """Name and accreditation by the register, else the name that the pool writes on its filings."""
    source = "from pool where pool_id = $pool_id order by accredited_from desc limit 1"
    found = tables.rows(connection, ("pool_name", "accredited_from", "accredited_to"), source, pool_id=pool_id)
    for name, first, last in found:
        return name, first, last
    named = "max_by(pool_name, received_at)"
    return tables.value(connection, named, "from filing where pool_id = $pool_id", pool_id=pool_id), None, None
