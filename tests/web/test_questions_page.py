"""What only an officer can answer, on pages: the list, the forms, and the mark of what the office transcribed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from end_to_end import filer
from end_to_end.conftest import Office
from esep import clock
from esep.examination import answering
from esep.office import archive
from esep.orchestration import decision as work
from web.page_text import section, text_of

MARCH = filer.Filing()
ARRIVED = "2025-04-10T10:00:00+05:00"  # a Thursday: the second working day after it is Monday the 14th
TODAY = filer.moment("2025-04-11 12:00")
NUMBER, NAME = "2025-000001", "not_readable/2025-000001"
PAGE = f"/filing/{NUMBER}"
REASON = "typed from the photograph"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def scan(office: Office) -> None:
    """A package whose form is a photograph."""
    package = filer.write(MARCH, office.settings.inbox / "a", ARRIVED)
    (package / "1-CM.xlsx").unlink()
    (package / "1-CM.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 64)
    office.process(filer.moment("2025-04-10 12:00"))


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("waiting") / "home")
    scan(office)
    return office


@pytest.fixture(scope="module")
def transcribed(tmp_path_factory: pytest.TempPathFactory, waiting: Office, typed: Path) -> Office:
    office = copied(waiting, tmp_path_factory.mktemp("transcribed"))
    answering.transcribe(office.settings, NUMBER, typed, REASON, "А. Бекова", TODAY)
    office.process(TODAY)
    return office


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The photograph's content as a workbook."""
    return workbook(MARCH, tmp_path_factory.mktemp("typed"))


def workbook(filing: filer.Filing, folder: Path) -> Path:
    return filer.write(filing.but(application="sheet", signed=False), folder / "typed") / "1-CM.xlsx"


def copied(office: Office, folder: Path) -> Office:
    shutil.copytree(office.settings.home, folder / "home")
    (folder / "home" / "inbox").rmdir()
    return Office(folder / "home")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "home")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: TODAY)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """The runs that pages start, without Airflow."""
    from esep.web import runs

    found: list[dict[str, str]] = []

    def start(conf: dict[str, str], user: str) -> str:
        found.append({**conf, "user": user})
        return "manual__1"

    monkeypatch.setattr(runs, "start_decision", start)
    monkeypatch.setattr(runs, "announce_filings", lambda: found.append({"announced": "filings"}))
    return found


def shown(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def form(name: str = "А. Бекова", **fields: str) -> dict[str, str]:
    from esep.web import access

    return {"form_token": access.form_token(name), **fields}


def handed_in(client: Any, path: Path, **fields: str) -> Any:
    data = form(**{"reason": REASON, **fields})
    with path.open("rb") as file:
        return client.post(f"{PAGE}/transcribe", data=data, files={"transcription": (path.name, file, XLSX)})


def test_the_list_has_the_question_with_its_working_days_and_answers(waiting: Office, pages: Any) -> None:
    page = shown(pages(waiting.settings), "/questions")
    words = text_of(page)
    assert "No machine could read it: what does the package hold?" in words
    assert NAME not in words
    assert "2025-04-14, Mon working days counted from 2025-04-10: 1) 2025-04-11, 2) 2025-04-14" in words
    assert "transcribe; ask the pool for a machine-readable copy" in words
    assert f'href="{PAGE}#questions"' in page
    assert "Open (1) All (1)" in words


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "Лауазымды адамға сұрақтар"), ("ru", "Вопросы к должностному лицу"), ("en", "Questions to the officer")],
)
@pytest.mark.parametrize("address", ["/", "/status", "/due"])
def test_calendar_status_and_duties_lead_to_it(waiting: Office, pages: Any, address: str, language: str, words: str):
    page = shown(pages(waiting.settings, language=language), address)
    assert f'href="/questions">{words}</a>' in page


def test_the_calendar_says_waiting_and_what_that_means(waiting: Office, pages: Any) -> None:
    page = shown(pages(waiting.settings), "/")
    assert f'<a class="month waiting" href="{PAGE}"' in page
    assert "waiting for an officer (1)" in text_of(page)
    assert "The data do not count as not filed." in page
    assert "Look at data that no machine could read" in text_of(shown(pages(waiting.settings), "/due"))


def test_an_unread_correction_is_compared_with_nothing_and_not_called_refused(office: Office, pages: Any) -> None:
    filer.write(MARCH, office.settings.inbox / "z", "2025-04-09T10:00:00+05:00")
    office.process(filer.moment("2025-04-09 12:00"))
    scan(office)
    figures = section(shown(pages(office.settings), "/filing/2025-000002"), "figures")
    assert "No row of this filing was read, so it is not compared" in figures
    assert "refused" not in figures
    assert "removed" not in figures


def test_the_filing_waits_and_is_never_called_unexamined(waiting: Office, pages: Any) -> None:
    page = shown(pages(waiting.settings), PAGE)
    words = text_of(page)
    assert f"Filing {NUMBER} waiting for an officer" in words
    assert "Due 2025-04-14 (para 8)." in words
    assert "Not examined yet" not in words
    assert "waiting for an officer" in section(page, "verdict")
    assert "Completeness: an officer decides (para 8)" in section(page, "findings")
    for one in ("refuse", "ask_pool"):
        assert f'name="answer" value="{one}"' in page
    assert 'name="transcription"' in page


def test_a_viewer_sees_the_question_and_no_form(waiting: Office, pages: Any) -> None:
    page = shown(pages(waiting.settings, operator=False), PAGE)
    assert "No machine could read it: what does the package hold?" in text_of(page)
    assert "Operators decide." in section(page, "questions")
    assert 'name="answer"' not in page
    assert 'name="transcription"' not in page


def test_quality_counts_waiting_apart_from_unexamined(waiting: Office, pages: Any) -> None:
    client = pages(waiting.settings)
    assert "waiting for an officer: 1, not examined yet: 0" in text_of(shown(client, "/quality?year=2025"))
    assert NUMBER in shown(client, "/quality/filings?year=2025&which=waiting")
    assert NUMBER not in shown(client, "/quality/filings?year=2025&which=unexamined")
    assert "Look at what no machine could read" in text_of(shown(client, "/quality/duties?kind=decide_not_readable"))
    shown(client, "/quality/duties?kind=decide_nonsense", 422)


def test_an_answer_starts_one_run_that_can_be_recorded(waiting: Office, tmp_path: Path, pages: Any, started: Any):
    office = copied(waiting, tmp_path)
    sent = form(question="not_readable", answer="refuse", reason="the photograph is black")
    answer = pages(office.settings).post(f"{PAGE}/answer", data=sent)
    assert answer.status_code == 303, answer.text
    (run,) = started
    assert run == {
        "decision": "answer_question",
        "registration_no": NUMBER,
        "question": NAME,
        "answer": "refuse",
        "reason": "the photograph is black",
        "user": "А. Бекова",
    }
    fields = {name: value for name, value in run.items() if name != "user"}
    assert "recorded" in work.record(office.settings, fields, run["user"], TODAY)
    assert "on record since" in work.record(office.settings, fields, run["user"], TODAY)
    page = shown(pages(office.settings), PAGE)
    assert "А. Бекова answered on 2025-04-11 12:00: refuse further consideration" in text_of(page)
    assert 'name="answer"' not in page
    again = pages(office.settings).post(f"{PAGE}/answer", data={**sent, "answer": "ask_pool"})
    assert again.status_code == 422
    assert "It no longer stands, and nothing more is needed." in text_of(again.text)
    office.process(TODAY)
    page = shown(pages(office.settings), PAGE)
    assert "by the answer of А. Бекова: refuse further consideration" in section(page, "verdict")
    assert "Question answered: No machine could read it" in section(page, "events")


WRONG: list[Any] = [
    ({"answer": ""}, "Choose one of the answers."),
    ({"answer": "take"}, "Choose one of the answers."),
    ({"answer": "transcribe"}, "Choose one of the answers."),
    ({"question": "nonsense"}, "Choose one of the answers."),
    ({"reason": " "}, "The reason is empty."),
    ({"question": "repeated_total", "answer": "correct"}, "No such question is open."),
]


@pytest.mark.parametrize(("fields", "reported"), WRONG)
def test_a_wrong_answer_is_reported_and_starts_nothing(waiting: Office, pages: Any, started: Any, fields, reported):
    sent = {"question": "not_readable", "answer": "refuse", "reason": "black", **fields}
    answer = pages(waiting.settings).post(f"{PAGE}/answer", data=form(**sent))
    assert answer.status_code == 422
    assert reported in text_of(answer.text)
    assert started == []


@pytest.mark.parametrize("what", ["answer", "transcribe"])
def test_strangers_to_the_form_decide_nothing(waiting: Office, pages: Any, started: Any, what: str) -> None:
    sent = {"question": "not_readable", "answer": "refuse", "reason": "black"}
    address = f"{PAGE}/{what}"
    assert pages(waiting.settings, operator=False).post(address, data=form(**sent)).status_code == 403
    assert pages(waiting.settings).post(address, data={**sent, "form_token": "x"}).status_code == 403
    assert pages(waiting.settings).post(address, data=form("Б. Серік", **sent)).status_code == 403
    assert started == []


def test_a_transcription_is_kept_examined_and_marked(waiting: Office, tmp_path: Path, typed: Path, pages, started):
    office = copied(waiting, tmp_path)
    client = pages(office.settings)
    answer = handed_in(client, typed)
    assert answer.status_code == 303, text_of(answer.text)
    assert answer.headers["location"] == f"{PAGE}#questions"
    assert started == [{"announced": "filings"}]
    assert archive.entry(office.settings, NUMBER).verdict["verdict"] == "accepted"
    page = shown(client, PAGE)
    assert "А. Бекова answered on 2025-04-11 12:00: transcribe." in text_of(page)
    assert "transcription-1/1-CM.xlsx the work of the office" in text_of(page)
    assert handed_in(client, typed).status_code == 422  # it no longer stands
    assert len(list(archive.entry(office.settings, NUMBER).folder.glob("transcription-*"))) == 1
    got = client.get(f"{PAGE}/file/transcription", params={"path": "transcription-1/1-CM.xlsx"})
    assert got.content == typed.read_bytes()
    assert client.get(f"{PAGE}/file/transcription", params={"path": "receipt.json"}).status_code == 404
    viewer = pages(office.settings, operator=False)
    path = {"path": "transcription-1/1-CM.xlsx"}
    assert viewer.get(f"{PAGE}/file/transcription", params=path).status_code == 403


def unusable(typed: Path, folder: Path) -> list[tuple[Path, dict[str, str], str]]:
    """File, fields and what is said of it."""
    april = workbook(MARCH.but(month=4, rows=[filer.row(1, distributed_on="05.04.2025")]), folder / "april")
    text = folder / "typed.txt"
    text.write_text("1 2 3")
    empty = folder / "empty.xlsx"
    empty.write_bytes(b"")
    return [
        (typed, {"reason": "  "}, "The reason is empty."),
        (april, {}, "The transcription is not recorded: 2025-000001: the original's month is 2025-03"),
        (empty, {}, "no data row of form 1-ЦМ was read from the transcription"),
        (text, {}, "typed.txt: not a file of a kind that is taken. Save it as .xlsx, .docx."),
    ]


def test_of_a_transcription_that_cannot_be_used_nothing_is_kept(waiting, tmp_path, typed, pages, started):
    for path, fields, reported in unusable(typed, tmp_path):
        answer = handed_in(pages(waiting.settings), path, **fields)
        assert answer.status_code == 422
        assert reported in text_of(answer.text)
    without = pages(waiting.settings).post(f"{PAGE}/transcribe", files={"x": ("", b"")}, data=form(reason=REASON))
    assert "No file was chosen." in text_of(without.text)
    folder = archive.entry(waiting.settings, NUMBER).folder
    assert not list(folder.glob("*transcription*"))
    assert archive.entry(waiting.settings, NUMBER).verdict["verdict"] is None
    assert started == []


def test_a_file_that_is_too_large_is_not_read(waiting: Office, typed: Path, pages, started, monkeypatch):
    from esep.web import decision_checks

    monkeypatch.setattr(decision_checks, "LARGEST_TRANSCRIPTION", 1000)
    answer = handed_in(pages(waiting.settings), typed)
    assert answer.status_code == 422
    assert "The file is too large" in text_of(answer.text)
    assert started == []


@pytest.mark.parametrize("operator", [True, False])
def test_figures_say_that_the_office_transcribed_them(transcribed: Office, pages: Any, operator: bool) -> None:
    client = pages(transcribed.settings, operator=operator)
    mark, note = "transcribed by the office", "the office transcribed: 2025-000001"
    words = text_of(shown(client, PAGE))
    assert f"Filing {NUMBER} complete {mark}" in words
    assert "А. Бекова transcribed what no machine could read (2025-04-11 12:00)." in words
    figure = f"/income/2025/miner/{filer.MINER_A}"
    for address in (
        f"{PAGE}/rows",
        figure,
        f"{figure}/rows",
        "/quality/filings?year=2025",
    ):
        assert mark in text_of(shown(client, address)), address
    assert note in text_of(shown(client, figure))
    assert note in text_of(shown(client, f"/obligation/2025/miner/{filer.MINER_A}"))
    assert "transcribe А. Бекова, 2025-04-11 12:00: typed from the photograph" in text_of(
        shown(client, "/questions?show=all")
    )


def test_nothing_is_marked_where_everything_was_read(office: Office, pages: Any) -> None:
    filer.write(MARCH, office.settings.inbox / "a", ARRIVED)
    office.process(TODAY)
    client = pages(office.settings)
    for address in (PAGE, f"{PAGE}/rows", f"/income/2025/miner/{filer.MINER_A}", "/quality/filings?year=2025"):
        assert "transcribed by the office" not in shown(client, address)
    assert "No question waits for an officer." in text_of(shown(client, "/questions"))
    assert office.query("select is_transcribed from filing") == [(False,)]


def test_what_the_pool_sent_when_asked_is_linked_both_ways(office: Office, pages: Any) -> None:
    scan(office)
    answering.answer(office.settings, NAME, "ask_pool", "please a workbook", "Ахметов", TODAY)
    office.process(TODAY)
    assert 'name="transcription"' in shown(pages(office.settings), PAGE)  # it still waits
    filer.write(MARCH, office.settings.inbox / "b", "2025-04-14T10:00:00+05:00")
    office.process(datetime.fromisoformat("2025-04-14T12:00:00+05:00"))
    client = pages(office.settings)
    assert 'the pool filed <a href="/filing/2025-000002">' in " ".join(shown(client, PAGE).split())
    assert "the pool sent a readable copy" in text_of(shown(client, PAGE))
    assert f'machine-readable copy of <a href="{PAGE}">' in " ".join(shown(client, "/filing/2025-000002").split())


def test_the_source_of_a_transcription_has_one_spelling(transcribed: Office) -> None:
    from esep.examination.questions import TRANSCRIPTION

    assert transcribed.query("select distinct source from trace_income(?, 2025)", filer.MINER_A) == [(TRANSCRIPTION,)]
    asked = "select internal.by_transcription(?), internal.by_transcription('1-ЦМ'), internal.by_transcription(null)"
    assert transcribed.query(asked, TRANSCRIPTION) == [(True, False, False)]
    assert transcribed.query("select is_transcribed, answer from filing") == [(True, "transcribe")]


def test_statement_and_show_say_it_too(transcribed: Office) -> None:
    from esep.answers import open_warehouse
    from esep.answers.statement import statement
    from esep.cli.filing_report import FilingReport
    from esep.cli.show import gathered
    from esep.documents.model import Paragraph, Table
    from esep.reports.statement_tables import filings_section

    with open_warehouse(transcribed.settings) as connection:
        found = statement(connection, transcribed.settings, 2025, TODAY.date())
    (table,) = (block for block in filings_section(found.filings, {}).blocks if isinstance(block, Table))
    cells = [part.in_("en") for part in table.rows[0][4]]
    assert cells == ["new", "transcribed by the office"]
    shown = FilingReport("en").blocks(gathered(transcribed.settings, NUMBER, 3))
    lines = [str(block.text) for block in shown if isinstance(block, Paragraph)]
    said = "transcribed by the office: А. Бекова transcribed what no machine could read (2025-04-11 12:00)."
    assert said in lines
    assert NAME in lines
    assert any("transcription-1/1-CM.xlsx (А. Бекова, 2025-04-11 12:00)" in line for line in lines)
