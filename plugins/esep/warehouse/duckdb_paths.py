"""Paths as DuckDB takes them, and new databases: it reads signs in paths that other programs do not.

DuckDB 2.0 takes `*`, `?` and `[` in the path of a Parquet file for a pattern, and it writes the log of a database
before the first `?` of the path (`/home.wal?/esep.duckdb`, as if an address with parameters): links do not help, for it
resolves them. So Parquet files are named with these signs escaped, and a database below a path with a `?` is written in
the user's folder of caches.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import duckdb

from esep import files
from esep.warehouse.errors import WarehouseError

ELSEWHERE = "elsewhere"
"""File of a folder whose databases are written elsewhere: a random name, so that a new folder begins with nothing."""
CACHE = "XDG_CACHE_HOME"
"""Variable that names the user's folder of caches (XDG Base Directory Specification); `~/.cache` without it."""
OLDEST_CLIENT = "v1.2.0"
"""DuckDB from which on clients can open a database that Esep made; its SQL is understood from 1.5 on."""
_PATTERN = re.compile(r"[*?\[]")


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a database for reading under `name`, an identifier; raises duckdb.Error where it cannot be read."""
    connection.execute(f"attach {quoted(path)} as {name} (read_only)")


def created(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to a new database, which clients from OLDEST_CLIENT on can open."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {quoted(path)} as created (storage_version '{OLDEST_CLIENT}')")
    return duckdb.connect(str(path))


def quoted(path: Path | str) -> str:
    """A path as a string of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def parquet(paths: Iterable[Path]) -> list[str]:
    """The argument of read_parquet that names exactly these files; its column `filename` has them unescaped.

    Raises WarehouseError for a path that cannot be named: a backslash parts folders wherever there is a pattern.
    """
    return [_literal(str(path)) for path in paths]


def _literal(path: str) -> str:
    escaped = _PATTERN.sub(r"[\g<0>]", path)
    if escaped != path and "\\" in path:
        raise WarehouseError(f"{path}: DuckDB cannot read a path with a backslash and one of * ? [. Move ESEP_HOME.")
    return escaped


def writable(folder: Path) -> Path:
    """Where databases of `folder` are written: there, or in a folder of the user's cache if its path has a `?`.

    That one belongs to this very folder: a copy of it under another path, or a new one under the same, has another.
    It need not exist yet, see `prepare`. Raises WarehouseError if the cache has a `?` in its path, too.
    """
    if "?" not in str(folder):
        return folder
    try:
        name = (folder / ELSEWHERE).read_text(encoding="utf-8")
    except FileNotFoundError:
        name = ""
    caches = Path(os.environ.get(CACHE) or Path.home() / ".cache").absolute()
    if "?" in str(caches):
        raise WarehouseError(
            f"{folder}: DuckDB cannot write a database below a path with a question mark, and neither in the folder of "
            f"caches {caches}. Set {CACHE} to a folder without one, or move ESEP_HOME."
        )
    return caches / "esep" / hashlib.sha256(os.fsencode(folder.absolute()) + b"\0" + name.encode()).hexdigest()


def prepare(folder: Path) -> Path:
    """`writable(folder)`, made for the owner alone if it is another. To be called with the folder's lock held."""
    folder.mkdir(parents=True, exist_ok=True)
    if "?" in str(folder):
        with suppress(FileExistsError):
            files.write_owner_only(folder / ELSEWHERE, secrets.token_hex(16))
        writable(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    return writable(folder)


def remove(folder: Path) -> None:
    """Delete a folder and the databases that were written for it elsewhere."""
    if "?" in str(folder):
        shutil.rmtree(writable(folder), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
