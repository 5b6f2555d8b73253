"""The masked snapshot: the published warehouse without IINs, names of persons and wallets, for wider use.

It is made anew from the published file each time, never by changing a copy, because DuckDB keeps old bytes in free
blocks: the same relations, comments and macros, with tables filled by selects that mask. What becomes of each column
is its mask in sql/columns.csv (`masked_values`). The file is built in a folder of the owner, copied beside its place
and renamed: the public folder may be another disk.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock

from esep import files
from esep.config import Settings
from esep.warehouse import duckdb_paths, masked_copy, schema, work
from esep.warehouse.errors import MaskingError, NoSnapshotError
from esep.warehouse.masked_values import Pseudonyms

FOLDER = ".masking"
"""Folder of the warehouse in which the file is built; what DuckDB cannot keep in memory goes there, too."""
STATE = "masked.json"
"""File of the warehouse that says which snapshot the masked one was made from."""
LOCK = "masked.lock"
_PUBLIC_FOLDER, _PUBLIC_FILE, _PASS_THROUGH = 0o755, 0o644, 0o001

FIGURES = """
select
    year,
    role,
    count(*) as rows,
    count(distinct taxpayer_id) as taxpayers,
    sum(quantity) as quantity,
    sum(unvalued_quantity) as unvalued_quantity,
    sum(income_kzt) as income_kzt
from annual_income
group by year, role, asset
order by all
"""
"""What both snapshots must agree on before the masked one is put in place: by asset, whose name may be masked."""


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
        with _folder(settings) as folder:
            built = folder / settings.masked_snapshot.name
            try:
                _build(built, settings, pseudonyms)
            except duckdb.Error as error:
                raise MaskingError(
                    f"{settings.masked_snapshot}: could not be made ({error}); the last one stays in place. The full "
                    f"snapshot {settings.snapshot} is published. If space is left on the disk, look whether both were "
                    "made by the same version of Esep: `bin/esep rebuild` makes both anew."
                ) from error
            _put_in_place(built, settings)
        files.write_json(settings.warehouse / STATE, state)
        return MaskedReport(published=True)


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
    try:
        return files.read_json(settings.warehouse / STATE)
    except (OSError, json.JSONDecodeError):
        return None


@contextmanager
def _folder(settings: Settings) -> Iterator[Path]:
    """An empty folder for the owner alone; what a kill left in it is removed. To be called with the lock held."""
    folder = settings.warehouse / FOLDER
    duckdb_paths.remove(folder)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield duckdb_paths.prepare(folder)
    finally:
        duckdb_paths.remove(folder)


def _build(path: Path, settings: Settings, pseudonyms: Pseudonyms) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'Asia/Almaty'")
        connection.execute("set preserve_insertion_order = true")
        connection.execute(f"set temp_directory = {duckdb_paths.quoted(path.parent / 'spilled')}")
        schema.create(connection, settings.sql)
        duckdb_paths.attach(connection, settings.snapshot, masked_copy.SOURCE)
        masked_copy.copy_all(connection, settings, pseudonyms)
        connection.execute(f"detach {masked_copy.SOURCE}")
        connection.execute("force checkpoint")
        masked = connection.execute(FIGURES).fetchall()
    with duckdb.connect(str(settings.snapshot), read_only=True) as connection:
        full = connection.execute(FIGURES).fetchall()
    if masked != full:
        raise MaskingError(
            f"{settings.masked_snapshot}: its annual figures would differ from those of {settings.snapshot}, so it is "
            "not put in place; the last one stays. This is a fault of the program: keep both files and report it."
        )


def _put_in_place(built: Path, settings: Settings) -> None:
    settings.public.mkdir(exist_ok=True)
    files.set_mode(settings.public, _PUBLIC_FOLDER)
    files.remove_unfinished(settings.masked_snapshot)
    with files.replacing(settings.masked_snapshot) as temporary:
        shutil.copyfile(built, temporary)
        files.set_mode(temporary, _PUBLIC_FILE)
    files.set_mode(settings.home, settings.home.stat().st_mode & 0o7777 | _PASS_THROUGH)
