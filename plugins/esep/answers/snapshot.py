"""Which warehouse is being read: the day it is told as of, the code that built it, when it was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from esep.answers import tables
from esep.clock import TIMEZONE


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The published warehouse that a connection reads."""

    as_of: date
    """The local day of its last build; terms of its views are judged by it."""
    code_version: str
    published_at: datetime | None
    """When its file took the place of the one before; None for a warehouse in memory."""


def snapshot(connection: duckdb.DuckDBPyConnection) -> Snapshot:
    """What the connection reads. The file is put in place new at each publication, so its own time is that moment."""
    ((as_of, code_version),) = tables.rows(connection, ("as_of", "code_version"), "from build")
    path = tables.value(connection, "path", "from duckdb_databases() where database_name = current_database()")
    try:
        published_at = datetime.fromtimestamp(Path(path).stat().st_mtime, TIMEZONE) if path else None
    except OSError:  # replaced while it is being read
        published_at = None
    return Snapshot(as_of, code_version, published_at)
