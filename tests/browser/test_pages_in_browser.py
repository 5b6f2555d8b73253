"""The pages of a real Airflow in a real browser, over the whole demo and names that attack.

One file, because its tests share a server: a stranger, a viewer and an operator; what attacks; what is missing.
"""

from __future__ import annotations

import csv
import html
import io
from decimal import Decimal
from pathlib import Path

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest

from browser import prepared_home, route_examples
from browser.page_checks import complaints_about, complaints_about_source, complaints_of_axe, opened
from browser.pages_server import RUN, PagesServer
from browser.prepared_home import Hostile
from browser.route_examples import Examples
from esep import texts
from esep.config import Settings
from esep.warehouse import masked, published
from web.page_text import text_of

LANGUAGES = ("kk", "ru", "en")
FORGED = "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJhZG1pbiJ9.c2lnbmF0dXJl"
FIRST_LOOK = 60_000
"""Milliseconds that Airflow's own pages, which are made of scripts, may take on a busy machine."""
MOST_OF_AN_ERROR = 2000
"""Bytes; the smallest page of content has several times as many."""
ATTACKED = (
    "/income?year=2025",
    "/filing/{hostile}/rows",
    "/filing/{hostile}",
    "/filing/{hostile}/findings",
    "/obligation?year=2025",
    "/income/2025/miner/230640000018",
    "/income/2025/miner/990140004654/rows",
    "/income/2025/miner/%3Cb%3E061211600099%3C%2Fb%3E",
    "/quality/filings?year=2025",
    "/find?what=<script>alert(1)</script>",
)
"""Pages below /esep that show what the hostile filing says; the first two all of it."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def examples(server: PagesServer) -> Examples:
    return route_examples.of_home(server.home)


def test_every_route_has_an_example(examples):
    """Whoever adds a route says in route_examples how it is called, and with that it is walked and guarded."""
    known = {*route_examples.PAGES, *route_examples.FILES, *route_examples.FORMS, *route_examples.API}
    assert {path for _, path in route_examples.routes()} == known
    assert len(list(route_examples.every_address(examples))) == len(list(route_examples.routes()))


def test_a_stranger_sees_nothing(server, examples):
    """Every route, files too: to the login for a browser, 401 for a program, the API and a form; never content."""
    reported = []
    with server.client() as stranger:
        for method, address in route_examples.every_address(examples):
            for accept in ("text/html", "application/json"):
                answer = stranger.request(method, address, headers={"accept": accept})
                to_login = answer.status_code == 303 and "/auth/login" in answer.headers["location"]
                is_browser = (method, accept) == ("GET", "text/html") and not address.startswith("/esep/api/")
                if (
                    not (to_login if is_browser else answer.status_code == 401)
                    or len(answer.content) > MOST_OF_AN_ERROR
                ):
                    reported.append((method, address, accept, answer.status_code, len(answer.content)))
    assert reported == []


@pytest.mark.parametrize("token", ["x", FORGED])
def test_a_made_up_login_opens_nothing(server, examples, token):
    with server.client() as stranger:
        stranger.cookies.set("_token", token)
        answers = [stranger.request(method, address) for method, address in route_examples.every_address(examples)]
    assert {answer.status_code for answer in answers} <= {303, 401, 403}
    assert max(len(answer.content) for answer in answers) < MOST_OF_AN_ERROR


def test_a_stranger_learns_nothing_of_addresses_that_are_none(server):
    with server.client() as stranger:
        for address in ("/esep/docs", "/esep/openapi.json", "/esep/static/../app.py", "/esep/static/%2e%2e%2fapp.py"):
            assert stranger.get(address).status_code in (303, 404), address


def test_a_viewer_decides_nothing_and_gets_no_file_of_a_filing(server, examples):
    with server.client("viewer") as viewer:
        reported = {
            (method, address): viewer.request(method, address).status_code
            for method, address in route_examples.for_operators(examples)
        }
    assert len(reported) >= 9
    assert set(reported.values()) == {403}


def test_every_page_is_whole_for_a_viewer_and_tells_no_personal_data(server, browser, examples):
    assert len(examples.personal) > 150
    reported: dict[str, list[str]] = {}
    with opened(browser, server.url, server.token("viewer")) as (page, watch):
        for address in route_examples.pages(examples, for_operators=False, every_query=False):
            answer = page.goto(f"{server.url}{address}")
            shown = html.unescape(page.content())
            found = [f"tells {value}" for value in sorted(examples.personal) if value in shown]
            found += complaints_about(page, "ru") + watch.complaints
            watch.complaints.clear()
            if answer is None or answer.status != 200:
                found.insert(0, f"status {answer and answer.status}")
            if found:
                reported[address] = found
    assert reported == {}


def test_a_viewers_files_tell_no_personal_data(server, examples):
    with server.client("viewer") as viewer:
        for address in route_examples.downloads(examples):
            answer = viewer.get(address)
            assert answer.status_code == 200, address
            assert [value for value in examples.personal if value in answer.text] == [], address


@pytest.fixture(scope="module")
def masked_snapshot(server: PagesServer, hostile: Hostile) -> None:
    """What the DAG `warehouse` publishes at its end."""
    masked.publish(Settings(home=server.home))


def test_a_program_reads_by_the_token_that_it_signed_in_for(server, masked_snapshot, examples):
    """By `Authorization: Bearer`, without a cookie: viewers masked, operators in full, page by page."""
    for user, is_masked in (("viewer", True), ("op", False)):
        headers = {"authorization": f"Bearer {server.token(user)}"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=60) as program:
            for address in route_examples.answers(examples):
                answer = program.get(address)
                assert answer.status_code == 200, (user, address, answer.text)
                told = {value for value in examples.personal if value in answer.text}
                assert not (told and is_masked), (address, told)
                known = program.get(address, headers={"if-none-match": answer.headers["etag"]})
                assert (known.status_code, known.content) == (304, b"")
            page = program.get("/esep/api/v1/filings?limit=20").json()
            assert page["snapshot"]["masked"] is is_masked
            numbers = [one["registration_no"] for one in page["data"]]
            while page["next"]:
                assert page["next"].startswith("/esep/api/v1/filings?")
                page = program.get(page["next"]).json()
                numbers += [one["registration_no"] for one in page["data"]]
            with published.connect(Settings(home=server.home)) as warehouse:
                registered = warehouse.execute("select registration_no from filing order by 1").fetchall()
            assert [(number,) for number in numbers] == registered
            is_allowed = program.get("/esep/api/v1/events").status_code == 200
            assert is_allowed is not is_masked
    with httpx.Client(base_url=server.url, timeout=60) as stranger:
        answer = stranger.get("/esep/api/v1/filings", headers={"authorization": f"Bearer {FORGED}"})
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_every_page_is_whole_for_an_operator(server, browser, examples):
    """In Kazakh, whose words are the longest; the other languages follow without a browser."""
    reported: dict[str, list[str]] = {}
    with opened(browser, server.url, server.token("op")) as (page, watch):
        for address in route_examples.pages(examples):
            answer = page.goto(f"{server.url}{_in_language(address, 'kk')}")
            found = complaints_about(page, "kk") + watch.complaints
            watch.complaints.clear()
            if answer is None or answer.status != 200:
                found.insert(0, f"status {answer and answer.status}")
            if found:
                reported[address] = found
    assert reported == {}


@pytest.mark.heavy
def test_axe_finds_nothing(server, browser, examples):
    """WCAG 2.1 AA and good practice, of every page as an operator sees it."""
    reported: dict[str, list[str]] = {}
    with opened(browser, server.url, server.token("op"), "kk", takes_scripts=True) as (page, _):
        for address in route_examples.pages(examples, every_query=False):
            page.goto(f"{server.url}{address}")
            if found := complaints_of_axe(page):
                reported[address] = found
    assert reported == {}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_speaks_the_language(server, examples, language):
    reported: dict[str, list[str]] = {}
    with server.client("op", language) as operator:
        for address in route_examples.pages(examples, every_query=False):
            answer = operator.get(address, follow_redirects=True)
            found = complaints_about_source(answer.text, language)
            if answer.status_code != 200 or found:
                reported[address] = [f"status {answer.status_code}", *found]
    assert reported == {}


def test_the_keyboard_reaches_the_content_first(server, browser):
    with opened(browser, server.url, server.token("op")) as (page, _):
        page.goto(f"{server.url}/esep/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_a_page_prints(server, browser, tmp_path: Path):
    from pypdf import PdfReader

    with opened(browser, server.url, server.token("op")) as (page, _):
        page.goto(f"{server.url}/esep/?language=kk")
        page.pdf(path=tmp_path / "calendar.pdf", format="A4", landscape=True)
    words = " ".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "calendar.pdf").pages)
    assert "Күнтізбе" in words or "күнтізбе" in words
    assert texts.text("common.find", "kk") not in words  # the search box stays on the screen


def test_the_login_page_leads_back(server, browser):
    with opened(browser, server.url, None) as (page, _):
        page.goto(f"{server.url}/esep/rules?language=en")
        assert "/auth/login" in page.url
        page.fill("input[name=username]", "viewer")
        page.fill("input[name=password]", "viewer")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url.startswith(f"{server.url}/esep/rules"))
        assert page.locator("h1").count() == 1


def test_airflows_menu_shows_the_pages(server, browser):
    with opened(browser, server.url, server.token("op"), "en") as (page, _):
        page.goto(server.url)
        page.click("a[href$='/plugin/esep']", timeout=FIRST_LOOK)
        frame = page.frame_locator("iframe")
        frame.locator("h1").wait_for(timeout=FIRST_LOOK)
        assert frame.locator("main table").count() > 0


def test_the_page_of_a_run_has_a_tab_with_its_filings(server, browser):
    with opened(browser, server.url, server.token("op"), "en") as (page, _):
        page.goto(f"{server.url}/dags/decision/runs/{RUN}")
        page.click("a[href$='/plugin/esep-filings']", timeout=FIRST_LOOK)
        frame = page.frame_locator("iframe")
        frame.locator("h1").wait_for(timeout=FIRST_LOOK)
        assert RUN in frame.locator("main").inner_text()


def test_an_operator_overrules_a_refusal_in_the_page(server, browser):
    (number,) = prepared_home.ask(
        server.home, "select max(registration_no) from filing where status = 'refused' and pool_id is not null"
    )[0]
    with opened(browser, server.url, server.token("op")) as (page, watch):
        page.goto(f"{server.url}/esep/filing/{number}?language=en")
        form = page.locator("details:has(#overrule_reason)")
        form.locator("summary").click()
        form.locator("#overrule_reason").fill("the signature came by letter <b>К-12</b>")
        form.locator("button").click()
        page.wait_for_url("**/esep/decision?run_id=**")
        shown = page.inner_text("main")
        assert number in shown
        assert "<b>К-12</b>" in shown
        assert "queued" in shown
        assert watch.complaints == []


def test_an_operators_files_agree_with_the_warehouse(server, browser, tmp_path: Path):
    expected = {
        row[0]: row[1]
        for row in prepared_home.ask(
            server.home,
            "select taxpayer_id, round(sum(income_kzt), 2) from annual_income "
            "where year = 2025 and role = 'miner' group by taxpayer_id",
        )
    }
    content = {}
    with opened(browser, server.url, server.token("op"), language="en") as (page, _):
        page.goto(f"{server.url}/esep/income?year=2025&language=en")
        for kind in ("xlsx", "csv", "parquet"):
            with page.expect_download() as download:
                page.click(f"a[href*='/income/download'][href*='format={kind}']")
            download.value.save_as(tmp_path / kind)
            content[kind] = (tmp_path / kind).read_bytes()
    table = pq.read_table(io.BytesIO(content["parquet"]))
    assert dict(zip(table["taxpayer_id"].to_pylist(), table["income_kzt"].to_pylist(), strict=True)) == expected
    head, *rows = csv.reader(io.StringIO(content["csv"].decode("utf-8-sig")))
    place = head.index(texts.text("column.income_kzt", "en"))
    assert sorted(Decimal(row[place]) for row in rows) == sorted(expected.values())
    sheet = openpyxl.load_workbook(io.BytesIO(content["xlsx"])).worksheets[0]
    assert sheet.max_row == len(expected) + 1
    names = {row[3] for row in rows}
    assert {f"'{prepared_home.FORMULA}", prepared_home.SCRIPT, prepared_home.TURNED_SHOWN} <= names
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []


def test_names_that_attack_are_only_text(server, browser, hostile: Hostile):
    """No dialog, no element of theirs, nothing wider for them, and what turns the reading round is written out."""
    shown = {}
    with opened(browser, server.url, server.token("op")) as (page, watch):
        for address in ATTACKED:
            page.goto(f"{server.url}/esep{address.format(hostile=hostile.number)}")
            assert complaints_about(page, "ru") + watch.complaints == [], address
            assert page.locator("script, main img, main b").count() == 0, address
            assert "\u202e" not in page.content(), address
            shown[address] = page.inner_text("main")
    reported = (prepared_home.SCRIPT, prepared_home.FORMULA, prepared_home.TURNED_SHOWN, prepared_home.MISTYPED)
    for address in ATTACKED[:2]:
        assert [name for name in reported if name not in shown[address]] == [], address


def test_files_of_a_filing_leave_as_attachments(server, hostile: Hostile):
    with server.client("op") as operator:
        page = operator.get(f"/esep/filing/{hostile.number}").text
        received = operator.get(f"/esep/filing/{hostile.number}/file/package?path=1-CM.xlsx")
        letter = operator.get(f"/esep/filing/{hostile.number}/file/outbox/receipt.pdf")
        absent = operator.get(f"/esep/filing/{hostile.number}/file/package?path=..%2Freceipt.json")
    assert "/file/package?path=1-CM.xlsx" in page
    assert received.headers["content-type"] == "application/octet-stream"
    assert received.headers["content-disposition"].startswith("attachment")
    kept = server.home / "archive" / "2025" / hostile.number / "package" / "1-CM.xlsx"
    assert received.content == kept.read_bytes()
    assert letter.content.startswith(b"%PDF")
    assert absent.status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_and_an_older_warehouse_are_reported(server, language):
    snapshot = Settings(home=server.home).snapshot
    kept = snapshot.with_name("kept.duckdb")
    snapshot.rename(kept)
    try:
        with server.client("viewer", language) as viewer:
            missing = viewer.get("/esep/income")
            prepared_home.make_older(kept, snapshot)
            older = viewer.get("/esep/income")
    finally:
        kept.replace(snapshot)
    for answer, key in ((missing, "no_snapshot"), (older, "older_snapshot")):
        assert answer.status_code == 503
        assert complaints_about_source(answer.text, language) == []
        for words in (texts.text(f"error.{key}", language), texts.text(f"error.{key}_todo", language)):
            assert words in text_of(answer.text)


def _in_language(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}language={language}"
