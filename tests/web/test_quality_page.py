"""The pages of quality, rules and reconciliation: numbers lead to their lists, viewers see no person."""

from __future__ import annotations

import html
import io
import re
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from answers.quality_office import PERSON, PERSON_NAME, SECRET, Filled, quality_filings
from esep.reports import quality_files
from esep.texts import LANGUAGES
from warehouse.warehouse_office import POOL
from web.page_text import section, text_of

__all__ = ["quality_filings"]

ADDRESSES = (
    "/quality", "/quality?year=2025&month=1", "/quality?year=2025&pool=unread", f"/quality?pool={POOL}",
    "/quality/findings", "/quality/findings?rule=R-37", "/quality/findings?lane=completeness&severity=error&refused=1",
    "/quality/filings?which=refused", "/quality/filings?rule=R-65", "/quality/duties?kind=send_notice",
    "/quality/duties?ground=late&state=overdue", "/quality/excluded", "/rules", "/rules/R-37", "/rules/R-30",
    "/rules/R-70?year=2025", "/reconciliation",
)  # fmt: skip

OF_EACH_TEMPLATE = (
    "/quality", "/quality/findings", "/quality/filings?which=refused", "/quality/duties", "/quality/excluded", "/rules",
    "/rules/R-30", "/reconciliation",
)  # fmt: skip


@pytest.fixture(scope="module")
def operator(quality_filings: Filled, pages):
    return pages(quality_filings[0].settings)


@pytest.fixture(scope="module")
def viewer(quality_filings: Filled, pages):
    return pages(quality_filings[0].settings, operator=False)


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language(quality_filings: Filled, pages, language: str) -> None:
    client = pages(quality_filings[0].settings, operator=True, language=language)
    for address in OF_EACH_TEMPLATE:
        reported = page(client, address)
        assert f'<html lang="{language}">' in reported
        assert "<script" not in reported
        assert " style=" not in reported
        assert PERSON_NAME not in reported, "a name of a stranger is never markup"
        headings = [int(level) for level in re.findall(r"<h([1-6])", reported)]
        assert headings[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(headings))


def test_viewers_see_no_person(viewer, operator) -> None:
    seen_by_operator = ""
    for address in ADDRESSES:
        reported = page(viewer, address)
        for secret in (PERSON, "Мысалов", SECRET, "061211600013"):
            assert secret not in reported.replace("<wbr>", ""), f"{address}: {secret}"
        seen_by_operator += page(operator, address).replace("<wbr>", "") if "/findings" in address else ""
    for secret in (PERSON, "Мысалов", SECRET, "061211600013"):
        assert secret in seen_by_operator, f"the test would not notice {secret}"


def test_a_viewer_may_not_ask_for_a_person(viewer, operator) -> None:
    page(viewer, f"/quality?pool={PERSON}", 403)
    page(operator, f"/quality?pool={PERSON}")


def test_the_numbers_of_the_year(operator) -> None:
    reported = text_of(page(operator, "/quality"))
    assert "Quality of the filings: 2025" in reported
    assert "Complete at once 50.0% 2 of 4 first filings complete" in reported
    assert "Findings 11 filings with findings: 6" in reported
    january = re.search(r"January 2025 ([0-9.% ]+)", reported)
    assert january
    assert january[1].split() == ["6", "4", "2", "50.0%", "2", "1", "1", "1", "4", "6", "1", "1"]


def test_sections_tell_refusals_terms_and_the_unvalued(operator) -> None:
    reported = page(operator, "/quality")
    assert "C-33" in section(reported, "refusals")
    assert "Send the notice 1 0 0 1 0 50.0%" in section(reported, "terms")
    assert "filed late 0 0 0 1 0 0.0%" in section(reported, "terms")
    assert "0 1 2 3 Filings 1 3 1 1" in section(reported, "terms")
    assert "ETH 4 4 100.00%" in section(reported, "unvalued")


def test_every_number_leads_to_a_list_that_is_as_long(operator) -> None:
    """One link of each kind; findings may stand several on one line, so they are added up."""
    reported = page(operator, "/quality?year=2025")
    links = re.findall(r'<a href="(/quality/(?:findings|filings|duties|excluded)\?[^"]*)">([0-9]+)</a>', reported)
    assert len(links) > 40
    of_kind = {re.sub(r"=(?!refused|late|complete|correction|refiling)[^&]*", "", link[0]): link for link in links}
    assert len(of_kind) > 15
    for address, number in of_kind.values():
        listed = page(operator, html.unescape(address))
        body = listed.partition("<tbody>")[2].partition("</tbody>")[0]
        if "/findings" in address:
            column = 5  # the number of findings on the line
            counts = [
                re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)[column] for row in body.split("</tr>")[:-1]
            ]
            length = sum(int(count) for count in counts)
        else:
            length = body.count("<tr>")
        assert length == int(number), address


def test_findings_lead_to_their_filings(operator, quality_filings: Filled) -> None:
    reported = page(operator, "/quality/findings?rule=R-37")
    assert f'href="/filing/{quality_filings[1]["refiled"]}"' in reported


def test_an_empty_month_says_so(operator) -> None:
    assert "Excluded none" in section(page(operator, "/quality?year=2025&month=7"), "months")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/quality?year=2019", 404),
        ("/quality?year=x", 422),
        ("/quality?month=13", 422),
        ("/quality/filings?which=nonsense", 404),
        ("/quality/findings?rule=%3Cscript%3E", 422),
        ("/quality/duties?state=nonsense", 422),
        ("/rules/R-999", 404),
        ("/rules/x", 422),
        ("/quality/report/2025-01/report.en.html", 404),
        ("/quality/report/..%2F..%2Fwarehouse/esep.duckdb", 404),
    ],
)
def test_what_is_unknown_is_reported_in_words(operator, address: str, status: int) -> None:
    reported = page(operator, address, status)
    assert f'<p class="status">{status}</p>' in reported


def test_rules_stand_under_their_stage(operator) -> None:
    reported = page(operator, "/rules")
    row = re.search(r'href="/rules/R-37".*?</tr>', section_html(reported, "rows"), re.DOTALL)
    assert row
    assert text_of(row[0]).endswith("reliability notice para 10, Annex 2, column 3 yes 3 3")


def section_html(reported: str, part: str) -> str:
    return reported.partition(f'<h2 id="{part}">')[2].partition("<h2 ")[0]


def test_a_rule_by_month_and_pool(operator) -> None:
    reported = text_of(page(operator, "/rules/R-37"))
    assert "The check digit of the BIN / IIN is wrong" in reported
    assert "ТОО «Пул Алатау» (230640000008) 3 0 0 0 0 0 0 0 0 0 0 0" in reported


def test_reconciliation_in_words(operator) -> None:
    reported = text_of(page(operator, "/reconciliation"))
    assert "All 18 identities hold." in reported
    assert "Filings registered = complete + superseded + refused + not yet examined" in reported
    assert "the asset is not on the list of published prices" in reported


def test_a_report_is_served_to_viewers_and_linked(quality_filings: Filled, pages, tmp_path: Path) -> None:
    """Files are found by their names among those that are there."""
    settings = quality_filings[0].settings
    folder = settings.reports / "quality" / "2025-01"
    folder.mkdir(parents=True)
    try:
        for name in ("report.ru.html", "report.ru.pdf", "report.json", "secret.txt"):
            (folder / name).write_text("<p>здесь</p>", encoding="utf-8")
        viewer = pages(settings, operator=False, language="ru")
        assert 'href="/quality/report/2025-01/report.ru.html"' in page(viewer, "/quality")
        answer = viewer.get("/quality/report/2025-01/report.ru.html")
        assert (answer.status_code, answer.text) == (200, "<p>здесь</p>")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "script" not in answer.headers["content-security-policy"]
        assert viewer.get("/quality/report/2025-01/report.ru.pdf").headers["content-type"] == "application/pdf"
        for name in ("secret.txt", "report.json", "..%2f2025-01%2Freport.ru.html"):
            assert viewer.get(f"/quality/report/2025-01/{name}").status_code == 404
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    assert quality_files.months(settings) == {}


@pytest.mark.parametrize("of", ["findings", "filings", "excluded"])
def test_lists_can_be_downloaded_and_hide_what_filers_wrote(viewer, operator, of: str) -> None:
    address = f"/quality/{of}/download?year=2025&format=parquet"
    assert f'href="/quality/{of}/download?' in page(viewer, f"/quality/{of}")
    whole, hidden = (pq.read_table(io.BytesIO(client.get(address).content)) for client in (operator, viewer))
    assert whole.num_rows == hidden.num_rows == {"findings": 8, "filings": 7, "excluded": 1}[of]
    for secret in (PERSON, "Мысалов", SECRET, "061211600013", "көп"):
        assert secret not in str(hidden.to_pylist())
    assert set(whole.column_names) - set(hidden.column_names) <= {"file", "sheet", "found", "expected", "asset"}


def test_a_download_keeps_the_filter_and_speaks_the_language(quality_filings: Filled, pages) -> None:
    client = pages(quality_filings[0].settings, language="kk")
    reported = client.get("/quality/findings/download?format=csv&rule=R-37").content.decode("utf-8-sig").splitlines()
    assert reported[0].startswith("Тіркеу нөмірі;Бөлу айы;")
    assert len(reported) == 2
    assert ";R-37;дәйектілік;қате;" in reported[1]
    assert client.get("/quality/filings/download?format=xlsx&which=refused").status_code == 200
