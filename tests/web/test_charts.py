"""Charts: axes in the reader's language, and every figure of a picture in the table beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from answers import figure_office as figures
from esep.documents import charts
from esep.texts import numbers
from warehouse.warehouse_office import Office

LANGUAGES = ("kk", "ru", "en")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    return figures.shared(tmp_path_factory, empty_work)


def drawn(language: str, largest: float, **changes: Any) -> list[str]:
    """The words of a picture of two months, stacked of two assets in equal parts."""
    order = [numbers.month_short(date(2025, month, 1), language) for month in (1, 2)]
    rows = [
        {"month": month, "asset": asset, "value": largest / 2 / part}
        for part, month in enumerate(order, start=1)
        for asset in ("BTC", "LTC")
    ]
    asked: dict[str, Any] = {"unit": "tenge", "colour": "asset"} | changes
    picture = charts.bars(rows, language, x="month", y="value", order=order, title="<b>title", y_title="Y", **asked)
    return words_of(str(picture))


def words_of(picture: str) -> list[str]:
    return [unescape(one) for one in re.findall(r">([^<>]+)</text>", picture)]


@pytest.mark.parametrize(
    ("language", "largest", "title", "tick"),
    [
        ("ru", 60e6, "Y, млн тг", "60"),
        ("kk", 60e6, "Y, млн теңге", "60"),
        ("en", 60e6, "Y, million tenge", "60"),
        ("ru", 2.5e9, "Y, млрд тг", "2,5"),
        ("kk", 3e9, "Y, млрд теңге", "2,5"),
        ("en", 3e9, "Y, billion tenge", "2.5"),
        ("ru", 2500.0, "Y, тыс. тг", "1,5"),
        ("kk", 2500.0, "Y, мың теңге", "1,5"),
        ("ru", 999.0, "Y, тг", "800"),
        ("ru", 4e13, "Y, млрд тг", "40\u202f000"),
        ("en", 4e13, "Y, billion tenge", "40,000"),
    ],
)
def test_large_numbers_are_in_words_of_the_language(language, largest, title, tick):
    words = drawn(language, largest)
    assert title in words
    assert tick in words
    assert not [one for one in words if re.fullmatch(r"[\d.,]+[kMGTm]", one)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_and_decimals_are_those_of_the_language(language):
    words = drawn(language, 0.6, unit="units")
    assert words[:2] == {"kk": ["қаң", "ақп"], "ru": ["янв", "фев"], "en": ["Jan", "Feb"]}[language]
    assert ("0.2" if language == "en" else "0,2") in words
    assert {"kk": "Y, бірлік", "ru": "Y, единиц", "en": "Y, units"}[language] in words


@pytest.mark.parametrize(("language", "some"), [("kk", "40\u00a0%"), ("ru", "40\u00a0%"), ("en", "40%")])
def test_shares_go_up_to_a_hundred_per_cent(language, some):
    whole = some.replace("40", "100")
    for changes in ({"stack": "normalized"}, {"stack": "grouped", "largest": 1.5}):
        words = drawn(language, **({"largest": 5e6, "unit": "share"} | changes))
        assert [some in words, whole in words, "Y" in words] == [True, True, True]


def test_findings_are_counted_in_whole_numbers():
    assert {"0", "1", "2"} <= set(drawn("ru", 2.0, unit="count"))
    assert not [one for one in drawn("ru", 2.0, unit="count") if "," in one]
    assert "1\u202f500" in drawn("ru", 2000.0, unit="count")


def test_what_is_drawn_is_the_height_of_its_part():
    order = ["a", "b"]
    rows = [{"x": "a", "y": Decimal("10000000")}, {"x": "b", "y": Decimal("2500000")}]
    picture = str(charts.bars(rows, "ru", x="x", y="y", colour=None, order=order, title="t", y_title="Y", unit="tenge"))
    heights = [float(one) for one in re.findall(r'aria-roledescription="bar" d="M[\d.,]+h[\d.]+v([\d.]+)', picture)]
    assert len(heights) == 2
    assert heights[0] == pytest.approx(4 * heights[1])


def test_a_title_cannot_break_out_of_its_attribute():
    rows = [{"x": "a", "y": 1}]
    picture = str(
        charts.bars(rows, "en", x="x", y="y", colour=None, order=["a"], title='"><b>', y_title="Y", unit="count")
    )
    assert 'aria-label="&#34;&gt;&lt;b&gt;"' in picture
    assert "<b>" not in picture


@pytest.mark.parametrize("language", LANGUAGES)
def test_income_is_drawn_by_asset_by_pool_and_as_shares(office, pages: Callable[..., TestClient], language):
    page = pages(office.settings, language=language).get("/income?year=2025").text
    pictures = re.findall(r'<div class="chart[^>]*>(<svg.*?</svg>)</div>', page, re.DOTALL)
    assert len(pictures) == 3
    assert all('role="img"' in one and "aria-label" in one for one in pictures)
    unit = {"kk": "Кіріс, млн теңге", "ru": "Доход, млн тг", "en": "Income, million tenge"}[language]
    assert unit in words_of(pictures[0])
    assert unit in words_of(pictures[2])
    assert ("100%" if language == "en" else "100\u00a0%") in words_of(pictures[1])


def test_each_picture_has_its_table(office, pages: Callable[..., TestClient]):
    page = pages(office.settings).get("/income?year=2025").text
    tables = re.findall(r"<caption>(.*?)</caption>.*?<tbody>(.*?)</tbody>", page, re.DOTALL)
    found = {caption: re.findall(r"<td[^>]*>([^<]*)</td>", body) for caption, body in tables}
    by_pool = found["Income by the pool that reported it and by month, tenge"]
    january = figures.JANUARY * figures.RATE_JANUARY * Decimal("1.361")  # 1.25 + 0.1 + 0.01 + 0.001 BTC
    assert by_pool[0] == numbers.tenge(january, "en")
    shares = found["Share of each asset in the income of the month"]
    assert len(shares) == 4
    assert shares[:2] == ["100.0%", ""]
    of_february = [Decimal(one.rstrip("%")) for one in shares[2:]]
    assert abs(sum(of_february) - 100) <= Decimal("0.1")


def test_the_share_to_be_sold_is_drawn_by_year(office, pages: Callable[..., TestClient]):
    page = pages(office.settings, language="ru").get("/obligation?year=2025").text
    picture = re.findall(r'<div class="chart[^>]*>(<svg.*?</svg>)</div>', page, re.DOTALL)[-1]
    assert {"2025", "BTC", "LTC", "Доля, подлежащая реализации"} <= set(words_of(picture))
    assert "75,0" in page[page.index(picture) :]
    alone = pages(office.settings, language="ru").get("/obligation?year=2025&asset=LTC").text
    assert "BTC" not in words_of(re.findall(r'<div class="chart[^>]*>(<svg.*?</svg>)</div>', alone, re.DOTALL)[-1])
    nothing = pages(office.settings, language="ru").get("/obligation?year=2025&role=pool").text
    assert "Доля, подлежащая реализации, по годам" not in nothing


def test_a_viewer_sees_no_person_in_a_picture(office, pages: Callable[..., TestClient]):
    page = pages(office.settings, operator=False).get("/income?year=2025").text
    assert figures.PERSON not in page
    assert figures.MISTYPED not in page
