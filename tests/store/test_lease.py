"""Turns between machines, on both kinds of stores. Time is what the test says it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esep.store import address, lease
from esep.store.model import Store, StoreError
from store.s3_server import S3, fresh_address


@pytest.fixture
def store(fresh_store: Callable[[], str]) -> Store:
    return address.opened(fresh_store())


class Watch:
    """A waiter's own clock, which goes on only while it waits; after each pause something may be done."""

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.seconds = 1e9
        self.meanwhile = meanwhile

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.meanwhile()


def test_turns_are_numbered(store: Store) -> None:
    numbers = []
    for _ in range(3):
        with lease.held(store, "intake.lock") as held:
            numbers.append((held.number, held.was_left))
    with lease.held(store, "other.lock") as other:
        assert other.number == 1
    assert numbers == [(1, False), (2, False), (3, False)]


def test_who_waits_gets_the_turn_when_it_is_given_back(store: Store) -> None:
    first = lease.held(store, "x")
    held = first.__enter__()
    waited = []

    def meanwhile() -> None:
        waited.append(1)
        if len(waited) == 3:
            first.__exit__(None, None, None)

    watch = Watch(meanwhile)
    with lease.held(store, "x", now=watch.now, sleep=watch.sleep) as second:
        assert (second.number, second.was_left, len(waited)) == (held.number + 1, False, 3)


def test_a_holder_that_is_gone_is_waited_for_once_and_then_taken_over(store: Store) -> None:
    gone = lease.held(store, "x")
    held = gone.__enter__()
    watch = Watch()
    before = watch.seconds
    with lease.held(store, "x", now=watch.now, sleep=watch.sleep) as second:
        assert (second.number, second.was_left) == (held.number + 1, True)
        assert lease.PATIENCE <= watch.seconds - before < lease.PATIENCE + 2
        held.renew()
        assert held.is_lost
        gone.__exit__(None, None, None)  # the slow holder comes back, and takes nothing from the next one
        second.renew()
        assert not second.is_lost
    with lease.held(store, "x") as third:
        assert (third.number, third.was_left) == (held.number + 2, False)


def test_a_holder_that_renews_keeps_its_turn(store: Store) -> None:
    first = lease.held(store, "x")
    held = first.__enter__()
    renewals = []

    def meanwhile() -> None:
        if len(renewals) < 40:
            renewals.append(held.renew())
        elif len(renewals) == 40:
            renewals.append(first.__exit__(None, None, None))

    watch = Watch(meanwhile)
    with lease.held(store, "x", patience=5, now=watch.now, sleep=watch.sleep) as second:
        assert watch.seconds - 1e9 > 3 * 5
        assert not second.was_left


def test_a_turn_that_ended_with_an_error_was_left(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), lease.held(store, "x"):
        raise ZeroDivisionError
    with lease.held(store, "x") as held:
        assert held.was_left
        held.is_in_doubt = True
    with lease.held(store, "x") as held:
        assert held.was_left
    with lease.held(store, "x") as held:
        assert not held.was_left


def test_what_somebody_else_wrote_is_no_turn(store: Store) -> None:
    store.put_new("turn/x", b"hello")
    with pytest.raises(StoreError, match="turn/x is none of Esep's"), lease.held(store, "x"):
        pass


@pytest.mark.parametrize("kind", ["lost", "error"])
def test_answers_that_fail_change_nothing(s3: S3, kind: str) -> None:
    store = address.opened(fresh_address())
    s3.faults({"method": "PUT", "part": "/turn/x", "kind": kind, "count": 1})
    with lease.held(store, "x") as held:
        s3.faults({"method": "PUT", "part": "/turn/x", "kind": kind, "count": 1})
        held.renew()
        assert (held.number, held.was_left, held.is_lost) == (1, False, False)
        s3.faults({"method": "PUT", "part": "/turn/x", "kind": kind, "count": 1})
    s3.faults({"method": "PUT", "part": "/turn/x", "kind": kind, "count": 1})
    with lease.held(store, "x") as held:
        assert (held.number, held.was_left) == (2, False)


def test_a_turn_that_cannot_be_renewed_now_is_renewed_later(s3: S3) -> None:
    store = address.opened(fresh_address())
    with lease.held(store, "x") as held:
        s3.faults({"method": "PUT", "part": "/turn/x", "kind": "error", "count": 5})
        held.renew()
        s3.faults()
        held.renew()
        assert not held.is_lost
