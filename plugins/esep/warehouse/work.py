"""The working file: a private DuckDB file that one writer at a time changes and that is copied to be published.

It is a projection of archive, lake and reference data. A file that was built by other SQL, tables of the law, code or
engine, or that cannot be read, is thrown away and built anew. Empty marker files beside it say what is still to be
done: `unloaded` (made anew, nothing loaded yet), `changed` (checks must run) and `checked` (to be published); `listed`
is as old as the last load's look at the archive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

import esep
from esep.config import Settings
from esep.office import archive
from esep.warehouse import calls, duckdb_paths, schema
from esep.warehouse.errors import DamagedFileError, WarehouseBusyError

FOLDER = ".work"
FILE = "esep.duckdb"
LOCK = "warehouse.lock"
OF_FILING = {
    "distribution_row": "filing_key",
    "earlier_row": "filing_key",
    "stated_taxpayer": "filing_key",
    "stored_rows": "filing_key",
    "unreadable_quantity": "filing_key",
    "row_beyond_value": "filing_key",
    "income_part": "filing_key",
    "examination_finding": "registration_no",
    "loaded_file": "registration_no",
    "named_file": "registration_no",
}
"""Tables of `internal` whose rows of a filing change only while it is on `filing_unchecked`: the column that says whose
they are."""
LOCK_SECONDS = 900.0
"""How long a writer waits for the one before it."""


def folder(settings: Settings) -> Path:
    return settings.warehouse / FOLDER


def file(settings: Settings) -> Path:
    """The working file; it is elsewhere for a home with a `?` in its path (duckdb_paths.writable)."""
    return duckdb_paths.writable(folder(settings)) / FILE


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Hold the writer's lock; may be nested in one process. Raises WarehouseBusyError after LOCK_SECONDS."""
    settings.locks.mkdir(parents=True, exist_ok=True)
    path = settings.locks / LOCK
    try:
        with FileLock(path, timeout=LOCK_SECONDS, is_singleton=True):
            yield
    except Timeout:
        raise WarehouseBusyError(
            f"{path}: another process has been writing the warehouse for more than {LOCK_SECONDS:g} s. "
            "Wait for it to end, or end it, and run again."
        ) from None


_open_files: dict[Path, duckdb.DuckDBPyConnection] = {}
"""Connections of `opened` in this process, by folder: steps within steps share one. Guarded by the writer's lock."""


@contextmanager
def opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the working file under the writer's lock; the file is made, or made anew, where needed.

    May be nested: the inner ones get the connection of the outermost, which closes it. Raises DamagedFileError, and
    throws the file away, when an error inside comes from bytes of the file that cannot be read or written.
    """
    here = folder(settings)
    with locked(settings):
        if here in _open_files:
            yield _open_files[here]
            return
        _open_files[here] = connection = _open(settings)
        try:
            yield connection
        except duckdb.Error as error:
            if not _is_of_the_file(error):
                raise
            connection.close()
            path = file(settings)
            discard(settings)
            raise DamagedFileError(
                f"{path}: the working file could not be read or written ({error}) and has been thrown away; readers "
                "keep the last snapshot. Look at the disk's free space, then run again: the file is built anew from "
                "archive and lake."
            ) from error
        finally:
            del _open_files[here]
            connection.close()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing; what raises inside is rolled back."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def put_on(connection: duckdb.DuckDBPyConnection, work_list: str, keys: Iterable[int]) -> None:
    """Put filings on `filing_to_value` or `filing_unchecked`."""
    connection.execute(f"insert or ignore into internal.{work_list} select unnest(?::bigint[])", [list(keys)])


def pass_checked(connection: duckdb.DuckDBPyConnection, at: datetime) -> None:
    """Empty `filing_unchecked` into `filing_checked`."""
    with transaction(connection):
        connection.execute(
            "insert or replace into internal.filing_checked select filing_key, ? from internal.filing_unchecked", [at]
        )
        connection.execute("delete from internal.filing_unchecked")


def filing_key(number: str) -> int:
    """A registration number as one integer that sorts as the number does."""
    year, serial = archive.position(number)
    return year * 1_000_000_000 + serial


def discard(settings: Settings) -> None:
    """Delete the working file and its markers. The published snapshot stays."""
    with locked(settings):
        duckdb_paths.remove(folder(settings))


def mark_changed(settings: Settings) -> None:
    """To be called before a change is committed: a kill in between only makes a publication of nothing new."""
    _marker(settings, "changed").touch()
    _marker(settings, "checked").unlink(missing_ok=True)


def mark_checked(settings: Settings) -> None:
    _marker(settings, "changed").replace(_marker(settings, "checked"))


def mark_published(settings: Settings) -> None:
    _marker(settings, "checked").unlink(missing_ok=True)


def mark_listing(settings: Settings) -> None:
    """To be called before a load looks what there is: what was in the archive by then must be loaded by it."""
    _marker(settings, "listed").touch()


def listed_at(settings: Settings) -> float:
    """When the last load looked, in seconds of the file system; 0.0 if none has since the file was made."""
    try:
        return _marker(settings, "listed").stat().st_mtime
    except FileNotFoundError:
        return 0.0


def mark_loaded(settings: Settings) -> None:
    """To be called after everything there is has been loaded."""
    _marker(settings, "unloaded").unlink(missing_ok=True)


def is_unloaded(settings: Settings) -> bool:
    """Whether the working file was made anew and no load has filled it: not to be checked or published as it is."""
    return _marker(settings, "unloaded").exists()


def is_changed(settings: Settings) -> bool:
    """Whether the working file holds anything that the checks have not seen."""
    return _marker(settings, "changed").exists()


def is_checked(settings: Settings) -> bool:
    """Whether the working file holds something checked that is not published."""
    return _marker(settings, "checked").exists()


def is_pending(settings: Settings) -> bool:
    """Whether anything is still to be loaded, worked out, checked or published."""
    return is_unloaded(settings) or is_changed(settings) or is_checked(settings)


def _marker(settings: Settings, name: str) -> Path:
    return folder(settings) / name


def _open(settings: Settings) -> duckdb.DuckDBPyConnection:
    path = duckdb_paths.prepare(folder(settings)) / FILE
    wanted = fingerprint(settings.sql)
    if path.exists():
        connection = _connect(settings, path)
        if connection is not None and _made_by(connection) == (wanted, settings.engine):
            return connection
        if connection is not None:
            connection.close()
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    _marker(settings, "unloaded").touch()
    mark_changed(settings)
    connection = duckdb_paths.created(path)
    configure(settings, connection)
    with transaction(connection):
        schema.create(connection, settings.sql)
        connection.execute(
            "insert into build values (?, ?, ?, date '1970-01-01', internal.first_moment())",
            [wanted, f"{esep.__version__}+{wanted[:8]}", settings.engine],
        )
    return connection


def _connect(settings: Settings, path: Path) -> duckdb.DuckDBPyConnection | None:
    """A connection, or None for a file that is no sound database; another process in the file is an error."""
    try:
        connection = duckdb.connect(str(path))
    except duckdb.IOException as error:
        if "could not set lock on file" in str(error).lower():
            raise WarehouseBusyError(
                f"{path}: another process has the working file open. It is private to the writer; close it there "
                "(readers use the published esep.duckdb) and run again."
            ) from None
        return None
    except duckdb.Error:
        return None
    configure(settings, connection)
    return connection


def _is_of_the_file(error: duckdb.Error) -> bool:
    """Whether an error comes from the file's bytes and not from a query. A wrong checksum is a plain duckdb.Error."""
    kinds = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
    return isinstance(error, kinds) or type(error) is duckdb.Error


def configure(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """The local zone, and the memory that the settings leave to a writer.

    What needs more goes to `esep.duckdb.tmp` beside the file, as DuckDB does by itself.
    """
    connection.execute("set TimeZone = 'Asia/Almaty'")
    by_itself = "from duckdb_settings() where name = 'memory_limit'"  # 80 % of the machine, or of its container
    most = calls.value(connection, "parse_formatted_bytes(value)", by_itself)
    connection.execute(f"set memory_limit = '{min(settings.duckdb_memory_bytes, most)} B'")
    connection.execute("set preserve_insertion_order = true")


def _made_by(connection: duckdb.DuckDBPyConnection) -> tuple[str, str] | None:
    """Fingerprint and engine; None where the file does not say them."""
    try:
        built: list[tuple[str, str]] = calls.rows(connection, ("fingerprint", "engine"), "from build")
    except duckdb.Error:
        return None
    return built[0] if built else None


@cache
def fingerprint(sql: Path) -> str:
    """Hash of everything that decides what the relations look like, apart from the data: SQL, law, code, versions."""
    package = Path(esep.__file__).parent
    sources = [
        *sorted(sql.rglob("*.sql")),
        *sorted(sql.glob("*.csv")),
        *sorted((package / "law").rglob("*.py")),
        *sorted((package / "law").rglob("*.csv")),
        *sorted((package / "lake").glob("*.py")),
        *sorted((package / "warehouse").glob("*.py")),
        *sorted((package / "warehouse" / "spark").glob("*.py")),
    ]
    digest = hashlib.sha256()
    digest.update(f"duckdb {version('duckdb')}\n".encode())
    for path in sources:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
