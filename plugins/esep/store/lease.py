"""Turns between machines: an object that says whose turn it is, and that says so anew while the holder is alive.

No clock of any machine is compared with another's: who waits watches the object, and takes the turn once it has not
changed for PATIENCE seconds of the waiter's own. A holder that was only slow may then still believe that it has the
turn, so a turn has a number that only grows, and one that did not end properly is fenced off by it (records.turns).
"""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from esep.store.model import Store, StoreError

PATIENCE = 60.0
RENEWED_EVERY = 15.0
PAUSE = 0.5
_HELD, _FREE, _LEFT = "held", "free", "left"
"""Of a turn that ended with an error, or whose holder is gone, a last write may still be on its way: it was left."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lease:
    """A turn that is held."""

    store: Store
    name: str
    number: int
    """Of this turn among all of the name."""
    was_left: bool
    """Whether the turn before did not end properly."""
    is_lost: bool = False
    is_in_doubt: bool = False
    """Whether a write failed of which nobody knows whether it arrives after all: the next holder must know."""
    _holder: str = ""
    _version: str = ""
    _renewals: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def renew(self) -> None:
        """Say that the holder is alive. A store that does not answer now may answer the next time."""
        with self._lock:
            try:
                self._renewals += 1
                self._write(_HELD)
            except StoreError as error:
                log.warning("the turn %s could not be renewed: %s", self.name, error)

    def end(self, state: str) -> None:
        """Give the turn back, properly (`free`) or not (`left`)."""
        with self._lock:
            if not self.is_lost:
                self._write(_LEFT if self.is_in_doubt else state)

    def _write(self, state: str) -> None:
        content = _content(self.number, self._holder, state, self._renewals)
        while True:
            self.store.replace(_place(self.name), content, self._version)
            found = self.store.read(_place(self.name))
            if found is None or _parsed(self.store, self.name, found.content)[1] != self._holder:
                self.is_lost = True
                return
            self._version = found.version
            if found.content == content:  # written, whatever the answer was
                return


@contextmanager
def held(
    store: Store,
    name: str,
    *,
    patience: float | None = None,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Lease]:
    """Wait for the turn of that name and hold it; a holder that is silent for `patience` (PATIENCE) seconds is gone.

    Raises StoreError where the store cannot be reached.
    """
    lease = _taken(store, name, PATIENCE if patience is None else patience, now, sleep)
    ended = threading.Event()
    renewing = threading.Thread(target=_renew, args=(lease, ended), name=f"turn-{name}", daemon=True)
    renewing.start()
    try:
        yield lease
    except BaseException:
        _end(lease, ended, renewing, _LEFT)
        raise
    _end(lease, ended, renewing, _FREE)


def _taken(store: Store, name: str, patience: float, now: Callable[[], float], sleep: Callable[[float], None]) -> Lease:
    holder = uuid.uuid4().hex
    watched, since = "", now()
    was_left = False
    while True:
        found = store.read(_place(name))
        if found is None:
            store.put_new(_place(name), _content(1, holder, _HELD, 0))
            was_left = False
            found = store.read(_place(name))
        number, by, state = _parsed(store, name, found.content if found else b"")
        if found and by == holder:
            return Lease(store, name, number, was_left, _holder=holder, _version=found.version)
        version = found.version if found else ""
        if state == _HELD and version != watched:
            watched, since = version, now()
        if state == _HELD and now() - since < patience:
            sleep(PAUSE)
            continue
        store.replace(_place(name), _content(number + 1, holder, _HELD, 0), version)
        was_left = state != _FREE


def _renew(lease: Lease, ended: threading.Event) -> None:
    while not ended.wait(RENEWED_EVERY) and not lease.is_lost:
        lease.renew()


def _end(lease: Lease, ended: threading.Event, renewing: threading.Thread, state: str) -> None:
    ended.set()
    renewing.join()
    try:
        lease.end(state)
    except StoreError as error:  # others take the turn once they have waited long enough
        log.warning("the turn %s could not be given back: %s", lease.name, error)


def _place(name: str) -> str:
    return f"turn/{name}"


def _content(number: int, holder: str, state: str, renewals: int) -> bytes:
    return json.dumps({"number": number, "holder": holder, "state": state, "renewals": renewals}).encode()


def _parsed(store: Store, name: str, content: bytes) -> tuple[int, str, str]:
    try:
        value = json.loads(content)
        return int(value["number"]), str(value["holder"]), str(value["state"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(
            f"{store.address}: {_place(name)} is none of Esep's. Look who else writes there; delete it, then run again."
        ) from None
