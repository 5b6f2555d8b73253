"""Places that Airflow's object storage reaches: the same bundles, whole once their manifest is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import ObjectStoragePath
from airflow.sdk.io import attach
from fsspec.implementations.memory import MemoryFileSystem

from esep.handover.bundle import parse_sums
from esep.handover.run import DayReport, hand_over
from esep.handover.target import FolderTarget, HandoverError, StoreTarget, Target, target_of
from esep.office import handovers
from warehouse.warehouse_office import Office, moment, row

DAY = date(2025, 2, 10)


class Memory(MemoryFileSystem):
    """A store of its own; the writing of its `broken`-th file breaks off half-way."""

    protocol = "esepmemory"
    store: dict[str, Any] = {}  # noqa: RUF012 - fsspec's own way
    pseudo_dirs = [""]  # noqa: RUF012
    broken: int | None = None
    opened: int = 0

    def _open(self, path: str, mode: str = "rb", **given: Any) -> Any:
        file = super()._open(path, mode, **given)
        if mode == "wb":
            type(self).opened += 1
            if type(self).opened == self.broken:
                file.write(b"half")
                file.commit()
                raise OSError(28, "No space left on device")
        return file


@pytest.fixture
def store() -> Iterator[StoreTarget]:
    Memory.store.clear()
    Memory.broken, Memory.opened = None, 0
    attach("memory", conn_id="other_body", fs=Memory())
    Memory().makedirs("/krc", exist_ok=True)
    yield StoreTarget(ObjectStoragePath("memory://other_body@/krc"))
    Memory.store.clear()


def given(office: Office, target: Target) -> DayReport:
    return hand_over(office.settings, DAY, target, "esep.handover", lambda: moment("2025-02-10 23:30"))


def filled(office: Office) -> None:
    office.file("2025-02-10", [row("2025-01-06")])
    office.file("2025-02-10", [row("2024-12-06")], period="2024-12-01")


def content() -> dict[str, bytes]:
    return {path.removeprefix("/krc/"): file.getvalue() for path, file in Memory.store.items()}


def test_a_store_gets_the_bytes_that_a_folder_gets(office: Office, folder: Path, store: StoreTarget) -> None:
    assert store.address == "memory://other_body@/krc"
    filled(office)
    report = given(office, store)
    assert report.written[0].target == "memory://other_body@/krc"
    for path in office.settings.journal.iterdir():
        path.unlink()
    given(office, FolderTarget(folder))
    of_folder = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert content() == of_folder
    sums = parse_sums(of_folder["2025-02-10/SHA256SUMS"].decode())
    assert sums == {
        path.removeprefix("2025-02-10/"): hashlib.sha256(data).hexdigest()
        for path, data in of_folder.items()
        if not path.endswith("SHA256SUMS")
    }
    assert store.differing("2025-02-10") == []
    assert store.manifest_of("2025-02-10-2") is None


def test_what_breaks_off_is_no_bundle_and_the_next_run_makes_it(office: Office, store: StoreTarget) -> None:
    filled(office)
    Memory.broken = 4
    with pytest.raises(HandoverError, match=r"memory://other_body@/krc: 2025-02-10 could not be written \(No space"):
        given(office, store)
    assert "2025-02-10/manifest.json" not in content()
    assert content()
    assert handovers.bundles(office.settings) == []
    Memory().pipe_file("/krc/2025-02-10/left by the killed run", b"?")
    Memory.broken = None
    assert len(given(office, store).written) == 1
    assert store.differing("2025-02-10") == []
    assert "2025-02-10/left by the killed run" not in content()


def test_a_written_bundle_without_record_is_proved(
    office: Office, store: StoreTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(office)
    with monkeypatch.context() as patch:
        patch.setattr(handovers, "record", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            given(office, store)
    before = content()
    opened = Memory.opened
    assert given(office, store).written[0].name == "2025-02-10"
    assert (content(), Memory.opened) == (before, opened)


def test_a_disk_through_object_storage_is_a_store_too(office: Office, folder: Path) -> None:
    filled(office)
    target = StoreTarget(ObjectStoragePath(f"file://{folder.as_posix()}"))
    given(office, target)
    assert target.differing("2025-02-10") == []
    assert (folder / "2025-02-10" / "manifest.json").is_file()


def test_an_address_says_what_it_is(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for text in (str(folder), f"file://{folder.as_posix().replace(' ', '%20')}"):
        target = target_of(home, text)
        assert (type(target), target.address) == (FolderTarget, str(folder))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nosuch://bucket/x", "Airflow has no storage for nosuch://. Install the provider"),
        ("s3://user:secret@bucket/x", r"a password does not belong into an address.*s3://CONNECTION@bucket/x"),
        ("/nowhere/at/all", "there is no such folder"),
        ("file:///nowhere/at/all", "there is no such folder"),
    ],
)
def test_an_address_that_cannot_be_used_says_what_to_do(tmp_path: Path, address: str, words: str) -> None:
    with pytest.raises(HandoverError, match=words) as raised:
        target_of(tmp_path, address)
    assert "secret" not in str(raised.value)


def test_a_folder_of_the_office_itself_is_no_target(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    with pytest.raises(HandoverError, match=r"is inside of \$ESEP_HOME"):
        target_of(tmp_path, str(tmp_path / "outbox"))


def test_a_connection_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*given: object) -> None:
        raise LookupError("The conn_id `nobody` isn't defined")

    monkeypatch.setattr("airflow.sdk.io.get_fs", missing)
    with pytest.raises(
        HandoverError, match=r"memory://nobody@/krc: .*conn_id `nobody` isn't defined.*connection right"
    ):
        StoreTarget(ObjectStoragePath("memory://nobody@/krc"))


def test_a_place_in_a_store_that_is_gone_is_named(store: StoreTarget) -> None:
    with pytest.raises(HandoverError, match=r"memory://other_body@/gone: .*/gone is not there"):
        StoreTarget(ObjectStoragePath("memory://other_body@/gone"))
