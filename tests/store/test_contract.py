"""What a store must do, the same for a folder and for S3."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from esep.store import address, trial
from esep.store.model import Store, StoreError
from store.s3_server import S3, fresh_address


@pytest.fixture
def store(fresh_store: Callable[[], str]) -> Store:
    return address.opened(fresh_store())


def test_a_name_is_taken_once(store: Store) -> None:
    assert store.read("log/1") is None
    assert store.put_new("log/1", b"first")
    assert not store.put_new("log/1", b"second")
    found = store.read("log/1")
    assert found is not None
    assert found.content == b"first"


def test_of_many_writers_one_takes_the_name(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: store.put_new("one", b"%d" % number), range(16)))
    assert taken.count(True) == 1
    found = store.read("one")
    assert found is not None
    assert found.content == b"%d" % taken.index(True)


def test_only_the_state_that_was_read_is_replaced(store: Store) -> None:
    store.put_new("turn", b"a")
    first = store.read("turn")
    assert first is not None
    assert store.replace("turn", b"b", first.version)
    assert not store.replace("turn", b"c", first.version)
    second = store.read("turn")
    assert second is not None
    assert second.content == b"b"
    assert second.version != first.version
    assert not store.replace("nothing", b"d", second.version)
    assert store.read("nothing") is None


def test_names_are_listed_in_order_after_one(store: Store) -> None:
    names = [f"log/{number:012d}" for number in range(1, 24)]
    for name in random.Random(1).sample(names, len(names)):
        store.put_new(name, b"")
    store.put_new("logbook", b"")
    store.put_new("other/1", b"")
    assert list(store.list_after("log/")) == names
    assert list(store.list_after("log/", names[9])) == names[10:]
    assert list(store.list_after("log/", names[-1])) == []
    assert list(store.list_after("nothing/")) == []


@pytest.mark.parametrize("size", [0, 1, 7_000_000])
def test_files_of_any_size_are_kept_and_fetched(store: Store, tmp_path: Path, size: int) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(size))
    store.keep("bytes/ab/abc", source)
    store.keep("bytes/ab/abc", source)
    pieces = store.pieces("bytes/ab/abc")
    assert pieces is not None
    assert b"".join(pieces) == source.read_bytes()
    assert store.pieces("bytes/ab/none") is None


@pytest.mark.parametrize("size", [5 * 1024**2, 5 * 1024**2 + 1, 12_000_000])
def test_a_large_file_is_asked_for_in_parts(s3: S3, tmp_path: Path, size: int) -> None:
    """Each has a time of its own, so that 300 MB pass over a slow line, too; one that fails is asked for again."""
    store = address.opened(fresh_address())
    source = tmp_path / "source"
    source.write_bytes(os.urandom(size))
    store.keep("bytes/x", source)
    s3.faults({"method": "GET", "part": "/bytes/x", "kind": "closed", "count": 1})
    found = list(store.pieces("bytes/x") or ())
    assert b"".join(found) == source.read_bytes()
    assert max(map(len, found)) <= 5 * 1024**2


def test_a_file_that_broke_off_is_kept_anew(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"whole")
    store.put_new("bytes/x", b"who")
    store.keep("bytes/x", source)
    found = store.read("bytes/x")
    assert found is not None
    assert found.content == b"whole"


def test_a_file_that_is_not_there_is_no_fault_of_the_store(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.keep("bytes/x", tmp_path / "nothing")


def test_what_a_trial_makes_is_gone_afterwards(store: Store) -> None:
    assert trial.lacks(store) == []
    assert list(store.list_after("trial/")) == []


@pytest.mark.parametrize(
    ("name", "answer", "lack"),
    [
        ("put_new", lambda *given: True, trial.StoreLack.NEW_OBJECTS),
        ("replace", lambda *given: True, trial.StoreLack.OBJECT_VERSIONS),
        ("replace", lambda *given: False, trial.StoreLack.OBJECT_VERSIONS),
        ("list_after", lambda *given: iter(()), trial.StoreLack.OBJECT_LISTS),
    ],
)
def test_a_trial_names_what_is_lacking(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str, answer: Callable[..., object], lack: trial.StoreLack
) -> None:
    monkeypatch.setattr(store, name, answer)
    assert lack in trial.lacks(store)


@pytest.mark.parametrize(
    "text",
    [
        "s3://",
        "s3://key:secret@bucket/x",
        "s3://b/a b",
        "s3://b/a/../c",
        "s3://b/a?b",
        "http://host/x",
        "/folder",
        "file://host/x",
        "file:///a#b",
    ],
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(StoreError, match="no address of a store") as raised:
        address.opened(text)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("name", ["a b", "a#b", "a?b", "100%23", "Қазына"])
def test_the_address_of_a_folder_leads_back_to_it(tmp_path: Path, name: str) -> None:
    """A home remembers it."""
    folder = tmp_path / name
    folder.mkdir()
    store = address.opened(folder.as_uri())
    store.put_new("x", b"x")
    assert (folder / "x").exists()
    again = address.opened(store.address)
    assert again.address == store.address
    assert again.read("x") is not None


def test_a_share_that_is_not_mounted_is_named(tmp_path: Path) -> None:
    store = address.opened((tmp_path / "share").as_uri())
    for use in (lambda: store.read("x"), lambda: store.put_new("x", b""), lambda: list(store.list_after("x/"))):
        with pytest.raises(StoreError, match=r"/share: there is no such folder; is the share mounted\?"):
            use()


def test_a_bucket_that_is_not_there_is_named(s3: S3) -> None:
    store = address.opened("s3://nobody/office")
    for use in (
        lambda: store.read("x"),
        lambda: store.put_new("x", b""),
        lambda: list(store.list_after("x/")),
        lambda: trial.lacks(store),
    ):
        with pytest.raises(StoreError, match=r"s3://nobody/office at http://127.0.0.1:[0-9]+: .*NoSuchBucket"):
            use()


@pytest.mark.parametrize("endpoint", ["127.0.0.1:9000", "s3.example.kz", "https://", "ftp://host", "https://key@host"])
def test_an_endpoint_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(StoreError, match=r"no endpoint\. Write https://HOST"):
        address.opened("s3://esep/office")


def test_a_fork_of_a_process_that_used_it_is_refused(s3: S3) -> None:
    """Its answers would never come."""
    name = fresh_address()
    address.opened(name).read("x")
    child = os.fork()
    if child == 0:
        try:
            address.opened(name)
        except StoreError as error:
            os._exit(3 if "before this process was forked" in str(error) else 1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3


def test_a_trial_says_what_failed_first(s3: S3) -> None:
    store = address.opened(fresh_address())
    s3.faults({"method": "PUT", "part": "/trial/", "kind": "error", "count": 1000})
    with pytest.raises(StoreError, match="cannot be written"):
        trial.lacks(store)
    s3.faults()


def test_an_answer_that_failed_is_asked_for_again(s3: S3) -> None:
    store = address.opened(fresh_address())
    s3.faults(
        {"method": "PUT", "part": "/log/1", "kind": "error", "count": 2},
        {"method": "GET", "part": "/log/1", "kind": "closed", "count": 1},
    )
    assert store.put_new("log/1", b"x")
    found = store.read("log/1")
    assert found is not None
    assert found.content == b"x"


def test_an_answer_that_was_lost_says_that_the_name_is_taken(s3: S3) -> None:
    """Therefore whoever asks compares."""
    store = address.opened(fresh_address())
    s3.faults({"method": "PUT", "part": "/log/1", "kind": "lost", "count": 1})
    assert not store.put_new("log/1", b"mine")
    found = store.read("log/1")
    assert found is not None
    assert found.content == b"mine"


def test_a_store_that_never_answers_is_given_up_after_bounded_tries(s3: S3) -> None:
    store = address.opened(fresh_address())
    s3.faults({"method": "PUT", "part": "/log/1", "kind": "error", "count": 1000})
    with pytest.raises(StoreError, match=r"log/1 cannot be written .*Nothing is lost: look at the network"):
        store.put_new("log/1", b"x")
