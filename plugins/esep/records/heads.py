"""Where records are kept, which of them make a chain, and the lists below `proof/` that name them.

A filing's chain is its receipt, its verdicts and its events in the order in which they were written; the journal is one
chain, the accepted versions of all reference files are one, and so are the revisions of figures.

`proof/heads.txt` has a line for each record, in the order in which they were written: `<hash of the line> <hash of the
record> <path of the record>`. The hash of a line is the SHA-256 of the hash of the line before it, a blank and the rest
of its own line. So the last line of a chain names the chain's head, and the last line of all proves the whole office at
that moment: a hash that was written down then is found again later if nothing before it has changed. The first line
says how the list began.

Records and lake files from before there were hashes count once an officer has had their hashes recorded. One such act
is one event of the journal, `records_adopted`, whose data name a list below `proof/` and its SHA-256. The list has the
form of sha256sum: `<hash>  <path>`. The chain of an adopted record goes on from the hash of that event.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from esep import files
from esep.files import names_in
from esep.records.seal import seal_of

JOURNAL = "journal"
REFERENCE = "reference/accepted"
REVISION = "lake/figure_revision"
ARCHIVE = "archive"
EVENTS = "events"

_FILING = re.compile(r"archive/[0-9]{4}/[0-9]{4}-[0-9]{6,}")
_OF_FILING = re.compile(r"receipt\.json|verdict(?:-[0-9]+)?\.json|events/[^/]+\.json")
_RECORD = ".json"
FOLDER = "proof"
NAME = f"{FOLDER}/heads.txt"
_HASH = 64
ADOPTION = "records_adopted"


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


def chain_of_filing(number: str) -> str:
    """The chain of the filing of a registration number."""
    return f"{ARCHIVE}/{number.partition('-')[0]}/{number}"


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


class Beginning(StrEnum):
    """The first line of the list."""

    COMPLETE = "esep heads 1: every record of this home is listed"
    FROM_BEFORE = "esep heads 1: records from before are not listed"
    LOST = "esep heads 1: an earlier list was lost"


class Line(NamedTuple):
    hash: str
    record: str
    """Hash of the record."""
    path: str


@dataclass(slots=True)
class Heads:
    """The content of a list of heads."""

    beginning: Beginning | None = None
    """None where there is no list, or its first line is damaged."""
    lines: list[Line] = field(default_factory=list)
    size: int = 0
    """Bytes up to the end of the last whole line."""
    faults: list[str] = field(default_factory=list)
    """Its faults, a few words each; empty if it holds."""

    @property
    def hash(self) -> str:
        """Hash of the last line, the head of all."""
        return self.lines[-1].hash if self.lines else first_hash(self.beginning or Beginning.COMPLETE)

    def by_chain(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            chain = chain_of(line.path)
            if chain:
                found.setdefault(chain, []).append(line)
        return found


def first_hash(beginning: Beginning) -> str:
    return hashlib.sha256(beginning.encode()).hexdigest()


def line_of(previous: str, record: str, path: str) -> Line:
    return Line(hashlib.sha256(f"{previous} {record} {path}".encode()).hexdigest(), record, path)


def as_text(line: Line) -> str:
    return f"{line.hash} {line.record} {line.path}\n"


def path_of(home: Path) -> Path:
    return home / NAME


def create(home: Path, beginning: Beginning) -> None:
    """Write an empty list; to be called with the lock of `append` held and no list there."""
    with files.replacing(path_of(home)) as temporary:
        temporary.write_text(f"{beginning}\n", encoding="utf-8")


def read(home: Path) -> Heads | None:
    """The list, each line proved; None if there is none. A last line that a power cut left half-written is no fault."""
    try:
        content = path_of(home).read_bytes()
    except FileNotFoundError:
        return None
    return parse(content)


def parse(content: bytes) -> Heads:
    """The same from bytes. After a line that does not hold, the next is judged by what that line says of itself."""
    first, *rest = content[: content.rfind(b"\n") + 1].split(b"\n")
    heads = Heads(size=content.rfind(b"\n") + 1)
    try:
        heads.beginning = Beginning(first.decode())
    except ValueError:
        heads.faults.append("its first line is not one of Esep's")
    previous = first_hash(heads.beginning) if heads.beginning else None
    for number, raw in enumerate(rest[:-1], start=2):
        try:
            line = parse_line(raw)
        except ValueError:
            heads.faults.append(f"line {number} cannot be read")
            previous = None
            continue
        if previous is not None and line_of(previous, line.record, line.path) != line:
            heads.faults.append(f"line {number} is not what was written")
        previous = line.hash
        heads.lines.append(line)
    return heads


def parse_line(raw: bytes) -> Line:
    """One line without its end; raises ValueError for any other form."""
    text = raw.decode()
    line = Line(text[:_HASH], text[_HASH + 1 : 2 * _HASH + 1], text[2 * _HASH + 2 :])
    if as_text(line) != f"{text}\n" or len(line.record) != _HASH or not line.path:
        raise ValueError("no line of a list of heads")
    return line


def add(home: Path, lines: list[Line], size: int) -> None:
    """Write lines after the first `size` bytes, and flush; what a power cut left half-written behind them goes."""
    descriptor = os.open(path_of(home), os.O_WRONLY)
    try:
        os.ftruncate(descriptor, size)
        os.lseek(descriptor, size, os.SEEK_SET)
        data = "".join(map(as_text, lines)).encode()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
    """The fault of a list, by its path."""


def adopted(home: Path) -> Adopted:
    """All that was adopted. A list that is not what was recorded counts for nothing, and is named in `faults`."""
    found = Adopted()
    for path in sorted((home / JOURNAL).glob(f"*-{ADOPTION}-*.json")):
        try:
            content = path.read_bytes()
            seal = seal_of(content)
            data = json.loads(content)["data"]
            name, digest = str(data["list"]), str(data["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a damaged record of the journal, which is reported as such
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


def free_list_name(home: Path) -> str:
    """A name that is free for a new list."""
    number = 1
    while (home / FOLDER / f"adopted-{number}.txt").exists():
        number += 1
    return f"{FOLDER}/adopted-{number}.txt"
