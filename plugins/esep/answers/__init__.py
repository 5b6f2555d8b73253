"""What people ask of the warehouse, answered as plain values without words of any language.

Pages, commands and reports show what these modules give; each has its question in its name. All take a read-only
connection to the published snapshot first (`open_warehouse`). Quantities and money are Decimal, never float.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from esep.clock import TIMEZONE
from esep.warehouse import calls
from esep.warehouse.errors import NoSnapshotError, OlderSnapshotError, WarehouseError
from esep.warehouse.published import opened as open_warehouse


class UnknownError(LookupError):
    """What was asked for is not there; `kind` is what it was taken for (`filing`, `taxpayer`, `year`, …)."""

    def __init__(self, kind: str, value: object) -> None:
        super().__init__(f"{kind} {value}")
        self.kind, self.value = kind, value


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The published warehouse that a connection reads."""

    as_of: date
    """The local day of its last build; deadlines in its views are judged by it."""
    code_version: str
    published_at: datetime | None
    """When its file took the place of the one before; None for a warehouse in memory."""
    hash: str = ""
    """SHA-256 of what tells this publication from every other: code, moment of the build, and the file itself."""


def snapshot(connection: duckdb.DuckDBPyConnection) -> Snapshot:
    """What the connection reads. The file is put in place new at each publication, so its own time is that moment."""
    columns = ("as_of", "code_version", "fingerprint", "built_at::varchar")
    ((as_of, code_version, *made),) = calls.rows(connection, columns, "from build")
    path = calls.value(connection, "path", "from duckdb_databases() where database_name = current_database()")
    published_at = None
    if path:
        with suppress(OSError):  # replaced while it is being read
            found = Path(path).stat()
            published_at = datetime.fromtimestamp(found.st_mtime, TIMEZONE)
            made += [found.st_ino, found.st_size, found.st_mtime_ns]
    return Snapshot(as_of, code_version, published_at, sha256(repr(made).encode()).hexdigest())


__all__ = [
    "NoSnapshotError",
    "OlderSnapshotError",
    "Snapshot",
    "UnknownError",
    "WarehouseError",
    "open_warehouse",
    "snapshot",
]
