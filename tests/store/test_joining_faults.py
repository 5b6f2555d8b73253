"""What must not get into a store: damaged records and bytes, another home's office; and what does no harm there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from esep.office import archive, events, joining
from esep.records import sharing, turns
from esep.store import address
from esep.store.model import Store, StoreError
from office.conftest import NOW, Office
from store.test_shared_office import Pair, kept


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """With two filings."""
    office = Office(tmp_path / "first")
    for index in range(2):
        office.file(f"{index}.xlsx", b"%d" % index)
        office.run()
    return office


@pytest.fixture
def pair(tmp_path: Path, fresh_store: Callable[[], str]) -> Pair:
    return Pair(tmp_path, fresh_store())


@pytest.mark.parametrize("what", ["package/0.xlsx", "receipt.json", "events/*"])
@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_what_is_damaged_is_not_brought(
    office: Office, tmp_path: Path, fresh_store: Callable[[], str], what: str, damage: str
) -> None:
    """Once in the store it would stay there, and no other home could take it in."""
    store = fresh_store()
    [path] = archive.folder_of(office.settings, "2099-000001").glob(what)
    before = path.read_bytes()
    path.unlink()
    if damage == "changed":
        path.write_bytes(before.replace(b"0", b"1"))
    with pytest.raises(StoreError, match=rf"{path.name} is gone, or is not what was recorded.*bin/esep verify"):
        joining.join(office.settings.home, store)
    assert sharing.of(office.settings.home) is None
    path.write_bytes(before)
    identity = joining.join(office.settings.home, store).office
    second = Office(tmp_path / "second")
    joining.join(second.settings.home, store, identity)
    assert kept(second) == kept(office)


def test_no_other_home_makes_the_office_meanwhile(
    office: Office, tmp_path: Path, fresh_store: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when all machines join at once, or the first was interrupted: its records would then be a stranger's."""
    store, claim = fresh_store(), sharing.Shared.claim

    def interrupted(shared: sharing.Shared, entry: sharing.Entry) -> bool:
        assert claim(shared, entry)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sharing.Shared, "claim", interrupted)
        with pytest.raises(KeyboardInterrupt):
            joining.join(office.settings.home, store)
    second = Office(tmp_path / "second")
    with pytest.raises(StoreError, match=r"another home is bringing its records there.*then join here with --office"):
        joining.join(second.settings.home, store)
    identity = joining.join(office.settings.home, store).office
    joining.join(second.settings.home, store, identity)
    assert kept(second) == kept(office)


@pytest.mark.parametrize("name", ["log/Thumbs.db", "log/000000000002-copy", "log/x/y", "log/000000000009.bak"])
def test_what_others_put_beside_the_entries_is_passed_over(pair: Pair, name: str) -> None:
    for index in range(3):
        events.append_to_journal(pair.one.settings, "trial", NOW, "a person", {"index": index})
    address.opened(pair.address).put_new(name, b"x")
    assert turns.take_in(pair.other.settings.home) == 3
    pair.assert_same([])


def test_a_damaged_entry_is_named(pair: Pair) -> None:
    events.append_to_journal(pair.one.settings, "trial", NOW, "a person", {"index": 1})
    store = address.opened(pair.address)
    found = store.read("log/000000000001")
    assert found is not None
    store.replace("log/000000000001", found.content.replace(b"a person", b"A person"), found.version)
    with pytest.raises(StoreError, match=r"log/000000000001 cannot be read.*Restore it from an earlier version"):
        turns.take_in(pair.other.settings.home)


def test_a_store_that_was_emptied_or_put_back_is_not_gone_on_with(pair: Pair) -> None:
    """Its list would begin anew in the middle, and no other home could follow."""
    for index in range(3):
        events.append_to_journal(pair.one.settings, "trial", NOW, "a person", {"index": index})
    store = address.opened(pair.address)
    names = list(store.list_after("log/"))
    store.remove(names[-1])
    with pytest.raises(StoreError, match=rf"{names[-1]} is missing.*restore it"):
        turns.take_in(pair.one.settings.home)
    for name in names[:-1]:
        store.remove(name)
    pair.one.file("a.xlsx")
    with pytest.raises(StoreError, match=rf"{names[-1]} is missing.*restore it"):
        pair.one.run()
    assert list(store.list_after("log/")) == []
    assert pair.one.left() == ["a.xlsx"]


@pytest.mark.parametrize(("content", "named"), [(None, "holds no office"), (b'{"office": "b"}', "holds the office b")])
def test_another_office_under_the_address_is_named(pair: Pair, content: bytes | None, named: str) -> None:
    sharing._shared.clear()  # as in another process
    store = address.opened(pair.address)
    store.remove("office.json")
    if content is not None:
        store.put_new("office.json", content)
    with pytest.raises(StoreError, match=f"{named}, and .* is a copy of {pair.office}"):
        turns.take_in(pair.one.settings.home)


def test_the_home_that_made_the_office_goes_on_without_its_name(
    office: Office, fresh_store: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was interrupted between the last write there and the first one here."""
    store, made = fresh_store(), joining._made

    def interrupted(there: Store) -> str:
        made(there)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(joining, "_made", interrupted)
        with pytest.raises(KeyboardInterrupt):
            joining.join(office.settings.home, store)
    events.append_to_journal(office.settings, "trial", NOW, "a person", {})  # it goes on alone meanwhile
    assert joining.join(office.settings.home, store) == (sharing.office_in(address.opened(store)), 1, 0)


def test_a_further_home_makes_no_office(tmp_path: Path, fresh_store: Callable[[], str]) -> None:
    """Where the address is mistyped."""
    store = fresh_store()
    with pytest.raises(StoreError, match="holds no office, so it cannot be 3f0c"):
        joining.join(Office(tmp_path / "second").settings.home, store, "3f0c")
    assert sharing.office_in(address.opened(store)) is None
