"""A store on S3-compatible object storage. Endpoint and credentials are those of the usual AWS_… variables.

Conditional writes (`If-None-Match`, `If-Match`) are what it rests on: `trial` finds services that do not know them.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError, PreconditionError
from obstore.store import S3Store

from esep import files
from esep.store.model import Found, StoreError

ENDPOINT = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_ENDPOINT = re.compile(r"https?://[^/?#@\s]+(?:/[^?#\s]*)?")
_TRIES = 4
_ANSWER = timedelta(seconds=30)
_CONNECT = timedelta(seconds=5)
_ALL_TRIES = timedelta(seconds=60)
_PART = 5 * 1024**2
"""Bytes of a large object that are sent or asked for at a time, the least that S3 allows: each is an answer of its own
with a time of its own, so that a large package passes over a slow line, too."""
_SMALL = 256 * 1024
"""Bytes up to which files are sent beside each other; larger ones wait for each other, for the same reason."""


_used_in: list[int] = []
"""The process that has used the library, which a fork of it inherits."""


class ObjectStore:
    """See model.Store. Not for a process and what is forked from it afterwards, which would wait for ever."""

    def __init__(self, bucket: str, prefix: str) -> None:
        if any(process != os.getpid() for process in _used_in):
            raise StoreError(
                f"s3://{bucket}/{prefix}: it was used before this process was forked, and cannot be reached from it. "
                "Nothing is lost: run the same in a process of its own."
            )
        _used_in[:] = [os.getpid()]
        for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value]:
            del os.environ[name]  # Compose gives what is not set as empty, which the library takes for an address
        self.address = f"s3://{bucket}/{prefix}".rstrip("/")
        endpoint = next(filter(None, map(os.environ.get, ENDPOINT)), None)
        self._where = f"{self.address} at {endpoint or 'Amazon'}"
        if endpoint and not _ENDPOINT.fullmatch(endpoint):
            raise StoreError(f"{self._where}: no endpoint. Write https://HOST or https://HOST:PORT into {ENDPOINT[1]}.")
        self._one_large = threading.Lock()
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config={"endpoint": endpoint} if endpoint else {},
            client_options={
                "timeout": _ANSWER,
                "connect_timeout": _CONNECT,
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
            },
            retry_config={"max_retries": _TRIES, "retry_timeout": _ALL_TRIES},
        )

    def put_new(self, name: str, content: bytes) -> bool:
        with self._using(f"{name} cannot be written"):
            try:
                obstore.put(self._store, name, content, mode="create")
            except (AlreadyExistsError, PreconditionError):
                return False
        return True

    def replace(self, name: str, content: bytes, version: str) -> bool:
        with self._using(f"{name} cannot be written"):
            try:
                obstore.put(self._store, name, content, mode={"e_tag": version})
            except (AlreadyExistsError, PreconditionError):
                return False
        return True

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        with self._using(f"{prefix} cannot be listed"):
            parts = obstore.list(self._store, prefix.rstrip("/"), offset=after or None)
            names = sorted(str(item["path"]) for part in parts for item in part)
        yield from names

    def read(self, name: str) -> Found | None:
        with self._using(f"{name} cannot be read"):
            try:
                answer = obstore.get(self._store, name)
                return Found(bytes(answer.bytes()), str(answer.meta["e_tag"]))
            except (NotFoundError, FileNotFoundError) as error:
                _require_bucket(error)
                return None

    def remove(self, name: str) -> None:
        with self._using(f"{name} cannot be removed"):
            obstore.delete(self._store, name)

    def keep(self, name: str, source: Path) -> None:
        with os.fdopen(files.opened(source), "rb") as file, self._using(f"{name} cannot be written"):
            try:
                if obstore.head(self._store, name)["size"] == os.fstat(file.fileno()).st_size:
                    return
            except (NotFoundError, FileNotFoundError) as error:
                _require_bucket(error)
            alone = self._one_large if os.fstat(file.fileno()).st_size > _SMALL else nullcontext()
            with alone:
                obstore.put(self._store, name, file, chunk_size=_PART, max_concurrency=1)

    def pieces(self, name: str) -> Iterator[bytes] | None:
        with self._using(f"{name} cannot be read"):
            try:
                answer = obstore.get(self._store, name)
                size = answer.meta["size"]
                if size <= _PART:
                    return iter([bytes(answer.bytes())])
            except (NotFoundError, FileNotFoundError) as error:
                _require_bucket(error)
                return None
        return self._parts(name, size)

    def _parts(self, name: str, size: int) -> Iterator[bytes]:
        for start in range(0, size, _PART):
            with self._using(f"{name} cannot be read"):
                piece = bytes(obstore.get_range(self._store, name, start=start, end=min(start + _PART, size)))
            yield piece

    @contextmanager
    def _using(self, what: str) -> Iterator[None]:
        try:
            yield
        except (BaseError, FileNotFoundError, PermissionError) as error:
            reason = str(error).partition("\n\nDebug source")[0].replace("\n", " ")
            raise StoreError(
                f"{self._where}: {what} ({reason}). Nothing is lost: look at the network, the bucket and the AWS_… "
                "variables, then run the same again."
            ) from error


def _require_bucket(error: Exception) -> None:
    """A bucket that is gone is no object that is missing."""
    if "NoSuchBucket" in str(error):
        raise error
