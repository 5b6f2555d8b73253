"""The filing's page says when it was handed over and what came back; the page of a run names the filings."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from esep.answers import open_warehouse
from esep.answers.run_filings import RunResults, of_run
from esep.config import Settings
from esep.handover.run import hand_over
from esep.handover.target import FolderTarget
from esep.office import handovers
from esep.warehouse import work
from supervision.supervised_office import SupervisedOffice
from warehouse.warehouse_office import moment, row


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path, place: Path) -> SupervisedOffice:
    """Filings of two days, of which the first day's is handed over and acknowledged."""
    settings = Settings(home=tmp_path_factory.mktemp("handover") / "home")
    shutil.copytree(empty_work, work.folder(settings))
    office = SupervisedOffice(settings, live=True)
    handovers.switch_on(settings, date(2025, 2, 1), "protocol 7", "officer", moment("2025-02-01"))
    office.file("2025-02-10", [row("2025-01-06")])
    office.file("2025-02-11", [row("2024-12-06")], period="2024-12-01")
    hand_over(settings, date(2025, 2, 10), FolderTarget(place), "esep.handover", lambda: moment("2025-02-10 23:30"))
    handovers.acknowledge(settings, "2025-02-10", "КР-118", date(2025, 2, 11), "officer", moment("2025-02-12"))
    office.refresh()
    return office


def page(pages, office, address: str, **reader) -> str:
    answer = pages(office.settings, **reader).get(address)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_page_says_when_it_was_handed_over_and_what_came_back(pages, office, place) -> None:
    shown = page(pages, office, "/filing/2025-000001")
    assert "esep.handover; in bundle 2025-02-10" in shown
    assert "the other body&#39;s receipt: № КР-118," in shown
    assert place.name in shown.replace("<wbr>", "")
    assert place.name not in page(pages, office, "/filing/2025-000001", operator=False).replace("<wbr>", "")


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "берілгені туралы жазба жоқ"), ("ru", "записи о передаче нет"), ("en", "not on record")],
)
def test_the_page_says_that_it_was_not(pages, office, language: str, words: str) -> None:
    assert words in page(pages, office, "/filing/2025-000002", language=language)


def test_the_duty_is_marked_as_a_reading_wherever_it_stands(pages, office) -> None:
    for address in ("/filing/2025-000002", "/due", "/status", "/quality/duties?kind=hand_over"):
        assert "a reading" in page(pages, office, address), address
    assert "2025-02-11, 1 filing" in page(pages, office, "/status")


def test_the_page_of_a_run_names_what_it_handed_over(office) -> None:
    result = [{"bundle": "2025-02-10", "numbers": ["2025-000001"], "target": "x"}]
    run = RunResults("handover", "r", "success", None, None, None, None, {}, {"hand_over": [result]})
    with open_warehouse(office.settings) as connection:
        handled = of_run(connection, run)
    assert [(one.registration_no, one.actions) for one in handled.filings] == [("2025-000001", ("handed_over",))]
