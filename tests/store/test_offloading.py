"""Packages that leave a home's disk for the store, and come back when they are opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from esep.backup.saving import BackupError, save
from esep.examination import pending
from esep.examination.reexamine import reexamine
from esep.office import archive, joining, offload
from esep.proof import named
from esep.proof.check import check
from esep.records import offloading, sharing, turns
from esep.records.seal import DamagedRecordError
from esep.store import address
from esep.store.model import StoreError
from office.conftest import NOW, Office, tree

FILES = {"form.xlsx": b"no workbook", "deep/er/Қосымша.docx": b"annex 1"}
OLD, NEW, UNDECIDED = "2024-000001", "2099-000001", "2024-000002"


@pytest.fixture
def office(tmp_path: Path, fresh_store: Callable[[], str]) -> Office:
    """With an old filing and a new one that are decided, and an old one that is not."""
    office = Office(tmp_path / "home")
    joining.join(office.settings.home, fresh_store())
    office.folder("old", FILES, stamp={"incoming_no": "1", "received_at": "2024-03-02T09:00:00+05:00"})
    office.file("new.xlsx", b"new")
    office.run()
    pending.examine_pending(office.settings, NOW)
    office.file("waits.xlsx", b"waits", stamp={"received_at": "2024-03-03T09:00:00+05:00"})
    office.run()
    assert office.numbers() == [OLD, UNDECIDED, NEW]
    return office


def bytes_of(office: Office, number: str) -> dict[str, bytes]:
    """What is on the disk, without asking for it."""
    return tree(archive.folder_of(office.settings, number) / archive.PACKAGE)


def test_what_is_old_and_decided_leaves_and_comes_back_when_it_is_opened(office: Office) -> None:
    folder = archive.folder_of(office.settings, OLD)
    before = tree(folder)
    done = offload.offload(office.settings, date(2025, 1, 1))
    assert done == ([OLD], sum(map(len, FILES.values())), [])
    assert offload.offload(office.settings, date(2025, 1, 1)) == ([], 0, [])
    assert [bool(bytes_of(office, number)) for number in office.numbers()] == [False, True, True]
    assert (folder / "office.json").exists()
    assert check(office.settings, full=True).damages == ()
    entry = archive.entry(office.settings, OLD)
    assert entry.receipt.incoming_no == "1"
    assert bytes_of(office, OLD) == {}
    named.require_package(entry)
    assert tree(entry.package) == FILES
    assert tree(folder) == before
    assert offloading.offloaded(office.settings.home) == []
    report = check(office.settings, full=True)
    assert (report.damages, report.strays) == ((), ())


def test_all_come_back_when_they_are_asked_for(office: Office) -> None:
    offload.offload(office.settings, date(2100, 1, 1))
    assert bytes_of(office, NEW) == {}
    assert offload.fetch(office.settings) == [OLD, NEW]
    assert (bytes_of(office, OLD), bytes_of(office, NEW)) == (FILES, {"new.xlsx": b"new"})
    assert offload.fetch(office.settings) == []


def test_what_was_interrupted_is_taken_for_offloaded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink, count = Path.unlink, iter(range(100))

    def interrupted(self: Path, missing_ok: bool = False) -> None:
        if self.is_relative_to(office.settings.archive) and next(count) == 1:
            raise KeyboardInterrupt
        unlink(self, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", interrupted)
        with pytest.raises(KeyboardInterrupt):
            offload.offload(office.settings, date(2025, 1, 1))
    assert len(bytes_of(office, OLD)) == 1
    assert check(office.settings, full=True).damages == ()
    assert tree(archive.entry(office.settings, OLD).package) == FILES


def test_a_damaged_file_stays_and_is_named(office: Office) -> None:
    path = archive.folder_of(office.settings, OLD) / "package" / "form.xlsx"
    path.chmod(0o600)
    path.write_bytes(b"No workbook")
    with pytest.raises(DamagedRecordError, match=r"package/form\.xlsx: its bytes are not those that came"):
        offloading.offload(office.settings.home, OLD)
    [(number, why)] = offload.offload(office.settings, date(2025, 1, 1)).left
    assert (number, "form.xlsx" in why) == (OLD, True)
    assert len(bytes_of(office, OLD)) == 2
    assert not offloading.is_offloaded(office.settings.home, OLD)


def test_what_the_store_has_not_is_brought_there_first(office: Office) -> None:
    shared = sharing.of(office.settings.home)
    assert shared is not None
    for name in list(shared.store.list_after("bytes/")):
        shared.store.remove(name)
    offload.offload(office.settings, date(2025, 1, 1))
    assert tree(archive.entry(office.settings, OLD).package) == FILES


def test_what_is_damaged_in_the_store_stays_here(office: Office) -> None:
    """As many bytes, but others: what is here is then the last sound copy."""
    shared = sharing.of(office.settings.home)
    assert shared is not None
    for name in shared.store.list_after("bytes/"):
        found = shared.store.read(name)
        assert found is not None
        shared.store.replace(name, found.content.swapcase(), found.version)
    done = offload.offload(office.settings, date(2025, 1, 1))
    [(number, why)] = done.left
    assert (done.numbers, number, "is damaged. Restore the object" in why) == ([], OLD, True)
    assert bytes_of(office, OLD) == FILES
    assert not offloading.is_offloaded(office.settings.home, OLD)
    for name in list(shared.store.list_after("bytes/")):
        shared.store.remove(name)
    assert offload.offload(office.settings, date(2025, 1, 1)).numbers == [OLD]
    assert tree(archive.entry(office.settings, OLD).package) == FILES


def test_a_disk_that_is_full_is_no_fault_of_the_store(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    offload.offload(office.settings, date(2025, 1, 1))

    real = sharing.Shared._fault
    with monkeypatch.context() as patch:
        patch.setattr(sharing.Shared, "_fault", lambda self, digest, take: real(self, digest, lambda piece: no_room()))
        with pytest.raises(OSError, match="No space left"):
            named.require_package(archive.entry(office.settings, OLD))
    assert tree(archive.entry(office.settings, OLD).package) == FILES


def no_room() -> None:
    raise OSError(28, "No space left on device")


def test_a_package_that_leaves_while_it_is_examined_again_gets_no_verdict(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine = pending.examine

    def meanwhile(*given: Any) -> Any:
        offload.offload(office.settings, date(2025, 1, 1))
        return examine(*given)

    monkeypatch.setattr(pending, "examine", meanwhile)
    [(number, why)] = reexamine(office.settings, NOW, [OLD], apply=True).faults
    assert (number, "left for the store meanwhile" in why) == (OLD, True)
    assert len(archive.entry(office.settings, OLD).verdicts) == 1


def test_a_return_that_was_killed_leaves_nothing_in_the_package(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that the receipt does not name would keep the filing from being examined for ever."""
    offload.offload(office.settings, date(2025, 1, 1))
    with monkeypatch.context() as patch:  # a kill, in which nothing is tidied up
        patch.setattr(sharing.Shared, "_fault", lambda self, digest, take: take(b"x") and killed())
        patch.setattr(Path, "unlink", lambda *given, **named: None)
        with pytest.raises(KeyboardInterrupt):
            named.require_package(archive.entry(office.settings, OLD))
    assert any(name.endswith(".tmp") for name in bytes_of(office, OLD))
    named.require_package(archive.entry(office.settings, OLD))
    assert bytes_of(office, OLD) == FILES


def killed() -> None:
    raise KeyboardInterrupt


def test_files_with_the_longest_names_come_back(tmp_path: Path, fresh_store: Callable[[], str]) -> None:
    office = Office(tmp_path / "home")
    joining.join(office.settings.home, fresh_store())
    package = {"x" * 251 + ".txt": b"a", "Қ" * 127: b"b", ".taken.tmp": b"c"}
    office.folder("long", package)
    office.run()
    pending.examine_pending(office.settings, NOW)
    offload.offload(office.settings, date(2100, 1, 1))
    assert bytes_of(office, NEW) == {}
    assert tree(archive.entry(office.settings, NEW).package) == package


def test_bytes_that_cannot_be_fetched_are_named_and_the_filing_waits(office: Office) -> None:
    offload.offload(office.settings, date(2025, 1, 1))
    shared = sharing.of(office.settings.home)
    assert shared is not None
    for name in list(shared.store.list_after("bytes/")):
        shared.store.remove(name)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"bytes/.*: it is not there\. Restore"):
            named.require_package(archive.entry(office.settings, OLD))
    assert offloading.is_offloaded(office.settings.home, OLD)


def test_a_backup_without_them_is_none(office: Office, tmp_path: Path) -> None:
    offload.offload(office.settings, date(2025, 1, 1))
    with pytest.raises(BackupError, match=r"the packages of 1 filings are in the store alone.*bin/esep store fetch"):
        save(office.settings, tmp_path / "backup.tar", NOW)
    assert not (tmp_path / "backup.tar").exists()


def test_an_office_without_a_store_keeps_all(tmp_path: Path) -> None:
    office = Office(tmp_path / "alone")
    office.file("a.xlsx", b"a")
    office.run()
    pending.examine_pending(office.settings, NOW)
    with pytest.raises(StoreError, match="shares no store"):
        offload.offload(office.settings, date(2100, 1, 1))
    assert bytes_of(office, NEW) == {"a.xlsx": b"a"}


def test_another_home_is_not_concerned(office: Office, tmp_path: Path) -> None:
    shared = sharing.of(office.settings.home)
    assert shared is not None
    offload.offload(office.settings, date(2025, 1, 1))
    other = Office(tmp_path / "other")
    joining.join(other.settings.home, shared.store.address, sharing.office_in(address.opened(shared.store.address)))
    turns.take_in(other.settings.home)
    assert tree(archive.folder_of(other.settings, OLD) / archive.PACKAGE) == FILES
