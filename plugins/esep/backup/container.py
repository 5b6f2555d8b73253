"""The file or folder that holds a backup (.tar, .tar.gz, .tar.zst, or a folder; the same names inside), its manifest.

Everything is for its owner alone, because the secrets are in it.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import tarfile
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

import duckdb
import pyarrow as pa

from esep import files
from esep.config import Settings
from esep.file_names import from_text, to_text
from esep.office import storage
from esep.office.storage import scan
from esep.warehouse import schema

FORMAT = 1


class BackupError(RuntimeError):
    """A backup cannot be made, or cannot be restored; nothing was left half-made."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files`: name → hex SHA-256. `figures`: annual sums of the snapshot then, None where none was published."""

    made_at: str
    code_version: str
    files: Mapping[str, str]
    figures: list[dict[str, str]] | None
    head: str | None = None
    """Head hash of the home, None in backups from before there was one."""
    damaged: Mapping[str, str] = field(default_factory=dict)
    """Files that were not what was recorded when the backup was made: path → what was wrong."""

    def as_bytes(self) -> bytes:
        value = {
            "format": FORMAT,
            "made_at": self.made_at,
            "code_version": self.code_version,
            "figures": self.figures,
            "head": self.head,
            "damaged": dict(self.damaged),
            "files": {to_text(name): digest for name, digest in self.files.items()},
        }
        return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(path: Path, last: str) -> Manifest:
    """The manifest of an unpacked backup; raises BackupError if it is missing or not one of these.

    `last`: the file that came out of the backup last, to say where it ends.
    """
    try:
        value: dict[str, Any] = files.read_json(path)
        if value["format"] != FORMAT:
            raise ValueError(f"format {value['format']}; this version of Esep reads {FORMAT}")
        found = {from_text(name): str(digest) for name, digest in value["files"].items()}
        head, damaged = value.get("head"), value.get("damaged", {})
        return Manifest(value["made_at"], value["code_version"], found, value["figures"], head, damaged)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(
            f"The backup is damaged or cut short after {last}, or is none of Esep's: {path.name} cannot be read "
            f"({type(error).__name__}). Nothing was restored: take another copy of the backup, or an older one."
        ) from error


def figures_of(settings: Settings) -> list[dict[str, str]] | None:
    """The annual sums of the published snapshot as text, exact; None where there is none that can be read."""
    try:
        with duckdb.connect(str(settings.snapshot), read_only=True) as connection:
            found = connection.sql(schema.query(settings.sql, "snapshot/annual_sum"))
            return [dict(zip(found.columns, map(str, row), strict=True)) for row in found.fetchall()]
    except duckdb.Error:
        return None


MANIFEST = "manifest.json"
ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.zst")
_UNFINISHED = ".esep-backup-"
"""How the names of unfinished backups begin."""
_PIECE = 1024 * 1024


class Writer(Protocol):
    def add(self, name: str, source: IO[bytes], size: int) -> str:
        """Copy `size` bytes under a name; gives their hex SHA-256."""


def is_file_name(target: Path) -> bool:
    """Whether the name says a tar file; else a folder is meant."""
    return target.name.endswith(ENDINGS)


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A writer whose work takes the name of `target` at the end, whole or not at all.

    What killed runs left beside it is removed first: theirs is what nobody holds a lock on any more.
    """
    aside = target.with_name(f"{_UNFINISHED}{uuid.uuid4().hex}{files.TEMPORARY}")
    is_file = is_file_name(target)
    try:
        with _begun(aside, is_file=is_file):
            if is_file:
                with _compressed(aside, target.name) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
                    yield _TarWriter(tar)
                files.flush_to_disk(aside)
                files.put_once(aside, target)
            else:
                yield _FolderWriter(aside)
                aside.rename(target)
                files.flush_to_disk(target.parent)
    finally:
        storage.remove(aside)


@contextmanager
def _begun(aside: Path, *, is_file: bool) -> Iterator[None]:
    """Make the file or folder `aside` and hold its lock, as long as the process lives and this lasts.

    Backups into one folder begin one at a time: none finds what another has made and not locked yet.
    """
    with ExitStack() as held:
        with _locked(aside.parent, fcntl.LOCK_EX):
            _remove_unfinished(aside.parent)
            if is_file:
                os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            else:
                aside.mkdir(mode=0o700)
            held.enter_context(_locked(aside, fcntl.LOCK_EX | fcntl.LOCK_NB))
        yield


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    """Hold a lock on a file or folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # no locks on this file system: nobody removes what is there, either
            fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _remove_unfinished(folder: Path) -> None:
    for left in folder.glob(f"{_UNFINISHED}*{files.TEMPORARY}"):
        with suppress(OSError):  # held by a run that is at work, or not ours to remove
            descriptor = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                storage.remove(left)
            finally:
                os.close(descriptor)


def unpack(source: Path, folder: Path) -> Iterator[str]:
    """Copy everything that a backup holds into `folder`, giving each name once it is there.

    Raises BackupError naming the place where a file is damaged, and for a member that is no plain file below `folder`.
    """
    if source.is_dir():
        for file in scan(source).files:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file.path, folder / file.path)
            yield file.path
        return
    last = "the beginning"
    try:
        with _decompressed(source) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                if not member.isfile():
                    raise BackupError(f"{source}: {member.name} is no plain file, so this is no backup of Esep.")
                _extract(tar, member, folder)
                last = member.name
                yield member.name
    except (tarfile.TarError, zlib.error, EOFError, OSError, pa.ArrowException) as error:
        raise BackupError(
            f"{source}: damaged or cut short after {last} ({error}). Nothing was restored: take another copy of the "
            "backup, or an older one."
        ) from error


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a plain file below the folder; TarError for a name that leads out of it."""
    if hasattr(tarfile, "data_filter"):
        tar.extract(member, folder, filter="data")
        return
    # Python 3.11 before its fourth correction, as Debian 12 has it
    if not (folder / member.name).resolve().is_relative_to(folder.resolve()):
        raise tarfile.TarError(f"{member.name} leads out of the backup")
    tar.extract(member, folder, set_attrs=False)


class _TarWriter:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, source: IO[bytes], size: int) -> str:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        reader = _Hashing(source)
        self._tar.addfile(info, reader)
        return reader.digest.hexdigest()


class _FolderWriter:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, source: IO[bytes], size: int) -> str:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        reader = _Hashing(source)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(reader, file, _PIECE)
            file.flush()
            os.fsync(file.fileno())
        return reader.digest.hexdigest()


class _Hashing:
    """A stream that is hashed as it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.digest.update(piece)
        return piece


@contextmanager
def _compressed(path: Path, name: str) -> Iterator[Any]:
    with path.open("wb") as file:
        if name.endswith(".zst"):
            with pa.CompressedOutputStream(pa.PythonFile(file, mode="w"), "zstd") as stream:
                yield stream
        elif name.endswith(".tar"):
            yield file
        else:
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6) as stream:
                yield stream


@contextmanager
def _decompressed(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        if path.name.endswith(".zst"):
            with pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd") as stream:
                yield stream
        elif path.name.endswith(".tar"):
            yield file
        else:
            with gzip.GzipFile(fileobj=file, mode="rb") as stream:
                yield stream
