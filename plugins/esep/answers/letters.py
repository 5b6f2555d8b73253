"""Letters of the outbox: which are approved and not sent."""

from __future__ import annotations

from datetime import date

import duckdb

from esep.answers.tables import Row, records


def approved_on(connection: duckdb.DuckDBPyConnection, today: date) -> tuple[Row, ...]:
    """Letters that are approved and not sent, by what the warehouse knows; the earliest last day first."""
    source = "from approved_letter_on($today) order by due_on nulls last, approved_at, letter_no"
    return records(connection, "*", source, today=today)
