"""How good the filings of a year or a month were: what came, how complete, how late, with which faults.

Counts only add up; shares are worked out from the counts. What is counted:

- a filing once, whatever became of it, for the month and pool that it names; one whose month nobody could read for the
  month before its arrival, for which filings were then due, so that none is left out of a question about months;
- a *first filing* of a pool and month, or one whose pool or month nobody could read, *complete* if accepted (para 8);
- findings by `sum(occurrences)`, those of refused and replaced filings too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar

import duckdb

from esep.answers import duties, tables
from esep.answers.duties import Punctuality
from esep.answers.tables import Row, records
from esep.clock import TIMEZONE

Key = TypeVar("Key")
Counts = TypeVar("Counts", bound="_Counts")

UNREAD = ""
"""The pool of filings whose pool nobody could read."""
CLASSES = (("completeness", "error"), ("reliability", "error"), ("reliability", "warning"))
"""Lane and severity of findings, from those that refuse a filing to those that are there for attention."""
_OF = "$first, $last, $pool, $known_on, $day"
"""Parameters of the macros `quality_…`: see Scope.values."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Filings of the months from `first` to `last` (both as their first day)."""

    first: date
    last: date
    pool_id: str | None = None
    """None: all pools. UNREAD: filings whose pool nobody could read."""
    as_of: date | None = None
    """The day as of which it is given, by what was known before it began. None: as the snapshot knows it."""

    def values(self) -> dict[str, Any]:
        """The values of the macros `quality_…`: `first`, `last`, `pool`, `day` and `known_on`."""
        known_on = datetime.combine(self.as_of, time(), TIMEZONE) - timedelta(microseconds=1) if self.as_of else None
        return {
            "first": self.first,
            "last": self.last,
            "pool": self.pool_id,
            "day": self.as_of,
            "known_on": known_on.isoformat() if known_on else "infinity",
        }


def of_year(year: int, month: int | None = None, pool_id: str | None = None) -> Scope:
    """A calendar year of distribution, or one month of it."""
    return Scope(date(year, month or 1, 1), date(year, month or 12, 1), pool_id)


class _Counts:
    """Counts that add up."""

    __slots__ = ()

    @classmethod
    def of(cls: type[Counts], row: Row) -> Counts:
        """Those of a row, which has a column for each."""
        return cls(*(getattr(row, field.name) for field in fields(cls)))  # type: ignore[arg-type] # a dataclass

    def __add__(self: Counts, other: Counts) -> Counts:
        names = [field.name for field in fields(self)]  # type: ignore[arg-type] # a dataclass
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class Arrivals(_Counts):
    """Counts of filings."""

    filings: int = 0
    unexamined: int = 0
    waiting: int = 0
    """Examined, and left to an officer (question_kind)."""
    accepted: int = 0
    refused: int = 0
    first_examined: int = 0
    """First filings that have a verdict: what the share of complete ones is a share of."""
    complete: int = 0
    """First filings that were accepted."""
    late: int = 0
    """First filings that came after the due date (para 5)."""
    refilings: int = 0
    corrections: int = 0
    late_corrections: int = 0
    """After the 10 working days from the declared day of change (para 6)."""
    history: int = 0
    """Loaded as history: the office's own deadlines are not counted for them."""
    with_findings: int = 0
    excluded: int = 0
    """Quantities of filings in force that cannot be read and are left out of the figures."""

    @property
    def complete_share(self) -> Decimal | None:
        """From 0 to 1; None where there is nothing to have a share of."""
        return Decimal(self.complete) / self.first_examined if self.first_examined else None

    @property
    def incomplete(self) -> int:
        return self.first_examined - self.complete


@dataclass(frozen=True, slots=True)
class Faults(_Counts):
    """Counts of findings."""

    findings: int = 0
    filings: int = 0
    refusals: int = 0
    """Refused filings among them, if the rule is one of completeness: it is a reason of the refusal."""


def added_up(kind: type[Counts], rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, Counts]:
    """Counts of rows by month, by pool, or by whatever `key` gives.

    `filings` and `refusals` of Faults are true only if the key keeps rules apart: else a filing with faults of two
    rules counts twice; see Arrivals.with_findings.
    """
    totals: dict[Key, Counts] = {}
    for row in rows:
        totals[key(row)] = totals.get(key(row), kind()) + kind.of(row)
    return totals


@dataclass(frozen=True, slots=True)
class RuleLine:
    """The findings of a rule in one lane and severity."""

    rule_id: str
    lane: str
    severity: str
    faults: Faults


@dataclass(frozen=True)
class Summary:
    """Everything counted for a scope, for the page and the report. What is added up from it is worked out once."""

    scope: Scope
    pools: tuple[Row, ...]
    pool_months: tuple[Row, ...]
    """Of `quality_month`."""
    rule_counts: tuple[Row, ...]
    """Of `quality_rule`."""
    unvalued: tuple[Row, ...]
    """Of `quality_asset`, those with unvalued units first; units of different assets are not added up."""
    expected: tuple[Row, ...]
    """Of `filing_calendar`."""
    duties: tuple[Row, ...]
    """Of `quality_duty`."""

    @cached_property
    def total(self) -> Arrivals:
        return added_up(Arrivals, self.pool_months, lambda _: None).get(None, Arrivals())

    @cached_property
    def by_month(self) -> dict[date, Arrivals]:
        return added_up(Arrivals, self.pool_months, attrgetter("month"))

    @cached_property
    def by_pool(self) -> dict[str, Arrivals]:
        """In the order of `pools`; those without a filing are left out."""
        counts = added_up(Arrivals, self.pool_months, attrgetter("pool_id"))
        return {pool.pool_id: counts[pool.pool_id] for pool in self.pools if pool.pool_id in counts}

    @cached_property
    def findings(self) -> int:
        return sum(one.findings for one in self.rule_counts)

    @cached_property
    def findings_of_month(self) -> Counter[tuple[date, str, str]]:
        """Findings by month, lane and severity."""
        return self._findings_by("month", "lane", "severity")

    @cached_property
    def findings_of_pool(self) -> Counter[str]:
        return self._findings_by("pool_id")

    @cached_property
    def findings_of_rule_and_month(self) -> Counter[tuple[str, date]]:
        return self._findings_by("rule_id", "month")

    @cached_property
    def findings_of_rule_and_pool(self) -> Counter[tuple[str, str]]:
        return self._findings_by("rule_id", "pool_id")

    def _findings_by(self, *columns: str) -> Counter[Any]:
        counts: Counter[Any] = Counter()
        for one in self.rule_counts:
            counts[attrgetter(*columns)(one)] += one.findings
        return counts

    @cached_property
    def rules(self) -> tuple[RuleLine, ...]:
        """Rules that found something: by lane, then by how often."""
        counts = added_up(Faults, self.rule_counts, attrgetter("rule_id", "lane", "severity"))
        lines = [RuleLine(*key, faults) for key, faults in counts.items()]
        return tuple(sorted(lines, key=lambda line: (line.lane, line.severity, -line.faults.findings, line.rule_id)))

    @cached_property
    def refusal_reasons(self) -> tuple[RuleLine, ...]:
        """Rules of completeness by refused filings; a filing refused for two reasons is under both."""
        lines = [line for line in self.rules if line.faults.refusals]
        return tuple(sorted(lines, key=lambda line: (-line.faults.refusals, line.rule_id)))

    @cached_property
    def examination_days(self) -> dict[int, int]:
        """Working days after the day of registration → filings examined after so many; history is left out."""
        days = Counter(duty.working_days for duty in self._of_kind(duties.EXAMINE) if duty.working_days is not None)
        return dict(sorted(days.items()))

    @cached_property
    def notices(self) -> Punctuality:
        return duties.punctuality(self._of_kind(duties.SEND_NOTICE))

    @cached_property
    def notices_by_ground(self) -> dict[str, Punctuality]:
        """By ground; a notice with two grounds is under both."""
        notices = self._of_kind(duties.SEND_NOTICE)
        grounds = sorted({ground for duty in notices for ground in duty.grounds})
        return {ground: duties.punctuality(duty for duty in notices if ground in duty.grounds) for ground in grounds}

    @cached_property
    def punctuality(self) -> dict[str, Punctuality]:
        """The office's own due dates by kind of duty; kinds that did not arise are left out."""
        counts = {kind: duties.punctuality(self._of_kind(kind)) for kind in duties.KINDS}
        return {kind: found for kind, found in counts.items() if found.all}

    def _of_kind(self, kind: str) -> list[Row]:
        return [duty for duty in self.duties if duty.kind == kind]

    @cached_property
    def states(self) -> dict[str, int]:
        """Pools and months by their state in the filing calendar."""
        return dict(Counter(one.state for one in self.expected))

    @staticmethod
    def unvalued_share(one: Row) -> Decimal | None:
        """Of an asset's units, from 0 to 1."""
        return Decimal(one.unvalued_quantity) / one.quantity if one.quantity else None

    def pool_name(self, pool_id: str) -> str | None:
        return next((pool.pool_name for pool in self.pools if pool.pool_id == pool_id), None)


def summary(connection: duckdb.DuckDBPyConnection, scope: Scope) -> Summary:
    """All counts of the scope. `pools` are those of the months, also when the scope is one pool."""
    arrivals = f"from quality_month({_OF}) order by month, pool_id"
    assets = "from quality_asset($first, $last, $pool, $known_on) order by unvalued_quantity = 0, asset"
    calendar = f"from quality_calendar({_OF}) order by period, pool_id"
    return Summary(
        scope=scope,
        pools=pools(connection, scope),
        pool_months=records(connection, "*", arrivals, **scope.values()),
        rule_counts=rule_counts(connection, scope),
        unvalued=records(connection, "*", assets, **scope.values()),
        expected=records(connection, "*", calendar, **scope.values()),
        duties=duties_of(connection, scope),
    )


def rule_counts(connection: duckdb.DuckDBPyConnection, scope: Scope, rule_id: str | None = None) -> tuple[Row, ...]:
    """Findings by month, pool and rule, or those of one rule alone; by severity too, since a rule may be reworded."""
    source = f"""
        from quality_rule({_OF})
        where $rule_id::varchar is null or rule_id = $rule_id
        order by rule_id, month, pool_id, severity
    """
    return records(connection, "*", source, **scope.values(), rule_id=rule_id)


def duties_of(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[Row, ...]:
    """The duties that filings and silent months of the scope give rise to, by kind, due date and name."""
    return records(connection, "*", f"from quality_duty({_OF}) order by kind, due_on, obligation", **scope.values())


def pools(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[Row, ...]:
    """The pools that filed for the months, and those accredited in them, by name; UNREAD last."""
    source = "from pool_of_months($first, $last) order by pool_id = '', pool_name, pool_id"
    return records(connection, "*", source, **scope.values())


def months_with_filings(connection: duckdb.DuckDBPyConnection) -> list[date]:
    """Months of distribution that filings count to, ascending."""
    return list(tables.column(connection, "distinct month", "from filing_month() order by month"))


def months_to_report(connection: duckdb.DuckDBPyConnection) -> list[date]:
    """Months that filings count to or in which a pool was to file, ascending: silence of all is worth a report, too."""
    due = tables.column(connection, "distinct period", "from filing_calendar")
    return sorted({*months_with_filings(connection), *due})


def years(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Years of distribution with filings, ascending."""
    return sorted({month.year for month in months_with_filings(connection)})


def latest_year(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The latest year with filings that has begun on the snapshot's day; None while there is no filing."""
    known = years(connection)
    this_year = tables.value(connection, "year(as_of)", "from build")
    begun = [year for year in known if this_year is None or year <= this_year]
    return begun[-1] if begun else (known[-1] if known else None)
