"""Adding a record to its chain: the record first, then its line in the list of heads, under one short lock.

A kill between the two leaves a record without its line. It goes on properly from the last one that has a line, so it
is sound; the next addition to the chain, or the next look at all records, writes the line (`catch_up`). Until then the
chain stays announced, for those who follow the lines (`journal`).

Where several machines share a store (`sharing`) an addition is claimed there first, and then made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from esep import files
from esep.records import heads, sharing
from esep.records.announcing import announce, withdraw
from esep.records.claims import Claims
from esep.records.heads import Beginning
from esep.records.known import known_of
from esep.records.seal import DamagedRecordError, Seal, seal_of, sealed

LOCK = "records.lock"
_FILE_MODE = 0o640


@contextmanager
def adding(home: Path) -> Iterator[Adder]:
    """Hold the lock of all records of a home and give what adds to them."""
    with files.lock(home / ".locks" / LOCK):
        yield Adder(home)


def add(path: Path, value: Mapping[str, Any], sources: Mapping[str, Path] | None = None) -> None:
    """Add one record under a path that must be free; raises PlaceError for a path where no records are kept.

    `sources` as in Adder.add.
    """
    with adding(heads.place_of(path).home) as adder:
        adder.add(path, value, sources=sources)


def prepare(home: Path) -> None:
    """Make the list of heads if there is none; to be called before records are put in place without `add`."""
    if not _has_first_line(home):
        with adding(home) as adder:
            adder.begin()


def catch_up(home: Path, chain: str) -> None:
    """Write the lines of records that are in place and have none."""
    with adding(home) as adder:
        adder.begin()
        adder.head_of(chain)
        withdraw(home, chain)


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
        self._known = known_of(home)
        shared = sharing.of(home)
        self._claims = Claims(shared, self._known) if shared else None

    def add(
        self,
        path: Path,
        value: Mapping[str, Any],
        *,
        place: Callable[[], None] | None = None,
        sources: Mapping[str, Path] | None = None,
        still: Callable[[], bool] | None = None,
    ) -> bool:
        """Add a record. In a chain from before there were hashes, which nobody has adopted yet, it has none either.

        `place` gives the files that it names their places, and `sources` says where they are until then, by their
        paths relative to the home. `still` is asked again where another machine added something before; if it says no,
        nothing is added, and False is given.
        Raises DamagedRecordError where the list says that a record of this path was there and is gone.
        """
        of = heads.place_of(path)
        self.begin()
        while True:
            previous, is_proved = self.head_of(of.chain)
            if of.path in self._known.paths[of.chain]:
                raise DamagedRecordError(f"{path}: it was recorded before and is gone. Restore the file from a backup.")
            if not is_proved and f"-{heads.ADOPTION}-" not in path.name:
                if place:
                    place()
                files.write_json(path, value)
                return True
            content, digest = sealed(value, previous)
            if self._comes_next([(of.path, content)], sources or {}):
                break
            if still is not None and not still():
                return False
        announce(self._home, of.chain)
        if place:
            place()
        put(path, content)
        self._known.note([(of.path, digest)])
        self._is_in_place(of.chain)
        return True

    def add_chain(
        self, chain: str, records: Sequence[tuple[str, bytes]], place: Callable[[], None], sources: Mapping[str, Path]
    ) -> bool:
        """Begin a chain with records that are sealed, all at once, which `place` puts in place with what they name.

        False where it is there already, or another machine added something before: what it was is taken in then.
        """
        self.begin()
        if (self._home / chain).exists() or not self._comes_next(records, sources):
            return False
        announce(self._home, chain)
        place()
        self.head_of(chain)
        self._is_in_place(chain)
        return True

    def fence(self, name: str, number: int) -> None:
        """Let nothing count that earlier holders of a turn have still under way."""
        if self._claims:
            self.begin()
            self._claims.fence(name, number)

    def take_in(self) -> int:
        """Take in what other machines have added, if a store is shared; how many additions."""
        if self._claims is None:
            return 0
        self.begin()
        return self._claims.take_in()

    def _comes_next(self, records: Sequence[tuple[str, bytes]], sources: Mapping[str, Path]) -> bool:
        return self._claims is None or self._claims.claim(records, sources)

    def _is_in_place(self, chain: str) -> None:
        if self._claims:
            self._claims.claimed()
        withdraw(self._home, chain)

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
            self._known.note(following)
            last = following[-1][1]
        return last, True


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
