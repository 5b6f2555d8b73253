"""The page for pools: what it shows, that it keeps and reads nothing, and what it says to bad input."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from end_to_end import filer
from esep import open_data
from esep.filer_page import app as page
from esep.filer_page import upload, visitors
from esep.filer_page.app import create_app
from esep.filer_page.checked import settings_without_office
from esep.filer_page.visitors import Visitors
from esep.office.stamp import STAMP
from esep.web.headers import HEADERS

Files = list[tuple[str, tuple[str, bytes]]]


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(visitors=Visitors("1000/minute")))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all temporary files of this process."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def good(tmp_path: Path) -> Files:
    return sent(filer.write(filer.Filing(), tmp_path / "good"))


@pytest.fixture
def faulty(tmp_path: Path) -> Files:
    rows = [filer.row(1), filer.row(2, wallet=None, quantity="1.2.3")]
    return sent(filer.write(filer.Filing(rows=rows, signed=False), tmp_path / "faulty"))


def sent(folder: Path) -> Files:
    return [("files", (path.name, path.read_bytes())) for path in sorted(folder.iterdir())]


def words_of(body: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", body.replace("<wbr>", "")).split())


def workbooks(body: str) -> dict[str, bytes]:
    links = re.findall(r'href="data:[^;]+;base64,([^"]+)" download="([^"]+)"', body)
    return {name: base64.b64decode(content) for content, name in links}


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "Топтаманы ұсынғанға дейін тексеру"), ("ru", "Проверка пакета до подачи"), ("en", "Check a")],
)
def test_the_form_is_in_the_language_asked_for(client: TestClient, language: str, words: str) -> None:
    for answer in (
        client.get(f"/?language={language}"),
        client.get("/", headers={"accept-language": f"{language}-KZ,de;q=0.5"}),
    ):
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert words in answer.text
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "set-cookie" not in answer.headers
        assert "<script" not in answer.text


def test_it_names_the_rules_and_those_that_are_left_out(client: TestClient) -> None:
    said = words_of(client.get("/?language=en").text)
    records = open_data.RULES.document(settings_without_office())["rules"]
    assert f"Ruleset in force: {records[0]['ruleset']}" in said
    for rule_id in {one["rule_id"] for one in records if one["needs"]}:
        assert rule_id in said


def test_a_complete_package_is_found_complete(client: TestClient, good: Files) -> None:
    answer = client.post("/?language=en", files=good)
    assert answer.status_code == 200
    said = words_of(answer.text)
    assert "The package is complete" in said
    assert "Period: March 2025" in said
    assert filer.BTC_WALLET_A in said
    assert workbooks(answer.text) == {}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_faulty_package_has_its_remarks_rows_and_workbook(client: TestClient, faulty: Files, language: str) -> None:
    answer = client.post(f"/?language={language}", files=faulty)
    said = words_of(answer.text)
    assert {"C-12", "C-45", "R-52"} <= set(said.split())
    assert ("не читается: 1.2.3" if language == "ru" else "оқылмайды: 1.2.3") in said
    made = workbooks(answer.text)
    assert set(made) == {"findings.xlsx", "workbook-1.xlsx"}
    sheet = load_workbook(io.BytesIO(made["workbook-1.xlsx"])).worksheets[1]
    assert {cell.column for row in sheet for cell in row if cell.comment} == {5, 8}


def test_a_zip_is_the_package(client: TestClient, good: Files) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for _, (name, content) in good:
            archive.writestr(name, content)
    answer = client.post("/?language=en", files=[("files", ("march.zip", packed.getvalue()))])
    assert "The package is complete" in words_of(answer.text)


def test_nothing_is_kept(client: TestClient, faulty: Files, temporary: Path) -> None:
    assert client.post("/", files=faulty).status_code == 200
    assert list(temporary.iterdir()) == []


def test_no_office_is_read(faulty: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reference").mkdir()
    listed = "pool_id,pool_name,accredited_from,accredited_to\n131140000527,Пул,2024-01-01,\n"
    (tmp_path / "reference" / "pool.csv").write_text(listed, encoding="utf-8")
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    monkeypatch.setenv("ESEP_NCANODE_URL", "http://localhost:9")
    settings = settings_without_office()
    assert not settings.home.exists()
    assert settings.ncanode_url is None
    shown = words_of(TestClient(create_app()).post("/?language=en", files=faulty).text)
    remarks = shown.partition("Rule Place")[2].partition("Check again")[0]
    assert "C-45" in remarks
    assert "R-19" not in remarks
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("faulty", "reference")] == []


def test_rules_and_form_are_there_as_data(client: TestClient) -> None:
    settings = settings_without_office()
    for data in open_data.ALL.values():
        assert client.get(f"/{data.name}.json").json() == json.loads(json.dumps(data.document(settings)))
        assert client.get(f"/{data.name}.csv").text == data.csv(settings)
        answer = client.get(f"/{data.name}.schema.json")
        assert answer.json() == data.schema
        assert answer.headers["access-control-allow-origin"] == "*"


def test_style_comes_from_here_and_no_other_file(client: TestClient) -> None:
    assert client.get("/static/esep.css").headers["content-type"].startswith("text/css")
    assert client.get("/static/..%2Fapp.py").status_code == 404
    assert client.get("/static/calendar.css").status_code == 404
    assert client.get("/healthy").text == "ok"


def chunks(content: bytes, size: int = 1 << 16) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def form_of(name: str, content: bytes) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n"


FORM = {"content-type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize("is_chunked", [False, True])
def test_too_many_bytes_are_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, temporary: Path, is_chunked: bool
) -> None:
    monkeypatch.setattr(upload, "LARGEST", 300_000)
    body = form_of("a.xlsx", b"x" * 400_000)
    answer = client.post("/?language=en", content=chunks(body) if is_chunked else body, headers=FORM)
    assert answer.status_code == 413
    assert "files are too large" in answer.text
    assert list(temporary.iterdir()) == []


def test_too_many_files_are_refused(client: TestClient) -> None:
    answer = client.post("/?language=en", files=[("files", (f"{n}.txt", b"x")) for n in range(upload.MOST_FILES + 1)])
    assert answer.status_code == 413
    assert "Too many files" in answer.text


@pytest.mark.parametrize(
    ("body", "headers", "status", "words"),
    [
        (b"{}", {"content-type": "application/json"}, 415, "not this page"),
        (b"a=b", {"content-type": "application/x-www-form-urlencoded"}, 415, "not this page"),
        (b"", {}, 415, "not this page"),
        (b"x", {"content-type": "multipart/form-data"}, 400, "could not be read"),
        (form_of("a.xlsx", b"x")[:-8], FORM, 400, "did not arrive whole"),
        (b"--b", FORM, 400, "did not arrive whole"),
        (b"no form at all", FORM, 400, "could not be read"),
        (b"--b--\r\n", FORM, 422, "No file was chosen"),
        (form_of("", b""), FORM, 422, "No file was chosen"),
    ],
)
def test_what_is_no_form_with_files_is_said(
    client: TestClient, body: bytes, headers: dict[str, str], status: int, words: str
) -> None:
    answer = client.post("/?language=en", content=body, headers=headers)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_odd_names_are_written_plainly(client: TestClient, good: Files, temporary: Path) -> None:
    [(_, (_, table)), *_] = good
    names = ["../../etc/form.xlsx", "C:\\form.xlsx", "form.xlsx", "ұзын" * 90 + ".xlsx"]
    names += ["a\u202eb.xlsx", "..", "<i>.xlsx"]
    answer = client.post("/?language=en", files=[("files", (name, table)) for name in (*names, STAMP)])
    assert answer.status_code == 200
    listed = words_of(answer.text).partition("Files: ")[2]
    assert listed.startswith("form.xlsx; form (2).xlsx; form (3).xlsx; ")
    assert f"_{STAMP}" in listed, "a stamp is the office's alone"
    assert "\u202e" not in answer.text
    assert "<i>" not in answer.text
    assert list(temporary.iterdir()) == []


def test_a_bomb_is_a_remark(client: TestClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (600 * 1024**2))
    answer = client.post("/?language=en", files=[("files", ("bomb.zip", packed.getvalue()))])
    assert answer.status_code == 200
    assert "The package is incomplete" in answer.text or "an officer would" in answer.text
    assert {"C-04", "C-05", "R-01"} & set(words_of(answer.text).split())


def test_who_sends_too_often_is_told_when_to_come_back() -> None:
    app = create_app(visitors=Visitors("2/minute"))
    first, other = (TestClient(app, client=(address, 1)) for address in ("203.0.113.7", "203.0.113.8"))
    assert [first.post("/", content=b"").status_code for _ in range(3)] == [415, 415, 429]
    answer = first.post("/?language=en", content=b"")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert f"Try again in {answer.headers['retry-after']} s" in answer.text
    assert first.get("/").status_code == 200
    assert other.post("/", content=b"").status_code == 415


def test_a_network_of_ipv6_is_one_visitor() -> None:
    counted = Visitors("1/minute")
    assert counted.seconds_to_wait("2001:db8:1:2::1") == 0
    assert counted.seconds_to_wait("2001:db8:1:2:ffff::9%eth0") > 0
    assert counted.seconds_to_wait("2001:db8:1:3::1") == 0
    assert counted.seconds_to_wait("::ffff:203.0.113.7") == 0
    assert counted.seconds_to_wait("no address") == 0


def test_where_too_many_wait_the_answer_says_so(
    client: TestClient, good: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "MOST_WAITING", -1)
    answer = client.post("/?language=en", files=good)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "Other packages are being examined" in answer.text


def test_one_package_is_examined_at_a_time() -> None:
    async def most_at_once() -> int:
        counted, inside, most = Visitors(), 0, 0

        async def one() -> None:
            nonlocal inside, most
            async with counted.turn():
                inside += 1
                most = max(most, inside)
                for _ in range(5):
                    await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(one() for _ in range(4)))
        return most

    assert asyncio.run(most_at_once()) == 1


def test_a_browser_that_has_gone_leaves_nothing(temporary: Path) -> None:
    parts = [
        {"type": "http.request", "body": form_of("a.xlsx", b"x" * 100)[:60], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answers: list[Any] = []

    async def receive() -> Any:
        return parts.pop(0) if len(parts) > 1 else parts[0]

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", FORM["content-type"].encode()), (b"transfer-encoding", b"chunked")],
        "client": ("203.0.113.9", 1),
        "app": None,
    }
    asyncio.run(create_app()(scope, receive, send))
    assert list(temporary.iterdir()) == []
    assert all(message.get("status") != 500 for message in answers)


def test_a_fault_of_this_side_is_not_the_packages(
    client: TestClient, good: Files, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(page, "check", broken)
    answer = client.post("/?language=en", files=good)
    assert answer.status_code == 500
    assert "the fault is on this side" in answer.text
    assert "no space left" not in answer.text
    assert list(temporary.iterdir()) == []


def test_what_is_not_there_is_a_page(client: TestClient) -> None:
    for answer, words in (
        (client.get("/nothing?language=en"), "There is no such page"),
        (client.put("/?language=en"), "cannot be used that way"),
    ):
        assert answer.status_code in (404, 405)
        assert words in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_workbooks_that_are_too_large_are_left_out(
    client: TestClient, faulty: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("esep.filer_page.checked.LARGEST_WORKBOOKS", 1000)
    answer = client.post("/?language=en", files=faulty)
    assert workbooks(answer.text) == {}
    assert "too large for a page" in answer.text
