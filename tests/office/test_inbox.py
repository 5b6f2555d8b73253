from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from esep import clock
from esep.clock import TIMEZONE
from esep.office import inbox


def found(office, now):
    return [package.name for package in inbox.waiting(office.settings, now)]


def left(office, now):
    return {item.name: item for item in inbox.survey(office.settings, now).unsettled}


def test_no_inbox_yet(office, now):
    office.inbox.rmdir()
    assert inbox.survey(office.settings, now) == inbox.Survey([], [])


def test_order_of_arrival(office, now):
    for name, seconds in (("c.xlsx", 30), ("b.xlsx", 20), ("a.xlsx", 20)):
        os.utime(office.file(name), (1_700_000_000 + seconds,) * 2)
    office.file("late.zip", stamp={"received_at": "2025-03-02T09:00:00+05:00"})
    office.folder("early", {"x": b"1"}, stamp={"received_at": "2025-03-02T03:59:00Z"})
    office.file("bad.zip", stamp={"received_at": "soon"})
    os.utime(office.inbox / "bad.zip", (1_700_000_000,) * 2)
    assert found(office, now) == ["early", "late.zip", "bad.zip", "a.xlsx", "b.xlsx", "c.xlsx"]


def test_a_package_is_taken_once_untouched_for_the_settling_time(office):
    office.file("x.zip")
    changed = clock.now()
    assert found(office, changed + timedelta(seconds=20)) == []
    reported = left(office, changed + timedelta(seconds=20))["x.zip"]
    assert abs(reported.settles_at - changed - timedelta(seconds=30)) < timedelta(seconds=5)
    assert found(office, reported.settles_at) == ["x.zip"]
    assert left(office, reported.settles_at) == {}


def test_a_copied_old_time_does_not_make_a_file_settled(office):
    os.utime(office.file("x.zip"), (1_600_000_000,) * 2)
    assert found(office, clock.now() + timedelta(seconds=10)) == []


def test_every_change_inside_a_folder_counts(office):
    folder = office.folder("p", {"a/b/form.xlsx": b"1"})
    moment = clock.now() + timedelta(seconds=40)
    assert found(office, moment) == ["p"]
    later = folder / "a" / "b" / "form.xlsx"
    for path in (later, later.parent, folder):
        os.utime(path, (moment.timestamp() - 5,) * 2)
        assert found(office, moment) == [], path
        os.utime(path, (moment.timestamp() - 35,) * 2)


def test_a_fresh_stamp_keeps_its_package_waiting(office):
    office.file("x.zip", stamp={"incoming_no": "1"})
    moment = clock.now() + timedelta(seconds=40)
    os.utime(office.inbox / "x.zip.office.json", (moment.timestamp() - 5,) * 2)
    assert found(office, moment) == []


@pytest.mark.parametrize("days", [1, 30_000])
def test_times_in_the_future_do_not_block(office, days):
    moment = clock.now() + timedelta(minutes=1)
    os.utime(office.file("x.zip"), ((moment + timedelta(days=days)).timestamp(),) * 2)
    assert found(office, moment) == ["x.zip"]


def test_a_clock_that_was_set_back_does_not_block(office):
    office.file("x.zip")
    assert found(office, clock.now() - timedelta(days=400)) == ["x.zip"]
    assert found(office, clock.now() - timedelta(minutes=5)) == []


def test_no_settling_time_takes_everything_at_once(office):
    office.file("x.zip")
    settings = replace(office.settings, inbox_settle_seconds=0)
    assert [package.name for package in inbox.waiting(settings, clock.now() - timedelta(minutes=1))] == ["x.zip"]


def test_hidden_and_unfinished_names_are_no_packages(office, now):
    for name in (".hidden", "a.part", "b.tmp", "~$c.xlsx"):
        office.file(name)
    office.folder(".secret", {"x": b"1"})
    office.folder("d.part", {"x": b"1"})
    assert found(office, now) == []
    reported = left(office, now)
    assert set(reported) == {"a.part", "b.tmp", "~$c.xlsx", "d.part"}
    assert all(item.settles_at is None for item in reported.values())


@pytest.mark.parametrize("sign", ["in/form.xlsx.part", "x.tmp", "~$form.xlsx", "in/.~lock.form.ods#"])
def test_a_part_inside_a_folder_holds_it_back_for_a_day(office, sign):
    folder = office.folder("p", {"in/form.xlsx": b"1", sign: b"half"})
    hour = clock.now() + timedelta(hours=1)
    assert found(office, hour) == []
    assert "not whole" in left(office, hour)["p"].reason
    assert found(office, hour + timedelta(days=1)) == ["p"]
    (folder / sign).unlink()
    assert found(office, hour) == ["p"]


@pytest.mark.parametrize("sign", ["x.xlsx.part", "x.xlsx.tmp", ".~lock.x.xlsx#", "~$x.xlsx"])
def test_a_part_beside_a_lone_file_holds_it_back(office, sign):
    office.file("x.xlsx", b"")
    office.file(sign)
    hour = clock.now() + timedelta(hours=1)
    assert found(office, hour) == []
    (office.inbox / sign).unlink()
    assert found(office, hour) == ["x.xlsx"]


def test_an_empty_folder_is_reported_and_never_a_package(office, now):
    office.folder("empty", {})
    (office.inbox / "empty" / "inner").mkdir()
    office.folder("stamped", {}, stamp={"incoming_no": "1"})
    assert found(office, now) == []
    assert {name: "without any file" in item.reason for name, item in left(office, now).items()} == {
        "empty": True,
        "stamped": True,
    }


def test_an_empty_file_is_a_package(office, now):
    office.file("x.xlsx", b"")
    assert found(office, now) == ["x.xlsx"]


def test_a_stamp_alone_waits_for_its_package(office, now):
    (office.inbox / "x.office.json").write_text('{"incoming_no": "5"}')
    (office.inbox / "office.json").write_text("{}")
    assert found(office, now) == []
    assert set(left(office, now)) == {"x.office.json", "office.json"}
    office.file("x.zip")
    assert inbox.waiting(office.settings, now)[0].stamp.incoming_no == "5"


def test_the_fuller_spelling_of_a_stamp_counts(office, now):
    office.file("x.zip", stamp={"incoming_no": "full"})
    (office.inbox / "x.office.json").write_text('{"incoming_no": "stem"}')
    (package,) = inbox.waiting(office.settings, now)
    assert package.stamp.incoming_no == "full"
    assert [path.name for path in package.stamp_paths] == ["x.zip.office.json", "x.office.json"]


def test_links_and_pipes_are_never_followed(office, now, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (office.inbox / "link").symlink_to(outside)
    (office.inbox / "link.xlsx").symlink_to(outside / "secret")
    os.mkfifo(office.inbox / "pipe")
    folder = office.folder("p", {"form.xlsx": b"1"})
    (folder / "inner").symlink_to(outside)
    (folder / "office.json").symlink_to(outside / "secret")
    (package,) = inbox.waiting(office.settings, now)
    assert [file.path for file in package.files] == ["form.xlsx"]
    assert package.stamp is None
    assert package.contents.others == (("inner", "symbolic link"), ("office.json", "symbolic link"))
    assert {name: item.reason.split(" is not")[0] for name, item in left(office, now).items()} == {
        "link": "a symbolic link",
        "link.xlsx": "a symbolic link",
        "pipe": "a named pipe",
    }


def test_an_office_json_in_a_sub_folder_is_the_filers(office, now):
    office.folder("p", {"sub/office.json": json.dumps({"incoming_no": "9"}).encode()})
    (package,) = inbox.waiting(office.settings, now)
    assert package.stamp is None
    assert [file.path for file in package.files] == ["sub/office.json"]


def test_what_cannot_be_listed_is_reported_and_stops_nothing(office, now, monkeypatch):
    office.file("good.zip")
    office.folder("locked", {"x": b"1"})
    real = inbox.scan

    def scan(path):
        if path.name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(inbox, "scan", scan)
    assert found(office, now) == ["good.zip"]
    assert "Permission denied" in left(office, now)["locked"].reason


def test_something_that_vanishes_meanwhile_is_only_looked_at_later(office, now, monkeypatch):
    office.file("x.zip")
    monkeypatch.setattr(inbox, "scan", lambda path: (_ for _ in ()).throw(FileNotFoundError(path)))
    assert found(office, now) == []
    assert left(office, now)["x.zip"].settles_at > now


def test_names_that_are_no_utf8_and_very_long_ones(office, now):
    raw = "есеп.zip".encode("cp1251").decode("utf-8", "surrogateescape")
    office.file(raw)
    office.file("я" * 127)
    assert sorted(found(office, now)) == [r"\xe5\xf1\xe5\xef.zip", "я" * 127]


def test_moments_reported_are_local(office):
    office.file("x.zip")
    reported = left(office, clock.now())["x.zip"].settles_at
    assert reported.tzinfo is TIMEZONE
    assert isinstance(reported, datetime)
