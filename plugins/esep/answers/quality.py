"""How good the filings of a year or a month were: what came, how complete, how late, with which faults.

Counts only add up; shares are worked out from the counts. What is counted:

- a filing once, whatever became of it, for the month and pool that it names (see `quality_scope`);
- a *first filing* of a pool and month, or one whose pool or month nobody could read, *complete* if accepted (para 8);
- findings by `sum(occurrences)`, those of refused and replaced filings too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TypeVar

import duckdb

from esep.answers.quality_scope import FAULTS, FILINGS, Scope

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Counts of filings. Instances add up."""

    filings: int = 0
    waiting: int = 0
    """Not examined yet."""
    accepted: int = 0
    refused: int = 0
    first_examined: int = 0
    """First filings that have a verdict: what the share of complete ones is a share of."""
    complete: int = 0
    """First filings that were accepted."""
    late: int = 0
    """First filings that came after the term (para 5)."""
    refilings: int = 0
    corrections: int = 0
    late_corrections: int = 0
    """After the 10 working days from the declared day of change (para 6)."""
    history: int = 0
    """Taken in long after they arrived: no term of examination applies to them."""
    with_findings: int = 0
    excluded: int = 0
    """Quantities of filings in force that cannot be read and are left out of the figures."""

    def __add__(self, other: Arrivals) -> Arrivals:
        return Arrivals(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def complete_share(self) -> Decimal | None:
        """From 0 to 1; None where there is nothing to have a share of."""
        return Decimal(self.complete) / self.first_examined if self.first_examined else None

    @property
    def incomplete(self) -> int:
        return self.first_examined - self.complete


@dataclass(frozen=True, slots=True)
class PoolMonth:
    """The filings of a pool for a month."""

    month: date
    pool_id: str
    arrivals: Arrivals


@dataclass(frozen=True, slots=True)
class RuleCount:
    """The findings of a rule in the filings of a pool for a month, by severity: a rule may have been reworded."""

    month: date
    pool_id: str
    rule_id: str
    lane: str
    severity: str
    findings: int
    filings: int
    refusals: int
    """Refused filings among them, if the rule is one of completeness: it is a reason of the refusal."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Counts of findings. Instances add up."""

    findings: int = 0
    filings: int = 0
    refusals: int = 0

    def __add__(self, other: Faults) -> Faults:
        return Faults(self.findings + other.findings, self.filings + other.filings, self.refusals + other.refusals)


@dataclass(frozen=True, slots=True)
class Unvalued:
    """An asset that miners received in the months, in units; units of different assets are not added up."""

    asset: str | None
    quantity: Decimal
    unvalued_quantity: Decimal

    @property
    def share(self) -> Decimal | None:
        return self.unvalued_quantity / self.quantity if self.quantity else None


@dataclass(frozen=True, slots=True)
class Expected:
    """A pool and month in which a filing was due or came."""

    pool_id: str
    month: date
    due_effective_on: date | None
    state: str
    """`on_time`, `late`, `refused`, `registered`, `silent`, `not_filed`, `not_due`."""
    registration_no: str | None
    first_arrived_on: date | None
    accepted_arrived_on: date | None
    first_days_late: int | None
    accepted_days_late: int | None


def arrivals(connection: duckdb.DuckDBPyConnection, scope: Scope) -> list[PoolMonth]:
    """Pools and months that have a filing, by month and pool."""
    rows = connection.execute(
        f"""
        with {FILINGS},

        {FAULTS},

        with_faults as (
            select distinct registration_no from faults
        ),

        left_out as (
            select unreadable_quantity.registration_no, count(*) as excluded
            from unreadable_quantity
            inner join in_force_as_known_on($known_on::timestamptz) as in_force
                on unreadable_quantity.filing_key = in_force.filing_key
            group by unreadable_quantity.registration_no
        )

        select
            scoped.month,
            scoped.of_pool,
            count(*),
            count(*) filter (where scoped.is_waiting),
            count(*) filter (where scoped.is_accepted),
            count(*) filter (where scoped.is_refused),
            count(*) filter (where scoped.is_first_examined),
            count(*) filter (where scoped.is_complete),
            count(*) filter (where scoped.is_late),
            count(*) filter (where scoped.is_refiling),
            count(*) filter (where scoped.is_correction),
            count(*) filter (where scoped.is_late_correction),
            count(*) filter (where scoped.is_history),
            count(with_faults.registration_no),
            coalesce(sum(left_out.excluded), 0)::bigint
        from scoped
        left join with_faults on scoped.registration_no = with_faults.registration_no
        left join left_out on scoped.registration_no = left_out.registration_no
        group by scoped.month, scoped.of_pool
        order by scoped.month, scoped.of_pool
        """,  # noqa: S608 - no value in the text
        scope.values(),
    ).fetchall()
    return [PoolMonth(month, pool_id, Arrivals(*counts)) for month, pool_id, *counts in rows]


def rule_counts(connection: duckdb.DuckDBPyConnection, scope: Scope, rule_id: str | None = None) -> list[RuleCount]:
    """Findings by month, pool and rule, or those of one rule alone."""
    rows = connection.execute(
        f"""
        with {FILINGS},

        {FAULTS}

        select
            scoped.month,
            scoped.of_pool,
            faults.rule_id,
            faults.lane,
            faults.severity,
            sum(faults.occurrences)::bigint,
            count(distinct scoped.registration_no),
            count(distinct case when scoped.is_refused and faults.lane = 'completeness' then scoped.registration_no end)
        from faults
        inner join scoped on faults.registration_no = scoped.registration_no
        where $rule_id::varchar is null or faults.rule_id = $rule_id
        group by scoped.month, scoped.of_pool, faults.rule_id, faults.lane, faults.severity
        order by faults.rule_id, scoped.month, scoped.of_pool, faults.severity
        """,  # noqa: S608 - no value in the text
        scope.values() | {"rule_id": rule_id},
    ).fetchall()
    return [RuleCount(*row) for row in rows]


def unvalued(connection: duckdb.DuckDBPyConnection, scope: Scope) -> list[Unvalued]:
    """Assets received by miners in the months, those with unvalued units first; prices and rates as of now."""
    rows = connection.execute(
        """
        select
            asset,
            sum(quantity)::decimal(38, 18),
            sum(unvalued_quantity)::decimal(38, 18)
        from income_part_as_known_on($known_on::timestamptz)
        where
            role = 'miner'
            and period between $first::date and $last::date
            and ($pool_id::varchar is null or coalesce(pool_id, '') = $pool_id)
        group by asset
        order by sum(unvalued_quantity) = 0, asset
        """,
        scope.values("known_on", "first", "last", "pool_id"),
    ).fetchall()
    return [Unvalued(*row) for row in rows]


def expected(connection: duckdb.DuckDBPyConnection, scope: Scope) -> list[Expected]:
    """The filing calendar of the months, by month and pool; filings whose pool nobody could read are not in it."""
    rows = connection.execute(
        """
        select
            pool_id, period, due_effective_on, state, registration_no, first_arrived_on, accepted_arrived_on,
            first_days_late, accepted_days_late
        from filing_calendar_as_of(coalesce($as_of::date, (select as_of from build)), $known_on::timestamptz)
        where period between $first::date and $last::date and ($pool_id::varchar is null or pool_id = $pool_id)
        order by period, pool_id
        """,
        scope.values(),
    ).fetchall()
    return [Expected(*row) for row in rows]


def arrivals_by(counts: Iterable[PoolMonth], key: Callable[[PoolMonth], Key]) -> dict[Key, Arrivals]:
    """The counts added up by month, by pool, or by whatever `key` gives."""
    totals: dict[Key, Arrivals] = {}
    for one in counts:
        totals[key(one)] = totals.get(key(one), Arrivals()) + one.arrivals
    return totals


def faults_by(counts: Iterable[RuleCount], key: Callable[[RuleCount], Key]) -> dict[Key, Faults]:
    """The findings added up. `filings` and `refusals` are true only if the key tells rules apart: else a filing with
    faults of two rules counts twice; see Arrivals.with_findings."""
    totals: dict[Key, Faults] = {}
    for one in counts:
        totals[key(one)] = totals.get(key(one), Faults()) + Faults(one.findings, one.filings, one.refusals)
    return totals
