"""A replay gives the same as having run daily; what an earlier run recorded stays; a killed run is taken up."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from esep.config import PROJECT
from esep.law import calendar
from esep.supervision import daily
from esep.warehouse.rebuild import rebuild
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import NOW, OTHER_POOL, POOL, finding, row

ROWS = [row("2025-01-06")]
FIRST, LAST = date(2025, 1, 20), date(2025, 4, 4)


def fill(office: SupervisedOffice) -> None:
    """Three months of two pools with everything supervision looks for."""
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2025-01-01,", f"{OTHER_POOL},ТОО «Пул Тобыл»,2025-01-01,")
    refused = [finding("C-45", lane="completeness")]
    wallet = {"wallet": "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"}
    first = office.file("2025-02-10", [ROWS[0] | wallet], findings=[finding("R-37"), finding("R-48")])
    office.decide(first, "rule_waived", "2025-02-10 18:00", rule_id="R-48", until="2025-02-19", reason="asked")
    number = office.file("2025-02-12", ROWS, pool=OTHER_POOL, verdict="refused", findings=refused)
    letter = {"letter_no": f"{number}/R-1", "letter_kind": "refusal", "channel": "post", "proof": "RR1"}
    letter |= {"sent_at": "2025-02-13T09:00:00+05:00"}
    office.decide(number, "dispatched", "2025-02-13 10:00", recipients=[], **letter)
    other = row("2025-02-07", taxpayer="990140004654", name="ТОО «Есіл»") | wallet
    office.file("2025-03-03", [other, row("2025-02-07")], period="2025-02-01")
    office.file("2025-03-28", [row("2025-02-07")], period="2025-02-01", change_date="2025-03-03")
    office.decide_silence("silence_confirmed", "2025-04-01 12:00", "2025-02-01", OTHER_POOL)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_a_replay_is_the_same_as_daily_runs(office: SupervisedOffice, tmp_path: Path) -> None:
    fill(office)
    office.refresh()
    copy = SupervisedOffice(type(office.settings)(home=tmp_path / "copy"))
    shutil.copytree(office.settings.home, copy.settings.home)
    for day in days(FIRST, LAST):
        daily.supervise(office.settings, day)
    daily.supervise(copy.settings, LAST, FIRST)
    reported = office.recorded()
    assert reported == copy.recorded()
    for word in ("late", "unreliable", "incomplete", "not_filed", "silence_found", "reminder_drafted", "R-71"):
        assert any(word in line for line in reported), word


def test_a_run_again_records_nothing(office: SupervisedOffice) -> None:
    fill(office)
    office.supervise(LAST.isoformat(), since=FIRST.isoformat())
    before = office.recorded()
    office.supervise(LAST.isoformat(), since=FIRST.isoformat())
    office.supervise("2025-02-26")
    assert office.recorded() == before


def test_a_rebuild_keeps_events_obligations_and_findings(office: SupervisedOffice) -> None:
    fill(office)
    office.supervise(LAST.isoformat(), since=FIRST.isoformat())
    relations = ("event", "obligation_due", "filing_calendar", "finding", "notice", "waiver", "silence_decision")
    before = [office.query(f"select * from {relation} order by all") for relation in relations]
    assert all(before)
    rebuild(office.settings, NOW)
    assert [office.query(f"select * from {relation} order by all") for relation in relations] == before


def allege(office: SupervisedOffice, rule_id: str, folder: Path) -> None:
    """The office takes what a rule finds for proved: it changes one word of the suite."""
    shutil.copytree(PROJECT / "expectations", folder)
    suite = json.loads((folder / "across_filings.json").read_text(encoding="utf-8"))
    for expectation in suite["expectations"]:
        if expectation["meta"]["rule"] == rule_id:
            expectation["meta"]["severity"] = "error"
    (folder / "across_filings.json").write_text(json.dumps(suite), encoding="utf-8")
    office.settings = replace(office.settings, expectations=folder)


def test_what_the_form_does_not_prove_is_in_no_notice(office: SupervisedOffice) -> None:
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2020-01-01,")
    shared = finding("R-65") | {"severity": "warning"}
    office.file("2025-02-10", ROWS, findings=[shared])
    faulty = office.file("2025-02-10", ROWS, pool=OTHER_POOL, findings=[shared, finding("R-37")])
    office.supervise("2025-02-11")
    found = office.query("select distinct rule_id, severity from finding order by rule_id")
    assert found == [("R-37", "error"), ("R-65", "warning"), ("R-76", "warning"), ("R-77", "warning")]
    [letter] = daily.letters(office.settings)
    status = json.loads((letter.folder / "status-N-1.json").read_text(encoding="utf-8"))
    assert (letter.letter_no, set(status["counts"])) == (f"{faulty}/N-1", {"R-37"})


def test_detection_does_not_move_and_a_fault_that_is_gone_is_withdrawn(
    office: SupervisedOffice, tmp_path: Path
) -> None:
    allege(office, "R-76", tmp_path / "rules")
    office.register_of_pools(f"{OTHER_POOL},ТОО «Пул Тобыл»,2020-01-01,")
    number = office.file("2025-02-10", ROWS)
    office.supervise("2025-02-11")
    found = "select rule_id, detected_on from finding where rule_id = 'R-76'"
    assert office.query(found) == [("R-76", date(2025, 2, 11))]
    office.supervise("2025-02-20")
    assert office.query(found) == [("R-76", date(2025, 2, 11))]
    office.register_of_pools(f"{POOL},ТОО «Пул Алатау»,2020-01-01,")
    office.supervise("2025-02-21")
    assert office.query(found) == []
    office.register_of_pools(f"{OTHER_POOL},ТОО «Пул Тобыл»,2020-01-01,")
    office.supervise("2025-02-24")
    assert office.query(found) == [("R-76", date(2025, 2, 11))]
    fact = f"{number} R-76 {POOL}"
    assert [(letter, day, facts, detected) for letter, day, _, facts, detected in office.notices()] == [
        (f"{number}/N-1", "2025-02-11", [fact], "2025-02-11"),  # withdrawn on the 21st, unsent
        (f"{number}/N-2", "2025-02-24", [fact], "2025-02-24"),  # a new term
    ]


def test_letters_of_a_killed_run_are_written_later_to_the_same_bytes(office: SupervisedOffice) -> None:
    fill(office)
    office.supervise("2025-03-20", since="2025-02-18")
    first = daily.letters(office.settings)
    assert {letter.letter_no.partition("/")[2][0] for letter in first} == {"N", "M"}
    assert daily.letters(office.settings) == []
    outbox = office.settings.outbox
    before = {path.relative_to(outbox): path.read_bytes() for path in outbox.rglob("*") if path.is_file()}
    shutil.rmtree(first[0].folder)
    assert [letter.letter_no for letter in daily.letters(office.settings)] == [
        letter.letter_no for letter in first if letter.folder == first[0].folder
    ]
    assert {path.relative_to(outbox): path.read_bytes() for path in outbox.rglob("*") if path.is_file()} == before


def test_reminders_come_five_working_days_before_the_effective_due_day() -> None:
    assert calendar.due_effective_on(date(2025, 9, 1)) == date(2025, 10, 28)  # Saturday the 25th; the 27th is a day off
    # Working days before the 28th: 24, 23, 22, 21, 20 October.
    assert calendar.remind_on(date(2025, 9, 1)) == date(2025, 10, 20)


def test_a_later_day_must_not_come_first(office: SupervisedOffice) -> None:
    office.refresh()
    with pytest.raises(ValueError, match="give the earlier day first"):
        daily.supervise(office.settings, date(2025, 1, 1), date(2025, 1, 2))
