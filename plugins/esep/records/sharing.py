"""The records of an office whose machines share a store: one list of entries, each made once under the next number.

An entry is one addition to one chain: its records as they are, each of which names the bytes that belong to it by
their hash. Those are in the store before, under that hash. So an entry is whole once it is there, whoever is killed;
numbers, chains and the list of heads come out the same on all machines; and of two that add at once one learns that it
was not first, takes in what the other wrote, and looks again. What is below $ESEP_HOME is this machine's copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from esep import files
from esep.records import heads, naming
from esep.records.seal import seal_of
from esep.store import address as addresses
from esep.store.model import Store, StoreError

FOLDER = ".store"
OFFICE = "office.json"
"""In the store: whose it is. In FOLDER: of which office in which store this home is a copy."""
_POSITION = "position"
_FENCES = "fences.json"
_LOG = "log/"
_OF_LOG = re.compile(rf"{_LOG}[0-9]{{12}}")
"""Other names there are none of Esep's: a share's thumbnails, a copy that somebody made."""
_AT_ONCE = 16


class Entry(NamedTuple):
    """One addition."""

    before: str
    """Hash of the last line of the list of heads before it: homes that differ do not go on from each other."""
    records: tuple[tuple[str, bytes], ...]
    """Path relative to the home and bytes of each record, in the order of their chain."""
    fence: tuple[str, int] | None = None
    """Name and number of a turn; what earlier holders of it write later does not count."""

    def encoded(self) -> bytes:
        """With a mark of its own, by which its writer knows it again."""
        records = [[path, content.decode()] for path, content in self.records]
        value = {"before": self.before, "records": records, "fence": self.fence, "mark": uuid.uuid4().hex}
        return json.dumps(value, ensure_ascii=False).encode()


@dataclass(slots=True)
class Shared:
    """The store of a home, as far as this home has taken in what is there. Guarded by the lock of `append`."""

    home: Path
    store: Store
    office: str | None = None
    """Which office the store must hold; None while the home joins. Asked once of a process."""
    kept: set[str] = field(default_factory=set)
    """Hashes of bytes that are known to be in the store."""
    _is_same: bool = False

    @property
    def position(self) -> int:
        """How many entries are taken in."""
        try:
            return int((self.home / FOLDER / _POSITION).read_text())
        except FileNotFoundError:
            return 0

    def move_to(self, position: int) -> None:
        with files.replacing(self.home / FOLDER / _POSITION) as temporary:
            temporary.write_text(f"{position}\n")

    @property
    def fences(self) -> dict[str, int]:
        """The latest fence of each turn."""
        try:
            return dict(files.read_json(self.home / FOLDER / _FENCES))
        except FileNotFoundError:
            return {}

    def fenced(self, name: str, number: int) -> None:
        files.write_json(self.home / FOLDER / _FENCES, self.fences | {name: number})

    def keep(self, records: Iterable[tuple[str, bytes]], sources: Mapping[str, Path]) -> None:
        """Put the bytes that records name into the store; `sources`: where those are that have not their names yet."""
        named = {one.sha256: one.path for path, content in records for one in naming.named_by(path, content)}
        missing = [(digest, sources.get(path, self.home / path)) for digest, path in named.items()]
        self.keep_files({digest: source for digest, source in missing if digest not in self.kept})

    def keep_files(self, by_digest: Mapping[str, Path]) -> None:
        """Put files into the store, each under the hex SHA-256 of its bytes."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda one: self.store.keep(bytes_name(one[0]), one[1]), by_digest.items()))
        self.kept.update(by_digest)

    def fetch(self, digest: str, target: Path) -> None:
        """Bytes of the store, proved, as a new file. Raises StoreError where they are gone or damaged."""
        with target.open("xb") as written:
            fault = self._fault(digest, written.write)
        if fault:
            target.unlink(missing_ok=True)
            raise StoreError(
                f"{self.store.address}: {bytes_name(digest)}: {fault}. Restore the object from an earlier version or a "
                "backup of the bucket, then run the same again."
            )
        files.flush_to_disk(target)

    def holds(self, digest: str) -> bool:
        """Whether bytes are in the store as they were recorded: all are read."""
        return not self._fault(digest, lambda piece: None)

    def _fault(self, digest: str, take: Callable[[bytes], object]) -> str:
        """What is wrong with bytes of the store, in a few words; `take` gets them."""
        pieces = self.store.pieces(bytes_name(digest))
        if pieces is None:
            return "it is not there"
        found = hashlib.sha256()
        for piece in pieces:
            found.update(piece)
            take(piece)
        return "" if found.hexdigest() == digest else "its bytes are not those that were recorded"

    def claim(self, entry: Entry) -> bool:
        """Make the next entry; False where another one is there already."""
        name, content = _name(self.position + 1), entry.encoded()
        if self.store.put_new(name, content):
            return True
        found = self.store.read(name)
        return found is not None and found.content == content  # the answer to the first try was lost

    def after(self) -> Iterator[tuple[int, Entry]]:
        """The entries that are not taken in, with their numbers.

        Raises StoreError where one is missing, the last that was taken in too, as after somebody emptied the bucket.
        """
        self._require_office()
        position = self.position
        first = max(1, position)
        names = [name for name in self.store.list_after(_LOG, _name(first - 1)) if _OF_LOG.fullmatch(name)]
        expected = [_name(first + place) for place in range(len(names) or min(1, position))]
        gone = next((wanted for wanted, name in zip_longest(expected, names) if wanted != name), None)
        if gone:
            raise StoreError(
                f"{self.store.address}: {gone} is missing. Entries are never removed: restore it and those after it "
                "from an earlier version or a backup of the bucket, then run the same again."
            )
        names = names[min(1, position) :]
        for start in range(0, len(names), _AT_ONCE):
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                read = list(pool.map(self.entry, names[start : start + _AT_ONCE]))
            yield from enumerate(read, start=position + 1 + start)

    def _require_office(self) -> None:
        if self.office is None or self._is_same:
            return
        found = office_in(self.store)
        if found != self.office:
            raise StoreError(
                f"{self.store.address} holds {f'the office {found}' if found else 'no office'}, and {self.home} is a "
                f"copy of {self.office}. Nothing was changed. Look at ESEP_STORE; restore a bucket that was emptied."
            )
        self._is_same = True

    def next(self) -> Entry:
        """The first entry that is not taken in; it must be there."""
        return self.entry(_name(self.position + 1))

    def entry(self, name: str) -> Entry:
        """Raises StoreError for one that is gone or cannot be read."""
        found = self.store.read(name)
        try:
            value = json.loads(found.content if found else b"")
            records = tuple((str(path), content.encode()) for path, content in value["records"])
            if not all(heads.chain_of(path) and seal_of(content) for path, content in records):
                raise ValueError("it holds something else than records")
            return Entry(value["before"], records, tuple(value["fence"]) if value["fence"] else None)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(
                f"{self.store.address}: {name} cannot be read ({error!r}). Restore it from an earlier version or a "
                "backup of the bucket, then run the same again."
            ) from error


def of(home: Path) -> Shared | None:
    """The store that a home shares; None for a home of its own, which most are."""
    try:
        remembered = files.read_json(home / FOLDER / OFFICE)
    except FileNotFoundError:
        return None
    address = remembered["address"]
    key = (home, address, os.getpid())  # what reaches an object store does not survive a fork
    if key not in _shared:
        _shared[key] = Shared(home, addresses.opened(address), remembered["office"])
    return _shared[key]


_shared: dict[tuple[Path, str, int], Shared] = {}


def office_in(store: Store) -> str | None:
    """The identity of the office that the store holds; None while it holds none, or its first home is not done yet."""
    found = store.read(OFFICE)
    if found is None:
        return None
    try:
        return str(json.loads(found.content)["office"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(
            f"{store.address}: {OFFICE} is none of Esep's. Use a prefix of its own, where nobody else writes."
        ) from None


def bytes_name(digest: str) -> str:
    """The name in the store of bytes with this hex SHA-256."""
    return f"bytes/{digest[:2]}/{digest}"


def _name(number: int) -> str:
    return f"{_LOG}{number:012d}"
