"""A store in a folder, which several machines may share: what an object store offers, made of links and locks."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from esep import files
from esep.store.model import Found, StoreError

_LOCK = ".lock"
_PIECE = 1024**2
"""Bytes."""


class FolderStore:
    """See model.Store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = folder.as_uri()

    def put_new(self, name: str, content: bytes) -> bool:
        with self._using() as folder:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                files.write_new(folder / name, content)
            except FileExistsError:
                return False
        return True

    def replace(self, name: str, content: bytes, version: str) -> bool:
        with self._using() as folder, files.lock(folder / _LOCK):
            found = self.read(name)
            if found is None or found.version != version:
                return False
            with files.replacing(folder / name) as aside:
                aside.write_bytes(content)
        return True

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        with self._using() as folder:
            below = [
                f"{Path(place).relative_to(folder).as_posix()}/{name}"
                for place, _, names in os.walk(folder / prefix)
                for name in names
                if not name.endswith(files.TEMPORARY)
            ]
        yield from sorted(name for name in below if name > after)

    def read(self, name: str) -> Found | None:
        with self._using() as folder:
            try:
                content = (folder / name).read_bytes()
            except FileNotFoundError:
                return None
        return Found(content, hashlib.sha256(content).hexdigest())

    def remove(self, name: str) -> None:
        with self._using() as folder:
            (folder / name).unlink(missing_ok=True)

    def keep(self, name: str, source: Path) -> None:
        with os.fdopen(files.opened(source), "rb") as read, self._using() as folder:
            place = folder / name
            if not place.exists() or place.stat().st_size != os.fstat(read.fileno()).st_size:
                with files.replacing(place) as aside, aside.open("wb") as written:
                    shutil.copyfileobj(read, written)
                    written.flush()

    def pieces(self, name: str) -> Iterator[bytes] | None:
        with self._using() as folder:
            try:
                file = (folder / name).open("rb")
            except FileNotFoundError:
                return None
        return self._read(file)

    def _read(self, file: IO[bytes]) -> Iterator[bytes]:
        with file:
            while True:
                with self._using():
                    piece = file.read(_PIECE)
                if not piece:
                    return
                yield piece

    @contextmanager
    def _using(self) -> Iterator[Path]:
        try:
            if not self._folder.is_dir():
                raise FileNotFoundError(2, "there is no such folder; is the share mounted?")
            yield self._folder
        except OSError as error:
            raise StoreError(
                f"{self.address}: {error.strerror or error}. Nothing is lost: make the folder reachable and writable, "
                "then run the same again."
            ) from error
