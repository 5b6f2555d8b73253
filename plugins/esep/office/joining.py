"""Making a home one of the copies of an office in a store: the first brings its records, others take them in.

The object with the office's identity comes last, once all records are there; so a store without it holds no office, and
the same home goes on where it was interrupted, and no other: the object FOUNDER says which home that is. A home
remembers its office, and no other one may write to that store.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from esep import files
from esep.lake import places
from esep.records import append, heads, journal, taking
from esep.records.heads import Beginning, Line
from esep.records.naming import named_by
from esep.records.seal import DamagedRecordError
from esep.records.sharing import FOLDER, OFFICE, Entry, Shared, office_in
from esep.store import address as addresses
from esep.store import trial
from esep.store.model import Store, StoreError

FOUNDER = "founder"
"""In the store, and in FOLDER of the home that brings its records there: a mark of that home."""
_MOST_RECORDS = 100
"""Of an entry."""


class Joined(NamedTuple):
    """What came of it."""

    office: str
    """The office's identity."""
    brought: int
    """Additions that this home brought into the store."""
    taken: int
    """Additions of others that it took in."""


def join(home: Path, address: str, office: str | None = None) -> Joined:
    """Join a home to the store, in which it makes an office if there is none; else `office` says which it must be.

    Raises StoreError for a store that lacks something or is another office's, and for a home with records that are not
    of this office.
    """
    store = addresses.opened(address)
    lacking = trial.lacks(store)
    if lacking:
        raise StoreError(f"{store.address}: lacks {', '.join(lacking)}. It cannot hold an office (docs/operating.md).")
    remembered = home / FOLDER / OFFICE
    found = office_in(store)
    if remembered.exists():
        known = files.read_json(remembered)
        if (addresses.opened(known["address"]).address, known["office"]) != (store.address, found):
            raise StoreError(
                f"{home} is a copy of another office than {store.address} holds ({remembered}). Nothing was changed. "
                "Look at ESEP_STORE."
            )
    elif office and not found:
        raise StoreError(
            f"{store.address} holds no office, so it cannot be {office}. Nothing was changed. Look at ESEP_STORE; only "
            "the first home joins without --office."
        )
    elif found and found != office and not _is_founder(home, store):
        raise StoreError(
            f"{store.address} holds the office {found}. Is this home to be one more copy of it? Then name it: bin/esep "
            f"store join --office {found}. If it is another office, give it a prefix of its own in ESEP_STORE."
        )
    journal.list_announced(home)
    brought = 0
    with append.adding(home) as adder:
        if not remembered.exists():
            adder.begin()
            shared = Shared(home, store)
            shared.move_to(0)
            lines = _lines(home)
            known = _common(shared, lines)
            if found and not _is_founder(home, store):
                if known < len(lines):
                    raise _is_other(home, store)
            else:
                _found(shared)
                brought = _bring(shared, lines[known:])
                found = found or _made(store)
            files.write_json(remembered, {"address": store.address, "office": found})
    with append.adding(home) as adder:
        return Joined(str(found), brought, adder.take_in())


def _found(shared: Shared) -> None:
    """Let this home be the one that makes the office; raises StoreError where another one has begun to."""
    place = shared.home / FOLDER / FOUNDER
    if not place.exists():
        with files.replacing(place) as temporary:
            temporary.write_text(uuid.uuid4().hex)
    mark = _mark_of(shared.home)
    shared.store.put_new(FOUNDER, mark)
    found = shared.store.read(FOUNDER)
    if found is None or found.content != mark:
        raise StoreError(
            f"{shared.store.address}: another home is bringing its records there, or was interrupted. Let it end by "
            "bin/esep store join on that home, then join here with --office. If that home is gone, give the office a "
            "prefix of its own in ESEP_STORE."
        )


def _is_founder(home: Path, store: Store) -> bool:
    """Whether it is this home that made the office, and was interrupted before it remembered that."""
    found = store.read(FOUNDER)
    return found is not None and (home / FOLDER / FOUNDER).exists() and _mark_of(home) == found.content


def _mark_of(home: Path) -> bytes:
    return (home / FOLDER / FOUNDER).read_bytes()


def _made(store: Store) -> str:
    office = uuid.uuid4().hex
    store.put_new(OFFICE, json.dumps({"office": office}).encode())
    found = office_in(store)
    if found != office:
        raise StoreError(f"{store.address}: another home made an office there at the same time. Run the same again.")
    return office


def _lines(home: Path) -> list[Line]:
    """The whole list of heads; raises StoreError for one that does not name every record."""
    read = heads.read(home)
    if read is None or read.faults or read.beginning is not Beginning.COMPLETE:
        raise StoreError(
            f"{home}: {heads.NAME} does not name every record (bin/esep verify says more). Only a home whose "
            "records all have hashes can join a store."
        )
    return read.lines


def _common(shared: Shared, lines: list[Line]) -> int:
    """How many lines of this home are in the store, from the first on; the position behind them is set.

    Raises StoreError where the store goes another way, or in the midst of its making has more than this home.
    """
    known = 0
    for number, entry in shared.after():
        expected = [(line.path, line.record) for line in lines[known : known + len(entry.records)]]
        if expected != [(path, taking.hash_of(content)) for path, content in entry.records][: len(expected)]:
            raise _is_other(shared.home, shared.store)
        known += len(expected)
        if len(expected) < len(entry.records):
            break
        shared.move_to(number)
    return known


def _is_other(home: Path, store: Store) -> StoreError:
    return StoreError(
        f"{home} has records that are not those of {store.address}: two offices cannot share a store. Nothing was "
        "changed. Join with an empty home, or give this office a prefix of its own in ESEP_STORE."
    )


def _bring(shared: Shared, lines: list[Line]) -> int:
    """Add the records of this home to the store in their order, with all that they name; how many entries.

    Raises StoreError for one that is damaged or gone: what is in the store once stays there.
    """
    count, home = 0, shared.home
    before = heads.read(home)
    at = len(before.lines) - len(lines) if before else 0
    previous = before.lines[at - 1].hash if before and at else heads.first_hash(Beginning.COMPLETE)
    for run in _runs(lines):
        records = [(line.path, _sound(home, line)) for line in run]
        named = [one for path, content in records for one in named_by(path, content)]
        places = {one.path: _place(home, one.path) for one in named}
        for one in named:
            if not places[one.path].is_file() or files.sha256_of(places[one.path]) != one.sha256:
                raise _is_damaged(home, one.path)
        shared.keep(records, places)
        if not shared.claim(Entry(previous, tuple(records))):
            raise _is_other(home, shared.store)
        shared.move_to(shared.position + 1)
        previous = run[-1].hash
        count += 1
    return count


def _sound(home: Path, line: Line) -> bytes:
    try:
        content = (home / line.path).read_bytes()
        if taking.hash_of(content) == line.record:
            return content
    except (FileNotFoundError, DamagedRecordError):
        pass
    raise _is_damaged(home, line.path)


def _is_damaged(home: Path, path: str) -> StoreError:
    return StoreError(
        f"{home}: {path} is gone, or is not what was recorded. It was not brought into the store. Run bin/esep verify, "
        "restore what it names from a backup, then join again."
    )


def _runs(lines: list[Line]) -> Iterator[list[Line]]:
    """Consecutive lines of one chain."""
    for _, run in groupby(lines, key=lambda line: heads.chain_of(line.path)):
        waiting = list(run)
        for start in range(0, len(waiting), _MOST_RECORDS):
            yield waiting[start : start + _MOST_RECORDS]


def _place(home: Path, path: str) -> Path:
    """Where a file is now that a record names: those of older lakes may have been moved."""
    folder, _, below = path.partition("/")
    return home / folder / places.found(home / folder, below) if folder == "lake" else home / path
