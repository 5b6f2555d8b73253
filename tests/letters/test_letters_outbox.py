"""Letters in the outbox: which files, what they say, written once, the same bytes for the same facts."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from esep.clock import TIMEZONE
from esep.letters import outbox, placing
from esep.letters.facts import Pool
from esep.letters.placing import LetterError
from esep.office import events, handovers
from letters import workbook_print
from letters.letter_office import NUMBER, WORKBOOK, Office, docx_text, finding, pdf_text, reported

DAY = date(2025, 4, 29)
TAKEN_IN = datetime(2025, 4, 29, 9, tzinfo=TIMEZONE)
POOL = Pool("230640000018", "ЖШС «Самал Пул»", "filer@samal.example")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_receipt_says_what_was_registered_and_how_the_term_runs(office: Office) -> None:
    office.workbook()
    letter = outbox.write_receipt(office.settings, office.register(), DAY)
    assert letter.letter_no == f"{NUMBER}/A-1"
    for text in (pdf_text(letter.folder / "receipt.pdf"), docx_text(letter.folder / "receipt.docx")):
        assert "28 апреля 2025 года" in text
        assert "2025 жылғы 28 сәуір" in text
        assert "1) 29.04.2025, 2) 30.04.2025" in text
        assert "Уполномоченный орган в сфере цифровых активов" in text
        assert "Уполномоченный орган, осуществляющий руководство" in text
        assert "Органы, которым пул адресовал пакет (пункт 5 Правил)" in text
        assert WORKBOOK in text
        assert "не прочитаны" not in text
    value = reported(letter)
    assert (value["verdict"], value["term"]["ends_on"]) == (None, "2025-04-30")


def test_every_look_of_a_word_letter_is_a_style_of_the_document(office: Office) -> None:
    office.workbook()
    letter = outbox.write_refusal(office.settings, office.register(), [finding()], DAY)
    with zipfile.ZipFile(letter.folder / "refusal.docx") as parts:
        texts = {name: parts.read(name).decode("utf-8") for name in parts.namelist() if name.endswith(".xml")}
    defined = set(re.findall(r'w:styleId="([^"]+)"', texts["word/styles.xml"]))
    pages = "".join(text for name, text in texts.items() if re.search(r"document|footer", name))
    used = set(re.findall(r'<w:(?:pStyle|tblStyle|rStyle) w:val="([^"]+)"', pages))
    linked = set(re.findall(r'<w:(?:basedOn|next|link) w:val="([^"]+)"', texts["word/styles.xml"]))
    assert {"Lettertitle", "TableGrid"} <= used
    assert used | linked <= defined


def test_letters_of_history_by_its_stamp_say_so_and_name_no_term(office: Office) -> None:
    office.workbook()
    entry = office.register()
    events.append(entry.folder, "loaded_as_history", TAKEN_IN, "esep.office", {"basis": "stamp"})
    letters = (
        outbox.write_receipt(office.settings, entry, DAY),
        outbox.write_refusal(office.settings, entry, [finding()], DAY),
    )
    for letter, stem in zip(letters, ("receipt", "refusal"), strict=True):
        assert reported(letter)["term"] is None
        text = pdf_text(letter.folder / f"{stem}.pdf")
        assert "внесён как ранее поступивший 29 апреля 2025 года (по отметке канцелярии)" in text
        assert "30 апреля" not in text
        assert "не применяется" not in text


def test_what_is_wrong_with_a_file_is_reported_in_both_languages(office: Office) -> None:
    (office.package / "a.xlsx").write_bytes(b"PK")
    broken = finding("C-01", file="a.xlsx", sheet=None, row=None, column_no=None, found="The file is damaged.")
    letter = outbox.write_refusal(office.settings, office.register(), [broken], DAY)
    text = pdf_text(letter.folder / "refusal.pdf")
    assert "Файл повреждён." in text
    assert "Файл бүлінген." in text
    assert "The file is damaged" not in text
    cells = [
        cell.value for row in load_workbook(letter.folder / "findings.xlsx")["Findings"].iter_rows() for cell in row
    ]
    assert "Файл бүлінген. / Файл повреждён. / The file is damaged." in cells


def test_a_filer_who_was_not_recognised_is_addressed_and_the_pool_is_not_determined(office: Office) -> None:
    office.workbook()
    entry = office.register(pool_id=None, pool_name=None, period=None)
    text = pdf_text(outbox.write_refusal(office.settings, entry, [finding()], DAY).folder / "refusal.pdf")
    assert text.count("Лицу, представившему сведения (наименование и БИН пула не прочитаны)") == 1
    assert "Пул не определён" in text


def test_what_a_killed_writer_left_aside_is_removed(office: Office) -> None:
    office.workbook()
    entry = office.register()
    for shelf in range(placing.SHELVES):
        left = office.settings.outbox / ".staging" / str(shelf) / "2024-000001"
        left.mkdir(parents=True)
        (left / "receipt.pdf").write_bytes(b"half")
    outbox.write_receipt(office.settings, entry, DAY)
    assert len(list((office.settings.outbox / ".staging").iterdir())) == placing.SHELVES - 1


def test_a_receipt_is_the_same_before_and_after_the_examination(office: Office) -> None:
    office.workbook()
    entry = office.register()
    before = bytes_of(outbox.write_receipt(office.settings, entry, DAY).folder)
    for path in (office.settings.outbox / NUMBER).iterdir():
        path.unlink()
    office.register(verdict="accepted", pool_id=None)
    assert bytes_of(outbox.write_receipt(office.settings, entry, DAY).folder) == before


def test_a_refusal_tells_every_remark_with_its_cell(office: Office) -> None:
    office.workbook()
    findings = [finding(row=16, found=None), finding("C-12", file=None, sheet=None, row=None, column_no=None)]
    findings.append(finding("R-46", row=17, column_no="6", found="вчера", expected="dd.mm.yyyy"))
    letter = outbox.write_refusal(office.settings, office.register(), findings, DAY)
    names = {path.name for path in letter.folder.iterdir()}
    assert names == {"refusal.pdf", "refusal.docx", "workbook-1.xlsx", "findings.xlsx", "status.json"}
    for text in (pdf_text(letter.folder / "refusal.pdf"), docx_text(letter.folder / "refusal.docx")):
        assert "C-45" in text
        assert "пункт 8, приложение 2, столбец 5" in text
        assert "ячейка E16" in text
        assert "E16 ұяшығы" in text
        assert "Ячейка пуста" in text
        assert "R-46" not in text
        assert "являющиеся основанием для отказа: 1" in text
        assert "30 апреля 2025 года" in text
    value = reported(letter)
    assert value["fault_count"] == 2
    assert value["other_remarks"] == 1
    assert value["workbooks"] == [
        {
            "registration_no": None,
            "file": WORKBOOK,
            "outcome": "annotated",
            "copy": "workbook-1.xlsx",
            "commented_cells": 2,
        }
    ]
    sheet = load_workbook(letter.folder / "findings.xlsx")["Findings"]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["C-12", "C-45", "R-46"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:O4")


def test_workbooks_of_a_letter_can_be_read_on_paper(office: Office) -> None:
    office.workbook()
    letter = outbox.write_refusal(office.settings, office.register(), [finding(), finding("R-46")], DAY)
    marked = load_workbook(letter.folder / "workbook-1.xlsx")
    sheets = [*load_workbook(letter.folder / "findings.xlsx").worksheets, marked.worksheets[0]]
    assert {sheet.title: workbook_print.complaints(sheet) for sheet in sheets} == {sheet.title: [] for sheet in sheets}


def test_a_second_call_leaves_the_letter_and_a_lost_status_brings_the_same_bytes(office: Office) -> None:
    office.workbook()
    entry = office.register()
    first = outbox.write_refusal(office.settings, entry, [finding()], DAY)
    before = bytes_of(first.folder)
    second = outbox.write_refusal(office.settings, entry, [finding(), finding(row=17)], DAY)
    assert (first.written, second.written) == (True, False)
    assert second.files == first.files
    assert bytes_of(first.folder) == before
    first.status.unlink()  # as after a kill before the last step
    (first.folder / "refusal.pdf").unlink()
    assert outbox.write_refusal(office.settings, entry, [finding()], DAY).written
    assert bytes_of(first.folder) == before
    assert not list((office.settings.outbox / ".staging").iterdir())


def test_only_a_refused_filing_with_a_fault_of_completeness_is_refused(office: Office) -> None:
    office.workbook()
    with pytest.raises(LetterError, match="needs a finding of completeness"):
        outbox.write_refusal(office.settings, office.register(), [finding("R-46")], DAY)
    with pytest.raises(LetterError, match="accepted"):
        outbox.write_refusal(office.settings, office.register(verdict="accepted"), [finding()], DAY)
    assert not office.settings.outbox.exists()


def test_a_reminder_lies_under_pool_and_period_and_counts_the_days_left(office: Office) -> None:
    letter = outbox.write_reminder(office.settings, POOL, date(2025, 9, 1), date(2025, 10, 20))
    assert letter.folder == office.settings.outbox / "230640000018-2025-09"
    text = pdf_text(letter.folder / "reminder.pdf")
    assert "28 октября 2025 года" in text
    assert "До конца срока календарных дней: 8" in text
    assert "орган в сфере цифровых активов" not in text
    assert reported(letter)["term"]["rolled_over"]


def test_a_reminder_after_the_term_is_an_error(office: Office) -> None:
    with pytest.raises(LetterError, match="too late"):
        outbox.write_reminder(office.settings, POOL, date(2025, 9, 1), date(2025, 10, 29))


def test_many_remarks_are_capped_and_counted(office: Office) -> None:
    office.workbook()
    findings = [finding(row=row) for row in range(20, 220)] + [finding(row=None, occurrences=9800)]
    letter = outbox.write_refusal(office.settings, office.register(), findings, DAY)
    text = pdf_text(letter.folder / "refusal.pdf")
    assert "случаев: 10000" in text
    assert "Ещё таких случаев: 9990" in text
    assert reported(letter)["counts"]["C-45"]["count"] == 10000


def test_a_letter_names_no_body_as_recipient_that_it_was_not_sent_to(office: Office) -> None:
    """Only the receipt names the two bodies, as those to which the pool addressed its package (para 5)."""
    office.workbook()
    entry = office.register()
    refusal = outbox.write_refusal(office.settings, entry, [finding()], DAY)
    for text in (pdf_text(refusal.folder / "refusal.pdf"), docx_text(refusal.folder / "refusal.docx")):
        assert "рганы, которым" not in text
        assert "орган в сфере цифровых активов" not in text
        assert "Копия:" not in text
    assert reported(refusal)["recipients"] == ["authorised_body", "tax_authority"]


def test_a_receipt_says_that_the_package_is_handed_over_only_where_that_is_switched_on(office: Office) -> None:
    office.workbook()
    said = "канцелярия передаёт второму органу"
    assert said not in pdf_text(outbox.write_receipt(office.settings, office.register(), DAY).folder / "receipt.pdf")
    at = datetime(2025, 4, 1, 9, tzinfo=TIMEZONE)
    handovers.switch_on(office.settings, date(2025, 4, 28), "protocol 7", "Омарова А.", at)
    for number, day, is_said in (("2025-000018", date(2025, 4, 28), True), ("2025-000019", date(2025, 4, 27), False)):
        entry = office.register(number, registered_on=day)
        text = pdf_text(outbox.write_receipt(office.settings, entry, DAY).folder / "receipt.pdf")
        assert (said in text) is is_said
