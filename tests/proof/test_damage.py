"""Files that are removed, cut, emptied, exchanged or put in by hand: each is named; what is sound stays sound."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from esep.config import Settings
from esep.office import events
from esep.proof.check import check
from esep.proof.model import FOLDER
from esep.records import append as records
from esep.records import heads
from esep.records.heads import Beginning
from proof.proved_office import fill, kind_of, proved
from warehouse.warehouse_office import NOW


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a sound office; to be read only."""
    office = fill(tmp_path_factory.mktemp("made"))
    from esep.warehouse import reference

    reference.accept(office.settings, NOW)
    assert check(office.settings, full=True).damages == ()
    return office.settings.home


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    shutil.copytree(made, tmp_path / "home")
    return Settings(home=tmp_path / "home")


def named(settings: Settings) -> set[str]:
    return {damage.path for damage in check(settings).damages}


def relative(settings: Settings, path: Path) -> str:
    return path.relative_to(settings.home).as_posix()


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def one_byte_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def one_byte_more(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize("damage", [removed, emptied, halved, one_byte_short, one_byte_more])
def test_every_file_that_is_not_as_it_was_written_is_named(settings: Settings, damage: Callable[[Path], None]) -> None:
    harmless = {("heads", halved), ("heads", one_byte_short)}  # see the tests of the list of heads
    for path in proved(settings.home):
        content = path.read_bytes()
        damage(path)
        kind = kind_of(settings.home, path)
        if (kind, damage) not in harmless:
            # A version's bytes that are gone are reported by their record, in their own name.
            assert relative(settings, path) in named(settings), (kind, damage.__name__)
        path.write_bytes(content)
    assert named(settings) == set()


def test_two_files_of_a_kind_that_change_places_are_both_named(settings: Settings) -> None:
    files = proved(settings.home)
    tried = 0
    for number, one in enumerate(files):
        for other in files[number + 1 :]:
            first, second = one.read_bytes(), other.read_bytes()
            if kind_of(settings.home, one) != kind_of(settings.home, other) or first == second:
                continue
            one.write_bytes(second)
            other.write_bytes(first)
            assert named(settings) >= {relative(settings, one), relative(settings, other)}
            one.write_bytes(first)
            other.write_bytes(second)
            tried += 1
    assert tried > 10
    assert named(settings) == set()


def test_two_filings_that_change_numbers_are_named(settings: Settings) -> None:
    shelf = settings.archive / "2025"
    (shelf / "2025-000001").rename(shelf / "x")
    (shelf / "2025-000002").rename(shelf / "2025-000001")
    (shelf / "x").rename(shelf / "2025-000002")
    reported = named(settings)
    assert {f"archive/2025/2025-00000{number}/receipt.json" for number in (1, 2)} <= reported


def test_a_whole_filing_that_is_gone_is_named(settings: Settings) -> None:
    shutil.rmtree(settings.archive / "2025" / "2025-000003")
    assert "archive/2025/2025-000003/receipt.json" in named(settings)


def last_event(settings: Settings) -> Path:
    return max((settings.archive / "2025" / "2025-000001" / "events").glob("*.json"))


def test_the_last_record_of_a_chain_cannot_go_unnoticed(settings: Settings) -> None:
    path = last_event(settings)
    path.unlink()
    assert named(settings) == {relative(settings, path)}


def test_a_record_that_somebody_writes_by_hand_is_named(settings: Settings) -> None:
    folder = settings.archive / "2025" / "2025-000003" / "events"
    value = events.content_of("refusal_overruled", NOW, "x", {"reason": "none"})
    plain = folder / events.name_of("refusal_overruled", NOW)
    plain.write_text(json.dumps(value))
    assert named(settings) == {relative(settings, plain)}
    plain.unlink()
    for previous in (None, "0" * 64):
        path = folder / events.name_of("refusal_overruled", NOW)
        records.write(path, value, previous)
        assert named(settings) == {relative(settings, path)}
        path.unlink()


def test_a_filing_without_hashes_in_a_home_that_never_had_such_is_named(settings: Settings) -> None:
    source, target = (settings.archive / "2025" / f"2025-00000{number}" for number in (1, 9))
    shutil.copytree(source, target)
    for path in target.rglob("*.json"):
        value = {name: item for name, item in json.loads(path.read_text()).items() if name not in ("hash", "previous")}
        path.write_text(json.dumps(value, ensure_ascii=False, indent=2))
    assert "archive/2025/2025-000009/receipt.json" in named(settings)


def test_a_copy_of_a_filing_under_another_number_is_named(settings: Settings) -> None:
    shelf = settings.archive / "2025"
    shutil.copytree(shelf / "2025-000001", shelf / "2025-000009")
    assert "archive/2025/2025-000009/receipt.json" in named(settings)


def test_bytes_of_a_filing_that_is_not_in_force_are_named_and_stop_nothing(settings: Settings) -> None:
    for number, stops in (("2025-000003", False), ("2025-000002", True)):
        path = settings.archive / "2025" / number / "package" / "1-ЦМ.xlsx"
        content = path.read_bytes()
        path.write_bytes(b"x")
        (damage,) = check(settings).damages
        assert (damage.path, damage.stops) == (relative(settings, path), stops)
        path.write_bytes(content)


def test_what_no_record_names_is_listed_and_no_damage(settings: Settings) -> None:
    strays = [
        settings.lake / "distribution" / "month=2025-01" / "2025-000099.parquet",
        settings.lake / "filing" / f"x.parquet.{'0' * 32}.tmp",
        settings.archive / "2025" / "2025-000001" / "package" / "more.xlsx",
        settings.journal / "note.txt",
        settings.reference / "accepted" / "price" / "x.csv",
    ]
    for path in strays:
        path.write_bytes(b"x")
    report = check(settings, full=True)
    assert report.damages == ()
    assert sorted(report.strays) == sorted(relative(settings, path) for path in strays)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b'"line_count": ', b'"line_count": 1'),
        lambda content: b'{"format": 2, "chains": {"journal": ["a", 5, true]}, "line_count": 3, "line": 4}',
        lambda content: b"[]",
        lambda content: b"",
        lambda content: content[:-1],
    ],
)
def test_what_was_remembered_counts_for_nothing_if_it_is_not_as_it_was_written(
    settings: Settings, change: Callable[[bytes], bytes]
) -> None:
    path = settings.warehouse / FOLDER / "cache.json"
    check(settings)
    path.write_bytes(change(path.read_bytes()))
    report = check(settings)
    assert report.damages == ()
    assert report.files == check(settings, full=True).files


class TestListOfHeads:
    def test_a_list_that_is_gone_is_named_even_after_it_began_anew(self, settings: Settings) -> None:
        heads.path_of(settings.home).unlink()
        assert named(settings) == {heads.NAME}
        events.append(settings.archive / "2025" / "2025-000001", "arrived_again", NOW, "x", {})
        assert (heads.read(settings.home) or heads.Heads()).beginning is Beginning.LOST
        assert named(settings) == {heads.NAME}

    def test_one_that_is_shorter_than_at_the_last_look_is_named_until_everything_was_proved(
        self, settings: Settings
    ) -> None:
        check(settings)
        path = heads.path_of(settings.home)
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(lines[:-2]))
        assert named(settings) == {heads.NAME}
        report = check(settings, full=True)  # an older list was restored on purpose
        assert (report.damages, report.caught_up) == ((), 2)
        assert path.read_text().splitlines()[-1] != lines[-1]
        assert named(settings) == set()

    def test_records_that_went_with_their_lines_are_missed_where_everything_is_read_too(
        self, settings: Settings
    ) -> None:
        """An older list beside an older chain is sound in itself; only the last look knows that there was more."""
        before = check(settings)
        path = heads.path_of(settings.home)
        lines = path.read_text().splitlines(keepends=True)
        content = last_event(settings).read_bytes()
        added = events.append(settings.archive / "2025" / "2025-000001", "arrived_again", NOW, "x", {}).path
        assert check(settings).records == before.records + 1
        added.unlink()
        path.write_text("".join(lines))
        for full in (True, False, True):
            (damage,) = check(settings, full=full).damages
            assert damage.path == heads.NAME
        assert "1 records that it named at the last look are gone" in damage.what
        assert "delete warehouse/.proof" in damage.todo
        shutil.rmtree(settings.warehouse / FOLDER)
        assert check(settings, full=True).damages == ()
        assert last_event(settings).read_bytes() == content

    def test_a_line_that_a_power_cut_left_half_written_is_written_again(self, settings: Settings) -> None:
        path = heads.path_of(settings.home)
        whole = path.read_bytes()
        shutil.rmtree(settings.warehouse / FOLDER)
        path.write_bytes(whole[:-30])
        report = check(settings)
        assert (report.damages, report.caught_up) == ((), 1)
        assert path.read_bytes() == whole
        path.write_bytes(whole + b"0123 half")
        events.append(settings.archive / "2025" / "2025-000001", "arrived_again", NOW, "x", {})
        assert path.read_bytes().startswith(whole)
        assert named(settings) == set()

    def test_the_hash_of_a_line_is_that_of_everything_before_it(self, settings: Settings) -> None:
        before = check(settings).head
        events.append(settings.archive / "2025" / "2025-000001", "arrived_again", NOW, "x", {})
        after = check(settings).head
        assert before != after
        found = heads.read(settings.home)
        assert found
        assert [line.hash for line in found.lines[-2:]] == [before, after]
