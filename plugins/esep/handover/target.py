"""Where bundles go: a folder, or a place that Airflow's object storage reaches, with or without a connection.

A bundle is there as a whole or not at all. In a folder it is written under a name that begins with a dot and renamed;
an object store has no renaming, so its manifest is written last, and a bundle without one is none.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from esep import files
from esep.handover.bundle import MANIFEST, SUMS, Item, parse_sums

if TYPE_CHECKING:
    from airflow.sdk import ObjectStoragePath

_PIECE = 1024 * 1024


class HandoverError(ValueError):
    """Nothing, or not all, could be handed over; the text says what is wrong, where, and what to do."""


class Target(ABC):
    """A place for bundles. Its methods raise HandoverError where the place cannot be used."""

    address: str
    """As it is recorded: no password is in it."""

    @abstractmethod
    def write(self, name: str, items: Iterable[Item]) -> None:
        """Write a bundle that is not there, whole or not at all. What a killed run left of it goes first."""

    @abstractmethod
    def _opened(self, path: str) -> IO[bytes]:
        """A file, `path` relative to the target. Raises FileNotFoundError if it is not there."""

    def manifest_of(self, name: str) -> bytes | None:
        """The manifest of the bundle of that name; None where there is none, or no whole one."""
        with self._using(f"{name} cannot be looked for"):
            try:
                with self._opened(f"{name}/{MANIFEST}") as file:
                    return file.read()
            except FileNotFoundError:
                return None

    def differing(self, name: str) -> list[str]:
        """Files of a bundle that are not as its list of hashes says, or all of it where the list cannot be read."""
        with self._using(f"{name} cannot be read"):
            try:
                with self._opened(f"{name}/{SUMS}") as file:
                    sums = parse_sums(file.read().decode("utf-8"))
            except (FileNotFoundError, ValueError):
                return [SUMS]
            return [path for path, digest in sums.items() if self._sha256(f"{name}/{path}") != digest]

    def _sha256(self, path: str) -> str | None:
        digest = hashlib.sha256()
        try:
            with self._opened(path) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
        except FileNotFoundError:
            return None
        return digest.hexdigest()

    @contextmanager
    def _using(self, what: str) -> Iterator[None]:
        """Name target and reason of whatever the place says: providers of object storage raise errors of their own."""
        try:
            yield
        except HandoverError:
            raise
        except Exception as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise HandoverError(
                f"{self.address}: {what} ({reason}). No half bundle is visible there. Make room, or put the place, its "
                "rights or its connection right; then run the same again."
            ) from error


class FolderTarget(Target):
    """A folder, which must be there: an absent one may be a share that is not mounted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = str(folder)
        if not folder.is_dir():
            raise HandoverError(
                f"{folder}: there is no such folder. Is the share mounted? Make the folder once, then run again."
            )

    def write(self, name: str, items: Iterable[Item]) -> None:
        with self._using(f"{name} could not be written"):
            for left in self._folder.glob(f".{name}.*{files.TEMPORARY}"):
                shutil.rmtree(left)
            aside = self._folder / f".{name}.{uuid.uuid4().hex}{files.TEMPORARY}"
            aside.mkdir()
            try:
                folders = {aside, self._folder}
                for item in items:
                    target = aside / item.path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    folders |= {one for one in target.parents if one.is_relative_to(aside)}
                    with target.open("xb") as sink:
                        _copy(item, sink)
                for folder in folders:
                    files.flush_to_disk(folder)
                aside.rename(self._folder / name)  # fails where the name is taken
                files.flush_to_disk(self._folder)
            except BaseException:
                with suppress(OSError):
                    shutil.rmtree(aside)
                raise

    def _opened(self, path: str) -> IO[bytes]:
        return (self._folder / path).open("rb")


class StoreTarget(Target):
    """What Airflow's object storage reaches: `s3://connection@bucket/folder` and the like."""

    def __init__(self, root: ObjectStoragePath) -> None:
        self.address = str(root).rstrip("/")
        self._root = str(root.path).rstrip("/")
        with self._using("the place cannot be reached"):
            self._fs: Any = root.fs
            container = self._root if self._root.startswith("/") else self._root.partition("/")[0]
            if container and not self._fs.exists(container):
                raise FileNotFoundError(f"{container} is not there")

    def write(self, name: str, items: Iterable[Item]) -> None:
        with self._using(f"{name} could not be written"):
            bundle = f"{self._root}/{name}"
            self._fs.invalidate_cache()
            if self._fs.exists(f"{bundle}/{MANIFEST}"):
                raise FileExistsError(f"{name} is there already")
            if self._fs.exists(bundle):
                self._fs.rm(bundle, recursive=True)  # what a killed run left: without its manifest it is no bundle
            for item in items:
                place = f"{bundle}/{item.path}"
                self._fs.makedirs(place.rpartition("/")[0], exist_ok=True)
                with self._fs.open(place, "wb") as sink:
                    _copy(item, sink)

    def _opened(self, path: str) -> IO[bytes]:
        opened: IO[bytes] = self._fs.open(f"{self._root}/{path}", "rb")
        return opened


def target_of(settings_home: Path, text: str) -> Target:
    """The target that a person wrote: a folder, `file://…`, or a URL of object storage. Raises HandoverError."""
    if "://" in text:
        parts = urlsplit(text)
        if parts.password:
            raise HandoverError(
                f"{parts.scheme}://…: a password does not belong into an address. Keep it in a connection of Airflow "
                f"and name that: {parts.scheme}://CONNECTION@{parts.hostname or ''}{parts.path}"
            )
        if parts.scheme != "file":
            return _store(text)
        text = unquote(parts.path)
    folder = Path(text).expanduser().resolve()
    if folder.is_relative_to(settings_home):
        raise HandoverError(f"{folder}: is inside of $ESEP_HOME ({settings_home}). Give a folder outside of it.")
    return FolderTarget(folder)


def _store(text: str) -> Target:
    from airflow.sdk import ObjectStoragePath
    from airflow.sdk.io import has_fs

    scheme = text.partition("://")[0]
    if not has_fs(scheme):
        raise HandoverError(
            f"{text}: Airflow has no storage for {scheme}://. Install the provider for it (s3: "
            "apache-airflow-providers-amazon[s3fs]) beside Esep, or give a folder."
        )
    return StoreTarget(ObjectStoragePath(text))


def _copy(item: Item, sink: IO[bytes]) -> None:
    """Write an item and flush it; raises HandoverError if its bytes are not those that were proved."""
    digest = hashlib.sha256()
    for piece in _pieces(item.source):
        digest.update(piece)
        sink.write(piece)
    sink.flush()
    with suppress(AttributeError, io.UnsupportedOperation, NotImplementedError):  # only a disk can be synced
        os.fsync(sink.fileno())
    if digest.hexdigest() != item.sha256:
        raise HandoverError(f"{item.path}: its bytes changed while it was copied. Run bin/esep verify, then run again.")


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with os.fdopen(files.opened(source, os.O_NOFOLLOW), "rb") as file:
        while piece := file.read(_PIECE):
            yield piece
