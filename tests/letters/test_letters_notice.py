"""The notice of para 10: its grounds one by one, several filings in one letter, and what it refuses to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from esep.examination.model import Severity
from esep.letters import outbox
from esep.letters.facts import Fact, NoticeReason, Pool
from esep.letters.placing import Letter, LetterError
from letters import workbook_print
from letters.letter_office import NUMBER, WORKBOOK, Office, docx_text, finding, pdf_text, reported

DAY = date(2025, 4, 29)
MARCH = date(2025, 3, 1)
POOL = Pool("230640000018", "ЖШС «Самал Пул»", "filer@samal.example")


def notice(office: Office, facts: list[Fact], **more: object) -> Letter:
    return outbox.write_notice(office.settings, POOL, MARCH, facts, DAY, DAY, **more)


def test_a_notice_tells_each_ground_with_place_day_and_advice(office: Office) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    fault = finding("R-46", column_no="6", found="вчера")
    facts = [
        Fact(NoticeReason.UNRELIABLE, date(2025, 4, 29), entry, [fault]),
        Fact(NoticeReason.LATE, date(2025, 4, 30), entry),
    ]
    letter = notice(office, facts, entry=entry)
    for text in (pdf_text(letter.folder / "notice.pdf"), docx_text(letter.folder / "notice.docx")):
        # Due on Friday the 25th, received on Monday the 28th.
        assert "1. Сведения представлены несвоевременно: опоздание в календарных днях – 3." in text
        assert "2. Сведения представлены недостоверно; случаев: 1" in text
        assert f"регистрационный номер {NUMBER} от 28.04.2025" in text
        assert "Выявлено: 30 апреля 2025 года" in text
        assert "Выявлено: 29.04.2025" in text
        assert "Просим впредь соблюдать" in text
        assert "вчера" in text
    value = reported(letter)
    assert (value["reasons"], value["days_late"]) == (["late", "unreliable"], 3)
    assert value["term"]["ends_on"] == "2025-05-08"  # 30 April, 2, 5, 6 and 8 May; 1 and 7 May are holidays
    assert value["facts"][0]["missed_term"]["ends_on"] == "2025-04-25"
    assert letter.status.name == "status-N-1.json"
    assert {"findings-N-1.xlsx", "workbook-1-N-1.xlsx"} <= {path.name for path in letter.files}


def test_a_late_correction_is_judged_by_the_change_that_it_declares(office: Office) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    # 10 working days from 11 April 2025: 14-18, 21-25 April; received on the 28th.
    value = reported(notice(office, [Fact(NoticeReason.LATE, DAY, entry, change_date=date(2025, 4, 11))], entry=entry))
    (fact,) = value["facts"]
    assert (fact["days_late"], fact["missed_term"]["paragraph"], fact["missed_term"]["ends_on"]) == (3, 6, "2025-04-25")
    assert "пункт 6 Правил" in pdf_text(office.settings.outbox / NUMBER / "notice.pdf")


def test_a_correction_in_its_own_term_is_not_late_however_long_after_the_25th(office: Office) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    with pytest.raises(LetterError, match="not late"):
        notice(office, [Fact(NoticeReason.LATE, DAY, entry, change_date=date(2025, 4, 14))], entry=entry)


def test_a_refused_filing_that_was_not_filed_again_is_incomplete_and_names_its_refusal(office: Office) -> None:
    office.workbook()
    entry = office.register()
    refusal = outbox.write_refusal(office.settings, entry, [finding()], DAY)
    before = {path.name: path.read_bytes() for path in refusal.folder.iterdir()}
    letter = notice(office, [Fact(NoticeReason.INCOMPLETE, date(2025, 5, 12), entry)], entry=entry)
    text = pdf_text(letter.folder / "notice.pdf")
    assert f"отказ № {NUMBER}/R-1" in text
    assert "согласно пункту 9 Правил" in text
    assert f"Реквизиты: регистрационный номер {NUMBER}" in text
    assert f"Деректемелері: тіркеу нөмірі {NUMBER}" in text
    assert "по практике органа: 10 (применяемое толкование открытого вопроса приказа)" in text
    after = {path.name: path.read_bytes() for path in letter.folder.iterdir()}
    assert before.items() <= after.items(), "the notice does not touch the refusal"


def test_facts_about_several_filings_stand_in_one_letter(office: Office) -> None:
    office.workbook()
    first = office.register("2025-000011", registered_on=date(2025, 4, 20))
    second = office.register(verdict="accepted")
    facts = [
        Fact(NoticeReason.UNRELIABLE, DAY, first, [finding("R-46", row=16)]),
        Fact(NoticeReason.UNRELIABLE, date(2025, 4, 30), second, [finding("R-46", row=17), finding("R-37", row=18)]),
        Fact(NoticeReason.LATE, DAY, second),
    ]
    letter = notice(office, facts, entry=second)
    assert pdf_text(letter.folder / "notice.pdf").count("1) findings-N-1.xlsx") == 2, "read alike in both languages"
    value = reported(letter)
    assert [(one["reason"], one["registration_no"], one["fault_count"]) for one in value["facts"]] == [
        ("late", NUMBER, 0),
        ("unreliable", "2025-000011", 1),
        ("unreliable", NUMBER, 2),
    ]
    assert [(one["registration_no"], one["commented_cells"]) for one in value["workbooks"]] == [
        ("2025-000011", 1),
        (NUMBER, 2),
    ]
    sheet = load_workbook(letter.folder / "findings-N-1.xlsx")["Findings"]
    assert workbook_print.complaints(sheet) == []
    rows = {(row[0].value, row[6].value, row[12].value, row[13].value) for row in sheet.iter_rows(min_row=2)}
    assert rows == {
        ("R-37", "E18", NUMBER, "30.04.2025"),
        ("R-46", "E16", "2025-000011", "29.04.2025"),
        ("R-46", "E17", NUMBER, "30.04.2025"),
    }
    text = pdf_text(letter.folder / "notice.pdf")
    assert "№ 2025-000011" in text
    assert "2025-000011/1-ЦМ.xlsx" in text


def test_a_fault_that_two_facts_tell_of_is_reported_once_since_its_first_day(office: Office) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    warning = replace(finding("R-66"), severity=Severity.WARNING)
    facts = [
        Fact(NoticeReason.UNRELIABLE, date(2025, 5, 2), entry, [finding("R-46"), warning]),
        Fact(NoticeReason.UNRELIABLE, DAY, entry, [finding("R-37"), warning]),
    ]
    value = reported(notice(office, facts, entry=entry))
    assert {rule: count["count"] for rule, count in value["counts"].items()} == {"R-37": 1, "R-46": 1, "R-66": 1}
    assert {one["detected_on"] for one in value["findings"] if one["rule_id"] == "R-66"} == {"2025-04-29"}
    assert [(one["detected_on"], one["fault_count"]) for one in value["facts"]] == [("2025-04-29", 2)]


def test_a_warning_is_listed_but_is_no_ground(office: Office) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    warned = Fact(NoticeReason.UNRELIABLE, DAY, entry, [replace(finding("R-66"), severity=Severity.WARNING)])
    with pytest.raises(LetterError, match="a warning by itself is none"):
        notice(office, [warned], entry=entry)
    value = reported(notice(office, [warned, Fact(NoticeReason.LATE, DAY, entry)], entry=entry))
    assert (value["reasons"], list(value["counts"])) == (["late"], ["R-66"])


def test_a_second_notice_has_a_number_of_its_own(office: Office) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    for serial in (1, 2):
        letter = notice(office, [Fact(NoticeReason.LATE, DAY, entry)], entry=entry, serial=serial)
    assert letter.letter_no == f"{NUMBER}/N-2"
    assert {"notice.pdf", "notice-2.pdf"} <= {path.name for path in letter.folder.iterdir()}


def test_a_notice_of_silence_lies_under_pool_and_period(office: Office) -> None:
    letter = outbox.write_notice(
        office.settings,
        POOL,
        date(2025, 9, 1),
        [Fact(NoticeReason.NOT_FILED, date(2025, 10, 29))],
        date(2025, 10, 29),
        date(2025, 10, 30),
    )
    assert letter.folder == office.settings.outbox / "230640000018-2025-09"
    text = pdf_text(letter.folder / "notice.pdf")
    assert "Сведения не представлены" in text
    assert "последний день 28 октября 2025 года" in text
    assert "Если в этом месяце активы не распределялись" in text
    assert reported(letter)["registration_no"] is None


@pytest.mark.parametrize(
    ("reasons", "pool", "match"),
    [
        ([], POOL, "at least one ground"),
        ([NoticeReason.LATE], POOL, "late cannot be said without a filing"),
        ([NoticeReason.UNRELIABLE], POOL, "unreliable cannot be said without a filing"),
        ([NoticeReason.NOT_FILED], Pool(None), "BIN and the period"),
        ([NoticeReason.NOT_FILED], Pool("../../etc"), "folder of the outbox"),
    ],
)
def test_a_notice_that_says_nothing_true_is_not_written(
    office: Office, reasons: list[NoticeReason], pool: Pool, match: str
) -> None:
    with pytest.raises(LetterError, match=match):
        outbox.write_notice(office.settings, pool, MARCH, [Fact(reason, DAY) for reason in reasons], DAY, DAY)
    assert not office.settings.outbox.exists()


@pytest.mark.parametrize(
    ("reason", "match"),
    [
        (NoticeReason.NOT_FILED, "not_filed cannot be said of a filing"),
        (NoticeReason.UNRELIABLE, "needs the findings"),
        (NoticeReason.INCOMPLETE, "is accepted"),
    ],
)
def test_what_is_not_so_of_a_filing_is_not_said(office: Office, reason: NoticeReason, match: str) -> None:
    office.workbook()
    entry = office.register(verdict="accepted")
    with pytest.raises(LetterError, match=match):
        notice(office, [Fact(reason, DAY, entry)], entry=entry)


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
    entry = office.register(verdict="accepted", pool_name="Самал")
    one = finding("R-46", found=name, expected=name, message_ru=name, message_kk=name, file=WORKBOOK)
    letter = outbox.write_notice(
        office.settings,
        Pool("230640000018", name, name),
        None,
        [Fact(NoticeReason.UNRELIABLE, DAY, entry, [one])],
        DAY,
        DAY,
        entry=entry,
    )
    reader = PdfReader(letter.folder / "notice.pdf")
    assert len(reader.pages) <= 6
    assert "root:" not in pdf_text(letter.folder / "notice.pdf")
    assert "Уведомление" in docx_text(letter.folder / "notice.docx")
    for path in letter.folder.glob("*.xlsx"):
        cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
        assert not any(cell.data_type in ("f", "e") for cell in cells)
