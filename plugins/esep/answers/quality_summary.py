"""The quality of a scope as a whole: what the page and the report show, from counts read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import duckdb

from esep.answers import duties, quality
from esep.answers.calendar import PoolPeriod
from esep.answers.duties import Duty, Punctuality
from esep.answers.quality import Arrivals, Faults, PoolMonth, RuleCount, Unvalued
from esep.answers.quality_scope import Pool, Scope, pools

CLASSES = (("completeness", "error"), ("reliability", "error"), ("reliability", "warning"))
"""Lane and severity of findings, from those that refuse a filing to those that are told for attention."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """The findings of a rule in one lane and severity."""

    rule_id: str
    lane: str
    severity: str
    faults: Faults


@dataclass(frozen=True, slots=True)
class ExaminationTimes:
    """How long examinations took, in working days after the day of registration; history is left out."""

    filings_by_days: Mapping[int, int]
    """Working days → filings examined after so many."""
    punctuality: Punctuality
    history: int


@dataclass(frozen=True)
class Summary:
    """Everything counted for a scope. What is added up from it is worked out once."""

    scope: Scope
    pools: tuple[Pool, ...]
    pool_months: tuple[PoolMonth, ...]
    rule_counts: tuple[RuleCount, ...]
    unvalued: tuple[Unvalued, ...]
    expected: tuple[PoolPeriod, ...]
    duties: tuple[Duty, ...]

    @cached_property
    def total(self) -> Arrivals:
        return quality.arrivals_by(self.pool_months, lambda _: None).get(None, Arrivals())

    @cached_property
    def by_month(self) -> dict[date, Arrivals]:
        return quality.arrivals_by(self.pool_months, lambda one: one.month)

    @cached_property
    def by_pool(self) -> dict[str, Arrivals]:
        """In the order of `pools`; those without a filing are left out."""
        counts = quality.arrivals_by(self.pool_months, lambda one: one.pool_id)
        return {pool.pool_id: counts[pool.pool_id] for pool in self.pools if pool.pool_id in counts}

    @cached_property
    def findings(self) -> int:
        return sum(one.findings for one in self.rule_counts)

    @cached_property
    def findings_of_month(self) -> dict[tuple[date, str, str], int]:
        """Findings by month, lane and severity."""
        counts = quality.faults_by(self.rule_counts, lambda one: (one.month, one.lane, one.severity))
        return {key: faults.findings for key, faults in counts.items()}

    @cached_property
    def findings_of_pool(self) -> dict[str, int]:
        counts = quality.faults_by(self.rule_counts, lambda one: one.pool_id)
        return {pool_id: faults.findings for pool_id, faults in counts.items()}

    @cached_property
    def findings_of_rule_and_month(self) -> dict[tuple[str, date], int]:
        counts = quality.faults_by(self.rule_counts, lambda one: (one.rule_id, one.month))
        return {key: faults.findings for key, faults in counts.items()}

    @cached_property
    def findings_of_rule_and_pool(self) -> dict[tuple[str, str], int]:
        counts = quality.faults_by(self.rule_counts, lambda one: (one.rule_id, one.pool_id))
        return {key: faults.findings for key, faults in counts.items()}

    @cached_property
    def rules(self) -> tuple[RuleLine, ...]:
        """Rules that found something: by lane, then by how often."""
        counts = quality.faults_by(self.rule_counts, lambda one: (one.rule_id, one.lane, one.severity))
        lines = [RuleLine(*key, faults) for key, faults in counts.items()]
        return tuple(sorted(lines, key=lambda line: (line.lane, line.severity, -line.faults.findings, line.rule_id)))

    @cached_property
    def refusal_reasons(self) -> tuple[RuleLine, ...]:
        """Rules of completeness by refused filings; a filing refused for two reasons stands under both."""
        lines = [line for line in self.rules if line.faults.refusals]
        return tuple(sorted(lines, key=lambda line: (-line.faults.refusals, line.rule_id)))

    @cached_property
    def examinations(self) -> ExaminationTimes:
        of_kind = [duty for duty in self.duties if duty.kind == duties.EXAMINE]
        days = Counter(duty.working_days for duty in of_kind if duty.working_days is not None)
        return ExaminationTimes(dict(sorted(days.items())), duties.punctuality(of_kind), self.total.history)

    @cached_property
    def notices(self) -> Punctuality:
        return duties.punctuality(duty for duty in self.duties if duty.kind == duties.SEND_NOTICE)

    @cached_property
    def notices_by_ground(self) -> dict[str, Punctuality]:
        """By ground; a notice with two grounds stands under both."""
        notices = [duty for duty in self.duties if duty.kind == duties.SEND_NOTICE]
        grounds = sorted({ground for duty in notices for ground in duty.grounds})
        return {ground: duties.punctuality(duty for duty in notices if ground in duty.grounds) for ground in grounds}

    @cached_property
    def punctuality(self) -> dict[str, Punctuality]:
        """The office's own terms by kind of duty; kinds that did not arise are left out."""
        counts = {kind: duties.punctuality(duty for duty in self.duties if duty.kind == kind) for kind in duties.KINDS}
        return {kind: found for kind, found in counts.items() if found.all}

    @cached_property
    def states(self) -> dict[str, int]:
        """Pools and months by their state in the filing calendar."""
        return dict(Counter(one.state for one in self.expected))

    def pool(self, pool_id: str) -> Pool:
        return next((pool for pool in self.pools if pool.pool_id == pool_id), Pool(pool_id, None))


def summary(connection: duckdb.DuckDBPyConnection, scope: Scope) -> Summary:
    """All counts of the scope. `pools` are those of the months, also when the scope is one pool."""
    return Summary(
        scope=scope,
        pools=pools(connection, Scope(scope.first, scope.last, None, scope.as_of)),
        pool_months=quality.arrivals(connection, scope),
        rule_counts=quality.rule_counts(connection, scope),
        unvalued=quality.unvalued(connection, scope),
        expected=quality.expected(connection, scope),
        duties=duties.duties(connection, scope),
    )
