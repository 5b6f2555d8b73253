"""The first page, the list of duties, the status and the search, as operators and viewers see them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from answers import calendar_office as story
from answers import filing_office as people
from esep import clock, failures
from esep.answers.status import IdleDags
from esep.office import mail
from esep.texts import LANGUAGES
from esep.warehouse import reference
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import MINER, OTHER_POOL, Office, moment
from web.page_text import section, text_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> SupervisedOffice:
    return story.fill(tmp_path_factory.mktemp("calendar"), empty_work)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: story.TODAY)


@pytest.fixture(scope="module")
def operator(office, pages) -> TestClient:
    return pages(office.settings)


@pytest.fixture(scope="module")
def viewer(office, pages) -> TestClient:
    return pages(office.settings, operator=False)


def page(client: TestClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def cells(shown: str) -> list[str]:
    """Each cell of the calendar as its link and its words."""
    table = re.search(r'<table class="calendar grid">.*?<tfoot>', shown, re.DOTALL)
    assert table
    found = re.findall(r"<td>(.*?)</td>", table[0], re.DOTALL)
    return [f"{''.join(re.findall('href=.([^ ]*). ', cell))} {text_of(cell)}".strip() for cell in found]


def test_each_cell_has_its_word_its_day_its_term_and_its_link(operator):
    shown = [cell for cell in cells(page(operator, "/?year=2025")) if "not expected" not in cell]
    assert shown == [
        f"/silence/{OTHER_POOL}/2025-01 not filed . January 2025: due 2025-02-25; confirmed by an officer",
        f"/silence/{OTHER_POOL}/2025-02 silent . February 2025: due 2025-03-26",
        f"/silence/{OTHER_POOL}/2025-03 not due . March 2025: due 2025-04-25; explained: there were no distributions",
        f"/filing/{story.UNLISTED} on time 2025-03-20 . February 2025: due 2025-03-26; first arrived 2025-03-20",
        f"/silence/{story.UNLISTED_POOL}/2025-03 silent . March 2025: due 2025-04-25",
        "not due . April 2025: due 2025-05-26",
        f"/filing/{story.ON_TIME} on time 2025-02-20 . January 2025: due 2025-02-25; first arrived 2025-02-20",
        f"/filing/{story.LATE} late 2025-03-28 +2 . February 2025: due 2025-03-26; first arrived 2025-03-28 "
        "(calendar days late: 2)",
        f"/filing/{story.REFUSED} consideration refused 2025-04-21 . March 2025: due 2025-04-25; first arrived "
        "2025-04-21; refusals: 1",
        "not due . April 2025: due 2025-05-26",
    ]


def test_the_same_is_shown_on_hover(operator):
    assert 'title="February 2025: due 2025-03-26; first arrived 2025-03-28 (calendar days late: 2)"' in page(
        operator, "/"
    )


def test_what_is_to_be_done_stands_above_the_calendar(operator):
    shown = page(operator, "/")
    duties = re.search(r'<table class="duties stacked">.*?</table>', shown, re.DOTALL)
    assert duties
    assert shown.index(duties[0]) < shown.index('<table class="calendar grid">')
    reported = text_of(duties[0])
    assert "Check the package for completeness 8 0 1 0 2025-05-06" in reported
    assert "Send the reasoned refusal 8 1 0 0 2025-04-23" in reported
    assert "To do today: 2025-05-06, Tue" in text_of(shown)


def test_a_hostile_name_is_harmless(operator):
    shown = page(operator, "/")
    assert "<b>Пул</b>" not in shown
    assert "\u202e" not in shown
    assert "ТОО &lt;b&gt;Пул&lt;/b&gt; [U+202E]лупА" in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/", "/?year=2025", "/due", "/due?kind=send_notice", "/status", "/find?what=x"])
def test_every_page_comes_in_every_language_without_style_or_script(operator, language, address):
    joined = "&" if "?" in address else "?"
    shown = page(operator, f"{address}{joined}language={language}")
    assert f'<html lang="{language}">' in shown
    assert not re.search(r"<script|\sstyle=|\son\w+=", shown)
    assert "{{" not in shown


def test_a_year_without_filings_is_not_found_and_a_word_is_no_year(operator):
    assert "1999" in page(operator, "/?year=1999", 404)
    page(operator, "/?year=soon", 422)
    page(operator, "/due?page=0", 422)


def test_duties_link_to_what_is_to_be_done(operator):
    shown = page(operator, "/due")
    links = re.findall(r'href="(/(?:filing|silence)/[^"]*)"', shown)
    assert links == [
        f"/silence/{OTHER_POOL}/2025-02",
        f"/filing/{story.REFUSED}",
        f"/filing/{story.WAITING}",
        f"/filing/{story.LATE}",
    ]
    assert text_of(page(operator, "/due?kind=send_notice")).count(f"{story.LATE}/N-1") == 1
    assert "Nothing is left to do." in text_of(page(operator, "/due?kind=none"))
    assert f"/filing/{story.WAITING}" in page(operator, "/due?kind=examine&page=2")  # the last


def test_status_lists_what_waits(operator, office):
    shown = page(operator, "/status")
    assert section(shown, "unexamined") == f"Registered, without a verdict: 2 {story.WAITING} , {story.UNLOADED}"
    assert f"Filings not in the warehouse: 1 {story.UNLOADED}" in section(shown, "warehouse")
    assert "more than an hour ago" in section(shown, "warehouse")


@pytest.fixture
def refused(office: SupervisedOffice) -> Iterator[None]:
    """A price file that lacks the days in force, and a report that cannot be read."""
    folder = office.settings.reference
    before = (folder / "price.csv").read_bytes()
    office.prices("2025-01-07,BTC,100,USD")
    reference.accept(office.settings, moment("2025-05-06 10:00"))
    (folder / "pool.errors.json").write_text("{")
    yield
    (folder / "price.csv").write_bytes(before)
    reference.accept(office.settings, moment("2025-05-06 10:00"))
    assert not list(folder.glob("*.errors.*"))


@pytest.mark.usefixtures("refused")
def test_status_tells_refused_reference_files_and_what_to_do(viewer, office):
    shown = page(viewer, "/status")
    reported = section(shown, "refused_files")
    assert "Refused reference files: 2" in reported
    assert "reference/price.csv 1 BTC: the file lacks days of the version in force, 1 in all: 2025-01-06" in reported
    assert "bin/esep reference add --add --name price $ESEP_HOME/reference/price.csv" in reported
    assert "its report cannot be read; see reference/pool.errors.txt" in reported
    assert str(office.settings.home) not in shown


@pytest.fixture
def failed(office: SupervisedOffice) -> Iterator[None]:
    office.settings.inbox.mkdir()
    (office.settings.inbox / "Айдарова.zip.part").write_text("")
    fault = ValueError(f"{office.settings.home}/lake: at Айдарова")
    failures.record(office.settings, "load", moment("2025-05-06 10:00"), fault)
    yield
    failures.forget(office.settings, "load")
    (office.settings.inbox / "Айдарова.zip.part").unlink()
    office.settings.inbox.rmdir()


@pytest.mark.usefixtures("failed")
def test_viewers_see_that_a_step_failed_but_not_what_it_said(operator, viewer):
    assert "load 2025-05-06 10:00 lake: at Айдарова" in section(page(operator, "/status"), "failures")
    assert "Айдарова.zip.part" in section(page(operator, "/status"), "inbox")
    shown = page(viewer, "/status")
    assert "load 2025-05-06 10:00 •••" in section(shown, "failures")
    assert "In the inbox: 1" in section(shown, "inbox")
    assert "Айдарова" not in shown


LETTER = "From: Айдарова <a@example.kz>\nSubject: сұрақ\n\nмәтін".encode()


@pytest.fixture
def letter(office: SupervisedOffice) -> Iterator[str]:
    """The file of a letter without attachments."""
    now = moment("2025-05-06 10:00")
    yield f"mail/attention/{mail.take(LETTER, now, office.settings, now)['id']}.eml"
    shutil.rmtree(office.settings.home / "mail")


def test_a_letter_with_nothing_to_register_is_listed_its_writer_for_operators(operator, viewer, letter):
    for client, sees_writer in ((operator, True), (viewer, False)):
        shown = page(client, "/status")
        said = section(shown, "letters")
        assert f"{letter} a letter without attachments: nothing to register, an officer should look" in said
        assert "2025-05-06 10:00" in said
        assert ("Айдарова <a@example.kz>: сұрақ" in unescape(said)) is sees_writer
        assert ("Айдарова" in shown) is sees_writer


def test_without_such_letters_there_is_no_list_of_them(operator):
    assert 'id="letters"' not in page(operator, "/status")


@pytest.mark.parametrize(
    ("what", "address"),
    [
        ("2025-000003", "/filing/2025-000003"),
        (" 2025-3 ", "/filing/2025-000003"),
        ("2025-000004/R-1", "/filing/2025-000004"),
        (f"{OTHER_POOL}-2025-02/N-1", f"/silence/{OTHER_POOL}/2025-02"),
        (MINER, f"/income/2025/miner/{MINER}"),
    ],
)
def test_a_number_leads_to_its_page(operator, what, address):
    answer = operator.get("/find", params={"what": what})
    assert (answer.status_code, answer.headers["location"]) == (303, address)


def test_words_find_names(operator):
    shown = text_of(page(operator, "/find?what=терек"))
    assert f"Found for “терек”: 1 BIN / IIN Name Role Years {MINER} ТОО «Терек» miner 2025" in shown


def test_what_is_not_found_is_reported_with_what_can_be(operator):
    shown = page(operator, "/find?what=%3Cb%3Enobody")
    assert "Nothing was found for “&lt;b&gt;nobody”." in shown
    assert "a filing by its registration number" in text_of(shown)


def test_viewers_find_no_persons(pages, tmp_path_factory, empty_work):
    office: Office = people.filled(tmp_path_factory.mktemp("people"), empty_work)
    viewer, operator = pages(office.settings, operator=False), pages(office.settings)
    assert operator.get(f"/find?what={people.PERSON}").headers["location"].endswith(f"/{people.PERSON}")
    shown = page(viewer, f"/find?what={people.PERSON}", 403)
    assert "Only operators" in shown
    assert people.PERSON_NAME not in page(viewer, "/find?what=Айдарова")
    assert people.PERSON not in page(viewer, "/find?what=Айдарова")


def test_a_pool_whose_number_may_be_a_persons_is_masked_for_viewers(pages, tmp_path, empty_work):
    office = Office(people.Settings(home=tmp_path), live=True)
    office.file("2025-02-20", [], pool=people.PERSON, pool_name=people.PERSON_NAME)
    office.refresh()
    assert people.PERSON in page(pages(office.settings), "/")
    shown = page(pages(office.settings, operator=False), "/")
    assert people.PERSON not in shown
    assert people.PERSON_NAME not in shown
    assert re.search("06•+12", shown)


def test_without_a_warehouse_the_page_says_what_to_do(pages, tmp_path):
    from esep.config import Settings

    shown = text_of(page(pages(Settings(home=tmp_path)), "/", 503))
    assert "make run" in shown


def test_paused_dags_and_broken_files_are_named_on_the_status_page(operator, monkeypatch):
    assert "Paused DAGs" not in page(operator, "/status"), "no table of Airflow, no word"
    idle = IdleDags(("warehouse",), ("intake.py",))
    monkeypatch.setattr("esep.web.routes.calendar.idle_dags", lambda: idle)
    shown = page(operator, "/status")
    assert "warehouse : paused in Airflow" in section(shown, "paused_dags")
    assert "dags/intake.py" in section(shown, "broken_dag_files")
