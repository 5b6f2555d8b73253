"""Backup and restore: whole while the office works, refused where a byte is wrong, the same figures afterwards."""

from __future__ import annotations

import io
import json
import shutil
import stat
import subprocess
import sys
import tarfile
import time
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from end_to_end import filer
from esep.backup import container
from esep.backup.container import BackupError
from esep.backup.restoring import restore
from esep.backup.saving import save
from esep.cli.main import main
from esep.config import PROJECT, Settings
from esep.office import archive
from esep.warehouse import load, work
from warehouse.warehouse_office import NOW, Office, finding, row

FORMS = ("backup.tar.zst", "backup.tar.gz", "backup.tar", "backup")


def fill(office: Office) -> None:
    office.prices("2025-01-06,BTC,10,KZT", "2025-02-06,BTC,11,KZT")
    office.file("2025-02-11", [row("2025-01-06", quantity="2")], findings=[finding()])
    office.file("2025-03-11", [row("2025-02-06", quantity="3")], period="2025-02-01", verdict="refused")
    office.register("2025-03-12")
    package = office.folder("2025-000001") / archive.PACKAGE / "внутри"
    package.mkdir(parents=True)
    (package / "x.tmp").write_bytes(b"a filer's own file")
    (office.settings.outbox / "2025-000001").mkdir(parents=True)
    (office.settings.outbox / "2025-000001" / "receipt.pdf").write_bytes(b"%PDF")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    """An office with published figures; to be read only."""
    settings = Settings(home=tmp_path_factory.mktemp("kept") / "home", inbox_settle_seconds=0)
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings)
    fill(office)
    office.refresh()
    return office


@pytest.fixture(scope="module")
def backups(kept: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one backup of each form."""
    folder = tmp_path_factory.mktemp("backups")
    for name in FORMS:
        saved = save(kept.settings, folder / name, NOW)
        assert saved.filings == 3
    return folder


def truth(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for folder in ("archive", "lake", "journal", "reference", "outbox")
        for path in (home / folder).rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", FORMS)
def test_what_was_kept_comes_back(kept: Office, backups: Path, tmp_path: Path, name: str) -> None:
    if name != FORMS[0]:  # the warehouse is built once; the other forms are unpacked and compared
        folder = tmp_path / "unpacked"
        folder.mkdir()
        list(container.unpack(backups / name, folder))
        assert truth(folder) == truth(kept.settings.home)
        return
    home = tmp_path / "restored"
    restored = restore(backups / name, Settings(home=tmp_path), home, NOW)
    assert truth(home) == truth(kept.settings.home)
    assert restored.agrees is True
    assert restored.filings == 3
    # 2 BTC at 10 tenge, worked out by hand; the refused filing does not count.
    (income,) = [line["income_kzt"] for line in restored.figures or [] if line["role"] == "miner"]
    assert Decimal(income) == 20
    assert stat.S_IMODE(home.stat().st_mode) == 0o751
    assert {stat.S_IMODE((home / name).stat().st_mode) for name in ("archive", "lake")} == {0o750}
    assert stat.S_IMODE((home / ".secrets").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", FORMS)
def test_a_backup_is_for_its_owner_alone(backups: Path, name: str) -> None:
    assert stat.S_IMODE((backups / name).stat().st_mode) & 0o077 == 0


def test_unfinished_files_and_the_warehouse_are_left_out(office: Office, tmp_path: Path) -> None:
    fill(office)
    (office.settings.archive / ".staging" / "x").mkdir(parents=True)
    (office.settings.archive / ".staging" / "x" / "half").write_bytes(b"half")
    (office.settings.lake / "distribution" / f"x.parquet.{'0' * 32}.tmp").write_bytes(b"half")
    save(office.settings, tmp_path / "b", NOW)
    names = set(truth(tmp_path / "b"))
    assert "archive/2025/2025-000001/package/внутри/x.tmp" in names
    assert not [name for name in names if ".staging" in name or name.endswith(".parquet.tmp") or "0000.tmp" in name]
    assert not (tmp_path / "b" / "warehouse").exists()


def flip(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", FORMS)
def test_a_flipped_byte_is_found_and_named(backups: Path, tmp_path: Path, name: str) -> None:
    damaged = tmp_path / name
    if name == "backup":
        shutil.copytree(backups / name, damaged)
        flip(damaged / "outbox" / "2025-000001" / "receipt.pdf", 2)
        named = r"outbox/2025-000001/receipt\.pdf: its bytes are not those"
    else:
        shutil.copy(backups / name, damaged)
        content = damaged.read_bytes()
        flip(damaged, content.index(b"%PDF") if name == "backup.tar" else len(content) // 2)
        named = r"receipt\.pdf: its bytes" if name == "backup.tar" else r"(after \S+|: its bytes are not those)"
    home = tmp_path / "restored"
    with pytest.raises(BackupError, match=named):
        restore(damaged, Settings(home=tmp_path), home, NOW)
    assert not home.exists()
    assert {path.name for path in tmp_path.iterdir()} == {name}, "nothing half-made is left"


@pytest.mark.parametrize("name", FORMS[:3])
def test_a_backup_that_was_cut_short_is_refused(backups: Path, tmp_path: Path, name: str) -> None:
    content = (backups / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(BackupError, match="cut short"):
        restore(tmp_path / name, Settings(home=tmp_path), tmp_path / "restored", NOW)


def test_a_missing_and_a_foreign_file_are_named(backups: Path, tmp_path: Path) -> None:
    shutil.copytree(backups / "backup", tmp_path / "b")
    (tmp_path / "b" / "outbox" / "2025-000001" / "receipt.pdf").unlink()
    (tmp_path / "b" / "evil.sh").write_text("echo")
    with pytest.raises(BackupError, match=r"(?s)receipt\.pdf: missing.*evil\.sh: not in the manifest"):
        restore(tmp_path / "b", Settings(home=tmp_path), tmp_path / "restored", NOW)


@pytest.mark.parametrize("member", ["../outside", "/tmp/outside-of-esep", "archive/../../outside"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, member: str) -> None:
    path = tmp_path / "b.tar"
    with tarfile.open(path, "w") as tar:
        info = tarfile.TarInfo(member)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    with pytest.raises(BackupError):
        restore(path, Settings(home=tmp_path), tmp_path / "restored", NOW)
    assert not (tmp_path / "outside").exists()
    assert not Path("/tmp/outside-of-esep").exists()


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.tar"
    with tarfile.open(path, "w") as tar:
        info = tarfile.TarInfo("archive/link")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(BackupError, match="no plain file"):
        restore(path, Settings(home=tmp_path), tmp_path / "restored", NOW)


def test_nothing_is_written_over(kept: Office, backups: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="never written over"):
        save(kept.settings, backups / "backup", NOW)
    with pytest.raises(BackupError, match="is in"):
        save(kept.settings, kept.settings.home / "b.tar", NOW)
    with pytest.raises(BackupError, match="no archive"):
        save(Settings(home=tmp_path / "none"), tmp_path / "b.tar", NOW)
    with pytest.raises(BackupError, match="not an empty folder"):
        restore(backups / "backup", kept.settings, kept.settings.home, NOW)
    with pytest.raises(BackupError, match="no backup is here"):
        restore(tmp_path / "none.tar", kept.settings, tmp_path / "x", NOW)


def test_a_filing_that_comes_while_it_is_made_is_whole_or_absent(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filing is examined between the listing of the archive and the copying: its verdict waits for the restore."""
    fill(office)
    late: list[str] = []

    def examine_meanwhile(done: int, total: int, name: str) -> None:
        if not late:
            late.append(office.file("2025-03-20", [row("2025-01-06", quantity="5")]))
            office.examine("2025-000003", [row("2025-02-06", quantity="7")], period="2025-02-01")

    save(office.settings, tmp_path / "b.tar", NOW, examine_meanwhile)
    home = tmp_path / "restored"
    restored = restore(tmp_path / "b.tar", Settings(home=tmp_path), home, NOW)
    assert restored.filings in (3, 4)
    for entry in archive.registered(Settings(home=home)):
        assert entry.receipt
        for verdict in entry.verdicts:
            assert all((home / "lake" / path).is_file() for path in verdict["lake"])


@pytest.mark.slow
def test_a_backup_made_while_an_intake_registers(tmp_path: Path) -> None:
    """An intake in a process of its own; the restored office loses nothing and registers nothing twice."""
    settings = Settings(home=tmp_path / "home", inbox_settle_seconds=0)
    for number in range(12):
        stamp = f"2025-04-{10 + number}T10:00:00+05:00"
        filer.write(filer.Filing().but(signed=number % 2 == 0), settings.inbox / f"package {number}", stamp)
        (settings.inbox / f"package {number}" / "note.txt").write_text(f"package {number}")
    code = (
        "import sys; from pathlib import Path; from esep import clock; from esep.config import Settings;"
        "from esep.orchestration import tasks;"
        "tasks.register(Settings(home=Path(sys.argv[1]), inbox_settle_seconds=0), clock.now)"
    )
    intake = subprocess.Popen(
        [sys.executable, "-c", code, str(settings.home)], env={"PYTHONPATH": str(PROJECT / "plugins"), "PATH": ""}
    )
    try:
        while not list(archive.registered(settings)):
            assert intake.poll() is None
            time.sleep(0.01)
        save(settings, tmp_path / "b.tar", NOW)
    finally:
        assert intake.wait(120) == 0
    restored = Settings(home=tmp_path / "restored", inbox_settle_seconds=0)
    restore(tmp_path / "b.tar", Settings(home=tmp_path), restored.home, NOW)
    numbers = [entry.number for entry in archive.registered(restored)]
    assert numbers == [archive.number_of(2025, serial) for serial in range(1, len(numbers) + 1)]
    subprocess.run(
        [sys.executable, "-c", code, str(restored.home)],
        env={"PYTHONPATH": str(PROJECT / "plugins"), "PATH": ""},
        check=True,
        timeout=120,
    )
    names = {entry.receipt.source_name for entry in archive.registered(restored)}
    assert names == {f"package {number}" for number in range(12)}
    assert len(list(archive.registered(restored))) == 12, "nothing is lost, and nothing is registered twice"


def test_commands_tell_figures_and_exit_codes(kept: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(kept.settings.home))
    run = CliRunner().invoke
    made = run(main, ["backup", str(tmp_path / "b.tar.gz"), "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["filings"] == 3
    again = run(main, ["backup", str(tmp_path / "b.tar.gz")])
    assert again.exit_code == 2
    assert "never written over" in again.output
    back = run(main, ["restore", str(tmp_path / "b.tar.gz"), str(tmp_path / "restored"), "--json"])
    assert back.exit_code == 0, back.output
    reported = json.loads(back.stdout)
    assert reported["figures_agree"] is True
    assert reported["figures"] == container.figures_of(kept.settings)
    assert run(main, ["restore", str(tmp_path / "b.tar.gz"), str(tmp_path / "restored")]).exit_code == 2


def test_other_figures_are_reported(backups: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(tmp_path / "elsewhere"))
    shutil.copytree(backups / "backup", tmp_path / "b")
    path = tmp_path / "b" / container.MANIFEST
    reported = json.loads(path.read_text())
    reported["figures"][0]["income_kzt"] = "1"
    path.write_text(json.dumps(reported))
    back = CliRunner().invoke(main, ["restore", str(tmp_path / "b"), str(tmp_path / "restored")])
    assert back.exit_code == 1
    assert "are NOT those" in back.stdout
    assert load.load(Settings(home=tmp_path / "restored"), NOW).registered == ()


def test_units_of_different_assets_are_never_added_up(kept: Office) -> None:
    for line in container.figures_of(kept.settings) or []:
        reported = kept.query(
            "select asset, quantity from (select asset, sum(quantity)::decimal(38, 18)::varchar as quantity "
            "from annual_income where year = ? and role = ? group by asset) order by asset",
            int(line["year"]),
            line["role"],
        )
        assert line["quantities"] == ", ".join(f"{asset} {quantity}" for asset, quantity in reported)
        assert not {"quantity", "unvalued_quantity"} & line.keys()
