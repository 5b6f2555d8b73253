"""The store of an address: `s3://bucket/prefix`, or `file:///folder` of a share."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from esep.store.model import Store, StoreError

_PREFIX = re.compile(r"(?:(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]+(?:/|$))*")


def opened(address: str) -> Store:
    """The store; raises StoreError for an address that cannot be one."""
    parts = urlsplit(address)
    folder = Path(unquote(parts.path))
    is_plain = not parts.query and not parts.fragment  # a name with # or ? is written with %23 or %3F
    if is_plain and parts.scheme == "file" and not parts.netloc and folder.is_absolute():
        from esep.store.folder import FolderStore

        return FolderStore(folder)
    prefix = parts.path.strip("/")
    if is_plain and parts.scheme == "s3" and parts.hostname and "@" not in parts.netloc and _PREFIX.fullmatch(prefix):
        from esep.store.objects import ObjectStore  # takes a while to import, and most offices have none

        return ObjectStore(parts.netloc, prefix)
    shown = re.sub("//[^/]*@", "//…@", address)  # keys do not belong there
    raise StoreError(
        f"{shown!r}: no address of a store. Write s3://BUCKET/PREFIX, with endpoint and keys in the AWS_… variables, "
        "or file:///FOLDER for a share."
    )
