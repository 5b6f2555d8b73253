"""Where records are kept, and which of them make a chain.

A filing's chain is its receipt, its verdicts and its events in the order in which they were written; the journal is one
chain, the accepted versions of all reference files are one, and so are the revisions of figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from esep.files import names_in

JOURNAL = "journal"
REFERENCE = "reference/accepted"
REVISION = "lake/figure_revision"
ARCHIVE = "archive"
EVENTS = "events"

_FILING = re.compile(r"archive/[0-9]{4}/[0-9]{4}-[0-9]{6,}")
_OF_FILING = re.compile(r"receipt\.json|verdict(?:-[0-9]+)?\.json|events/[^/]+\.json")
_RECORD = ".json"


class PlaceError(ValueError):
    """A path below which no records are kept."""


class Place(NamedTuple):
    """A record's place: the home, the chain (a folder relative to it) and the file's path relative to the home."""

    home: Path
    chain: str
    path: str


def place_of(path: Path) -> Place:
    """The place of a record by the form of its absolute path; raises PlaceError for any other file."""
    for depth in (2, 3, 4, 5):
        if len(path.parts) > depth:
            relative = "/".join(path.parts[-depth:])
            chain = chain_of(relative)
            if chain:
                return Place(path.parents[depth - 1], chain, relative)
    raise PlaceError(f"{path}: no place where records are kept")


def chain_of(path: str) -> str | None:
    """The chain to which a path relative to the home belongs, None if no record has its place there."""
    if not path.endswith(_RECORD):
        return None
    folder = path.rpartition("/")[0]
    if folder in (JOURNAL, REVISION):
        return folder
    if folder.startswith(f"{REFERENCE}/") and folder.count("/") == REFERENCE.count("/") + 1:
        return REFERENCE
    filing = _FILING.match(path)
    if filing and _OF_FILING.fullmatch(path[filing.end() + 1 :]):
        return filing[0]
    return None


def records_of(home: Path, chain: str) -> list[str]:
    """Paths, relative to the home, of the records of a chain that are there, in no order."""
    if chain == REFERENCE:
        folders = [f"{chain}/{name}" for name in names_in(home / chain) if (home / chain / name).is_dir()]
    elif chain.startswith(f"{ARCHIVE}/"):
        folders = [chain, f"{chain}/{EVENTS}"]
    else:
        folders = [chain]
    paths = (f"{folder}/{name}" for folder in folders for name in names_in(home / folder) if name.endswith(_RECORD))
    return [path for path in paths if chain_of(path) == chain]


def chains(home: Path) -> Iterator[str]:
    """All chains of which there is a record."""
    for year in sorted(names_in(home / ARCHIVE)):
        for name in sorted(names_in(home / ARCHIVE / year)):
            if _FILING.fullmatch(f"{ARCHIVE}/{year}/{name}"):
                yield f"{ARCHIVE}/{year}/{name}"
    for chain in (JOURNAL, REFERENCE, REVISION):
        if records_of(home, chain):
            yield chain
