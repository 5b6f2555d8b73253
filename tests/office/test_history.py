"""History is what a person marks as history: by a stamp, by a command, or later. Time makes none (para 8)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from esep.clock import TIMEZONE
from esep.office import archive, events, history, intake
from esep.office.archive import HistoryMark
from esep.office.decisions import DecisionError
from esep.proof import check as proof_check

OLD = {"received_at": "2098-05-01T10:00:00+05:00"}
"""405 days before NOW."""
OFFICER = "Омарова А."


def marks(office, number="2098-000001"):
    found = events.read(archive.entry(office.settings, number).folder, "loaded_as_history")
    return [(event.at, event.author, event.data) for event in found]


def load(office, now):
    return intake.register_waiting(office.settings, now, office.identity_of, history_by=OFFICER)


@pytest.mark.parametrize("way", ["inside", "beside"])
def test_a_stamp_marks_its_package_as_history(office, now, way):
    stamp = OLD | {"history": True}
    if way == "inside":
        office.folder("may", {"a": b"a"}, stamp=stamp)
    else:
        office.file("may.zip", b"a", stamp=stamp)
    (result,) = office.run()
    assert result.receipt.history == HistoryMark("stamp", "esep.office")
    assert marks(office) == [(now, "esep.office", {"basis": "stamp"})]
    proof_check.require(office.settings, full=True)


def test_one_stamp_for_two_files_marks_both(office):
    office.file("may.xlsx", b"a")
    office.file("may.docx", b"b")
    (office.inbox / "may.office.json").write_text(json.dumps(OLD | {"history": True}))
    assert [result.receipt.history.basis for result in office.run()] == ["stamp", "stamp"]


@pytest.mark.parametrize("stamp", [OLD, OLD | {"history": False}, OLD | {"history": "yes"}, OLD | {"history": None}])
def test_nothing_else_is_history_however_long_it_lay(office, stamp):
    office.file("may.zip", b"a", stamp=stamp)
    (result,) = office.run()
    assert result.receipt.history is None
    assert result.receipt.registered_on.isoformat() == "2098-05-01"
    assert ("history" in (result.receipt.stamp_error or "")) == (stamp.get("history", False) is not False)
    assert marks(office) == []
    assert history.mark_of(archive.entry(office.settings, result.number)) is None


def test_a_command_marks_what_it_loads_with_its_author(office, now):
    office.file("may.zip", b"a", stamp=OLD)
    office.file("june.zip", b"b", stamp=OLD | {"history": True})
    assert [result.receipt.history for result in load(office, now)] == [HistoryMark("command", OFFICER)] * 2
    assert marks(office) == [(now, OFFICER, {"basis": "command"})]
    assert office.left() == []
    assert load(office, now) == []
    proof_check.require(office.settings, full=True)


@pytest.mark.parametrize(
    ("stamp", "why"),
    [
        (None, "no stamp with the moment of its former receipt"),
        ({"received_at": "yesterday"}, "has received_at 'yesterday'"),
        (OLD | {"history": False}, '"history": false'),
    ],
)
def test_what_cannot_be_history_stays_for_intake(office, now, stamp, why):
    office.file("may.zip", b"a", stamp=stamp)
    office.file("june.zip", b"b", stamp=OLD)
    results = {result.source_name: result for result in load(office, now)}
    assert results["june.zip"].number == "2098-000001"
    assert results["may.zip"].number is None
    assert why in results["may.zip"].fault
    assert "may.zip" in office.left()
    (taken,) = office.run()
    assert (taken.number is not None, taken.receipt.history) == (True, None)


def test_a_copy_of_a_filing_marks_nothing(office, now):
    office.file("may.zip", b"a", stamp=OLD)
    office.run()
    office.file("again.zip", b"a", stamp=OLD | {"history": True})
    (again,) = load(office, now)
    assert (again.duplicate, again.receipt.history) == (True, None)
    assert marks(office) == []


def test_a_former_load_is_declared_once_with_author_moment_and_reason(office, now):
    for day in ("01", "02"):
        office.file(f"{day}.zip", day, stamp={"received_at": f"2098-05-{day}T10:00:00+05:00"})
    office.run()
    later = now + timedelta(days=1)
    assert history.loads_before(office.settings, now.date()) == ["2098-000001", "2098-000002"]
    assert history.loads_before(office.settings, now.replace(year=2098, month=5, day=2).date()) == ["2098-000001"]
    marked = history.mark(office.settings, ["2098-000001", "2098-000001"], "archive of 2098", OFFICER, later)
    assert [(one.number, one.written) for one in marked] == [("2098-000001", True)]
    again = history.mark(office.settings, ["2098-000001"], "once more", "another", later + timedelta(days=1))
    assert [(one.written, one.event.author) for one in again] == [(False, OFFICER)]
    assert marks(office) == [(later, OFFICER, {"basis": "decision", "reason": "archive of 2098"})]
    assert marks(office, "2098-000002") == []
    assert later.tzinfo is TIMEZONE


def test_what_came_on_the_day_of_its_registration_cannot_be_declared(office, now):
    office.file("old.zip", b"a", stamp=OLD)
    office.file("today.zip", b"b")
    office.run()
    assert history.loads_before(office.settings, now.date() + timedelta(days=1)) == ["2098-000001"]
    with pytest.raises(DecisionError, match="2099-000001: it was registered on the day it was received, 2099-06-10"):
        history.mark(office.settings, ["2098-000001", "2099-000001"], "all", OFFICER, now)
    assert marks(office) == [], "nothing is marked where one cannot be"


@pytest.mark.parametrize(("reason", "author", "why"), [(" ", OFFICER, "reason"), ("x", "", "author")])
def test_a_declaration_says_who_and_why(office, now, reason, author, why):
    with pytest.raises(DecisionError, match=why):
        history.mark(office.settings, [], reason, author, now)


def test_a_number_that_is_not_registered_is_named(office, now):
    with pytest.raises(DecisionError, match="2098-000009"):
        history.mark(office.settings, ["2098-000009"], "x", OFFICER, now)
