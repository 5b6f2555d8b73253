"""Any folder below $ESEP_HOME may be a disk of its own, a link to one, or on a file system without hard links."""

from __future__ import annotations

import os
import stat
import threading
from datetime import date
from pathlib import Path

import pytest

from end_to_end import filer
from esep import files
from esep.backup.restoring import restore
from esep.backup.saving import save
from esep.config import Settings
from esep.lake.files import UNFINISHED
from esep.office import archive
from esep.orchestration import tasks
from esep.reports import quality_report, statement
from esep.supervision import daily
from ops.devices import DEEPER, TOP, mount
from warehouse.warehouse_office import NOW

YEAR, MONTH, AS_OF = 2025, date(2025, 3, 1), date(2025, 9, 1)


def fill(settings: Settings) -> None:
    """A pool known to the register, an accepted filing, a refused one, one received in the year before, prices."""
    for name in TOP:
        (settings.home / name).mkdir(parents=True, exist_ok=True)
    filer.write(filer.Filing(), settings.inbox / "accepted", "2025-04-10T10:00:00+05:00")
    filer.write(
        filer.Filing().but(signed=False, omit=frozenset({"phone"})),
        settings.inbox / "refused",
        "2025-04-11T10:00:00+05:00",
    )
    (settings.inbox / "lone.txt").write_text("a lone file")
    (settings.inbox / "lone.txt.office.json").write_text('{"received_at": "2024-12-30T10:00:00+05:00"}')
    prices = "".join(f"2025-03-{day:02},BTC,10,KZT,test\n" for day in range(1, 32))
    (settings.reference / "price.csv").write_text(f"date,asset,price,currency,source\n{prices}")
    pools = f"pool_id,pool_name,accredited_from,accredited_to,email\n{filer.Filing().pool_id},Пул,2024-01-01,,\n"
    (settings.reference / "pool.csv").write_text(pools)


def whole_way(settings: Settings, folder: Path) -> Path:
    """From the inbox to the restored backup; gives the restored home."""
    tasks.register(settings, NOW)
    for batch in tasks.batches(settings):
        tasks.examine(settings, NOW, batch)
    _refresh(settings)
    tasks.publish_masked(settings)
    tasks.letters(settings)
    daily.supervise(settings, AS_OF)
    daily.letters(settings)
    _refresh(settings)
    tasks.publish_masked(settings)
    statement.write(settings, YEAR, AS_OF, languages=("ru",))
    quality_report.write(settings, MONTH, AS_OF)
    save(settings, folder / "b.tar.zst", NOW)
    home = folder / "restored"
    restored = restore(folder / "b.tar.zst", settings, home, NOW)
    assert restored.agrees is True
    return home


def _refresh(settings: Settings) -> None:
    tasks.accept_reference(settings, NOW)
    tasks.load(settings, NOW)
    tasks.build_marts(settings, NOW)
    tasks.check(settings, NOW)
    tasks.publish(settings)


def assert_complete(settings: Settings, home: Path) -> None:
    numbers = [entry.number for entry in archive.registered(settings)]
    assert numbers == ["2024-000001", "2025-000001", "2025-000002"]
    assert settings.snapshot.is_file()
    assert settings.masked_snapshot.is_file()
    assert {path.name for path in settings.outbox.glob("2025-*/*.pdf")} >= {"receipt.pdf", "refusal.pdf"}
    assert list(settings.reports.glob("statement/2025/*/statement.json"))
    assert list(settings.reports.glob("quality/2025-03/report.ru.pdf"))
    assert not [path for path in settings.inbox.iterdir() if not path.name.startswith("lost+found")]
    left = [path for path in settings.home.rglob("*") if path.name.endswith(files.TEMPORARY) and path.is_file()]
    assert left == []
    assert [entry.number for entry in archive.registered(Settings(home=home))] == numbers
    kept = {path.relative_to(settings.home) for path in settings.outbox.rglob("*") if path.is_file()}
    assert {path for path in kept if not (home / path).is_file()} == set()


@pytest.mark.slow
@pytest.mark.parametrize(("folders", "links"), [((*TOP, *DEEPER), True), (TOP, False)], ids=["deeper", "no-hard-links"])
def test_each_folder_is_a_disk_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: tuple[str, ...], links: bool
) -> None:
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    fill(settings)
    roots = [tmp_path / name / folder for name in ("home", "restored") for folder in folders]
    for folder in folders if links else ():  # as an administrator prepares the disks: empty, but for lost+found
        (tmp_path / "restored" / folder / "lost+found").mkdir(parents=True)
    devices = mount(monkeypatch, [*roots, tmp_path / "home", tmp_path / "restored"], links=links)
    assert_complete(settings, whole_way(settings, tmp_path))
    refused = [reported for reported in devices.refused if "/home/" in reported and links]
    assert [reported for reported in refused if f"/lake/{UNFINISHED}/" not in reported] == []  # those are copied then


@pytest.mark.slow
def test_each_folder_is_a_link_to_another_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    for home in ("home", "restored"):
        for name in (*TOP, "archive/2025", "lake/distribution", "reports/statement"):
            disk = tmp_path / "disks" / home / name.replace("/", "-")
            disk.mkdir(parents=True)
            place = tmp_path / home / name
            if not (home == "restored" and "/" in name):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(disk)
    fill(settings)
    mount(monkeypatch, [*(tmp_path / "disks").glob("*/*"), tmp_path / "restored"])
    assert_complete(settings, whole_way(settings, tmp_path))
    for name in TOP:
        assert (settings.home / name).is_symlink()
        assert (tmp_path / "restored" / name).is_symlink()


def test_a_link_to_a_folder_that_stands_open_is_narrowed(tmp_path: Path) -> None:
    disk, home = tmp_path / "disk", tmp_path / "home"
    disk.mkdir(mode=0o755)
    (disk / "x").write_text("x")
    (disk / "x").chmod(0o644)
    disk.chmod(0o755)
    home.mkdir()
    (home / "archive").symlink_to(disk)
    files.narrow(home)
    assert (disk.stat().st_mode & 0o777, (disk / "x").stat().st_mode & 0o777) == (0o750, 0o640)


def test_a_name_is_given_once_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writers at once: one wins, the other is reported, and neither writes over the other."""
    mount(monkeypatch, [tmp_path], links=False)
    won: list[int] = []
    start = threading.Barrier(8)

    def write(number: int) -> None:
        aside = tmp_path / f"{number}.tmp"
        aside.write_text(str(number))
        start.wait()
        try:
            files.put_once(aside, tmp_path / "target")
        except FileExistsError:
            return
        won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert (tmp_path / "target").read_text() == str(won[0])


def test_a_file_system_that_cannot_sync_folders_keeps_files_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    files.write_json(tmp_path / "x.json", {"a": 1})
    assert files.read_json(tmp_path / "x.json") == {"a": 1}
