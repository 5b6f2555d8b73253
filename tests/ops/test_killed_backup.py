"""kill -9 before every change of the file system, in a backup and in a restore: the next run makes it good."""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from esep.backup import container, placing, restoring
from esep.backup.container import BackupError
from esep.backup.restoring import restore
from esep.backup.saving import save
from esep.config import Settings
from esep.warehouse import work
from esep.warehouse.errors import WarehouseError
from office.killed_office import kill_before
from ops.devices import mount
from ops.test_backup import fill, truth
from warehouse.warehouse_office import NOW, Office

STEP = 17
"""Every so many changes a kill; all of them would take minutes."""


class StopError(Exception):
    """Ends a restore once its files are in place: the warehouse is none of these tests' concern."""


def stop(_: Path) -> None:
    raise StopError


def placed(source: Path, home: Path) -> None:
    with pytest.raises(StopError):
        restore(source, Settings(home=home), home, NOW, placed=stop)


def killed(act: Callable[[], object], before: int) -> bool:
    """Run in a child that is killed before its `before`-th change; False if it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            kill_before(before)
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """An office with published figures; to be read only."""
    settings = Settings(home=tmp_path_factory.mktemp("kept") / "home", inbox_settle_seconds=0)
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings)
    fill(office)
    office.refresh()
    return office


@pytest.fixture(scope="module", params=["b.tar.zst", "b"])
def backup(kept: Office, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    folder: Path = tmp_path_factory.mktemp("backups") / request.param
    save(kept.settings, folder, NOW)
    return folder


@pytest.mark.parametrize(("name", "step"), [("b.tar.zst", 1), ("b", 11)])
def test_a_killed_backup_leaves_nothing_once_the_next_has_run(
    kept: Office, tmp_path: Path, name: str, step: int
) -> None:
    other = tmp_path / ".esep-backup-notes.tmp-of-somebody"
    other.write_text("not ours")
    before = 0
    while killed(lambda: save(kept.settings, tmp_path / name, NOW), before) and not (tmp_path / name).exists():
        left = [path for path in tmp_path.iterdir() if path != other]
        assert len(left) <= 1, "what one run left was removed by the next"
        before += step
    assert before > 3
    save(kept.settings, tmp_path / f"2-{name}", NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([other.name, name, f"2-{name}"])
    folder = tmp_path / "unpacked"
    folder.mkdir()
    list(container.unpack(tmp_path / name, folder))
    assert truth(folder) == truth(kept.settings.home)


def test_a_backup_at_work_is_left_alone_by_another(kept: Office, tmp_path: Path) -> None:
    inner: list[Path] = []

    def another(done: int, total: int, name: str) -> None:
        if not inner:
            inner.append(save(kept.settings, tmp_path / "inner", NOW).target)

    save(kept.settings, tmp_path / "outer.tar", NOW, another)
    assert {path.name for path in tmp_path.iterdir()} == {"inner", "outer.tar"}


@pytest.mark.parametrize("name", ["one.tar", "one"])
def test_two_backups_that_begin_at_once_leave_each_other_alone(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second sweeps the folder at any moment between the first one's making of its file and locking it."""
    real = fcntl.flock
    seconds: list[threading.Thread] = []

    def second() -> None:
        with container.writing(tmp_path / "two.tar") as writer:
            writer.add("x", io.BytesIO(b"2"), 1)

    def flock(descriptor: int, how: int) -> None:
        if how & fcntl.LOCK_NB and not seconds:
            seconds.append(threading.Thread(target=second))
            seconds[0].start()
            seconds[0].join(0.3)
        real(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    with container.writing(tmp_path / name) as writer:
        writer.add("x", io.BytesIO(b"1"), 1)
        seconds[0].join()
    assert {path.name for path in tmp_path.iterdir()} == {name, "two.tar"}
    for made, content in ((name, b"1"), ("two.tar", b"2")):
        folder = tmp_path / f"of {made}"
        folder.mkdir()
        assert list(container.unpack(tmp_path / made, folder)) == ["x"]
        assert (folder / "x").read_bytes() == content


@pytest.mark.parametrize("is_disk", [False, True], ids=["folder", "disk"])
def test_a_killed_restore_is_made_good_by_the_same_command(
    kept: Office, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_disk: bool
) -> None:
    """As a folder it is new; as a disk it is there, and so are disks for archive and lake in it."""
    home = tmp_path / "home"
    names = ("archive", "archive/2025", "lake")
    if is_disk:
        mount(monkeypatch, [home, *(home / name for name in names)])
    before, kills = 0, 0
    expected = truth(kept.settings.home)
    while True:
        shutil.rmtree(home, ignore_errors=True)
        for name in names if is_disk else ():
            (home / name / "lost+found").mkdir(parents=True)
        ended = not killed(lambda: restore(backup, Settings(home=home), home, NOW, placed=stop), before)
        placed(backup, home)
        assert truth(home) == expected
        left = [path for path in (home / placing.ASIDE).rglob("*") if path.is_file()]
        assert {path.name for path in left} == {"of.json", placing.MANIFEST}
        assert {path.name for path in tmp_path.iterdir()} == {"home"}
        if ended:
            break
        before, kills = before + STEP, kills + 1
    assert kills > 3


def test_a_restore_killed_in_its_rebuild_is_taken_up(
    kept: Office, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "rebuild", die)
        assert killed(lambda: restore(backup, Settings(home=home), home, NOW), 10**9)
    other = tmp_path / "other.tar"
    save(kept.settings, other, NOW)
    with pytest.raises(BackupError, match=r"was interrupted here.*The same command goes on.*bin/esep restore"):
        restore(other, Settings(home=home), home, NOW)
    assert restore(backup, Settings(home=home), home, NOW).agrees is True
    assert truth(home) == truth(kept.settings.home)
    assert not (home / placing.ASIDE).exists()
    with pytest.raises(BackupError, match="not an empty folder"):
        restore(backup, Settings(home=home), home, NOW)


def test_a_warehouse_that_cannot_be_built_says_how_to_go_on(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"

    def fail(*_: object) -> None:
        raise WarehouseError("no space left.")

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "rebuild", fail)
        with pytest.raises(WarehouseError, match=r"All files are in place.*no space left.*The same command goes on"):
            restore(backup, Settings(home=home), home, NOW)
    assert restore(backup, Settings(home=home), home, NOW).agrees is True


def test_what_came_into_the_home_meanwhile_is_not_written_over(kept: Office, backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = replace(kept.settings, home=home)
    (home / "archive").mkdir(parents=True)
    (home / placing.ASIDE).mkdir()
    (home / "archive" / "mine").write_text("mine")
    with pytest.raises(BackupError, match="not an empty folder"):
        restore(backup, settings, home, NOW)
    shutil.rmtree(home)
    placed(backup, home)
    receipt = home / "archive" / "2025" / "2025-000001" / "receipt.json"
    content = receipt.read_bytes()
    (home / placing.ASIDE / "files" / "archive" / "2025" / "2025-000001").mkdir(parents=True)
    (home / placing.ASIDE / "files" / "archive" / "2025" / "2025-000001" / "receipt.json").write_bytes(content)
    receipt.write_text("mine")
    with pytest.raises(BackupError, match="other bytes have come under this name"):
        restore(backup, settings, home, NOW)
    assert receipt.read_text() == "mine"
