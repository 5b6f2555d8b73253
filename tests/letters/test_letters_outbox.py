"""Letters in the outbox: which files, what they say, written once, the same bytes for the same facts."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from esep.letters import outbox, status
from esep.letters.facts import NoticeReason, Pool
from esep.letters.outbox import Letter, LetterError
from letters.letter_office import NUMBER, WORKBOOK, Office, finding

DAY = date(2025, 4, 29)
POOL = Pool("230640000018", "ЖШС «Самал Пул»", "filer@samal.example")
SCHEMA = json.loads(Path(status.__file__).with_name("status.schema.json").read_text(encoding="utf-8"))


def told(letter: Letter) -> dict:
    value = json.loads(letter.status.read_text(encoding="utf-8"))
    jsonschema.validate(value, SCHEMA)
    return value


def pdf_text(path: Path) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)
    return " ".join(text.replace("\u200b", "").split())


def docx_text(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([paragraph.text for paragraph in document.paragraphs] + cells)


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
        assert WORKBOOK in text
        assert "не прочитаны" not in text
    value = told(letter)
    assert (value["verdict"], value["term"]["ends_on"]) == (None, "2025-04-30")


def test_a_receipt_of_history_names_no_term(office: Office) -> None:
    office.workbook()
    letter = outbox.write_receipt(office.settings, office.register(), DAY, history=True)
    assert told(letter)["term"] is None
    assert "срок проверки к нему не применяется" in pdf_text(letter.folder / "receipt.pdf")


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
        assert "ұяшық E16" in text
        assert "Ячейка пуста" in text
        assert "R-46" not in text
        assert "являющиеся основанием для отказа (пункт 10 Правил): 1" in text
        assert "30 апреля 2025 года" in text
    value = told(letter)
    assert value["fault_count"] == 2
    assert value["other_remarks"] == 1
    assert value["workbooks"] == [
        {"file": WORKBOOK, "outcome": "annotated", "copy": "workbook-1.xlsx", "commented_cells": 2}
    ]
    sheet = load_workbook(letter.folder / "findings.xlsx")["Findings"]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["C-12", "C-45", "R-46"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:O4")


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


def test_a_notice_lists_its_grounds_and_asks_for_a_correction(office: Office) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    reasons = [NoticeReason.UNRELIABLE, NoticeReason.LATE]
    findings = [finding("R-46", column_no="6", found="вчера")]
    letter = outbox.write_notice(
        office.settings, POOL, date(2025, 3, 1), reasons, date(2025, 4, 29), DAY, entry=entry, findings=findings
    )
    text = pdf_text(letter.folder / "notice.pdf")
    assert "опозданием, календарных дней: 3" in text  # due on Friday the 25th, received on Monday the 28th
    assert "вчера" in text
    value = told(letter)
    assert (value["reasons"], value["days_late"]) == (["late", "unreliable"], 3)
    assert value["term"]["ends_on"] == "2025-05-08"  # 30 April, 2, 5, 6 and 8 May; 1 and 7 May are holidays
    assert letter.status.name == "status.json"


def test_a_notice_about_a_refused_filing_does_not_touch_the_refusal(office: Office) -> None:
    office.workbook()
    entry = office.register()
    refusal = outbox.write_refusal(office.settings, entry, [finding()], DAY)
    before = bytes_of(refusal.folder)
    notice = outbox.write_notice(
        office.settings, POOL, date(2025, 3, 1), [NoticeReason.LATE], DAY, DAY, entry=entry, findings=[finding("R-46")]
    )
    assert notice.status.name == "status-N-1.json"
    assert {"findings-N-1.xlsx", "workbook-1-N-1.xlsx"} <= {path.name for path in notice.files}
    assert before.items() <= bytes_of(refusal.folder).items()


def test_a_second_notice_has_a_number_of_its_own(office: Office) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    for serial in (1, 2):
        letter = outbox.write_notice(
            office.settings, POOL, date(2025, 3, 1), [NoticeReason.LATE], DAY, DAY, entry=entry, serial=serial
        )
    assert letter.letter_no == f"{NUMBER}/N-2"
    assert {"notice.pdf", "notice-2.pdf"} <= {path.name for path in letter.folder.iterdir()}


def test_a_notice_of_silence_and_a_reminder_lie_under_pool_and_period(office: Office) -> None:
    period = date(2025, 9, 1)
    notice = outbox.write_notice(
        office.settings, POOL, period, [NoticeReason.NOT_FILED], date(2025, 10, 29), date(2025, 10, 29)
    )
    reminder = outbox.write_reminder(office.settings, POOL, period, date(2025, 10, 20))
    assert notice.folder == reminder.folder == office.settings.outbox / "230640000018-2025-09"
    assert "в установленный срок не представлены" in pdf_text(notice.folder / "notice.pdf")
    text = pdf_text(reminder.folder / "reminder.pdf")
    assert "28 октября 2025 года" in text
    assert "До конца срока календарных дней: 8" in text
    assert told(notice)["registration_no"] is None
    assert told(reminder)["term"]["rolled_over"]


@pytest.mark.parametrize(
    ("reasons", "pool", "match"),
    [
        ([], POOL, "at least one ground"),
        ([NoticeReason.LATE], POOL, "not late"),
        ([NoticeReason.NOT_FILED], Pool(None), "BIN and the period"),
        ([NoticeReason.NOT_FILED], Pool("../../etc"), "folder of the outbox"),
    ],
)
def test_a_notice_that_says_nothing_true_is_not_written(office: Office, reasons: list, pool: Pool, match: str) -> None:
    with pytest.raises(LetterError, match=match):
        outbox.write_notice(office.settings, pool, date(2025, 3, 1), reasons, DAY, DAY)


def test_a_reminder_after_the_term_is_an_error(office: Office) -> None:
    with pytest.raises(LetterError, match="too late"):
        outbox.write_reminder(office.settings, POOL, date(2025, 9, 1), date(2025, 10, 29))


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("http://x.example","x")',
        "<script>alert(1)</script>&amp;]]>",
        '#read("/etc/passwd") $x$ *b* @cite \\ // "',
        "Пул \u202e\u200f\u0000\x07 кері",
        "Ұ" * 500,
        "Цифрлық майнинг " * 40,
        "\ud800 жалғыз",
    ],
)
def test_hostile_names_are_only_words(office: Office, name: str) -> None:
    office.workbook()
    entry = office.register(pool_name="Самал")
    one = finding(found=name, expected=name, message_ru=name, message_kk=name, file=WORKBOOK)
    notice = outbox.write_notice(
        office.settings, Pool("230640000018", name, name), None, [NoticeReason.UNRELIABLE], DAY, DAY,
        entry=entry, findings=[one],
    )  # fmt: skip
    reader = PdfReader(notice.folder / "notice.pdf")
    assert len(reader.pages) <= 6
    assert "root:" not in pdf_text(notice.folder / "notice.pdf")
    assert "Уведомление" in docx_text(notice.folder / "notice.docx")
    for path in notice.folder.glob("*.xlsx"):
        cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
        assert not any(cell.data_type in ("f", "e") for cell in cells)


def test_many_remarks_are_capped_and_counted(office: Office) -> None:
    office.workbook()
    findings = [finding(row=row) for row in range(20, 220)] + [finding(row=None, occurrences=9800)]
    letter = outbox.write_refusal(office.settings, office.register(), findings, DAY)
    text = pdf_text(letter.folder / "refusal.pdf")
    assert "случаев: 10000" in text
    assert "Ещё таких случаев: 9990" in text
    assert told(letter)["counts"]["C-45"]["count"] == 10000
