"""The page of all events: filtered, linked to what each is about, as a file, for operators alone."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from end_to_end import filer
from end_to_end.conftest import Office
from esep.office import decisions
from web.page_text import text_of

MARCH = filer.Filing()
NUMBER = "2025-000001"
ARRIVED = "2025-04-10T10:00:00+05:00"
OVERRULED = filer.moment("2025-04-14 12:00")
REASON = '=1+1 <b>the licence</b> was "on paper"'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("events") / "home")
    cells = filer.row(1)
    cells[4] = None
    filer.write(MARCH.but(rows=[cells]), office.settings.inbox / "a", ARRIVED)
    office.process(filer.moment("2025-04-10 12:00"))
    decisions.overrule_refusal(office.settings, NUMBER, REASON, "А. Бекова", OVERRULED)
    decisions.confirm_silence(office.settings, MARCH.pool_id, date(2025, 1, 1), "no word", "Е. Омаров", OVERRULED)
    office.process(filer.moment("2025-04-15 12:00"))
    return office


def shown(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def test_each_event_says_who_when_what_of_what_and_why(office: Office, pages: Any) -> None:
    page = shown(pages(office.settings), "/events")
    words = text_of(page)
    assert f"2025-04-14 12:00 А. Бекова Refusal overruled {NUMBER} {REASON}" in words
    assert "Е. Омаров" in words
    assert f'href="/filing/{NUMBER}#events"' in page
    assert f'href="/silence/{MARCH.pool_id}/2025-01"' in page
    assert "<b>the licence" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("author=Е.%20Омаров", ["Е. Омаров"]),
        ("kind=refusal_overruled", ["А. Бекова"]),
        ("about=LICENCE", ["А. Бекова"]),
        (f"about={NUMBER}&kind=refusal_overruled", ["А. Бекова"]),
        ("first=2025-04-15", []),
        ("first=2025-04-14&last=2025-04-14&about=no%20word", ["Е. Омаров"]),
        ("about=%25", []),
    ],
)
def test_the_list_and_its_file_are_filtered_alike(office: Office, pages: Any, query: str, found: list[str]) -> None:
    client = pages(office.settings)
    words = text_of(shown(client, f"/events?{query}"))
    assert ("There is no such event." in words) == (not found)
    answer = client.get(f"/events/download?{query}&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Who"] for row in rows] == found


def test_the_file_runs_nothing_and_says_it_in_the_readers_language(office: Office, pages: Any) -> None:
    answer = pages(office.settings, language="ru").get("/events/download?kind=refusal_overruled&format=csv")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert (row["Что"], row["Код события"]) == ("Отказ отменён", "refusal_overruled")
    assert row["Причина"] == f"'{REASON}"


def test_it_is_for_operators_alone(office: Office, pages: Any) -> None:
    viewer = pages(office.settings, operator=False)
    shown(viewer, "/events", 403)
    shown(viewer, "/events/download?format=csv", 403)
    assert 'href="/events"' not in shown(viewer, "/")
    assert 'href="/events"' in shown(pages(office.settings), "/")


def test_a_day_that_is_none_is_a_fault_of_the_address(office: Office, pages: Any, tmp_path: Path) -> None:
    shown(pages(office.settings), "/events?first=2025-02-30", 422)
