"""Figures that other code gives differently: found when it first publishes, kept as a truth of its own, and loaded.

The snapshot that readers have was made by other code if its fingerprint differs. Its parts in force are held against
those of the working file for the same knowledge: the same filings, examinations and versions of prices and
rates. The differences go into `lake/figure_revision/<number>-<before>-<after>.parquet`. Until the new snapshot has
taken the old one's place, the file's name ends with `.pending`: after a kill it counts only if the snapshot holds it.
A record beside each, `.json`, holds its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from esep.config import Settings
from esep.files import replacing, sha256_of
from esep.records import append as records
from esep.warehouse import calls, duckdb_paths, schema, work

FOLDER = "figure_revision"
"""Folder of the lake."""
PENDING = ".pending"
"""Suffix of a revision whose publication is not done."""
PUBLISHED = "published"
"""Name under which the published snapshot is attached."""


def load(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Load the revisions that the working file does not hold. To be called inside a transaction."""
    for path in _new(settings, connection):
        connection.execute(
            "insert into internal.figure_revision by name from read_parquet(?)", [duckdb_paths.parquet([path])]
        )


def is_new(settings: Settings, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether there are revisions that the working file does not hold."""
    _settle(settings, connection)
    return bool(_new(settings, connection))


def record(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Before a publication: write down and load in what the published snapshot differs, if other code made it.

    A snapshot whose relations are of another shape cannot be compared; nothing is recorded of it.
    """
    _settle(settings, connection)
    with _attached(connection, settings.snapshot) as published:
        after = work.fingerprint(settings.sql)
        if published is None or published.fingerprint == after:
            return
        numbers = [number for number, _ in _files(settings)]
        number = max([published.revisions, *numbers]) + 1
        name = f"{published.fingerprint[:8]}-{after[:8]}.parquet"
        if (_folder(settings) / f"{published.revisions + 1:06d}-{name}").exists():  # an old snapshot was put back
            return
        with work.transaction(connection):
            connection.execute(
                "delete from internal.figure_revision where not list_contains(?::integer[], revision_no)", [numbers]
            )
            differences = schema.query(settings.sql, "snapshot/figure_difference")
            revised = calls.selected((f"{number} as revision_no", "*"), f"from {differences}")
            connection.execute(f"create temp table revised as {revised}")
            if calls.value(connection, "count(*)", "from revised"):
                with replacing(_folder(settings) / f"{number:06d}-{name}{PENDING}") as temporary:
                    connection.execute("copy revised to $path (format parquet)", {"path": str(temporary)})
                connection.execute("insert into internal.figure_revision by name from revised")
            connection.execute("drop table revised")


def confirm(settings: Settings) -> None:
    """After the publication: what was recorded for it counts from now on."""
    for path in _folder(settings).glob(f"*{PENDING}"):
        final = path.with_name(path.name.removesuffix(PENDING))
        if not _record(final).exists():
            place = final.relative_to(settings.home).as_posix()
            records.add(_record(final), {"file": final.name, "sha256": sha256_of(path)}, {place: path})
        path.replace(final)


def _record(revision: Path) -> Path:
    """The record of a revision, which holds its hash and proves it as one of a chain."""
    return revision.with_suffix(".json")


def _settle(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """What a kill left pending counts if it was published or is on record, and is thrown away if it was not."""
    for path in _folder(settings).glob(f"*{PENDING}"):
        final = path.with_name(path.name.removesuffix(PENDING))
        if _record(final).exists():
            path.replace(final)
    pending = list(_folder(settings).glob(f"*{PENDING}"))
    if not pending:
        return
    with _attached(connection, settings.snapshot) as published:
        if published is not None and _number(pending[0]) <= published.revisions:
            confirm(settings)
    for path in pending:
        path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    fingerprint: str
    revisions: int
    """Number of the last revision that it holds."""


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> Iterator[_Snapshot | None]:
    """The published snapshot, attached as PUBLISHED; None if it cannot be read or has other relations."""
    try:
        duckdb_paths.attach(connection, snapshot, PUBLISHED)
    except duckdb.Error:
        yield None
        return
    try:
        yield _describe(connection)
    finally:
        connection.execute(f"detach {PUBLISHED}")


def _describe(connection: duckdb.DuckDBPyConnection) -> _Snapshot | None:
    try:
        calls.rows(connection, ("known_to", "examination_no"), f"from {PUBLISHED}.internal.income_part limit 0")
        fingerprint = calls.value(connection, "fingerprint", f"from {PUBLISHED}.build")
        revisions = calls.value(connection, "max(revision_no)", f"from {PUBLISHED}.internal.figure_revision")
    except duckdb.Error:
        return None
    return _Snapshot(fingerprint, revisions or 0)


def _folder(settings: Settings) -> Path:
    return settings.lake / FOLDER


def _files(settings: Settings) -> list[tuple[int, Path]]:
    """Number and file of each revision that counts, in order."""
    return [(_number(path), path) for path in sorted(_folder(settings).glob("*.parquet"))]


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _new(settings: Settings, connection: duckdb.DuckDBPyConnection) -> list[Path]:
    held = calls.column(connection, "distinct revision_no", "from internal.figure_revision")
    return [path for number, path in _files(settings) if number not in held]
