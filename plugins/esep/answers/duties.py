"""The terms of the office itself: examinations, refusals, notices and questions, and whether each was in time.

Rows of `obligation_due`; filings taken in as history have no term of examination and refusal (para 8).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from esep.answers.quality_scope import FILINGS, Scope

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
    grounds: tuple[str, ...]
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


def duties(connection: duckdb.DuckDBPyConnection, scope: Scope) -> list[Duty]:
    """The duties that filings and silent months of the scope give rise to, by kind, term and name."""
    rows = connection.execute(
        f"""
        with {FILINGS},

        worked as (
            select day, count(*) filter (where working) over (order by day) as working_days
            from calendar_day
        )

        select
            due.obligation,
            due.kind,
            due.paragraph,
            coalesce(scoped.month, due.period),
            due.pool_id,
            due.registration_no,
            due.letter_no,
            due.arose_on,
            due.due_on,
            due.done_on,
            due.state,
            notice.reasons::varchar,
            done.working_days - arose.working_days
        from obligation_due_as_of(coalesce($as_of::date, (select as_of from build)), $known_on::timestamptz) as due
        left join scoped on due.registration_no = scoped.registration_no
        left join notice on due.letter_no = notice.letter_no
        left join worked as arose on due.arose_on = arose.day
        left join worked as done on due.done_on = done.day
        where
            scoped.registration_no is not null
            or (
                due.registration_no is null
                and due.period between $first::date and $last::date
                and ($pool_id::varchar is null or due.pool_id = $pool_id)
            )
        order by due.kind, due.due_on, due.obligation
        """,  # noqa: S608 - no value in the text
        scope.values(),
    ).fetchall()
    return [_duty(*row) for row in rows]


def _duty(*row: Any) -> Duty:
    *facts, grounds, working_days = row
    return Duty(*[*facts, tuple(json.loads(grounds or "[]")), working_days])


def punctuality(found: Iterable[Duty]) -> Punctuality:
    """How many stand in which state."""
    counts = dict.fromkeys(STATES, 0)
    for duty in found:
        counts[duty.state] += 1
    return Punctuality(**counts)
