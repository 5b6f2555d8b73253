"""What Esep asks of a store: a few operations on objects that are read and written as a whole.

Names are parts of small Latin letters, digits, `.`, `_` and `-`, joined by `/`. Turns (`lease`) are made of these
operations, so that they are the same on every store.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol


class StoreError(RuntimeError):
    """The store cannot be used, or holds something else than it must; the text says what, where and what to do."""


class Found(NamedTuple):
    """An object: its bytes, and what distinguishes this state of it from any other."""

    content: bytes
    version: str


class Store(Protocol):
    """Raises StoreError where the store cannot be reached within bounded tries, or says no.

    An answer may be lost: what says that a name is taken may mean this very writer. Whoever asks puts something of its
    own into the object and compares.
    """

    address: str
    """As people write it; no password is in it."""

    def put_new(self, name: str, content: bytes) -> bool:
        """Make an object if there is none of this name: of several writers at once one gets True."""

    def replace(self, name: str, content: bytes, version: str) -> bool:
        """Write an object anew if it is still in this state."""

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        """Names that begin with `prefix` (a folder's, `/` at its end) and sort after `after`, in order."""

    def read(self, name: str) -> Found | None:
        """An object as the last writer left it; None where there is none."""

    def remove(self, name: str) -> None:
        """Remove an object that is there: only what was made for a trial."""

    def keep(self, name: str, source: Path) -> None:
        """Put a file whose name says its content, of any size. One that is there with as many bytes is left."""

    def pieces(self, name: str) -> Iterator[bytes] | None:
        """An object's bytes, of any size, piece by piece; None where there is no such object."""
