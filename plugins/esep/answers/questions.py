"""Questions that only an officer can answer: which are open, until when, and what was answered."""

from __future__ import annotations

from datetime import date

import duckdb

from esep.answers.tables import Row, records

OPEN = ("open", "overdue")


def on_day(connection: duckdb.DuckDBPyConnection, today: date) -> tuple[Row, ...]:
    """All questions as of a day; those to be answered first, by their last day."""
    source = "from question_on($today) order by answered_at is not null or lifted_on is not null, due_on, question"
    return records(connection, "*", source, today=today)


def of_filing(connection: duckdb.DuckDBPyConnection, number: str, today: date) -> tuple[Row, ...]:
    """The questions about a filing."""
    source = "from question_on($today) where registration_no = $number order by arose_on, kind"
    return records(connection, "*", source, today=today, number=number)
