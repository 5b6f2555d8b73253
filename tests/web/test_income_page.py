"""The pages Income, Sale obligation and What changed: what stands on them, for whom, and at wrong addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from answers import figure_office as figures
from answers.figure_office import HOSTILE, MINER, MISTYPED, OTHER_MINER, PERSON
from esep import texts
from esep.answers.taxpayers import ROLES
from esep.config import Settings
from esep.forms.values.identifier import IdentifierCellState
from esep.web import rendering
from warehouse.warehouse_office import POOL, Office
from web.page_text import text_of

TAXPAYER = f"/income/2025/miner/{MINER}"
ADDRESSES = (
    "/income",
    "/income?year=2025&role=pool",
    "/income?asset=BTC&order=name&search=тоо",
    TAXPAYER,
    f"{TAXPAYER}?known_on=2025-03-31",
    f"{TAXPAYER}/rows",
    f"{TAXPAYER}/rows?month=2025-01&asset=BTC",
    f"/income/2025/pool/{POOL}",
    "/obligation",
    "/obligation?role=pool&asset=BTC",
    f"/obligation/2025/miner/{MINER}?known_on=2025-03-31",
    f"/obligation/2025/pool/{POOL}",
    "/change",
    "/change?since=2025-01-01&until=2025-12-31",
    f"/change?taxpayer={MINER}&since=2025-01-01&until=2025-12-31",
    "/change?search=ТОО",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    return figures.shared(tmp_path_factory, empty_work)


@pytest.fixture(scope="module")
def operator(office: Office, pages: Callable[..., TestClient]) -> TestClient:
    return pages(office.settings)


@pytest.fixture(scope="module")
def viewer(office: Office, pages: Callable[..., TestClient]) -> TestClient:
    return pages(office.settings, operator=False)


@pytest.mark.parametrize(("address", "language"), zip(ADDRESSES, cycle(texts.LANGUAGES), strict=False))
def test_every_page_opens_without_script_or_style(operator, address, language):
    page = operator.get(address, headers={"accept-language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert "style=" not in re.sub(r"<svg.*?</svg>", "", page.text, flags=re.DOTALL)
    assert "<script" not in page.text


def test_every_text_of_the_templates_and_every_coded_word_is_in_the_catalogue():
    folder = Path(rendering.__file__).parent / "templates"
    named = {
        key
        for path in folder.glob("*.html")
        if path.name.startswith(("income", "obligation", "change"))
        for key in re.findall(r'\bt\("([a-z]+\.[a-z_0-9]+)"[,)]', path.read_text(encoding="utf-8"))
    }
    causes = ("new", "refiling", "correction", "overruled", "reexamination", "price", "exchange_rate", "code_version")
    reasons = (
        "not_on_price_list",
        "no_price",
        "no_rate",
        "unknown_asset",
        "outside_calendar",
        "no_day",
        "beyond_value",
    )
    coded = {
        *(f"state.cause_{cause}" for cause in causes),
        *(f"state.reason_{reason}" for reason in reasons),
        *(f"state.identifier_{state}" for state in IdentifierCellState),
        *(f"state.role_{role}" for role in ROLES),
        *(f"obligation.outside_{reason}" for reason in ("unknown_asset", "not_unbacked", "no_rule")),
        *(f"state.kind_{kind}" for kind in ("new", "refiling", "correction")),
    }
    assert len(named) > 50
    missing = {key for key in named | coded if set(texts.catalogue().get(key, ())) != set(texts.LANGUAGES)}
    assert not missing


def test_the_year_tells_total_unvalued_and_what_it_is_not(operator):
    page = text_of(operator.get("/income").text)
    total = figures.income_of_miner() + figures.JANUARY * figures.RATE_JANUARY * figures.Decimal("0.111")
    assert f"{total:,.2f}" in page
    assert "no tax is computed" in page
    assert "the asset is not on the list of published prices" in page
    assert "wrong check digit" in page


def test_the_drill_down_ends_at_the_cell_and_adds_up(operator):
    page = operator.get(f"{TAXPAYER}/rows?month=2025-02&asset=LTC").text
    assert "add up to the figure" in text_of(page)
    assert "0.123456789012345678" in page
    assert "/filing/2025-000002/rows?file=1-%D0%A6%D0%9C.xlsx" in page
    assert "row=12" in page


def test_the_known_on_picker_tells_the_difference(operator):
    page = operator.get(f"{TAXPAYER}?known_on=2025-04-09").text
    assert "since=2025-04-09" in page
    earlier = figures.income_of_miner("1.5", figures.FEBRUARY_BEFORE)
    assert f"{earlier:,.2f}" in text_of(page)


def test_the_change_names_filing_and_version(operator):
    page = operator.get(f"/change?taxpayer={MINER}&since=2025-03-31&until=2025-12-31").text
    reported = text_of(page)
    assert "correction" in reported
    assert "new version of prices" in reported
    assert "/filing/2025-000003" in page
    assert "add up to the difference" in reported


def test_a_search_with_one_answer_is_that_taxpayer(operator):
    assert "why the figure of 2025 changed" in text_of(operator.get("/change?search=есіл").text)


def test_a_viewer_sees_persons_masked_and_no_way_to_them(viewer):
    for address in ("/income", "/obligation", "/change?since=2025-01-01&until=2025-12-31"):
        page = viewer.get(address).text
        for secret in (PERSON, MISTYPED, "Абаев", "Шолпан"):
            assert secret not in page, address
        assert MINER in page
    assert "No such taxpayer" in text_of(viewer.get(f"/income?search={PERSON}").text)
    assert "No such taxpayer" in text_of(viewer.get("/change?search=абаев").text)


@pytest.mark.parametrize(
    "address",
    [
        f"/income/2025/miner/{PERSON}",
        f"/income/2025/miner/{PERSON}/rows",
        f"/income/2025/miner/{PERSON}/download?format=csv",
        f"/income/2025/miner/{MISTYPED}/rows/download?format=csv",
        f"/obligation/2025/miner/{PERSON}",
        f"/obligation/2025/miner/{PERSON}/download?format=csv",
        f"/change?taxpayer={PERSON}",
        f"/change/download?taxpayer={PERSON}&year=2025&role=miner&since=2025-01-01&until=2025-02-01&format=csv",
    ],
)
def test_a_viewer_may_not_open_a_person_s_page(viewer, operator, address):
    assert viewer.get(address).status_code == 403
    assert operator.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/income?year=1999", 404),
        ("/income?year=abc", 422),
        ("/income?role=bank", 422),
        ("/income?page=0", 422),
        ("/income/2025/miner/000000000000", 404),
        (f"/income/2025/pool/{MINER}", 404),
        (f"/income/2024/miner/{MINER}", 404),
        (f"{TAXPAYER}?known_on=yesterday", 422),
        (f"{TAXPAYER}?known_on=0001-01-01", 422),
        (f"{TAXPAYER}/rows?month=2025-13", 422),
        (f"{TAXPAYER}/download?format=exe", 422),
        ("/change?taxpayer=000000000000", 404),
        ("/change?since=2025-02-01&until=2025-01-01", 422),
        ("/income/2025/miner/" + "../" * 8 + "etc/passwd", 404),
    ],
)
def test_what_is_wrong_or_not_there_is_reported_in_a_page(operator, address, status):
    page = operator.get(address)
    assert page.status_code == status
    assert "<h1>" in page.text


def test_empty_fields_of_a_form_ask_for_nothing(operator):
    assert operator.get("/income?year=&asset=&search=").status_code == 200
    assert operator.get("/change?search=&since=&until=&year=").status_code == 200
    assert operator.get(f"{TAXPAYER}?known_on=").status_code == 200


def test_hostile_names_stay_words(operator):
    for address in ("/income", f"/income/2025/miner/{HOSTILE}", f"/change?taxpayer={HOSTILE}"):
        page = operator.get(address).text
        assert "<b>ТОО" not in page
        assert "&lt;b&gt;ТОО" in page


def test_pages_before_anything_was_filed(tmp_path, empty_work, pages):
    import shutil

    from esep.warehouse import work

    settings = Settings(home=tmp_path)
    shutil.copytree(empty_work, work.folder(settings))
    Office(settings).refresh()
    client = pages(settings)
    for address in ("/income", "/obligation", "/change"):
        page = client.get(address)
        assert page.status_code == 200
        assert "There are no figures yet" in text_of(page.text)


def test_a_list_has_pages(operator, monkeypatch):
    from esep.answers import tables

    monkeypatch.setattr(tables, "ON_A_PAGE", 2)
    first, second = operator.get("/income?order=name").text, operator.get("/income?order=name&page=2").text
    assert "page=2" in first
    assert "page 2 of 3" in text_of(second)
    numbers = [number for number in (MINER, OTHER_MINER, PERSON, MISTYPED, HOSTILE) if number in first]
    assert len(numbers) == 2
    assert not any(number in second for number in numbers)
