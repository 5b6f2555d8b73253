"""Whose letter it is, and where to appeal: from the office's file and a dated row, and said to be missing otherwise."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from esep.clock import TIMEZONE
from esep.law import tables
from esep.letters import issuer, outbox
from esep.letters.facts import Fact, NoticeReason, Pool
from esep.letters.issuer import LetterheadError
from esep.office import confirmations
from letters.letter_office import Office, docx_text, finding, pdf_text

DAY = date(2025, 4, 29)
WHOLE = """
[[letterhead]]
[letterhead.kk]
body = "Үлгі орган"
address = "Астана қаласы, Үлгі көшесі, 1"
contact = "kense@organ.example"
executor = "Үлгіева А."
[letterhead.ru]
body = "Образцовый орган"
address = "город Астана, улица Образцовая, 1"
contact = "kense@organ.example"
executor = "Образцова А., +7 7172 000000"

[[letterhead]]
valid_from = 2025-05-01
[letterhead.ru]
body = "Образцовый комитет"
"""


def write(office: Office, text: str) -> Path:
    path = issuer.path_of(office.settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(office: Office, dated: date = DAY, number: str = "2025-000017") -> tuple[str, str]:
    office.workbook()
    folder = outbox.write_refusal(office.settings, office.register(number), [finding()], dated).folder
    return pdf_text(folder / "refusal.pdf"), docx_text(folder / "refusal.docx")


def test_a_letter_names_body_address_contact_and_executor(office: Office) -> None:
    write(office, WHOLE)
    for text in refusal(office):
        for part in ("Үлгі орган", "Үлгі көшесі, 1", "Орындаушы: Үлгіева А."):
            assert part in text
        for part in ("Образцовый орган", "улица Образцовая, 1", "Исполнитель: Образцова А., +7 7172 000000"):
            assert part in text
        assert text.count("kense@organ.example") == 2
        assert "[не указано" not in text


def test_what_is_not_set_is_said_to_be_missing_in_the_language_of_the_letter(office: Office) -> None:
    for text in refusal(office):
        assert "[не указано: адрес органа, выдавшего письмо]" in text
        assert "[көрсетілмеген: хатты берген органның мекенжайы]" in text
        assert "Исполнитель: [не указано: фамилия" in text


def test_a_letter_bears_the_letterhead_of_its_own_day_and_the_first_holds_before(office: Office) -> None:
    write(office, WHOLE)
    before, after = refusal(office)[0], refusal(office, date(2025, 5, 1), "2025-000018")[0]
    assert "Образцовый орган" in before
    assert "Образцовый комитет" in after
    assert "Образцовый орган" not in after
    assert "[не указано: адрес органа" in after


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[letterhead]", "cannot be read as TOML"),
        ("body = 'x'", r"tables \[\[letterhead\]\] and nothing else"),
        ("[letterhead]\nbody = 'x'", r"tables \[\[letterhead\]\] and nothing else"),
        ("[[letterhead]]\nen.body = 'x'", "table 1: en is not known; there are valid_from, kk and ru"),
        ("[[letterhead]]\nkk.adress = 'x'", "table 1, kk: adress is not known; there are body, address"),
        ("[[letterhead]]\nkk = 'x'", "table 1, kk: a table is expected"),
        ("[[letterhead]]\nkk.body = 5", "table 1, kk, body: a text in quotation marks is expected, found 5"),
        ("[[letterhead]]\nvalid_from = '2025'", "table 1: valid_from is '2025'; a day is expected"),
        ("[[letterhead]]\n[[letterhead]]", "table 2 has no valid_from, as the one before"),
        ("[[letterhead]]\nvalid_from = 2025-01-01\n" * 2, "table 2 begins on 2025-01-01, as another one"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_no_letter_is_written(office: Office, text: str, said: str) -> None:
    path = write(office, text)
    with pytest.raises(LetterheadError, match=said) as caught:
        refusal(office)
    assert str(path) in str(caught.value)
    assert not list(office.settings.outbox.glob("2025-*/*"))


def test_refusal_and_notice_say_where_to_appeal_and_that_nobody_confirmed_it(office: Office) -> None:
    noticed = outbox.write_notice(
        office.settings, Pool("230640000018"), date(2025, 3, 1), [Fact(NoticeReason.NOT_FILED, DAY)], DAY, DAY
    )
    for text in (*refusal(office), pdf_text(noticed.folder / "notice.pdf")):
        assert "статьям 91 и 92 Административного процедурно-процессуального кодекса" in text
        assert "не позднее трёх месяцев" in text
        assert "текст органом, выдавшим письмо, не подтверждён" in text
        assert "бұл мәтінді хатты берген орган растаған жоқ" in text


def test_a_receipt_and_a_reminder_say_nothing_of_an_appeal(office: Office) -> None:
    office.workbook()
    receipt = outbox.write_receipt(office.settings, office.register(), DAY)
    reminder = outbox.write_reminder(office.settings, Pool("230640000018"), date(2025, 9, 1), date(2025, 10, 20))
    for text in (pdf_text(receipt.folder / "receipt.pdf"), pdf_text(reminder.folder / "reminder.pdf")):
        assert "обжалова" not in text


def test_a_confirmed_text_says_by_whom_and_counts_from_its_day(office: Office) -> None:
    (row,) = tables.read("appeal")
    at = datetime(2025, 4, 30, 9, tzinfo=TIMEZONE)
    confirmations.confirm(
        office.settings,
        "appeal",
        confirmations.key_of("appeal", row),
        date(2025, 4, 25),
        "Приказ № 12",
        "юристы подтвердили",
        "Омарова А.",
        at,
    )
    assert "не подтверждён" in refusal(office)[0]
    confirmed = refusal(office, date(2025, 4, 30), "2025-000018")[0]
    assert "(Текст подтверждён: Омарова А., 25.04.2025, Приказ № 12.)" in confirmed
    assert "не подтверждён" not in confirmed


def test_without_a_row_in_force_the_appeal_is_a_gap(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    read = tables.read
    monkeypatch.setattr(tables, "read", lambda name: [] if name == "appeal" else read(name))
    assert "[не указано: порядок и срок обжалования]" in refusal(office)[0]
