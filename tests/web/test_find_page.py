"""The search box: incoming numbers and wallets, for operators alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from answers import filing_office as people
from end_to_end import filer
from end_to_end.conftest import Office
from warehouse.warehouse_office import POOL
from warehouse.warehouse_office import Office as Warehouse
from web.page_text import text_of

INCOMING = "Вх-17/2025 «ЦМ»"
NUMBER = "2025-000001"


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("stamped") / "home")
    filer.write(filer.Filing(), office.settings.inbox / "a", "2025-04-10T10:00:00+05:00", incoming_no=INCOMING)
    office.process(filer.moment("2025-04-10 12:00"))
    return office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Warehouse:
    return people.filled(tmp_path_factory.mktemp("people"), empty_work)


def test_an_incoming_number_leads_to_its_filing_whatever_its_letter_case(stamped: Office, pages: Any) -> None:
    for what in (INCOMING, INCOMING.lower()):
        answer = pages(stamped.settings).get("/find", params={"what": what})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/filing/{NUMBER}")
    assert "Nothing was found" in pages(stamped.settings).get("/find", params={"what": INCOMING[:-1]}).text
    assert "Nothing was found" in pages(stamped.settings, operator=False).get("/find", params={"what": INCOMING}).text


def test_a_wallet_says_to_whom_was_distributed(office: Warehouse, pages: Any) -> None:
    shown = pages(office.settings).get("/find", params={"what": people.WALLET.upper()})
    assert shown.status_code == 200
    words = text_of(shown.text)
    days = f"1 {'2025-01-06'} – {'2025-01-06'}"
    assert f"{people.PERSON} {people.PERSON_NAME} {POOL} {days} {people.CORRECTION}" in words
    assert f'href="/filing/{people.CORRECTION}/rows"' in shown.text


def test_viewers_find_nothing_by_a_wallet(office: Warehouse, pages: Any) -> None:
    shown = pages(office.settings, operator=False).get("/find", params={"what": people.WALLET}).text
    assert "Nothing was found" in shown
    assert people.PERSON_NAME not in shown
    assert people.CORRECTION not in shown
