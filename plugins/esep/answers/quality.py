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

from esep.answers import tables
from esep.answers.calendar import PoolPeriod
from esep.answers.quality_scope import Scope
from esep.answers.tables import records

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


_OF = "$first, $last, $pool, $known_on, $day"
"""Parameters of the macros `quality_…`: see Scope.values."""


def arrivals(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[PoolMonth, ...]:
    """Pools and months that have a filing, by month and pool."""
    columns = ("month", "pool_id", *(field.name for field in fields(Arrivals)))
    found = tables.rows(connection, columns, f"from quality_month({_OF}) order by month, pool_id", **scope.values())
    return tuple(PoolMonth(month, pool_id, Arrivals(*counts)) for month, pool_id, *counts in found)


def rule_counts(
    connection: duckdb.DuckDBPyConnection, scope: Scope, rule_id: str | None = None
) -> tuple[RuleCount, ...]:
    """Findings by month, pool and rule, or those of one rule alone."""
    source = f"""
        from quality_rule({_OF})
        where $rule_id::varchar is null or rule_id = $rule_id
        order by rule_id, month, pool_id, severity
    """
    return records(connection, RuleCount, source, **scope.values(), rule_id=rule_id)


def unvalued(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[Unvalued, ...]:
    """Assets received by miners in the months, those with unvalued units first; prices and rates as of now."""
    source = "from quality_asset($first, $last, $pool, $known_on) order by unvalued_quantity = 0, asset"
    return records(connection, Unvalued, source, **scope.values())


def expected(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[PoolPeriod, ...]:
    """The filing calendar of the months, by month and pool; filings whose pool nobody could read are not in it."""
    source = f"from quality_calendar({_OF}) order by period, pool_id"
    return records(connection, PoolPeriod, source, **scope.values())


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
