"""Records and lake files from before there were hashes, once an officer has had their hashes recorded.

One act is one event of the journal, `records_adopted`, whose data name a list below `proof/` and its SHA-256. The list
has the form of sha256sum: `<hash>  <path>`. The chain of an adopted record goes on from the hash of that event.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from esep.records.heads import FOLDER
from esep.records.places import ARCHIVE, JOURNAL, chain_of
from esep.records.seal import seal_of

KIND = "records_adopted"


@dataclass(slots=True)
class Adopted:
    """`hashes`: path → hex SHA-256 of the whole file. `acts`: path → hash of the event that adopted it."""

    hashes: dict[str, str] = field(default_factory=dict)
    acts: dict[str, str] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    """The lists themselves, relative to the home."""
    of_chain: dict[str, list[str]] = field(default_factory=dict)
    """The paths by chain; those of the lake under an empty one. With them the stamps of a filing."""
    faults: dict[str, str] = field(default_factory=dict)
    """What is wrong with a list, by its path."""


def read(home: Path) -> Adopted:
    """All that was adopted. A list that is not what was recorded counts for nothing, and is told in `faults`."""
    found = Adopted()
    for path in sorted((home / JOURNAL).glob(f"*-{KIND}-*.json")):
        try:
            content = path.read_bytes()
            seal = seal_of(content)
            data = json.loads(content)["data"]
            name, digest = str(data["list"]), str(data["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a damaged record of the journal, which is told as such
        if seal is None:
            continue
        found.lists.add(name)
        try:
            text = (home / name).read_bytes()
        except OSError as error:
            found.faults[name] = f"it cannot be read ({error.strerror})"
            continue
        if hashlib.sha256(text).hexdigest() != digest:
            found.faults[name] = "it is not the list that was adopted"
            continue
        for line in text.decode().splitlines():
            of_file, _, file = line.partition("  ")
            if file not in found.hashes:
                found.of_chain.setdefault(_chain_of(file), []).append(file)
            found.hashes[file], found.acts[file] = of_file, seal.hash
    return found


def _chain_of(path: str) -> str:
    if path.startswith(f"{ARCHIVE}/"):
        return "/".join(path.split("/")[:3])
    return chain_of(path) or ""


def list_name(home: Path) -> str:
    """A name that is free for a new list."""
    number = 1
    while (home / FOLDER / f"adopted-{number}.txt").exists():
        number += 1
    return f"{FOLDER}/adopted-{number}.txt"
