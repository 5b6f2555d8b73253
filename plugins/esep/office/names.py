"""Names in the inbox: which of them are packages, stamps or unfinished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

STAMP = "office.json"
"""The office's stamp at the top of a folder package; `<name>.office.json` beside a zip or a lone file."""
UNFINISHED = (".part", ".tmp", ".partial", ".filepart", ".crdownload")
"""Endings under which browsers and copying programs keep a file until it is whole."""


def is_hidden(name: str) -> bool:
    """Names starting with a dot are nobody's package: our own aside folders, a desktop's droppings, lock files."""
    return name.startswith(".")


def says_unfinished(name: str) -> bool:
    """True for a name of something being written (`x.xlsx.part`) or open in a program (`.~lock.x.ods#`, `~$x.xlsx`)."""
    return name.lower().endswith(UNFINISHED) or name.startswith("~$") or _is_lock(name)


def _is_lock(name: str) -> bool:
    return name.startswith(".~lock.") and name.endswith("#")


def unfinished_beside(name: str, present: Collection[str]) -> str | None:
    """The name among `present` which says that `name` itself is not whole or is open in an office program."""
    signs = [f"{name}{ending}" for ending in UNFINISHED]
    signs += [f".~lock.{name}#", f"~${name}", f"~${name[2:]}"]  # the last: long names lose their first two letters
    return next((sign for sign in signs if sign in present), None)


def is_stamp(name: str) -> bool:
    return name == STAMP or name.endswith(f".{STAMP}")


def stamp_owners(stamps: Iterable[str], files: Collection[str], folders: Collection[str]) -> dict[str, frozenset[str]]:
    """By stamp the packages beside it that it is for; empty if there are none.

    `X.ext.office.json` is for `X.ext`. `X.office.json` is for every lone file or zip `X.<ending>`, so that one stamp
    may serve a workbook and its application lying side by side; without such a file, for a folder named `X`.
    """
    by_stem: defaultdict[str, set[str]] = defaultdict(set)
    for name in files:
        by_stem[name.rpartition(".")[0]].add(name)
    owners: dict[str, frozenset[str]] = {}
    for stamp in stamps:
        stem = stamp.removesuffix(STAMP).removesuffix(".")
        if stem in files:
            owners[stamp] = frozenset({stem})
        elif stem:
            owners[stamp] = frozenset(by_stem.get(stem) or ({stem} if stem in folders else ()))
        else:
            owners[stamp] = frozenset()
    return owners
