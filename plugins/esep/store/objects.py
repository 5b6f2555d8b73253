"""A store on S3-compatible object storage. Endpoint and credentials are those of the usual AWS_… variables.

Conditional writes (`If-None-Match`, `If-Match`) are what it rests on: `trial` finds services that do not know them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError, PreconditionError
from obstore.store import S3Store

from esep import files
from esep.store.model import Found, StoreError

ENDPOINT = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_TRIES = 4
_ANSWER = timedelta(seconds=30)
_CONNECT = timedelta(seconds=5)
_ALL_TRIES = timedelta(seconds=60)


class ObjectStore:
    """See model.Store. Must not be used in a process and in what is forked from it afterwards."""

    def __init__(self, bucket: str, prefix: str) -> None:
        for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value]:
            del os.environ[name]  # Compose gives what is not set as empty, which the library takes for an address
        self.address = f"s3://{bucket}/{prefix}".rstrip("/")
        endpoint = next(filter(None, map(os.environ.get, ENDPOINT)), None)
        self._where = f"{self.address} at {endpoint or 'Amazon'}"
        given = {"endpoint": endpoint} if endpoint else {}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            client_options={
                "timeout": _ANSWER,
                "connect_timeout": _CONNECT,
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
            },
            retry_config={"max_retries": _TRIES, "retry_timeout": _ALL_TRIES},
            **given,  # type: ignore[arg-type]
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
            obstore.put(self._store, name, file)

    def fetch(self, name: str, target: Path) -> bool:
        with target.open("xb") as written, self._using(f"{name} cannot be read"):
            try:
                answer = obstore.get(self._store, name)
            except (NotFoundError, FileNotFoundError) as error:
                _require_bucket(error)
                return False
            for piece in answer.stream():
                written.write(piece)
        return True

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
