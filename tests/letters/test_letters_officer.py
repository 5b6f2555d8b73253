"""What only an officer decides, in letters: the request for a machine-readable copy, and a refusal by an officer."""

from __future__ import annotations

from datetime import date

import pytest

from esep.detail import Detail
from esep.examination.model import Finding
from esep.letters import outbox
from esep.letters.facts import OfficerDecision
from esep.letters.placing import LetterError
from esep.office import archive
from letters.letter_office import NUMBER, Office, docx_text, finding, lay, pdf_text, reported

DAY = date(2025, 4, 29)
OF_FILE = {"sheet": None, "row": None, "column_no": None}
SCAN = "скан.pdf"


def unread(file: str, code: str = "no_text", rule_id: str = "C-08") -> Finding:
    return finding(rule_id, file=file, found=f"{code} in English", found_detail=Detail.of(code), **OF_FILE)


def waiting(office: Office, findings: list[Finding]) -> archive.Entry:
    """A filing with a record of its examination and no verdict, as it waits for an officer."""
    office.workbook()
    return office.register(verdict=None, lake=lay(office, NUMBER, findings))


def test_a_request_names_the_files_and_is_no_refusal(office: Office) -> None:
    missing = finding("C-10", file=None, **OF_FILE)
    entry = waiting(office, [unread(SCAN), unread("фото.jpg"), missing, finding(row=17)])
    letter = outbox.write_request(office.settings, entry, "Скан читается глазами: 12 строк.", DAY)
    assert letter.letter_no == f"{NUMBER}/Q-1"
    assert {path.name for path in letter.folder.iterdir()} == {"request.pdf", "request.docx", "status-Q-1.json"}
    for text in (pdf_text(letter.folder / "request.pdf"), docx_text(letter.folder / "request.docx")):
        assert "Просим представить машиночитаемую копию" in text
        assert "машинамен оқылатын көшірмесін" in text
        assert f"1) {SCAN} – " in text
        assert "2) фото.jpg – " in text
        assert "3) " not in text
        assert "in English" not in text
        assert "Причина: Скан читается глазами: 12 строк." in text
        assert "не является отказом, предусмотренным пунктом 8" in text
        assert "Приказом такое письмо не предусмотрено (применяемое толкование" in text
        assert "Срок представления копии приказом не установлен" in text
        assert "28 апреля 2025 года" in text
    value = reported(letter)
    assert (value["kind"], value["fault_count"], value["term"]["ends_on"]) == ("request", 2, "2025-04-30")
    assert value["verdict"] is None


def test_a_request_names_the_files_of_the_first_record_also_after_a_later_one(office: Office) -> None:
    """Once a transcription was examined nothing is unread any more; the letter, lost and written anew, is the same."""
    entry = waiting(office, [unread(SCAN)])
    before = outbox.write_request(office.settings, entry, "Нужна копия.", DAY)
    was = {path.name: path.read_bytes() for path in before.folder.iterdir()}
    for path in before.folder.iterdir():
        path.unlink()
    (entry.folder / "verdict-2.json").write_bytes(
        (entry.folder / "verdict.json").read_bytes().replace(b'"finding/', b'"filing/')
    )
    again = outbox.write_request(office.settings, entry, "Нужна копия.", DAY)
    assert {path.name: path.read_bytes() for path in again.folder.iterdir()} == was


def test_many_unread_files_are_counted(office: Office) -> None:
    entry = waiting(office, [unread(f"скан-{number:02}.pdf") for number in range(15)])
    text = pdf_text(outbox.write_request(office.settings, entry, "Нужна копия.", DAY).folder / "request.pdf")
    assert "12) скан-11.pdf" in text
    assert "и ещё файлов: 3" in text


def test_a_request_without_a_reason_is_not_written(office: Office) -> None:
    with pytest.raises(LetterError, match="reason is empty"):
        outbox.write_request(office.settings, waiting(office, [unread(SCAN)]), "  ", DAY)
    assert not office.settings.outbox.exists()


def test_a_refusal_by_an_officer_says_who_why_and_when(office: Office) -> None:
    office.workbook()
    decided = OfficerDecision("На скане нет подписи под заявлением.", "Омарова А.", DAY)
    letter = outbox.write_refusal(office.settings, office.register(), [], DAY, officer=decided)
    for text in (pdf_text(letter.folder / "refusal.pdf"), docx_text(letter.folder / "refusal.docx")):
        assert "Решение должностного лица (Омарова А., 29.04.2025): На скане нет подписи под заявлением." in text
        assert "по приведённому ниже решению" in text
        assert "по следующим замечаниям" not in text
    value = reported(letter)
    assert (value["kind"], value["verdict"], value["fault_count"]) == ("refusal", "refused", 0)


def test_a_refusal_by_an_officer_has_remarks_and_what_no_machine_read_apart(office: Office) -> None:
    """Nobody alleges an incomplete package because a reader failed: such a file is listed, and is no remark."""
    office.workbook()
    decided = OfficerDecision("Читать нечего.", "Омарова А.", DAY)
    found = [finding(), unread(SCAN)]
    letter = outbox.write_refusal(office.settings, office.register(), found, DAY, officer=decided)
    text = pdf_text(letter.folder / "refusal.pdf")
    assert "Решение должностного лица (Омарова А., 29.04.2025): Читать нечего." in text
    assert "C-45" in text
    assert f"1) {SCAN} – " in text
    assert "C-08" not in text
    assert "не являющиеся основанием" not in text
    value = reported(letter)
    assert (value["fault_count"], set(value["counts"]), value["other_remarks"]) == (2, {"C-45", "C-08"}, 0)


def test_without_an_officer_a_file_that_nobody_can_read_is_a_remark(office: Office) -> None:
    office.workbook()
    letter = outbox.write_refusal(office.settings, office.register(), [unread("a.xlsx", rule_id="C-01")], DAY)
    assert "C-01" in pdf_text(letter.folder / "refusal.pdf")
