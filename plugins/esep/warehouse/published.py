"""The published snapshot: a copy of the working file takes its place in one step, and readers open it.

Readers never block a publication and are never blocked by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from esep import files
from esep.config import Settings
from esep.warehouse import calls, revision, work
from esep.warehouse.errors import NoSnapshotError, NotCheckedError, OlderSnapshotError, WarehouseError


@dataclass(frozen=True, slots=True)
class PublishReport:
    published: bool
    """False when readers have the latest content already."""

    def __str__(self) -> str:
        return "published" if self.published else "nothing new to publish"


def publish(settings: Settings) -> PublishReport:
    """Publish what is new and checked; the snapshot is made again if it is missing or cannot be opened.

    Readers that have the old file open keep it; the next to open get the new one. Raises NotCheckedError when the
    working file changed since the checks last passed.
    """
    with work.locked(settings):
        if not work.file(settings).exists() or work.is_changed(settings):
            raise NotCheckedError(
                f"{work.file(settings)}: the warehouse has changes that no check has seen, so readers keep the last "
                "snapshot. Run the checks (`make run` runs all steps) and publish again."
            )
        files.remove_unfinished(settings.snapshot)
        if _can_be_opened(settings.snapshot) and not work.is_checked(settings):
            return PublishReport(published=False)
        with work.opened(settings) as connection:
            revision.record(settings, connection)
            connection.execute("force checkpoint")
        with files.replacing(settings.snapshot) as temporary:
            files.copy(work.file(settings), temporary)
        revision.confirm(settings)
        work.mark_published(settings)
        return PublishReport(published=True)


def connect(settings: Settings, *, masked: bool = False) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the snapshot as published now; it keeps showing that one after later publications.

    With `masked` to the snapshot without personal data, which follows it by some seconds (`warehouse.masked`).

    DuckDB shares one open file among the connections of a process: to see a newer snapshot, close the older
    connections of this process first. Other processes do not matter.

    Moments are shown in Asia/Almaty. Raises NoSnapshotError while nothing was published, WarehouseError if the file
    cannot be opened.
    """
    path = _path(settings, masked=masked)
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


@contextmanager
def opened(settings: Settings, *, masked: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same connection, closed at the end, to a snapshot of this code and these tables of the law.

    Raises OlderSnapshotError for another one; each text says what to do.
    """
    with closing(connect(settings, masked=masked)) as connection:
        try:
            built = calls.rows(connection, ("fingerprint", "code_version"), "from build")
        except duckdb.Error:
            built = []
        fingerprint, code_version = built[0] if built else (None, "unknown")
        if fingerprint != work.fingerprint(settings.sql):
            raise OlderSnapshotError(
                f"{_path(settings, masked=masked)}: this warehouse was built by other code ({code_version}) than is "
                "installed now, so its figures cannot be shown reliably. Run the DAG `warehouse` (or `make run`, or "
                "`bin/esep rebuild`): it builds the warehouse anew from archive and lake, and loses nothing."
            )
        yield connection


def _path(settings: Settings, *, masked: bool) -> Path:
    return settings.masked_snapshot if masked else settings.snapshot


def _can_be_opened(snapshot: Path) -> bool:
    try:
        duckdb.connect(str(snapshot), read_only=True).close()
    except duckdb.Error:
        return False
    return True
