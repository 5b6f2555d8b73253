"""Reading the published warehouse. Readers never block a load and are never blocked by one."""

from __future__ import annotations

import duckdb

from esep.config import Settings
from esep.warehouse.errors import NoSnapshotError, WarehouseError


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the snapshot as published now; it keeps showing that one after later publications.

    DuckDB shares one open file among the connections of a process: to see a newer snapshot, close the older
    connections of this process first. Other processes do not matter.

    Moments are shown in Asia/Almaty. Raises NoSnapshotError while nothing was published, WarehouseError if the file
    cannot be opened.
    """
    path = settings.snapshot
    if not path.is_file():
        raise NoSnapshotError(
            f"{path}: no warehouse has been published yet. Run `make run` (or `bin/esep rebuild` if archive and lake "
            "exist already), and look at its messages if it did not publish."
        )
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise WarehouseError(
            f"{path}: the published warehouse cannot be opened ({error}). If another program has it open for writing, "
            "close it there; else make it again with `bin/esep rebuild`."
        ) from error
    connection.execute("set TimeZone = 'Asia/Almaty'")
    return connection
