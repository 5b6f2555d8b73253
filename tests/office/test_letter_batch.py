"""Decisions about several letters at once: each as one alone, and none held up by another."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from esep import clock
from esep.cli.main import main
from esep.office import decisions, dispatches, events, letter_batch
from esep.office.letter_state import LetterState, standing_of
from office.outbox_office import OTHER_POOL, OutboxOffice, moment

OFFICER, COLLEAGUE = "А. Бекова", "Б. Серік"
NOW = moment("2025-05-02 09:00")
FIRST, SECOND, NOTICE = "2025-000001/R-1", "2025-000002/R-1", f"{OTHER_POOL}-2025-03/N-1"
MISSING = "2025-000009/R-1"


@pytest.fixture
def office(tmp_path: Path) -> OutboxOffice:
    """Two refusals and a notice of 30 April 2025."""
    office = OutboxOffice(tmp_path / "home")
    for number in (FIRST, SECOND):
        office.filing(number[:11])
        office.letter(number, "refusal", date(2025, 4, 30))
    office.letter(NOTICE, "notice", date(2025, 4, 30))
    return office


def said(outcomes: list[letter_batch.Outcome]) -> dict[str, str]:
    """Letter → the event's kind (`=` before it if it was there already), or why there is none."""
    return {
        one.letter_no: ("" if one.recorded.written else "=") + one.recorded.event.kind if one.recorded else one.fault
        for one in outcomes
    }


def of(office: OutboxOffice, number: str) -> list[events.Event]:
    return events.read(office.settings.archive / "2025" / number[:11])


def state(office: OutboxOffice, number: str) -> LetterState:
    return standing_of(office.settings, dispatches.letter(office.settings, number), NOW).state


def test_each_letter_gets_the_event_that_it_would_get_alone(office, tmp_path):
    found = letter_batch.approve(office.settings, [FIRST, SECOND, NOTICE, FIRST], " checked ", OFFICER, NOW)
    assert said(found) == dict.fromkeys((FIRST, SECOND, NOTICE), "letter_approved")
    alone = OutboxOffice(tmp_path / "alone")
    alone.filing(FIRST[:11])
    alone.letter(FIRST, "refusal", date(2025, 4, 30))
    dispatches.approve_letter(alone.settings, FIRST, " checked ", OFFICER, NOW)
    (one,), (same,) = of(office, FIRST), of(alone, FIRST)
    assert (one.kind, one.at, one.author, one.data) == (same.kind, same.at, same.author, same.data)


def test_the_same_again_writes_nothing(office):
    for first in (True, False):
        mark = "" if first else "="
        approved = letter_batch.approve(office.settings, [FIRST, SECOND], "checked", OFFICER, NOW)
        assert said(approved) == dict.fromkeys((FIRST, SECOND), f"{mark}letter_approved")
    for mark in ("", "="):
        sent = letter_batch.record_dispatches(office.settings, [FIRST, SECOND], "post", None, "RR1", OFFICER, NOW)
        assert said(sent) == dict.fromkeys((FIRST, SECOND), f"{mark}dispatched")
    assert {event.kind for event in of(office, FIRST)} == {"letter_approved", "dispatched"}
    assert len(of(office, FIRST)) == 2


def test_what_cannot_be_decided_holds_up_no_other(office):
    dispatches.record_dispatch(office.settings, FIRST, "email", NOW, "Message-ID", COLLEAGUE, NOW)
    data = {"pool_id": OTHER_POOL, "period": "2025-03-01", "letter_no": NOTICE}
    events.append_to_journal(office.settings, dispatches.NOTICE_WITHDRAWN, NOW, "esep.supervision", data)
    office.filing("2025-000003")
    office.letter("2025-000003/R-1", "refusal", date(2025, 4, 30))
    damaged = office.settings.archive / "2025" / "2025-000003" / "events" / "20250430T000000.000000Z-dispatched-1.json"
    damaged.parent.mkdir()
    damaged.write_text("{")
    numbers = [FIRST, NOTICE, "2025-000003/R-1", MISSING, "../x", SECOND]
    faults = {
        FIRST: "sent already (email",
        NOTICE: "withdrawn or waived",
        "2025-000003/R-1": str(damaged),
        MISSING: "no such letter",
        "../x": "is written as it is printed",
    }
    for decide in (
        lambda: letter_batch.approve(office.settings, numbers, "checked", OFFICER, NOW),
        lambda: letter_batch.send_back(office.settings, numbers, "wrong", OFFICER, NOW),
        lambda: letter_batch.record_dispatches(office.settings, numbers, "post", NOW, "RR1", OFFICER, NOW),
    ):
        found = decide()
        assert [one.letter_no for one in found if one.recorded] == [SECOND]
        for one in found[:-1]:
            assert faults[one.letter_no] in one.fault
    recorded = sorted(event.kind for event in of(office, SECOND))
    assert recorded == ["dispatched", "letter_approved", "letter_returned"]
    assert [event.kind for event in of(office, FIRST)] == ["dispatched"]


@pytest.mark.parametrize(
    ("sent_at", "fault"), [("2025-05-02 09:01", "is in the future"), ("2025-04-29 23:59", "is dated 2025-04-30")]
)
def test_a_moment_that_cannot_be_is_refused_for_each(office, sent_at, fault):
    found = letter_batch.record_dispatches(
        office.settings, [FIRST, SECOND], "post", moment(sent_at), "RR1", OFFICER, NOW
    )
    assert all(one.recorded is None and fault in one.fault for one in found)
    assert of(office, FIRST) == of(office, SECOND) == []


def test_a_letter_stands_where_its_last_decision_left_it(office):
    assert state(office, FIRST) == LetterState.WAITING
    letter_batch.send_back(office.settings, [FIRST], "wrong", OFFICER, NOW)
    assert state(office, FIRST) == LetterState.RETURNED
    letter_batch.approve(office.settings, [FIRST], "after all", COLLEAGUE, moment("2025-05-02 09:01"))
    assert state(office, FIRST) == LetterState.APPROVED
    decisions.overrule_refusal(office.settings, FIRST[:11], "signed", OFFICER, NOW)
    assert state(office, FIRST) == LetterState.LIFTED
    letter_batch.record_dispatches(office.settings, [SECOND], "post", NOW, "RR1", OFFICER, NOW)
    assert state(office, SECOND) == LetterState.SENT


def test_the_journal_is_read_once_for_many_letters(office, monkeypatch):
    read: list[str | None] = []
    whole = events.read_journal
    monkeypatch.setattr(events, "read_journal", lambda *asked: read.append(asked[-1]) or whole(*asked))
    journal = dispatches.journal_once(office.settings)
    for _ in range(3):
        found = standing_of(office.settings, dispatches.letter(office.settings, NOTICE), NOW, journal)
        assert found.state == LetterState.WAITING
    assert sorted(map(str, read)) == sorted({str(kind) for kind in read})


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("a/R-1", ["a/R-1"]), (" a/R-1, b/R-1;c/R-1\n a/R-1 ", ["a/R-1", "b/R-1", "c/R-1"]), (" ", [])],
)
def test_numbers_are_separated_by_blanks_commas_or_semicolons(text, numbers):
    assert letter_batch.numbers_of(text) == numbers


# The commands.


def run(office: OutboxOffice, *arguments: str) -> Any:
    return CliRunner().invoke(
        main, ["decide", *arguments, "--author", OFFICER], env={"ESEP_HOME": str(office.settings.home)}
    )


@pytest.fixture
def clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


SENT = ("--channel", "post", "--proof", "RR1")


@pytest.mark.parametrize(
    ("command", "options", "kind"),
    [
        ("approve", ("--reason", "checked"), "letter_approved"),
        ("return", ("--reason", "wrong"), "letter_returned"),
        ("dispatch", SENT, "dispatched"),
    ],
)
def test_a_command_takes_one_letter_or_several(office, clock_stands, command, options, kind):
    alone = run(office, command, FIRST, *options, "--json")
    assert alone.exit_code == 0, alone.output
    assert json.loads(alone.stdout)["event"] == kind
    several = run(office, command, FIRST, SECOND, *options)
    assert several.exit_code == 0, several.output
    assert f"{FIRST}: {kind}, on record since 2025-05-02 09:00, {OFFICER}." in several.output
    assert f"{SECOND}: {kind}, recorded 2025-05-02 09:00, {OFFICER}." in several.output
    with_fault = run(office, command, MISSING, SECOND, *options, "--json")
    assert with_fault.exit_code == 2
    missing, second = json.loads(with_fault.stdout)["letters"]
    assert (missing["letter_no"], missing["recorded"]) == (MISSING, None)
    assert "no such letter" in missing["fault"]
    assert (second["fault"], second["recorded"]["written"]) == (None, False)
    fault = run(office, command, MISSING, *options)
    assert fault.exit_code == 2
    assert "no such letter" in fault.output
