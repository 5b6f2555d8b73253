"""The masked snapshot: the published warehouse without IINs, names of persons and wallets, for wider use.

It is never a changed copy of the published file, because DuckDB keeps old bytes in free blocks, but a file of its own
that only ever held masked rows: the same relations, comments and macros (`masked_copy` fills the tables). It is kept
in a folder of the owner, brought up to date by what changed (`filing_checked`), copied beside its place and renamed:
the public folder may be another disk. It is made anew where code, rules, secret or price list are others, or where a
licence would get another word than before.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from esep import files
from esep.config import Settings
from esep.warehouse import calls, duckdb_paths, schema, work
from esep.warehouse.errors import MaskingError, NoSnapshotError
from esep.warehouse.known_assets import tickers
from esep.warehouse.masked_copy import (
    SOURCE,
    Copying,
    EarlierWordError,
    columns_of,
    licence_columns,
    rule_words,
)
from esep.warehouse.masked_values import Pseudonyms

log = logging.getLogger(__name__)

FOLDER = ".masking"
"""Folder of the warehouse with the kept file; what DuckDB cannot keep in memory goes there, too."""
KEPT = "kept.json"
"""File of that folder that says what the kept file depends on, and its licences; missing while the file is changed."""
STATE = "masked.json"
"""File of the warehouse that says which snapshot the masked one was made from."""
LOCK = "masked.lock"
EVENT = "event"
"""Table to which rows are only added, by `event_id`."""
_PUBLIC_FOLDER, _PUBLIC_FILE, _PASS_THROUGH = 0o755, 0o644, 0o001


@dataclass(frozen=True, slots=True)
class MaskedReport:
    published: bool
    """False when the masked snapshot is that of the published one already."""

    def __str__(self) -> str:
        return "masked snapshot published" if self.published else "the masked snapshot is up to date"


def publish(settings: Settings) -> MaskedReport:
    """Make the masked snapshot of what is published, unless it is there. May run while others read or write.

    Raises NoSnapshotError while nothing was published, MaskingError if it cannot be made: the last one then stays.
    """
    settings.locks.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.locks / LOCK):
        if not settings.snapshot.is_file():
            raise NoSnapshotError(f"{settings.snapshot}: no warehouse has been published yet, so none is masked.")
        pseudonyms = Pseudonyms.of(settings)
        state = _state(settings, pseudonyms)
        if settings.masked_snapshot.is_file() and _last_state(settings) == state:
            return MaskedReport(published=False)
        try:
            built = _built(settings, pseudonyms, {name: value for name, value in state.items() if name != "snapshot"})
        except duckdb.Error as error:
            raise MaskingError(
                f"{settings.masked_snapshot}: could not be made ({error}); the last one stays in place. The full "
                f"snapshot {settings.snapshot} is published. If space is left on the disk, look whether both were "
                "made by the same version of Esep: `bin/esep rebuild` makes both anew."
            ) from error
        _put_in_place(built, settings)
        files.write_json(settings.warehouse / STATE, state)
        return MaskedReport(published=True)


def is_current(settings: Settings) -> bool:
    """Whether the masked snapshot is there, and was made from what is published."""
    try:
        return settings.masked_snapshot.is_file() and _last_state(settings) == _state(settings, Pseudonyms.of(settings))
    except (OSError, MaskingError):  # `publish` says why
        return False


def _state(settings: Settings, pseudonyms: Pseudonyms) -> dict[str, str | int]:
    """What the masked file depends on: the file that is published, code, rules and secret (as a hash)."""
    found = settings.snapshot.stat()
    rules = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(settings.expectations.glob("*.json"))))
    return {
        "snapshot": f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}",
        "fingerprint": work.fingerprint(settings.sql),
        "rules": rules.hexdigest(),
        "secret": hashlib.sha256(b"of the masked snapshot" + pseudonyms.key).hexdigest(),
    }


def _last_state(settings: Settings) -> object:
    return _json(settings.warehouse / STATE)


def _json(path: Path) -> Any:
    """The content of a file, None for one that is missing or damaged."""
    try:
        return files.read_json(path)
    except (OSError, json.JSONDecodeError):
        return None


def require_same_figures(settings: Settings) -> None:
    """All annual sums of the masked snapshot against those of the one it was made from; raises MaskingError.

    Each publication compares the years that changed.
    """
    with FileLock(settings.locks / LOCK):
        if _last_state(settings) == _state(settings, Pseudonyms.of(settings)):
            with duckdb.connect(str(settings.masked_snapshot), read_only=True) as connection:
                _require_same_sums(connection, settings)


def _built(settings: Settings, pseudonyms: Pseudonyms, depends_on: Mapping[str, object]) -> Path:
    """The kept file as the published one is now. To be called with the lock held."""
    folder = settings.warehouse / FOLDER
    kept = _json(folder / KEPT)
    (folder / KEPT).unlink(missing_ok=True)
    path = duckdb_paths.writable(folder) / settings.masked_snapshot.name
    licences: set[str] | None = None
    if kept and kept["depends_on"] == depends_on:
        try:
            licences = _brought_up_to_date(path, settings, pseudonyms, frozenset(kept["licences"]))
        except EarlierWordError:
            pass
        except (MaskingError, duckdb.Error) as error:
            log.warning("%s: not brought up to date but made anew (%s)", path, error)
    try:
        if licences is None:
            licences = _made_anew(folder, settings, pseudonyms)
        files.write_json(folder / KEPT, {"depends_on": depends_on, "licences": sorted(licences)})
    except BaseException:
        duckdb_paths.remove(folder)
        raise
    return duckdb_paths.writable(folder) / settings.masked_snapshot.name  # made anew, it may be elsewhere


def _made_anew(folder: Path, settings: Settings, pseudonyms: Pseudonyms) -> set[str]:
    duckdb_paths.remove(folder)
    folder.mkdir(parents=True, mode=0o700)
    path = duckdb_paths.prepare(folder) / settings.masked_snapshot.name
    with duckdb_paths.created(path) as connection:
        _configure(connection, path)
        schema.create(connection, settings.sql)
        duckdb_paths.attach(connection, settings.snapshot, SOURCE)
        copied = {
            table: f"{SOURCE}.{table}" for table in columns_of(connection) if _relation(table) not in schema.FILLED
        }
        licences = Copying(connection, pseudonyms, rule_words(settings)).copy(copied)
        _finish(connection, settings)
    return licences


def _brought_up_to_date(
    path: Path, settings: Settings, pseudonyms: Pseudonyms, known_licences: Collection[str]
) -> set[str]:
    """Replace what changed; gives all licences as they are shown. Raises EarlierWordError: it is to be made anew."""
    with duckdb.connect(str(path)) as connection:
        _configure(connection, path)
        duckdb_paths.attach(connection, settings.snapshot, SOURCE)
        _find_changed(connection)
        tables = columns_of(connection)
        stated = [*licence_columns([column for columns in tables.values() for column in columns])]
        before = _holders(connection, stated)
        sources = {table: source for table in tables if (source := _emptied(connection, table))}
        licences = Copying(connection, pseudonyms, rule_words(settings), known_licences).copy(sources)
        if not before <= _holders(connection, stated):
            raise EarlierWordError  # a licence that was kept back may be stated beside BINs only now
        for table in tables:
            here, there = (calls.value(connection, "count(*)", f"from {name}") for name in (table, f"{SOURCE}.{table}"))
            if here != there:
                raise MaskingError(f"{path}: {table} would have {here} rows instead of {there}")
        years = calls.column(
            connection, "distinct year", "from internal.income_part semi join changed using (filing_key)"
        )
        _finish(connection, settings, years)
    return licences | set(known_licences)


def _emptied(connection: duckdb.DuckDBPyConnection, table: str) -> str | None:
    """Delete from a table what is to be copied again; gives what that is selected from, None if nothing is."""
    relation = _relation(table)
    if relation in schema.FILLED:
        return None
    if relation == EVENT:
        return f"(from {SOURCE}.{table} anti join {table} as known using (event_id))"
    within = _of_changed(relation)
    connection.execute(f"delete from {table}{within}")  # noqa: S608 - names of our own
    return f"(from {SOURCE}.{table}{within})"


def _of_changed(relation: str) -> str:
    """The condition that a row is of a changed filing; none for a table that is copied as a whole."""
    column = work.OF_FILING.get(relation)
    return f" where {column} in (select {column} from changed)" if column else ""  # noqa: S608 - names of our own


def _find_changed(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `changed`: filings that are new or changed. Anew where most are, or some are gone."""
    checked = f"{SOURCE}.internal.filing_checked"
    connection.execute(
        f"create temp table changed as select filing_key, registration_no from {checked} "  # noqa: S608 - names of our own
        f"inner join {SOURCE}.internal.registered using (filing_key) "
        "anti join internal.filing_checked using (filing_key, checked_at)"
    )
    gone = calls.value(connection, "count(*)", f"from internal.filing_checked anti join {checked} using (filing_key)")
    known = calls.value(connection, "count(*)", "from internal.filing_checked")
    changed = calls.value(connection, "count(*)", "from changed semi join internal.filing_checked using (filing_key)")
    if gone or 2 * changed > known or tickers(connection, "main") != tickers(connection, SOURCE):
        raise EarlierWordError


def _holders(connection: duckdb.DuckDBPyConnection, columns: Iterable[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Licences and holders, as they are shown, of the changed filings and of the register."""
    found: set[tuple[str, str]] = set()
    for table, number, holder in columns:
        source = f"from {table}{_of_changed(_relation(table))}"
        found.update(calls.rows(connection, (f'distinct "{number}"', f'"{holder}"'), source))
    return found


def _require_same_sums(
    connection: duckdb.DuckDBPyConnection, settings: Settings, years: Collection[int | None] | None = None
) -> None:
    """The annual sums of the connection's database and of the published one, of some years or of all."""
    sums = f"from {schema.query(settings.sql, 'snapshot/annual_sum_by_asset')}"
    if years is not None:
        sums += f" where year is null or year in ({', '.join(str(year) for year in years if year) or 'null'})"
    masked = connection.execute(f"{sums} order by all").fetchall()
    with duckdb.connect(str(settings.snapshot), read_only=True) as published:
        full = published.execute(f"{sums} order by all").fetchall()
    if masked != full:
        raise MaskingError(
            f"{settings.masked_snapshot}: its annual figures would differ from those of {settings.snapshot}, so it is "
            "not put in place; the last one stays. This is a fault of the program: keep both files and report it."
        )


def _configure(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    connection.execute("set TimeZone = 'Asia/Almaty'")
    connection.execute("set preserve_insertion_order = true")
    connection.execute(f"set temp_directory = {duckdb_paths.quoted(path.parent / 'spilled')}")


def _finish(
    connection: duckdb.DuckDBPyConnection, settings: Settings, years: Collection[int | None] | None = None
) -> None:
    connection.execute(f"detach {SOURCE}")
    connection.execute("force checkpoint")
    _require_same_sums(connection, settings, years)


def _relation(table: str) -> str:
    return table.rpartition(".")[2]


def _put_in_place(built: Path, settings: Settings) -> None:
    settings.public.mkdir(exist_ok=True)
    files.set_mode(settings.public, _PUBLIC_FOLDER)
    files.remove_unfinished(settings.masked_snapshot)
    with files.replacing(settings.masked_snapshot) as temporary:
        files.copy(built, temporary)
        files.set_mode(temporary, _PUBLIC_FILE)
    files.set_mode(settings.home, settings.home.stat().st_mode & 0o7777 | _PASS_THROUGH)
