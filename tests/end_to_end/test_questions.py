"""Filings that an officer has to look at: what waits, what does not, and what each answer does (paras 5, 6 and 8)."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from end_to_end import filer
from end_to_end.conftest import Office
from esep.examination import answering
from esep.examination.reexamine import reexamine
from esep.letters.missing import write_missing
from esep.office import archive, dispatches
from esep.office.decisions import DecisionError, overrule_refusal
from esep.proof import check as proof
from forms.form_workbooks import write_raw

MARCH = filer.Filing()
ARRIVED = "2025-04-10T10:00:00+05:00"  # a Thursday: the second working day after it is Monday the 14th
NOW = filer.moment("2025-04-10 12:00")
LATER = filer.moment("2025-04-11 12:00")
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\1" * 64
STATE = "select verdict, status, question from filing where registration_no = '2025-000001'"
OPEN = "select question, due_on, state from question order by 1"


def scanned_application(package: Path) -> None:
    (package / "otinish.docx").rename(package / "otinish.jpg")
    (package / "otinish.jpg").write_bytes(JPEG)
    (package / "otinish.docx.p7s").unlink()
    (package / "1-CM.xlsx.p7s").write_bytes(filer._signature((package / "1-CM.xlsx").read_bytes(), filer.POOL, None))


def scanned_form(package: Path) -> None:
    (package / "1-CM.xlsx").unlink()
    (package / "1-CM.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 64)


def form_without_numbers(package: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(package / "1-CM.xlsx")
    for row in book.active.iter_rows():
        if [cell.value for cell in row if cell.value is not None][-1:] == ["9.2"]:
            for cell in row:
                cell.value = None
    book.save(package / "1-CM.xlsx")


def another_layout(package: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["кому", "сколько", "чего"])
    book.active.append(["ТОО", 5, "BTC"])
    book.save(package / "1-CM.xlsx")


def archive_of_another_kind(package: Path) -> None:
    (package / "1-CM.xlsx").unlink()
    (package / "1-CM.rar").write_bytes(b"Rar!\x1a\x07\x01\0" + b"\0" * 40)


def encrypted_form(package: Path) -> None:
    (package / "1-CM.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )


def bomb(package: Path) -> None:
    blank = " " * (16 * 1024**2)
    write_raw(package / "1-CM.xlsx", ["<sheetData>", *[blank] * 16, "</sheetData>"])


def no_form(package: Path) -> None:
    (package / "1-CM.xlsx").unlink()


def scan_unsigned(package: Path) -> None:
    scanned_form(package)
    (package / "otinish.docx.p7s").unlink()


def letter_for_form(package: Path) -> None:
    """A covering letter was read: it is no annex, and no machine failed."""
    (package / "1-CM.xlsx").unlink()
    filer._application_docx(MARCH, package / "x.docx")
    import docx

    document = docx.Document()
    document.add_paragraph("Құрметті әріптестер, мәліметтерді жібереміз.")
    document.save(str(package / "x.docx"))


def scan_pasted_into_a_document(package: Path) -> None:
    import docx
    from PIL import Image

    (package / "1-CM.xlsx").unlink()
    picture = io.BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "PNG")
    document = docx.Document()
    document.add_paragraph("1-ЦМ нысаны")
    document.add_picture(picture)
    document.save(str(package / "1-CM.docx"))


def table_of_another_layout(package: Path) -> None:
    import docx

    (package / "1-CM.xlsx").unlink()
    document = docx.Document()
    table = document.add_table(2, 5)
    for cell, text in zip(table.row_cells(1), ("ТОО", filer.MINER_A, filer.BTC_WALLET_A, "BTC", "5"), strict=True):
        cell.text = text
    document.save(str(package / "1-CM.docx"))


def scan_with_the_text_of_its_scanner(package: Path) -> None:
    """A page that is one picture, with what a scanner made of it beneath."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

    (package / "1-CM.xlsx").unlink()
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    picture, text = DecodedStreamObject(), DecodedStreamObject()
    picture.set_data(b"\0")
    picture.update(
        {
            NameObject(f"/{key}"): value
            for key, value in (("Type", NameObject("/XObject")), ("Subtype", NameObject("/Image")))
        }
        | {NameObject(f"/{key}"): NumberObject(1) for key in ("Width", "Height", "BitsPerComponent")}
        | {NameObject("/ColorSpace"): NameObject("/DeviceGray")}
    )
    text.set_data(b"BT /F1 12 Tf 20 20 Td (l-UM Hb1caH) Tj ET q 200 0 0 200 0 0 cm /Im1 Do Q")
    font = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}
    named = DictionaryObject({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in font.items()})
    page[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/Font"): DictionaryObject({NameObject("/F1"): named}),
            NameObject("/XObject"): DictionaryObject({NameObject("/Im1"): writer._add_object(picture)}),
        }
    )
    page[NameObject("/Contents")] = writer._add_object(text)
    writer.write(str(package / "1-CM.pdf"))


@pytest.mark.parametrize(
    "change",
    [
        scanned_application,
        scanned_form,
        form_without_numbers,
        another_layout,
        archive_of_another_kind,
        scan_pasted_into_a_document,
        table_of_another_layout,
        scan_with_the_text_of_its_scanner,
    ],
)
def test_where_only_the_reader_fails_an_officer_is_asked(office: Office, drop: Any, change: Callable[[Path], None]):
    change(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    assert office.query(STATE) == [(None, "registered", "not_readable")]
    assert office.query(OPEN) == [("not_readable/2025-000001", date(2025, 4, 14), "open")]
    assert office.query("select days_counted from question") == [([date(2025, 4, 11), date(2025, 4, 14)],)]
    duties = office.query("select kind, due_on, state from obligation_due order by 1")
    assert duties == [
        ("decide_not_readable", date(2025, 4, 14), "open"),
        ("examine", date(2025, 4, 14), "done"),
    ]
    months = office.query("select pool_id, period, state, registration_no from filing_calendar")
    assert months == [(filer.POOL, date(2025, 3, 1), "waiting", "2025-000001")]


def note_for_form(package: Path) -> None:
    (package / "1-CM.xlsx").unlink()
    (package / "note.txt").write_text("Мәліметтер кейін жіберіледі.", encoding="utf-8")


@pytest.mark.parametrize("change", [encrypted_form, bomb, no_form, scan_unsigned, letter_for_form, note_for_form])
def test_what_nobody_can_read_is_refused_by_rule(office: Office, drop: Any, change: Callable[[Path], None]):
    change(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    assert office.query(STATE) == [("refused", "refused", None)]


def test_a_scan_beside_an_empty_field_is_refused_as_ever(office: Office, drop: Any):
    scanned_form(drop("a", MARCH.but(omit=frozenset({"authority"})), ARRIVED))
    office.process(NOW)
    assert office.query(STATE) == [("refused", "refused", None)]


def test_refused_by_an_officer(office: Office, drop: Any):
    scanned_form(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    refused = ("not_readable/2025-000001", "refuse", "the scan is black", "Ахметов", LATER)
    done, again = (answering.answer(office.settings, *refused) for _ in range(2))
    assert (done.written, again.written) == (True, False)
    office.process(LATER)
    assert office.query(STATE) == [("refused", "refused", None)]
    assert office.query("select state, answer, answered_by, answered_on from question") == [
        ("answered", "refuse", "Ахметов", date(2025, 4, 11))
    ]
    duties = office.query("select kind, due_on, state from obligation_due order by 1")
    assert duties == [
        ("decide_not_readable", date(2025, 4, 14), "done"),
        ("examine", date(2025, 4, 14), "done"),
        ("send_refusal", date(2025, 4, 14), "open"),
    ]
    with pytest.raises(DecisionError, match="no longer stands"):
        answering.answer(office.settings, "not_readable/2025-000001", "ask_pool", "?", "Ахметов", LATER)


def test_an_answer_of_which_only_the_event_was_written_is_taken_up(office: Office, drop: Any):
    scanned_form(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    from esep.office import events
    from esep.office.questions import ANSWERED, remember

    data = {"question": "not_readable", "answer": "refuse", "reason": "black"}
    remember(office.settings, "2025-000001")
    events.append(archive.entry(office.settings, "2025-000001").folder, ANSWERED, LATER, "Ахметов", data)
    office.process(LATER)
    office.process(LATER)
    assert office.query(STATE) == [("refused", "refused", None)]
    assert len(archive.entry(office.settings, "2025-000001").verdicts) == 2


def workbook(tmp_path: Path, filing: filer.Filing) -> Path:
    folder = filer.write(filing.but(application="sheet", signed=False), tmp_path / f"typed-{filing.month}")
    return folder / "1-CM.xlsx"


def test_transcribed_it_counts_by_its_arrival(office: Office, drop: Any, tmp_path: Path):
    scanned_form(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    typed = workbook(tmp_path, MARCH)
    recorded, examination = answering.transcribe(
        office.settings, "2025-000001", typed, "typed from the photograph", "Ахметов", LATER
    )
    assert recorded.written
    assert examination.verdict == "accepted"
    again, _ = answering.transcribe(office.settings, "2025-000001", typed, "again", "Ахметов", LATER)
    assert not again.written
    office.process(LATER)
    assert office.query(STATE) == [("accepted", "accepted", None)]
    assert office.query("select source, file, quantity from distribution") == [
        ("1-ЦМ/transcription", "transcription-1/1-CM.xlsx", Decimal("0.5"))
    ]
    assert office.query("select state, registration_no from filing_calendar") == [("on_time", "2025-000001")]
    quantity = "select sum(quantity) from annual_income_as_{}('{}') where role = 'miner'"
    assert office.query(quantity.format("known_on", "2025-04-10 11:00+05")) == [(Decimal("0.5"),)]
    assert office.query(quantity.format("reported_on", "2025-04-10 23:00+05")) == [(None,)]
    assert office.query(quantity.format("reported_on", "2025-04-11 23:00+05")) == [(Decimal("0.5"),)]
    assert not proof.check(office.settings, full=True).damages
    assert answering.questions.deciding(archive.entry(office.settings, "2025-000001")).answer == "transcribe"


def test_a_transcription_that_contradicts_the_original_is_not_recorded(office: Office, drop: Any, tmp_path: Path):
    scanned_form(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    april = workbook(tmp_path, MARCH.but(month=4, rows=[filer.row(1, distributed_on="05.04.2025")]))
    with pytest.raises(DecisionError, match=r"the original's month is 2025-03.* 2025-04|differ"):
        answering.transcribe(office.settings, "2025-000001", april, "typed", "Ахметов", LATER)
    folder = archive.entry(office.settings, "2025-000001").folder
    assert not list(folder.glob("*transcription*"))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DecisionError, match="holds no file"):
        answering.transcribe(office.settings, "2025-000001", empty, "typed", "Ахметов", LATER)


def test_a_transcription_is_held_against_the_readable_cells_of_the_original(office: Office, drop: Any, tmp_path: Path):
    """The form without its number row: a machine reads its cells and does not know the form."""
    form_without_numbers(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    other = MARCH.but(rows=[filer.row(1, quantity="5"), filer.row(2, miner_id=filer.MINER_B)])
    (tmp_path / "other").mkdir()
    typed = workbook(tmp_path / "other", other)
    given = (office.settings, "2025-000001")
    with pytest.raises(DecisionError, match=rf"quantity 5; row \d+: {filer.MINER_B}. Correct the transcription"):
        answering.transcribe(*given, typed, "typed", "Ахметов", LATER)
    recorded, _ = answering.transcribe(*given, workbook(tmp_path, MARCH), "typed", "Ахметов", LATER)
    assert recorded.written


def test_of_a_transcription_only_files_are_kept(office: Office, drop: Any, tmp_path: Path):
    scanned_form(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    folder = workbook(tmp_path, MARCH).parent
    (folder / "elsewhere.xlsx").symlink_to("/etc/hostname")
    (folder / "same").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    answering.transcribe(office.settings, "2025-000001", folder, "typed", "Ахметов", LATER)
    kept = archive.entry(office.settings, "2025-000001").folder / "transcription-1"
    assert [path.name for path in kept.rglob("*")] == ["1-CM.xlsx"]


def test_what_was_put_beside_a_transcription_does_not_count(office: Office, drop: Any, tmp_path: Path):
    scanned_form(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    typed = workbook(tmp_path, MARCH)
    answering.transcribe(office.settings, "2025-000001", typed, "typed", "Ахметов", LATER)
    folder = archive.entry(office.settings, "2025-000001").folder / "transcription-1"
    shutil.copy(typed, folder / "more.xlsx")
    faults = reexamine(office.settings, LATER, ["2025-000001"]).faults
    assert [(number, "did not hand it in" in fault) for number, fault in faults] == [("2025-000001", True)]


def test_what_the_pool_sends_when_asked_joins_the_filing(office: Office, drop: Any):
    scanned_form(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    answering.answer(office.settings, "not_readable/2025-000001", "ask_pool", "please a workbook", "Ахметов", LATER)
    office.process(LATER)
    assert office.query(STATE) == [(None, "registered", "not_readable")]
    assert office.query("select state from filing_calendar") == [("waiting",)]
    drop("b", MARCH, "2025-04-14T10:00:00+05:00")
    office.process(filer.moment("2025-04-14 12:00"))
    assert office.query("select registration_no, verdict, status, question, joins from filing order by 1") == [
        ("2025-000001", None, "registered", None, None),
        ("2025-000002", "accepted", "accepted", None, "2025-000001"),
    ]
    assert office.query("select state, registration_no from filing_calendar") == [("on_time", "2025-000002")]


def test_a_request_leaves_within_the_term_of_its_question(office: Office, drop: Any):
    """Sent in time, sent late, and no longer due because the officer decided without it."""
    for month in (1, 2, 3):
        scanned_form(drop(f"a{month}", MARCH.but(month=month), ARRIVED))
    office.process(NOW)
    numbers = [f"2025-00000{n}" for n in (1, 2, 3)]
    for number in numbers:
        answering.answer(office.settings, f"not_readable/{number}", "ask_pool", "too dark", "Ахметов", LATER)
    write_missing(office.settings)
    for number, sent_at in zip(numbers, ("2025-04-14 18:00", "2025-04-15 09:00"), strict=False):
        moment = filer.moment(sent_at)
        dispatches.record_dispatch(office.settings, f"{number}/Q-1", "email", moment, "<1@x>", "Ахметов", moment)
    refused = ("refuse", "no copy came", "Ахметов", filer.moment("2025-04-14 19:00"))
    answering.answer(office.settings, f"not_readable/{numbers[2]}", *refused)
    office.process(filer.moment("2025-04-16 09:00"))
    duties = office.query(
        "select letter_no, arose_on, due_on, state from obligation_due where kind = 'send_request' order by 1"
    )
    asked, due = date(2025, 4, 11), date(2025, 4, 14)
    states = ("done", "done_late", "lifted")
    assert duties == [(f"{number}/Q-1", asked, due, state) for number, state in zip(numbers, states, strict=True)]
    letters = {number: dispatches.letter(office.settings, f"{number}/Q-1") for number in numbers}
    holds = [dispatches.still_holds(office.settings, letters[number], date(2025, 4, 16)) for number in numbers]
    assert holds == [True, True, False]


@pytest.mark.parametrize("lacks", ["signature", "application"])
def test_a_correction_without_application_or_signature_waits(office: Office, drop: Any, lacks: str):
    drop("a", MARCH, ARRIVED)
    changed = MARCH.but(rows=[filer.row(1, quantity="2")], signed=lacks != "signature")
    package = drop("b", changed, "2025-04-11T10:00:00+05:00")
    if lacks == "application":
        (package / "otinish.docx").unlink()
        signature = filer._signature((package / "1-CM.xlsx").read_bytes(), filer.POOL, None)
        (package / "otinish.docx.p7s").write_bytes(signature)
    office.process(LATER)
    both = "select registration_no, kind, status, question from filing order by 1"
    assert office.query(both) == [
        ("2025-000001", "new", "accepted", None),
        ("2025-000002", "correction", "registered", "unvouched_correction"),
    ]
    total = "select sum(quantity) from annual_income where role = 'miner'"
    assert office.query(total) == [(Decimal("0.5"),)]
    answering.answer(
        office.settings, "unvouched_correction/2025-000002", "take", "by telephone with the head", "Ахметов", LATER
    )
    office.process(LATER)
    assert office.query(both) == [
        ("2025-000001", "new", "superseded", None),
        ("2025-000002", "correction", "accepted", None),
    ]
    assert office.query(total) == [(Decimal("2"),)]


def test_a_correction_with_another_gap_is_refused_as_ever(office: Office, drop: Any):
    drop("a", MARCH, ARRIVED)
    drop("b", MARCH.but(signed=False, omit=frozenset({"phone"})), "2025-04-11T10:00:00+05:00")
    drop("c", MARCH.but(signed=False, month=2), "2025-04-11T11:00:00+05:00")
    office.process(LATER)
    assert office.query("select registration_no, status from filing order by 1") == [
        ("2025-000001", "accepted"),
        ("2025-000002", "refused"),
        ("2025-000003", "refused"),
    ]


def test_a_refusal_that_a_question_replaced_is_not_to_be_sent(office: Office, drop: Any):
    """A refused filing became a correction when an earlier refusal was overruled; examined again, it waits."""
    drop("a", MARCH.but(omit=frozenset({"phone"})), ARRIVED)
    drop("b", MARCH.but(signed=False), "2025-04-10T11:00:00+05:00")
    office.process(NOW)
    overrule_refusal(office.settings, "2025-000001", "the number is in the register", "Ахметов", NOW)
    reexamine(office.settings, LATER, ["2025-000002"], apply=True)
    office.process(LATER)
    duty = "select state, days_over from obligation_due where letter_no = '2025-000002/R-1'"
    assert office.query("select question from filing where verdict is null") == [("unvouched_correction",)]
    assert office.query(duty) == [("lifted", 0)]
    refused = ("unvouched_correction/2025-000002", "refuse", "nobody vouches for it", "Ахметов", LATER)
    answering.answer(office.settings, *refused)
    office.process(LATER)
    assert office.query(duty) == [("open", 0)]


def test_a_question_that_does_not_stand_says_so(office: Office, drop: Any):
    drop("a", MARCH, ARRIVED)
    office.process(NOW)
    for name, chosen, words in [
        ("not_readable/2025-000001", "refuse", "does not stand"),
        ("repeated_total/2025-000001", "correct", "does not stand"),
        ("not_readable/2025-000009", "refuse", "no filing is registered"),
        ("not_readable/2025-000001", "take", "the answers to"),
        ("nonsense/2025-000001", "take", "its kind is one of"),
    ]:
        with pytest.raises(DecisionError, match=words):
            answering.answer(office.settings, name, chosen, "why", "Ахметов", LATER)


def test_the_home_survives_a_rebuild_and_a_copy(office: Office, drop: Any, tmp_path: Path):
    from esep.warehouse.rebuild import rebuild

    scanned_form(drop("a", MARCH, ARRIVED))
    office.process(NOW)
    answering.transcribe(office.settings, "2025-000001", workbook(tmp_path, MARCH), "typed", "Ахметов", LATER)
    office.process(LATER)
    before = office.query("select * from annual_income order by all")
    shutil.rmtree(office.settings.warehouse)
    rebuild(office.settings, LATER)
    assert office.query("select * from annual_income order by all") == before
