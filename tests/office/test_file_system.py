"""What a file system must offer is tried: this one has it, and one that lacks a thing is named with the folder."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import pytest

from esep import files
from esep.config import Settings
from esep.office import file_system
from esep.office.file_system import FileSystemError, Lack, faults_of
from esep.orchestration import tasks
from esep.texts import LANGUAGES, text

NOW_OFF = 3 * 3600


def lacks_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a file system for which flock is nothing."""
    monkeypatch.setattr(fcntl, "flock", lambda descriptor, how: None)


def has_no_lock_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(descriptor: int, how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)


def replaces_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """As object storage behind a mount, where a folder is no thing of its own."""

    def over(self: Path, target: Path) -> Path:
        for path in self.iterdir():
            path.replace(target / path.name)
        self.rmdir()
        return target

    monkeypatch.setattr(Path, "rename", over)


def replaces_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "put_once", lambda aside, path: aside.replace(path))


def cannot_replace(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, target: Path) -> Path:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(Path, "replace", refused)


def cannot_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "flush_to_disk", refused)


def folds_case(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.touch
    monkeypatch.setattr(Path, "touch", lambda self: whole(self.with_name(self.name.lower())))


def is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = time.time
    monkeypatch.setattr(time, "time", lambda: whole() + NOW_OFF)


LACKING = {
    lacks_locks: {Lack.LOCKS},
    has_no_lock_daemon: {Lack.LOCKS},
    replaces_folders: {Lack.TAKEN_NAMES},
    replaces_files: {Lack.TAKEN_NAMES},
    cannot_replace: {Lack.REPLACING},
    cannot_flush: {Lack.FLUSHING, Lack.REPLACING},
    folds_case: {Lack.NAMES},
    is_late: {Lack.CLOCK},
}


def test_this_file_system_has_all_and_keeps_nothing_of_the_trial(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lacking", LACKING, ids=lambda function: function.__name__)
def test_what_is_lacking_is_named_and_nothing_is_left(lacking, tmp_path: Path, monkeypatch) -> None:
    with monkeypatch.context() as patched:
        lacking(patched)
        found = faults_of(tmp_path)
    assert {fault.lack for fault in found} == LACKING[lacking]
    assert {fault.folder for fault in found} == {tmp_path}
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_or_closed_is_named(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path / "none")
    assert (fault.lack, fault.detail) == (Lack.WRITING, "No such file or directory")


MOUNTS = """\
22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:50 / {point} rw,noatime shared:2 - {kind} server:/office rw,{options}
"""


@pytest.mark.parametrize(
    ("kind", "options", "detail"),
    [
        ("nfs4", "vers=4.2,local_lock=none", None),
        ("nfs4", "vers=4.2,local_lock=all", "nfs4, local_lock=all"),
        ("nfs", "vers=3,nolock,local_lock=all", "nfs, nolock"),
        ("nfs", "vers=3,local_lock=posix", None),
        ("cifs", "vers=3.1.1,nobrl", "cifs, nobrl"),
        ("cifs", "vers=3.1.1", None),
    ],
)
def test_a_mount_that_keeps_locks_to_itself(kind, options, detail, tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "of the office"
    folder.mkdir()
    listed = tmp_path / "mountinfo"
    point = str(folder).replace(" ", "\\040")
    listed.write_text(MOUNTS.format(point=point, kind=kind, options=options))
    monkeypatch.setattr(file_system, "_MOUNTS", listed)
    found = {fault.lack: fault.detail for fault in faults_of(folder)}
    assert found == ({Lack.SHARED_LOCKS: detail} if detail else {})
    assert faults_of(tmp_path) == [], "another mount"


def test_nothing_is_registered_on_such_a_file_system(tmp_path: Path, monkeypatch) -> None:
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0.0)
    settings.inbox.mkdir(parents=True)
    (settings.inbox / "form.xlsx").write_bytes(b"bytes")
    with monkeypatch.context() as patched:
        replaces_folders(patched)
        with pytest.raises(FileSystemError, match="a name that is taken can be given again"):
            tasks.register(settings, lambda: pytest.fail("nothing is taken"))
    assert [path.name for path in settings.inbox.iterdir()] == ["form.xlsx"]
    assert not settings.archive.exists()


def test_each_file_system_is_tried_once(tmp_path: Path, monkeypatch) -> None:
    settings = Settings(home=tmp_path)
    for folder in (settings.archive, settings.lake, settings.warehouse):
        folder.mkdir()
    tried = []
    monkeypatch.setattr(file_system, "faults_of", lambda folder: tried.append(folder) or [])
    assert file_system.faults(settings) == []
    assert tried == [settings.archive]


def test_what_a_killed_trial_left_goes_with_a_later_one(tmp_path: Path) -> None:
    left, fresh = (tmp_path / f".probe-{name}.tmp" for name in ("left", "fresh"))
    for folder in (left, fresh):
        folder.mkdir()
        (folder / "lock").touch()
    os.utime(left, (0, 0))
    assert faults_of(tmp_path) == []
    assert list(tmp_path.iterdir()) == [fresh]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lack_has_its_words(language: str) -> None:
    assert len({text(f"status.lack_{lack}", language) for lack in Lack}) == len(Lack)
