"""Which chains may have a record without its line: announced, so that who follows the lines misses none (`journal`)."""

from __future__ import annotations

from pathlib import Path

from esep.files import names_in

_FOLDER = "announced"
"""Folder of the locks with an empty file for each chain to which a record is being added."""
_SLASH = "~"
"""Stands for the slashes of a chain in the name of its announcement; no chain has it."""


def announce(home: Path, chain: str) -> None:
    """To be called before a record gets its name, and `withdraw` once it has its line.

    For one that is put in place without `append.add`, call `append.catch_up` after.
    """
    _folder(home).mkdir(parents=True, exist_ok=True)
    _place(home, chain).touch()


def withdraw(home: Path, chain: str) -> None:
    _place(home, chain).unlink(missing_ok=True)


def announced(home: Path) -> list[str]:
    """Chains that may have a record without its line, or will have one in a moment."""
    return [name.replace(_SLASH, "/") for name in names_in(_folder(home))]


def _folder(home: Path) -> Path:
    return home / ".locks" / _FOLDER


def _place(home: Path, chain: str) -> Path:
    return _folder(home) / chain.replace("/", _SLASH)
