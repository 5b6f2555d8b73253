"""Identical bytes again give the first receipt again, as long as that filing is the latest of its pool and period."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest

from esep import files
from esep.office import archive, events

POOL, MARCH = "230640000008", date(2025, 3, 1)


def drop(office, name, content, received_at=None):
    stamp = {"received_at": f"{received_at}T10:00:00+05:00"} if received_at else None
    office.file(name, content, stamp)


def run(office):
    return [(result.number, result.duplicate) for result in office.run()]


@pytest.fixture
def versions(office):
    """A, B and C are versions of one month; `other` belongs to another month."""
    office.verdicts = dict.fromkeys(["A", "B", "C"], (POOL, MARCH)) | {"other": (POOL, date(2025, 4, 1))}
    return office


def test_the_same_bytes_twice(versions):
    drop(versions, "a.xlsx", "A")
    assert run(versions) == [("2099-000001", False)]
    receipt = archive.entry(versions.settings, "2099-000001").receipt
    drop(versions, "renamed.xlsx", "A")
    (result,) = versions.run()
    assert (result.number, result.duplicate) == ("2099-000001", True)
    assert result.receipt == receipt
    assert versions.numbers() == ["2099-000001"]
    assert versions.left() == []


def test_both_at_once(versions):
    drop(versions, "1.xlsx", "A", "2025-04-10")
    drop(versions, "2.xlsx", "A", "2025-04-11")
    assert run(versions) == [("2025-000001", False), ("2025-000001", True)]


def test_an_old_version_after_a_correction_is_a_new_filing(versions):
    for name, content in (("1", "A"), ("2", "B"), ("3", "A")):
        drop(versions, name, content, f"2025-04-1{name}")
    assert run(versions) == [("2025-000001", False), ("2025-000002", False), ("2025-000003", False)]
    drop(versions, "4", "A", "2025-04-14")
    assert run(versions) == [("2025-000003", True)]
    drop(versions, "5", "B", "2025-04-15")
    assert run(versions) == [("2025-000004", False)]


def test_the_same_without_stamps(versions):
    numbers = []
    for content in "ABA":
        drop(versions, "same name.xlsx", content)
        numbers += run(versions)
    assert numbers == [("2099-000001", False), ("2099-000002", False), ("2099-000003", False)]


def test_a_copy_that_keeps_its_times_is_an_arrival_of_its_own(versions, tmp_path):
    """shutil.copytree and cp -p give the same name, bytes and times: still not what a killed run left behind."""
    versions.verdicts |= {"1": (POOL, MARCH), "2": (POOL, MARCH)}
    for content in "12":
        (tmp_path / content / "p").mkdir(parents=True)
        (tmp_path / content / "p" / "form.xlsx").write_text(content)
    numbers = []
    for content in ("1", "1", "2", "1"):
        shutil.copytree(tmp_path / content / "p", versions.inbox / "p")
        numbers += run(versions)
    assert numbers == [
        ("2099-000001", False),
        ("2099-000001", True),
        ("2099-000002", False),
        ("2099-000003", False),
    ]
    assert len(events.read(archive.entry(versions.settings, "2099-000001").folder, "arrived_again")) == 1


def test_the_whole_history_dropped_again_makes_no_filings(versions):
    history = [
        ("1", "A", "2025-01-10"),
        ("2", "B", "2025-02-10"),
        ("3", "A", "2025-03-10"),
        ("4", "other", "2025-03-11"),
    ]
    for name, content, day in history:
        drop(versions, name, content, day)
    first = run(versions)
    assert [duplicate for _, duplicate in first] == [False] * 4
    for name, content, day in history:
        drop(versions, name, content, day)
    assert [duplicate for _, duplicate in run(versions)] == [True] * 4
    assert len(versions.numbers()) == 4


def test_history_loaded_after_a_later_correction(versions):
    """The correction of February is registered first; January's filing then is no copy, and neither is it later."""
    drop(versions, "b", "B", "2025-02-10")
    run(versions)
    drop(versions, "a", "A", "2025-01-10")
    assert run(versions) == [("2025-000002", False)]
    drop(versions, "b again", "B")
    assert run(versions) == [("2025-000001", True)]
    drop(versions, "a again", "A")
    assert run(versions) == [("2099-000001", False)]


def test_the_latest_of_all_repeated_with_an_earlier_stamp(versions):
    """By its stamp it came between B and the newer A; A stands already, so nothing is filed anew."""
    drop(versions, "1", "B", "2025-02-10")
    drop(versions, "2", "A", "2025-03-10")
    run(versions)
    drop(versions, "3", "A", "2025-02-20")
    assert run(versions) == [("2025-000002", True)]


def test_versions_of_one_minute_are_reported_apart_by_their_incoming_numbers(versions):
    """A and B bear the same moment. The history dropped again is known; A sent anew under a new number is filed."""
    moment = "2025-04-10T10:00:00+05:00"
    stamped = [("1", "A", "ВХ-1"), ("2", "B", "ВХ-2")]
    for _ in range(2):
        for name, content, incoming_no in stamped:
            versions.file(name, content, {"received_at": moment, "incoming_no": incoming_no})
        results = {result.source_name: result for result in versions.run()}
        numbers = results["1"].number, results["2"].number
        assert sorted(numbers) == ["2025-000001", "2025-000002"]
    assert versions.numbers() == ["2025-000001", "2025-000002"]
    older = "A" if numbers[0] < numbers[1] else "B"
    versions.file("3", older, {"received_at": moment, "incoming_no": "ВХ-3"})
    assert run(versions) == [("2025-000003", False)]


def test_other_months_and_pools_do_not_count(versions):
    drop(versions, "1", "A", "2025-04-10")
    drop(versions, "2", "other", "2025-04-11")
    drop(versions, "3", "A", "2025-04-12")
    assert [duplicate for _, duplicate in run(versions)] == [False, False, True]


@pytest.mark.parametrize("identity", [None, (None, MARCH), (POOL, None), (None, None)])
def test_bytes_that_tell_no_pool_or_no_period_repeat_what_they_equal(office, identity):
    office.verdicts = {"B": (POOL, MARCH)}
    if identity:
        office.verdicts["?"] = identity
    for name, content in (("1", "?"), ("2", "B"), ("3", "?")):
        drop(office, name, content, f"2025-04-1{name}")
    assert run(office) == [("2025-000001", False), ("2025-000002", False), ("2025-000001", True)]


def test_the_examination_is_asked_only_about_bytes_seen_before(versions):
    drop(versions, "1", "A")
    drop(versions, "2", "B")
    run(versions)
    assert versions.asked == []


def test_a_recorded_verdict_is_not_asked_again(versions):
    drop(versions, "1", "A", "2025-04-10")
    drop(versions, "2", "B", "2025-04-11")
    run(versions)
    for number in versions.numbers():
        files.write_json(
            archive.entry(versions.settings, number).folder / "verdict.json",
            {"registration_no": number, "pool_id": POOL, "period": "2025-03-01"},
        )
    drop(versions, "3", "A", "2025-04-12")
    assert run(versions) == [("2025-000003", False)]
    assert versions.asked == []


def test_each_arrival_is_logged(versions, now):
    drop(versions, "1.xlsx", "A", "2025-04-10")
    drop(versions, "2.xlsx", "A")
    (versions.inbox / "2.office.json").write_text("{broken")
    run(versions)
    folder = archive.entry(versions.settings, "2025-000001").folder
    first, again = events.read(folder)
    assert (first.kind, again.kind) == ("arrived", "arrived_again")
    assert (first.at, again.at) == (now, now)
    assert first.data["arrival_id"] == archive.entry(versions.settings, "2025-000001").receipt.arrival_id
    assert again.data["arrival_id"] != first.data["arrival_id"]
    assert (first.data["source_name"], again.data["source_name"]) == ("1.xlsx", "2.xlsx")
    assert first.data["stamp"] == {"received_at": "2025-04-10T10:00:00+05:00"}
    assert again.data["stamp"] is None
    assert again.data["stamp_text"] == "{broken"
    assert "not valid JSON" in again.data["stamp_error"]
    assert json.loads(again.path.read_text())["event"] == "arrived_again"


def test_a_fault_of_the_examination_keeps_the_package_for_later(versions):
    drop(versions, "1", "A")
    run(versions)
    drop(versions, "2", "A")
    drop(versions, "3", "B")
    ask, versions.identity_of = versions.identity_of, lambda number: 1 / 0
    results = {result.source_name: result for result in versions.run()}
    assert "ZeroDivisionError" in results["2"].fault
    assert results["3"].number == "2099-000002"
    assert versions.left() == ["2"]
    versions.identity_of = ask
    assert [result.source_name for result in versions.run()] == ["2"]


def test_a_lone_file_and_a_folder_with_it_alone_are_the_same_package(office):
    office.file("march.zip", b"the same")
    office.run()
    office.folder("by-page", {"march.zip": b"the same"})
    assert [(one.number, one.duplicate) for one in office.run()] == [("2099-000001", True)]
    office.folder("deeper", {"march/march.zip": b"the same"})
    office.folder("two", {"march.zip": b"the same", "more.pdf": b"more"})
    assert [one.duplicate for one in office.run()] == [False, False]


def test_a_folder_with_one_file_is_known_when_the_file_comes_alone(office):
    office.folder("by-page", {"march.zip": b"the same"})
    office.folder("april", {"april.zip": b"the same"})
    assert [one.duplicate for one in office.run()] == [False, False]
    office.file("march.zip", b"the same")
    assert [one.duplicate for one in office.run()] == [True]
    office.file("march.zip", b"another")
    office.file("may.zip", b"the same")  # as another lone file with these bytes
    assert {one.source_name: one.duplicate for one in office.run()} == {"march.zip": False, "may.zip": False}
