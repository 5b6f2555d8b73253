"""Who may read what lies below $ESEP_HOME: the owner and the owner's group, whatever the umask was."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from end_to_end import filer
from esep import clock, files
from esep.cli.main import main
from esep.config import PROJECT, Settings
from esep.office import intake, storage
from esep.orchestration import common, tasks
from warehouse.warehouse_office import NOW

OTHERS = stat.S_IRWXO


def modes(home: Path) -> dict[str, int]:
    """Every file and folder below the home with its mode."""
    return {
        path.relative_to(home).as_posix(): stat.S_IMODE(path.lstat().st_mode)
        for path in home.rglob("*")
        if not path.is_symlink()
    }


def too_wide(home: Path) -> set[str]:
    """What others can read or anybody but the owner can write, apart from what is meant for all, and the office's."""
    found = {name for name, mode in modes(home).items() if mode & files.UMASK}
    return {name for name in found if not name.startswith(("public", "inbox"))}


def process(settings: Settings) -> None:
    """What the tasks of intake and warehouse do, entered as Airflow enters each."""
    common.enter({})
    tasks.register(settings, NOW)
    for batch in tasks.batches(settings):
        tasks.examine(settings, NOW, batch)
    tasks.letters(settings)
    tasks.accept_reference(settings, NOW)
    tasks.refresh(settings, NOW)
    tasks.publish_masked(settings)


@pytest.mark.slow
def test_a_run_leaves_nothing_open(tmp_path: Path, restored_umask: None, monkeypatch: pytest.MonkeyPatch) -> None:
    os.umask(0o000)
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    monkeypatch.setenv("ESEP_HOME", str(settings.home))
    filer.write(filer.Filing(), settings.inbox / "march", "2025-04-20T10:00:00+05:00")
    (settings.home / "reference").mkdir()
    (settings.home / "reference" / "pool.csv").write_text("pool_id,pool_name,accredited_from,accredited_to,email\n")
    process(settings)
    assert too_wide(settings.home) == set()
    found = modes(settings.home)
    assert {folder.split("/")[0] for folder in found} >= {
        "archive",
        "lake",
        "outbox",
        "warehouse",
        ".secrets",
        "public",
    }
    assert not found["inbox"] & OTHERS
    assert found["public"] == 0o755
    assert found["public/esep_masked.duckdb"] == 0o644
    assert found[".secrets/pseudonyms.key"] == 0o600
    assert found["archive/2025/2025-000001/receipt.json"] == 0o640
    assert found["warehouse/esep.duckdb"] == 0o640
    assert not settings.home.stat().st_mode & 0o026

    os.umask(0o022)  # a second run, as a killed one would be taken up: nothing opens again
    filer.write(
        filer.Filing().but(signed=False, omit=frozenset({"phone"})),
        settings.inbox / "again",
        "2025-04-21T10:00:00+05:00",
    )
    process(settings)
    assert too_wide(settings.home) == set()


def test_what_stood_open_is_narrowed_with_all_that_it_holds(tmp_path: Path) -> None:
    home = tmp_path / "home"
    deep = home / "archive" / "2024" / "2024-000001" / "package"
    deep.mkdir(parents=True)
    for path in (home, *(folder for folder in home.rglob("*") if folder.is_dir())):
        path.chmod(0o777)
    (deep / "1-ЦМ.xlsx").write_bytes(b"x")
    (deep / "1-ЦМ.xlsx").chmod(0o666)
    (deep / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "outside").write_bytes(b"not ours")
    (tmp_path / "outside").chmod(0o666)
    assert files.narrow(home) == [home / "archive"]
    assert too_wide(home) == set()
    assert stat.S_IMODE(home.stat().st_mode) == 0o751
    assert stat.S_IMODE((deep / "1-ЦМ.xlsx").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "outside").stat().st_mode) == 0o666, "links are not followed"


def test_a_closed_folder_is_not_walked(tmp_path: Path) -> None:
    inner = tmp_path / "archive" / "2024"
    inner.mkdir(parents=True)
    (tmp_path / "archive").chmod(0o750)
    inner.chmod(0o777)
    assert files.narrow(tmp_path) == []
    assert stat.S_IMODE(inner.stat().st_mode) == 0o777, "nobody else can reach it, so it costs nothing"


def test_a_narrowing_that_was_killed_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        (tmp_path / "lake" / f"{number}").mkdir(parents=True)
    for path in tmp_path.rglob("*"):
        path.chmod(0o777)
    narrow_one, calls = files._narrow_one, []

    def killed_on_the_third(path: Path) -> None:
        calls.append(path)
        if len(calls) == 3:
            raise KeyboardInterrupt
        narrow_one(path)

    monkeypatch.setattr(files, "_narrow_one", killed_on_the_third)
    with pytest.raises(KeyboardInterrupt):
        files.narrow(tmp_path)
    monkeypatch.undo()
    assert too_wide(tmp_path)
    assert files.narrow(tmp_path) == [tmp_path / "lake"]
    assert too_wide(tmp_path) == set()


def test_the_inbox_keeps_what_the_office_gave(tmp_path: Path) -> None:
    package = tmp_path / "inbox" / "march"
    package.mkdir(parents=True)
    (package / "1-ЦМ.xlsx").write_bytes(b"x")
    (tmp_path / "inbox").chmod(0o777)
    package.chmod(0o755)
    (package / "1-ЦМ.xlsx").chmod(0o644)
    files.narrow(tmp_path)
    assert modes(tmp_path) == {"inbox": 0o770, "inbox/march": 0o755, "inbox/march/1-ЦМ.xlsx": 0o644}


def test_what_is_not_ours_and_what_is_stricter_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "of somebody").mkdir(parents=True)
    (home / "of somebody").chmod(0o777)
    (home / "journal").mkdir()
    (home / "journal").chmod(0o700)
    home.chmod(0o700)
    assert files.narrow(home) == []
    assert modes(home) == {"of somebody": 0o777, "journal": 0o700}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP, errno.EACCES, errno.ENOSYS, errno.EROFS])
def test_a_file_system_without_modes_is_used_as_it_is(
    tmp_path: Path, wide_umask: int, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    (tmp_path / "home" / "inbox" / "march").mkdir(parents=True)
    (tmp_path / "home" / "inbox" / "march" / "1-ЦМ.xlsx").write_bytes(b"x")
    (tmp_path / "home" / "lake").mkdir()

    def refused(path: object, *_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(os, "chmod", refused)
    monkeypatch.setattr(os, "fchmod", refused)
    files.keep_private(tmp_path / "home")
    chosen = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    (item,) = intake.register_waiting(chosen, clock.now(), lambda number: None)
    assert (item.fault, item.number is not None) == (None, True)
    assert not list(chosen.inbox.iterdir())


def test_a_mode_that_cannot_be_set_for_another_reason_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: object, *_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(os, "chmod", broken)
    with pytest.raises(OSError, match="Input/output"):
        storage.make_folder(tmp_path / "x")


def test_commands_write_for_owner_and_group(tmp_path: Path, wide_umask: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    (tmp_path / "journal").mkdir()
    CliRunner().invoke(main, ["reference", "list"], catch_exceptions=False)
    assert os.umask(wide_umask) == files.UMASK
    assert stat.S_IMODE((tmp_path / "journal").stat().st_mode) == 0o750


def test_every_task_enters_by_the_umask() -> None:
    assert common.task_defaults()["pre_execute"] is common.enter


def test_containers_start_with_the_umask() -> None:
    assert 'ENTRYPOINT ["sh", "-c", "umask 027 && exec \\"$@\\"", "sh"]' in (PROJECT / "Dockerfile").read_text()
    assert "\numask 027\n" in (PROJECT / "scripts" / "init_airflow.sh").read_text()


def test_a_secret_is_whole_or_not_there(tmp_path: Path, wide_umask: int) -> None:
    path = tmp_path / ".secrets" / "key"
    files.write_owner_only(path, "first")
    with pytest.raises(FileExistsError):
        files.write_owner_only(path, "second")
    assert path.read_text() == "first\n"
    assert modes(tmp_path) == {".secrets": 0o700, ".secrets/key": 0o600}
