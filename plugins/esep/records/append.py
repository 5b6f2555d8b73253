"""Adding a record to its chain: the record first, then its line in the list of heads, under one short lock.

A kill between the two leaves a record without its line. It goes on properly from the last one that has a line, so it
is sound; the next addition to the chain, or the next look at all records, writes the line (`catch_up`). Until then the
chain stays announced, for those who follow the lines (`journal`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from esep import files
from esep.records import heads
from esep.records.heads import Beginning, Line
from esep.records.seal import DamagedRecordError, Seal, seal_of, sealed

LOCK = "records.lock"
ANNOUNCED = "announced"
"""Folder of the locks with an empty file for each chain to which a record is being added."""
_FILE_MODE = 0o640
_SLASH = "~"
"""Stands for the slashes of a chain in the name of its announcement; no chain has it."""


@contextmanager
def adding(home: Path) -> Iterator[Adder]:
    """Hold the lock of all records of a home and give what adds to them."""
    with files.lock(home / ".locks" / LOCK):
        yield Adder(home)


def add(path: Path, value: Mapping[str, Any]) -> None:
    """Add one record under a path that must be free; raises PlaceError for a path where no records are kept."""
    with adding(heads.place_of(path).home) as adder:
        adder.add(path, value)


def prepare(home: Path) -> None:
    """Make the list of heads if there is none; to be called before records are put in place without `add`."""
    if not _has_first_line(home):
        with adding(home) as adder:
            adder.begin()


def announce(home: Path, chain: str) -> None:
    """To be called before a record gets its name; for one that is put in place without `add`, call `catch_up` after."""
    _announced_in(home).mkdir(parents=True, exist_ok=True)
    _announcement(home, chain).touch()


def announced(home: Path) -> list[str]:
    """Chains that may have a record without its line, or will have one in a moment."""
    return [name.replace(_SLASH, "/") for name in files.names_in(_announced_in(home))]


def _announced_in(home: Path) -> Path:
    return home / ".locks" / ANNOUNCED


def _announcement(home: Path, chain: str) -> Path:
    return _announced_in(home) / chain.replace("/", _SLASH)


def catch_up(home: Path, chain: str) -> None:
    """Write the lines of records that are in place and have none."""
    with adding(home) as adder:
        adder.begin()
        adder.head_of(chain)
        _announcement(home, chain).unlink(missing_ok=True)


def write(path: Path, value: Mapping[str, Any], previous: str | None) -> str:
    """Write a sealed record without a line in the list, where no other process can see it; gives its hash."""
    content, digest = sealed(value, previous)
    put(path, content)
    return digest


def put(path: Path, content: bytes) -> None:
    """Whole or not at all, for owner and group."""
    with files.replacing(path) as temporary:
        temporary.write_bytes(content)
        files.set_mode(temporary, _FILE_MODE)


class Adder:
    """Adds records while the lock is held."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._known = _known_of(home)

    def add(self, path: Path, value: Mapping[str, Any]) -> None:
        """Add a record. In a chain from before there were hashes, which nobody has adopted yet, it has none either.

        Raises DamagedRecordError where the list says that a record of this path was there and is gone.
        """
        place = heads.place_of(path)
        self.begin()
        previous, is_proved = self.head_of(place.chain)
        if place.path in self._known.paths[place.chain]:
            raise DamagedRecordError(f"{path}: it was recorded before and is gone. Restore the file from a backup.")
        if not is_proved and f"-{heads.ADOPTION}-" not in path.name:
            files.write_json(path, value)
            return
        announce(self._home, place.chain)
        digest = write(path, value, previous)
        self._note(place.chain, [(place.path, digest)])
        _announcement(self._home, place.chain).unlink(missing_ok=True)

    def begin(self) -> None:
        """Make the list of heads if there is none."""
        if not _has_first_line(self._home):
            heads.create(self._home, _beginning(self._home))

    def head_of(self, chain: str) -> tuple[str | None, bool]:
        """The hash from which the chain goes on, and whether its records have hashes.

        Records without a line get theirs if they go on from the last one that has one; any others are left for the
        check to report, and the chain goes on from what is sure.
        """
        self._known.update()
        last, known = self._known.last.get(chain), self._known.paths.setdefault(chain, set())
        unlisted = [path for path in heads.records_of(self._home, chain) if path not in known]
        if not unlisted:
            return last, True
        seals: dict[str, Seal] = {}
        for path in unlisted:
            seal = _seal(self._home / path)
            if isinstance(seal, Seal):
                seals[path] = seal
            elif seal is None and last is None:
                last = heads.adopted(self._home).acts.get(path)
                if last is None:
                    return None, False
            elif seal is None:
                known.add(path)  # it stays without a line, and need not be read again
        following = in_order(last, seals)
        if following:
            self._note(chain, following)
            last = following[-1][1]
        return last, True

    def _note(self, chain: str, records: list[tuple[str, str]]) -> None:
        self._known.update()
        lines, previous = [], self._known.line
        for path, record in records:
            lines.append(heads.line_of(previous, record, path))
            previous = lines[-1].hash
        heads.add(self._home, lines, self._known.size)
        self._known.take(lines)


def in_order(last: str | None, seals: Mapping[str, Seal]) -> list[tuple[str, str]]:
    """(path, hash) of those that follow one after the other from `last`; what is in no place of the chain is left."""
    by_previous = {seal.previous: (path, seal.hash) for path, seal in seals.items()}
    found = []
    while last in by_previous:
        path, last = by_previous.pop(last)
        found.append((path, last))
    return found


def _has_first_line(home: Path) -> bool:
    try:
        with heads.path_of(home).open("rb") as file:
            return file.readline().endswith(b"\n")
    except FileNotFoundError:
        return False


def _seal(path: Path) -> Seal | DamagedRecordError | None:
    try:
        return seal_of(path.read_bytes())
    except DamagedRecordError as error:
        return error


def _beginning(home: Path) -> Beginning:
    """How a list begins that is made now: a home without records, one with records from before, or one that lost it."""
    beginning = Beginning.COMPLETE
    for chain in heads.chains(home):
        for path in heads.records_of(home, chain):
            if _seal(home / path) is not None:
                return Beginning.LOST
            beginning = Beginning.FROM_BEFORE
    return beginning


@dataclass(slots=True)
class _Known:
    """The list of heads in memory, so that an addition reads only what others have added. Guarded by the lock."""

    home: Path
    size: int = 0
    end: bytes = b""
    """The last line read, which by its hash stands for all before it."""
    line: str = ""
    last: dict[str, str] = field(default_factory=dict)
    paths: dict[str, set[str]] = field(default_factory=dict)

    def update(self) -> None:
        """Read what is new; all, where the list is another one than before, as after a backup was restored.

        Nothing is proved here: additions go on from what is written, checks report faults.
        """
        with heads.path_of(self.home).open("rb") as file:
            file.seek(self.size - len(self.end))
            content = file.read()
            if self.size and content.startswith(self.end):
                content = content[len(self.end) :]
            else:
                self.size, self.line = 0, ""
                self.last.clear()
                self.paths.clear()
                file.seek(0)
                content = file.read()
        if not self.size:
            first, _, content = content.partition(b"\n")
            self.end = first + b"\n"
            self.size = len(self.end)
            self.line = heads.first_hash(_beginning_in(first))
        whole = content[: content.rfind(b"\n") + 1]
        self.size += len(whole)
        self.end = whole[whole.rfind(b"\n", 0, -1) + 1 :] or self.end
        for raw in whole.split(b"\n")[:-1]:
            try:
                self._take(heads.parse_line(raw))
            except ValueError:
                continue

    def take(self, lines: list[Line]) -> None:
        """Lines that were just written."""
        for line in lines:
            self._take(line)
            self.end = heads.as_text(line).encode()
            self.size += len(self.end)

    def _take(self, line: Line) -> None:
        self.line = line.hash
        chain = heads.chain_of(line.path)
        if chain:
            self.last[chain] = line.record
            self.paths.setdefault(chain, set()).add(line.path)


def _beginning_in(first: bytes) -> Beginning:
    try:
        return Beginning(first.decode())
    except ValueError:
        return Beginning.COMPLETE


_lists: dict[Path, _Known] = {}
_lists_lock = threading.Lock()


def _known_of(home: Path) -> _Known:
    with _lists_lock:
        return _lists.setdefault(home, _Known(home))
