"""Turns at what must be looked at before something is added: a lock in this home, and among the machines of a store.

Whoever holds a turn sees all that earlier holders recorded. A holder that was killed, or cut off and still writing, is
fenced off before the next one looks (`append.Adder.fence`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esep import files
from esep.records import append, claims, sharing
from esep.store import lease


@contextmanager
def turn(home: Path, name: str) -> Iterator[None]:
    """Hold the turn of that name, a lock's. Raises StoreError where a store is shared and cannot be reached."""
    with files.lock(home / ".locks" / name):
        shared = sharing.of(home)
        if shared is None:
            yield
            return
        with lease.held(shared.store, name) as held:
            with append.adding(home) as adder:
                if held.was_left:
                    adder.fence(name, held.number)
                adder.take_in()
            turns = claims.turns.setdefault(home, {})
            turns[name] = held
            try:
                yield
            finally:
                del turns[name]


def take_in(home: Path) -> int:
    """Take in what other machines have recorded, before a task looks at what is to be done; how many additions."""
    if sharing.of(home) is None:
        return 0
    with append.adding(home) as adder:
        return adder.take_in()
