"""The office's own terms: examinations, refusals, notices and questions, whether each was in time, what is open.

Rows of `obligation_due`; filings taken in as history have no term of examination and refusal (para 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from esep.answers.quality_scope import Scope
from esep.answers.tables import records

EXAMINE, SEND_REFUSAL, SEND_NOTICE, DECIDE_SILENCE = "examine", "send_refusal", "send_notice", "decide_silence"
KINDS = (EXAMINE, SEND_REFUSAL, SEND_NOTICE, DECIDE_SILENCE)
STATES = ("done", "done_late", "open", "overdue", "lifted")
NOT_IN_TIME = ("done_late", "overdue")


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that an officer has to do by a day."""

    obligation: str
    kind: str
    paragraph: str
    month: date | None
    pool_id: str | None
    registration_no: str | None
    letter_no: str | None
    arose_on: date
    due_on: date
    done_on: date | None
    state: str
    """One of STATES."""
    grounds: list[str]
    """Of a notice, why it was drafted: `not_filed`, `late`, `unreliable`, `incomplete`."""
    working_days: int | None
    """From the day it arose, which is day 0, to the day it was done; None while it is not done."""


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Duties of one kind, or notices with one ground, by state."""

    done: int = 0
    done_late: int = 0
    open: int = 0
    overdue: int = 0
    lifted: int = 0

    @property
    def all(self) -> int:
        return self.done + self.done_late + self.open + self.overdue + self.lifted

    @property
    def decided(self) -> int:
        """Those whose term was kept or missed."""
        return self.done + self.done_late + self.overdue


def duties(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[Duty, ...]:
    """The duties that filings and silent months of the scope give rise to, by kind, term and name."""
    source = "from quality_duty($first, $last, $pool, $known_on, $day) order by kind, due_on, obligation"
    return records(connection, Duty, source, **scope.values())


def punctuality(found: Iterable[Duty]) -> Punctuality:
    """How many stand in which state."""
    counts = dict.fromkeys(STATES, 0)
    for duty in found:
        counts[duty.state] += 1
    return Punctuality(**counts)


@dataclass(frozen=True, slots=True)
class DutyKind:
    """Duties of one kind that are not done."""

    kind: str
    """`examine`, `send_refusal`, `send_notice`, `decide_silence`: rows of the law's table obligation_kind."""
    paragraph: str
    words: Mapping[str, str]
    """What is to be done, by language, as that table has it."""
    overdue: int
    due_today: int
    later: int
    earliest: date | None
    """The earliest last day among them, which may be past."""

    @property
    def count(self) -> int:
        return self.overdue + self.due_today + self.later


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """One thing that is not done."""

    kind: str
    words: Mapping[str, str]
    pool_id: str | None
    pool_name: str | None
    period: date | None
    registration_no: str | None
    letter_no: str | None
    arose_on: date
    due_on: date
    days_over: int
    """Calendar days after the last day; 0 while the term runs."""


def duty_kinds(connection: duckdb.DuckDBPyConnection, today: date) -> tuple[DutyKind, ...]:
    """Every kind, also those with nothing to do, in the order of the law's table."""
    return records(connection, DutyKind, "from duty_kind_on($today)", today=today)


def open_duties(
    connection: duckdb.DuckDBPyConnection, today: date, kind: str | None = None, limit: int = 50, offset: int = 0
) -> tuple[OpenDuty, ...]:
    """Those of a kind, or all: the earliest last day first."""
    source = """
        from open_duty_on($today)
        where $kind::varchar is null or kind = $kind
        order by due_on, kind, obligation
        limit $limit offset $offset
    """
    return records(connection, OpenDuty, source, today=today, kind=kind, limit=limit, offset=offset)
