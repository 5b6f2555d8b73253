"""Files with names that break headers, addresses and lines: each can be downloaded, and none shows what it is not."""

from __future__ import annotations

import csv
import html
import io
import os
import re
import shutil
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pytest

from esep.config import Settings
from esep.file_names import from_text, to_text
from esep.letters.missing import write_missing
from esep.office import archive
from esep.orchestration import tasks
from esep.warehouse import work
from esep.web import downloads
from letters.letter_office import docx_text, pdf_text
from warehouse.warehouse_office import NOW, Office

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from web.conftest import Pages

ODD = (
    "crlf\r\nSet-Cookie: a=b\r\n\r\n<script>.txt",
    "line\n.txt",
    "\nfirst.txt",
    "last.txt\n",
    "return\r.txt",
    "tab\tbell\x07escape\x1b[31m.txt",
    'quote"; filename="evil.exe',
    "apostrophe'*=utf-8''x.txt",
    "semi;colon,comma.txt",
    "q?h#a&b=c+d%.txt",
    "%0d%0aX-Injected: 1.txt",
    "..%2f..%2freceipt.json",
    "back\\slash\\..\\x.txt",
    "{{ 7 * 7 }}${x}`id`.txt",
    "<b onmouseover=alert(1)>&amp;.txt",
    "emoji 😀👩‍🔬.txt",
    "\u202etxt.exe",
    "\u200f\u05d0rtl.txt",
    "line\u2028paragraph\u2029.txt",
    "cafe\u0301.txt",
    "=cmd|'-x'!A1.txt",
    "...dots...",
    " leading and trailing ",
    "ж" * 127 + "x",
    os.fsdecode("кодировка.txt".encode("cp1251")),
    "folder\r\n/in side\n/x.txt",
)


@dataclass(frozen=True)
class Kept:
    settings: Settings
    number: str
    paths: dict[str, bytes]
    """Path as the receipt writes it → content."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Kept:
    """One package with all of them, registered, with its receipt's letter, in a published warehouse."""
    settings = Settings(home=tmp_path_factory.mktemp("odd") / "home", inbox_settle_seconds=0)
    shutil.copytree(empty_work, work.folder(settings))
    paths = {}
    for number, name in enumerate(ODD):
        path = settings.inbox / "odd\r\nnames" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"content {number}".encode())
        paths[to_text(name)] = path.read_bytes()
    (done,) = tasks.register(settings, NOW)["registered"]
    write_missing(settings)
    Office(settings).refresh()
    return Kept(settings, done["number"], paths)


@pytest.fixture
def operator(pages: Pages, kept: Kept) -> TestClient:
    return pages(kept.settings)


def test_each_link_of_the_page_gives_the_bytes_under_a_harmless_name(operator: TestClient, kept: Kept) -> None:
    page = operator.get(f"/filing/{kept.number}").text
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*/file/package[^"]*)"', page)]
    assert len(links) == len(kept.paths)
    contents = []
    for link in links:
        assert link.isascii()
        answer = operator.get(link)
        assert answer.status_code == 200, link
        contents.append(answer.content)
        assert {"set-cookie", "x-injected"}.isdisjoint(answer.headers)
        disposition = answer.headers["content-disposition"]
        assert re.fullmatch(r"attachment; filename(=\"[\w .()'!,;+&=~-]*\"|\*=utf-8''[\w.%~-]+)", disposition, re.ASCII)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert re.fullmatch(r'"[0-9a-f]{64}"', answer.headers["etag"])
    assert sorted(contents) == sorted(kept.paths.values())


@pytest.mark.parametrize("path", ["", "..", "../receipt.json", "/etc/passwd", "no\r\nsuch", "x" * 5000, "a\0b"])
def test_a_name_that_is_not_on_the_receipt_is_not_found(operator: TestClient, kept: Kept, path: str) -> None:
    assert operator.get(f"/filing/{kept.number}/file/package", params={"path": path}).status_code == 404


def test_no_page_turns_a_line_round_or_breaks_it(operator: TestClient, kept: Kept) -> None:
    for address in (f"/filing/{kept.number}", "/find?q=odd"):
        page = operator.get(address).text
        found = {sign for sign in page if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")}
        assert found <= {"\n", "\u200b"}, address
        assert "<script>" not in page
        assert "onmouseover=alert" not in re.sub(r"&lt;.*?&gt;", "", page)


def test_letters_name_them_on_one_line(kept: Kept) -> None:
    folder = kept.settings.outbox / kept.number
    for reported in (pdf_text(folder / "receipt.pdf"), docx_text(folder / "receipt.docx")):
        assert "crlf Set-Cookie" in reported
        assert "\u202e" not in reported


def test_the_receipt_keeps_each_name_and_leads_to_the_bytes(kept: Kept) -> None:
    entry = archive.entry(kept.settings, kept.number)
    assert {file.path for file in entry.receipt.files} == set(kept.paths)
    for path, content in kept.paths.items():
        assert (entry.package / from_text(path)).read_bytes() == content
    assert entry.receipt.source_name == "odd\r\nnames"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_table_for_download_has_one_line_for_each_row(language: str) -> None:
    table = pa.table({"taxpayer_name": [to_text(name) for name in ODD], "year": [2025] * len(ODD)})
    content = downloads.csv_file(table, cast(downloads.About, None), language).decode("utf-8-sig")
    assert len(content.splitlines()) == len(ODD) + 1
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter="," if language == "en" else ";"))
    assert {len(row) for row in rows} == {2}
    assert not [row for row in rows if row[0].startswith(("=", "+", "-", "@"))]
    assert {unicodedata.category(sign) for row in rows for sign in row[0]}.isdisjoint({"Cc", "Cf", "Cs"})
