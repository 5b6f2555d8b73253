"""The office's own due dates: examinations, refusals, notices and questions, whether each was in time, what is open.

Rows of `obligation_due`; what was loaded as history has no examination and no refusal among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from esep.answers.tables import Listed, Row, records
from esep.law import tables

EXAMINE, SEND_NOTICE = "examine", "send_notice"
KINDS: tuple[str, ...] = tuple(row["kind"] for row in tables.read("obligation_kind"))
"""In the order of the law's table."""
STATES = ("done", "done_late", "open", "overdue", "lifted")


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
        """Those whose deadline was kept or missed."""
        return self.done + self.done_late + self.overdue


def punctuality(found: Iterable[Row]) -> Punctuality:
    """How many duties are in which state."""
    counts = dict.fromkeys(STATES, 0)
    for duty in found:
        counts[duty.state] += 1
    return Punctuality(**counts)


def of_filing(connection: duckdb.DuckDBPyConnection, number: str) -> tuple[Row, ...]:
    """What was or is to be done about a filing, in order of the due dates."""
    columns = ("kind", "paragraph", "letter_no", "arose_on", "due_on", "done_on", "done_by", "state", "days_over")
    source = """
        from obligation_due
        where registration_no = $number
        order by due_on nulls last, arose_on, kind, letter_no
    """
    return records(connection, columns, source, number=number)


def kinds_on(connection: duckdb.DuckDBPyConnection, today: date) -> tuple[Row, ...]:
    """Every kind with what is not done of it, also those with nothing to do, in the order of the law's table.

    `hand_over` only while the office has switched it on.
    """
    return records(connection, "*", "from duty_kind_on($today)", today=today)


def open_on(today: date, kind: str | None = None) -> Listed:
    """What is not done, of a kind or all: the earliest last day first."""
    source = "from open_duty_on($today) where $kind::varchar is null or kind = $kind"
    return Listed(source, "due_on, kind, obligation", {"today": today, "kind": kind})
