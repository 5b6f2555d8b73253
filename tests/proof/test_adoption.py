"""Homes from before records had hashes: they work, count as not proved, and are proved after one recorded act."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from esep.config import Settings
from esep.lake.places import KEY, OLDER_KEY
from esep.office import events
from esep.proof import adoption
from esep.proof.adoption import AdoptionError
from esep.proof.check import check
from esep.records import heads, seal
from esep.warehouse import reference
from proof.proved_office import fill, kind_of, move, proved
from warehouse.warehouse_office import NOW, Office, row


@pytest.fixture
def old(tmp_path: Path) -> Office:
    """An office whose records were written by an earlier version."""
    office = fill(tmp_path)
    reference.accept(office.settings, NOW)
    for path in proved(tmp_path):
        if path.suffix == ".json":
            content = seal.read(path)
            for name in ("hash", "previous", "lake_sha256", "receipt_hash", "stamps"):
                content.pop(name, None)
            path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    heads.path_of(tmp_path).unlink()
    (office.folder("2025-000001") / "office.json").write_text('{"incoming_no": "К-12"}', encoding="utf-8")
    return office


def test_an_old_home_works_as_before_and_is_reported_as_not_proved(old: Office) -> None:
    settings = old.settings
    report = check(settings)
    assert report.damages == ()
    assert report.unproved == ("2025-000001", "2025-000002", "2025-000003", "journal", "reference/accepted")
    events.append(old.folder("2025-000001"), "arrived_again", NOW, "x", {})
    events.append_to_journal(settings, "reminder_drafted", NOW, "x", {})
    old.file("2025-03-20", [row("2025-01-06")])
    again = check(settings)
    assert (again.damages, again.unproved) == ((), report.unproved), "what is new has hashes, what is old has none"
    assert again.records == 2


def test_one_recorded_act_proves_all_of_it(old: Office) -> None:
    settings = old.settings
    count = adoption.adopt(settings, " А. Бекова ", NOW)
    (event,) = events.read_journal(settings, "records_adopted")
    assert (event.author, event.at, event.data["files"]) == ("А. Бекова", NOW, count)
    assert check(settings, full=True).unproved == ()
    events.append(old.folder("2025-000001"), "arrived_again", NOW, "x", {})
    events.append_to_journal(settings, "reminder_drafted", NOW, "x", {})
    old.examine("2025-000002", [row("2025-02-06", quantity="4")], period="2025-02-01", examination_no=2)
    assert check(settings, full=True).damages == ()
    for path in proved(settings.home):
        content = path.read_bytes()
        path.write_bytes(content[:-3] + bytes([content[-3] ^ 4]) + content[-2:])
        relative = path.relative_to(settings.home).as_posix()
        assert relative in {damage.path for damage in check(settings).damages}, kind_of(settings.home, path)
        path.unlink()
        assert relative in {damage.path for damage in check(settings).damages}, kind_of(settings.home, path)
        path.write_bytes(content)
    assert check(settings, full=True).damages == ()
    (settings.journal / "20250101T000000.000000Z-late-x.json").write_text('{"event": "late"}')
    with pytest.raises(AdoptionError, match="journal"):
        adoption.adopt(settings, "x", NOW)


def test_a_damaged_or_a_proved_home_is_not_adopted(old: Office, tmp_path: Path) -> None:
    path = old.folder("2025-000001") / "package" / "1-ЦМ.xlsx"
    content = path.read_bytes()
    path.write_bytes(b"x")
    with pytest.raises(AdoptionError, match=r"package/1-ЦМ\.xlsx"):
        adoption.adopt(old.settings, "x", NOW)
    path.write_bytes(content)
    with pytest.raises(AdoptionError, match="author"):
        adoption.adopt(old.settings, " ", NOW)
    assert events.read_journal(old.settings, "records_adopted") == []
    new = Office(Settings(home=tmp_path / "new"))
    new.register("2025-02-11")
    assert adoption.adopt(new.settings, "x", NOW) == 0


@pytest.mark.parametrize("is_moved_first", [True, False])
def test_the_hashes_of_an_older_lake_are_adopted_wherever_its_files_are(old: Office, *, is_moved_first: bool) -> None:
    home = old.settings.home
    for verdict in (home / "archive").glob("*/*/verdict*.json"):
        verdict.write_text(verdict.read_text(encoding="utf-8").replace(f"/{KEY}=", f"/{OLDER_KEY}="), encoding="utf-8")
    if not is_moved_first:
        move(home, OLDER_KEY)
    adoption.adopt(old.settings, "А. Бекова", NOW)
    move(home, KEY)
    report = check(old.settings, full=True)
    assert (report.damages, report.unproved, report.strays) == ((), (), ())
    path = next((home / "lake" / "distribution").rglob("2025-000002.parquet"))
    path.write_bytes(b"x")
    assert [damage.path for damage in check(old.settings).damages] == [path.relative_to(home).as_posix()]
