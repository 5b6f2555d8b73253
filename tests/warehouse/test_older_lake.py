"""Lakes from before lie under another key: whoever opens a file that a verdict names finds it where it is now."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from esep import files
from esep.answers import statement
from esep.cli.main import main
from esep.config import Settings
from esep.examination.comparison import damaged
from esep.files import sha256_of
from esep.handover import bundle
from esep.lake import files as lake_files
from esep.lake import places
from esep.lake.manifest import Which, files_of
from esep.lake.places import KEY, OLDER_KEY
from esep.lake.schema import DISTRIBUTION
from esep.letters.outbox import recorded_findings
from esep.office import archive
from esep.proof.check import check
from esep.warehouse import lake_move, published
from esep.warehouse.rebuild import rebuild
from esep.warehouse.reckoning import everything
from proof.proved_office import fill, make_older, move
from warehouse.test_publication import content
from warehouse.warehouse_office import Office, moment, row

FIRST, SECOND, REFUSED = "2025-000001", "2025-000002", "2025-000003"
LATER = moment("2026-03-05")


@pytest.fixture
def older(tmp_path: Path, empty_work: Path) -> Office:
    """An office with a lake from before, of which one filing was examined three times."""
    office = fill(tmp_path / "home", empty_work)
    office.examine(FIRST, [row("2025-01-06", quantity="2.5")], examination_no=3, examined_at=LATER)
    make_older(office.settings.home)
    office.refresh(LATER)
    return office


@pytest.fixture
def filed(tmp_path: Path) -> Settings:
    """A lake from before, which nothing was loaded from."""
    home = tmp_path / "home"
    fill(home)
    make_older(home)
    return Settings(home=home)


def is_sound(settings: Settings) -> bool:
    report = check(settings, full=True)
    return not (report.damages or report.strays)


def hashes(settings: Settings) -> dict[str, str]:
    """By the path of today."""
    lake = settings.lake
    found = {path.relative_to(lake).as_posix(): sha256_of(path) for path in lake.glob("*/*/*.parquet")}
    return {places.of_today(path): digest for path, digest in found.items()}


def test_a_path_leads_to_the_file_wherever_it_is(tmp_path: Path) -> None:
    older, newer = (f"finding/{key}=unknown/2025-000001.parquet" for key in (OLDER_KEY, KEY))
    assert [places.found(tmp_path, path) for path in (older, newer)] == [older, newer], "at neither place"
    (tmp_path / newer).parent.mkdir(parents=True)
    (tmp_path / newer).touch()
    assert [places.found(tmp_path, path) for path in (older, newer)] == [newer, newer]
    (tmp_path / older).parent.mkdir()
    (tmp_path / older).touch()
    assert [places.found(tmp_path, path) for path in (older, newer)] == [older, newer], "what was recorded is first"
    assert places.of_today(older) == places.of_today(newer) == newer


def test_everybody_finds_the_files_of_a_lake_of_which_a_part_was_moved(older: Office) -> None:
    settings, before = older.settings, content(older)
    assert {Path(path).parts[1][:7] for path, *_ in before["internal.loaded_file"]} == {f"{OLDER_KEY}="}
    move(settings.home, KEY, f"{FIRST}*")
    assert is_sound(settings)
    assert everything.reckon(settings).differences == ()
    with published.opened(settings) as connection:
        assert statement.statement(connection, settings, 2025, date(2026, 3, 2)).filings
    for entry in archive.registered(settings):
        verdict = entry.verdict
        assert verdict
        assert damaged(verdict, settings) == {}
        assert len(recorded_findings(settings, entry.number, verdict)) == 0
        path = bundle.proved(settings, entry).rows
        assert path
        assert lake_files.read(settings, DISTRIBUTION, path).num_rows == verdict["row_count"]
    report = lake_move.move(settings)
    assert (len(report.moved), report.doubles, report.left) == (6, (), ())
    assert is_sound(settings)
    assert files_of(settings, "filing", Which.IN_FORCE).keys() == {"2025-01", "2025-02"}
    rebuild(settings, LATER)
    assert content(older) == before


def test_what_was_written_before_has_its_hash_wherever_it_is(older: Office) -> None:
    move(older.settings.home, KEY)
    path = next((older.settings.lake / "distribution").rglob(f"{FIRST}.parquet"))
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    [damage] = check(older.settings).damages
    assert damage.path == f"lake/distribution/{KEY}=2025-01/{FIRST}.parquet"
    path.unlink()
    [damage] = check(older.settings).damages
    assert damage.path == f"lake/distribution/{OLDER_KEY}=2025-01/{FIRST}.parquet", "as recorded"


def test_a_lake_is_moved_byte_for_byte_and_once(filed: Settings) -> None:
    before = hashes(filed)
    trial = lake_move.move(filed, is_trial=True)
    assert len(trial.moved) == len(before) == len(places.older(filed.lake))
    assert lake_move.move(filed) == trial
    assert hashes(filed) == before
    assert places.older_folders(filed.lake) == []
    assert is_sound(filed)
    assert lake_move.move(filed) == lake_move.MoveReport()


def test_a_move_that_is_killed_anywhere_is_gone_on_with(filed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hashes(filed)
    steps = ((files, "put_once"), (Path, "unlink"), (files, "flush_to_disk"), (Path, "rmdir"))
    for owner, name in steps:
        done: list[object] = []
        original = getattr(owner, name)

        def killed(*given: object, done: list[object] = done, original: Any = original, **more: object) -> object:
            done.append(given)
            if len(done) > 1:
                raise KeyboardInterrupt
            return original(*given, **more)

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, killed)
            with pytest.raises(KeyboardInterrupt):
                lake_move.move(filed)
        assert check(filed, full=True).damages == ()
    assert lake_move.move(filed).left == ()
    assert hashes(filed) == before
    assert is_sound(filed)
    assert places.older_folders(filed.lake) == []


def test_what_cannot_be_moved_is_named_with_what_to_do(filed: Settings) -> None:
    lake = filed.lake
    damaged_one, double, other = (
        next((lake / "distribution").rglob(f"{number}.parquet")) for number in (FIRST, SECOND, REFUSED)
    )
    damaged_one.write_bytes(b"x")
    for path in (double, other):
        (lake / "distribution" / f"{KEY}=2025-02").mkdir(exist_ok=True)
        shutil.copy(path, lake / places.of_today(path.relative_to(lake).as_posix()))
    (lake / "distribution" / f"{KEY}=2025-02" / other.name).write_bytes(b"y")
    stray = damaged_one.with_name("notes.txt")
    stray.write_text("x")
    report = lake_move.move(filed)
    assert report.doubles == (double.relative_to(lake).as_posix(),)
    why = {one.path: one.why for one in report.left}
    assert why.keys() == {path.relative_to(lake).as_posix() for path in (damaged_one, other, stray)}
    texts = [why[path.relative_to(lake).as_posix()] for path in (damaged_one, other, stray)]
    assert "not those that were recorded" in texts[0]
    assert f"reexamine {FIRST} --apply" in texts[0]
    newer = lake / "distribution" / f"{KEY}=2025-02" / other.name
    two = f"{other} and {newer} are two files of one name with different bytes"
    assert texts[1] == f"{two}. {other} is as recorded: move the other away"
    assert "no verdict names it" in texts[2]
    assert lake_move.move(filed).left == report.left


def test_the_command_says_what_it_did(filed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESEP_HOME", str(filed.home))
    count = len(places.older(filed.lake))
    trial = CliRunner().invoke(main, ["lake", "move", "--dry-run"])
    assert trial.stdout == f"{filed.lake}: {count} files would be moved, 0 left where they were.\n"
    stray = places.older_folders(filed.lake)[0] / "notes.txt"
    stray.write_text("x")
    done = CliRunner().invoke(main, ["lake", "move"])
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == (
        f"lake/{stray.relative_to(filed.lake)}: no verdict names it, so it counts for nothing. Move it away."
    )
    stray.unlink()
    done = CliRunner().invoke(main, ["lake", "move", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["moved"]) == (0, [])
