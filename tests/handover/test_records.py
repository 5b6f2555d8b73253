"""What is on record of handing over: the switch, and the other body's receipt."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from esep.backup.restoring import restore
from esep.backup.saving import save
from esep.config import Settings
from esep.handover.run import hand_over
from esep.handover.target import FolderTarget
from esep.office import events, handovers
from esep.office.decisions import DecisionError
from esep.office.handovers import acknowledge, required_since, switch_off, switch_on
from esep.proof.check import check
from warehouse.warehouse_office import Office, moment, row

DAY = date(2025, 2, 10)
OFFICER = "А. Қарашаева"
AT = moment("2025-02-12 09:00")


@pytest.fixture
def handed_over(office: Office, folder: Path) -> Office:
    office.file("2025-02-10", [row("2025-01-06")])
    hand_over(office.settings, DAY, FolderTarget(folder), OFFICER, lambda: moment("2025-02-10 23:30"))
    return office


def test_the_receipt_of_the_other_body_is_recorded_once_and_its_file_is_kept(
    handed_over: Office, tmp_path: Path
) -> None:
    settings = handed_over.settings
    receipt = tmp_path / "қолхат №5.PDF"
    receipt.write_bytes(b"%PDF the other body's")
    given = (settings, "2025-02-10", "КР-118", date(2025, 2, 11), OFFICER)
    first = acknowledge(*given, AT, receipt)
    again = acknowledge(*given, moment("2025-02-13"), receipt)
    assert (first.written, again.written, again.event.path) == (True, False, first.event.path)
    data = first.event.data
    assert (data["receipt_no"], data["received_on"], data["file_name"]) == ("КР-118", "2025-02-11", "қолхат №5.PDF")
    kept = settings.journal / data["file_path"]
    assert (kept.read_bytes(), kept.suffix, kept.stat().st_mode & 0o777) == (receipt.read_bytes(), ".pdf", 0o640)
    corrected = acknowledge(settings, "2025-02-10", "КР-119", date(2025, 2, 11), OFFICER, moment("2025-02-14"))
    assert corrected.written
    report = check(settings, full=True)
    assert (report.damages, report.strays) == ((), ())
    kept.write_bytes(b"another")
    assert [one.path for one in check(settings, full=True).damages] == [f"journal/{data['file_path']}"]


@pytest.mark.parametrize(
    ("name", "number", "received_on", "words"),
    [
        ("2025-02-11", "КР-1", "2025-02-11", "no such bundle was handed over"),
        ("2025-02-10-2", "КР-1", "2025-02-11", "no such bundle was handed over"),
        ("2025-02-10-1", "КР-1", "2025-02-11", "a bundle is named by its day"),
        ("10.02.2025", "КР-1", "2025-02-11", "a bundle is named by its day"),
        ("2025-02-30", "КР-1", "2025-02-11", "a bundle is named by its day"),
        ("2025-02-10", "  ", "2025-02-11", "the number of the receipt is empty"),
        ("2025-02-10", "КР-1", "2025-02-09", "was handed over on 2025-02-10 and today is 2025-02-12"),
        ("2025-02-10", "КР-1", "2025-02-13", "Check the day on the receipt"),
    ],
)
def test_a_receipt_that_cannot_be_meant_is_refused(
    handed_over: Office, name: str, number: str, received_on: str, words: str
) -> None:
    with pytest.raises(DecisionError, match=words):
        acknowledge(handed_over.settings, name, number, date.fromisoformat(received_on), OFFICER, AT)
    assert events.read_journal(handed_over.settings, handovers.ACKNOWLEDGED) == []


def test_a_receipt_that_cannot_be_read_is_refused(handed_over: Office, tmp_path: Path) -> None:
    with pytest.raises(DecisionError, match=r"gone\.pdf: the receipt cannot be read"):
        acknowledge(handed_over.settings, "2025-02-10", "1", DAY, OFFICER, AT, tmp_path / "gone.pdf")


def test_the_last_word_about_the_duty_counts(office: Office) -> None:
    settings = office.settings
    assert required_since(settings) is None
    assert switch_on(settings, DAY, "protocol 7", OFFICER, AT).written
    assert not switch_on(settings, DAY, "protocol 7", OFFICER, moment("2025-02-13")).written
    assert required_since(settings) == DAY
    switch_off(settings, "protocol 8", OFFICER, moment("2025-02-14"))
    assert required_since(settings) is None
    with pytest.raises(DecisionError, match="the last counts; none can be added before it"):
        switch_on(settings, DAY, "protocol 9", OFFICER, AT)
    with pytest.raises(DecisionError, match="The reason is empty"):
        switch_on(settings, DAY, " ", OFFICER, moment("2025-02-15"))


def test_a_backup_holds_what_is_on_record(handed_over: Office, tmp_path: Path) -> None:
    settings = handed_over.settings
    receipt = tmp_path / "receipt.txt"
    receipt.write_text("№ 118")
    kept = acknowledge(settings, "2025-02-10", "118", date(2025, 2, 11), OFFICER, AT, receipt).event.data["file_path"]
    save(settings, tmp_path / "kept.tar", AT)
    home = tmp_path / "restored"
    restore(tmp_path / "kept.tar", settings, home, AT)
    again = Settings(home=home)
    assert handovers.bundles(again)[0].numbers == handovers.bundles(settings)[0].numbers
    assert (again.journal / kept).read_text() == "№ 118"
    report = check(again, full=True)
    assert (report.damages, report.strays) == ((), ())
