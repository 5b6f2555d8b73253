"""Addresses that keep what a page was asked for."""

from __future__ import annotations

from urllib.parse import quote, urlencode


class Addresses:
    """Gives addresses below the mount with the kept query: `address("/quality/findings", rule="R-37", month=3)`."""

    def __init__(self, root: str, **kept: object) -> None:
        self._root, self._kept = root, kept

    def __call__(self, path: str, **changes: object) -> str:
        """The address of `path`; `changes` go before what is kept, and None leaves a value out."""
        values = {name: value for name, value in (self._kept | changes).items() if value is not None}
        query = urlencode({name: str(value) for name, value in values.items()})
        return f"{self._root}{quote(path)}{'?' if query else ''}{query}"
