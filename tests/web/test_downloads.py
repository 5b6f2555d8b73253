"""Downloads: exact values, nothing that a spreadsheet would run, nothing that a viewer may not see."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from answers import figure_office as figures
from answers.figure_office import HOSTILE, MINER, PERSON
from esep.answers import Snapshot
from esep.web import downloads
from esep.web.downloads import About
from warehouse.warehouse_office import Office, value_of

ROWS = f"/income/2025/miner/{MINER}/rows/download"
DOWNLOADS = (
    "/income/download?year=2025",
    ROWS + "?asset=LTC",
    f"/income/2025/miner/{MINER}/download?",
    "/obligation/download?year=2025",
    f"/obligation/2025/miner/{MINER}/download?",
    "/change/download?year=2025&role=miner&since=2025-01-01&until=2025-12-31",
    f"/change/download?year=2025&role=miner&since=2025-01-01&until=2025-12-31&taxpayer={MINER}",
)
ABOUT = About("title", "caution", {"year": "2025"}, Snapshot(date(2026, 1, 1), "code", None))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    return figures.shared(tmp_path_factory, empty_work)


@pytest.fixture(scope="module")
def operator(office: Office, pages: Callable[..., TestClient]) -> TestClient:
    return pages(office.settings)


@pytest.fixture(scope="module")
def viewer(office: Office, pages: Callable[..., TestClient]) -> TestClient:
    return pages(office.settings, operator=False)


def parquet(client: TestClient, address: str) -> pa.Table:
    return pq.read_table(io.BytesIO(client.get(f"{address}&format=parquet").content))


def csv_rows(content: bytes, delimiter: str) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("address", DOWNLOADS)
def test_three_kinds_with_the_same_rows(operator, address):
    join = "" if address.endswith("?") else "&"
    files = {kind: operator.get(f"{address}{join}format={kind}") for kind in ("xlsx", "csv", "parquet")}
    for kind, file in files.items():
        assert file.status_code == 200
        disposition = file.headers["content-disposition"]
        assert disposition.startswith('attachment; filename="esep-')
        assert disposition.endswith(f'.{kind}"')
        assert disposition.isascii()
    typed = pq.read_table(io.BytesIO(files["parquet"].content))
    assert typed.num_rows > 0
    assert len(csv_rows(files["csv"].content, ",")) == typed.num_rows + 1
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))
    assert len(book.sheetnames) == 2
    assert book.worksheets[0].max_row == typed.num_rows + 1


def test_parquet_keeps_names_types_and_every_digit(operator):
    table = parquet(operator, ROWS + "?asset=LTC")
    assert table.schema.field("quantity").type == pa.decimal128(38, 18)
    assert table.schema.field("value_kzt").type == pa.decimal128(38, 12)
    assert table["quantity"].to_pylist() == [Decimal("0.123456789012345678")]
    assert table["value_kzt"].to_pylist() == [value_of("0.123456789012345678", "100", figures.RATE_FEBRUARY)]
    reported = json.loads(table.schema.metadata[b"esep"])
    assert "no tax is computed" in reported["caution"]
    assert reported["chosen"]["Asset"] == "LTC"


@pytest.mark.parametrize(
    ("language", "delimiter", "quantity", "heading"),
    [
        ("en", ",", "0.123456789012345678", "Quantity, units"),
        ("ru", ";", "0,123456789012345678", "Количество, единиц"),
        ("kk", ";", "0,123456789012345678", "Саны, бірлік"),
    ],
)
def test_csv_speaks_as_the_excel_of_its_language(operator, language, delimiter, quantity, heading):
    content = operator.get(f"{ROWS}?asset=LTC&format=csv", headers={"accept-language": language}).content
    head, row = csv_rows(content, delimiter)
    assert row[head.index(heading)] == quantity


def test_xlsx_has_a_number_to_reckon_with_and_all_digits_beside_it(operator):
    book = openpyxl.load_workbook(io.BytesIO(operator.get(f"{ROWS}?asset=LTC&format=xlsx").content))
    sheet, about = book.worksheets
    head = [cell.value for cell in sheet[1]]
    place = head.index("Quantity, units")
    assert sheet.cell(2, place + 1).value == pytest.approx(0.123456789012345678)
    exact = sheet.cell(2, place + 2)
    assert (head[place + 1], exact.value, exact.data_type) == (
        "Quantity, units: all digits (text)",
        "0.123456789012345678",
        "s",
    )
    reported = "\n".join(str(cell.value) for row in about.iter_rows() for cell in row)
    for words in ("no tax is computed", "keeps only 15 digits", "LTC", "Warehouse as of"):
        assert words in reported


def test_what_begins_like_a_formula_stays_text(operator):
    book = openpyxl.load_workbook(io.BytesIO(operator.get("/income/download?year=2025&format=xlsx").content))
    (cell,) = [
        cell for row in book.worksheets[0].iter_rows() for cell in row if str(cell.value).startswith("=HYPERLINK")
    ]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    rows = csv_rows(operator.get("/income/download?year=2025&format=csv").content, ",")
    (name,) = [row[3] for row in rows if row[2] == HOSTILE]
    assert name == f"'{figures.HOSTILE_NAME}"
    assert parquet(operator, "/income/download?year=2025")["taxpayer_name"].to_pylist().count(figures.HOSTILE_NAME) == 1


@pytest.mark.parametrize("text", ["=1+1", "+7 701", "-5", "@SUM(A1)", "＝1"])
def test_formulas_are_made_harmless(text):
    assert downloads.harmless(text) == f"'{text}"


def test_words_are_left_and_numbers_stay_numbers():
    assert downloads.harmless("ТОО «Есіл»") == "ТОО «Есіл»"
    table = pa.table({"quantity_difference": pa.array([Decimal("-0.5")], pa.decimal128(38, 18))})
    assert csv_rows(downloads.csv_file(table, ABOUT, "en"), ",")[1] == ["-0.5"]
    hidden = pa.table({"taxpayer_name": ["\t=1", "a\r\n=2", "\u202eabc"]})
    names = [row[0] for row in csv_rows(downloads.csv_file(hidden, ABOUT, "en"), ",")[1:]]
    assert names == ["'=1", "a =2", "[U+202E]abc"]


def test_a_viewer_downloads_what_he_sees(viewer, operator):
    address = "/income/download?year=2025"
    whole, seen = parquet(operator, address), parquet(viewer, address)
    assert PERSON in whole["taxpayer_id"].to_pylist()
    for content in (viewer.get(f"{address}&format={kind}").content for kind in ("csv", "xlsx", "parquet")):
        assert PERSON.encode() not in content
    assert not {PERSON, "ИП Абаев Әлихан"} & {*seen["taxpayer_id"].to_pylist(), *seen["taxpayer_name"].to_pylist()}
    assert MINER in seen["taxpayer_id"].to_pylist()
    assert seen["income_kzt"].to_pylist() == whole["income_kzt"].to_pylist()


def test_wallets_are_shortened_for_viewers():
    table = pa.table({"wallet": ["bc1qguv3ccmqlaz07f5s3t4040gnh2zt5g", None], "pool_id": [PERSON, MINER]})
    shown = downloads.masked(table)
    assert shown["wallet"].to_pylist() == ["bc1q…zt5g", None]
    assert shown["pool_id"].to_pylist()[1] == MINER
    assert PERSON not in shown["pool_id"].to_pylist()


def test_too_many_rows_are_refused_and_never_cut(operator, monkeypatch):
    monkeypatch.setattr(downloads, "LIMITS", {"xlsx": 2, "csv": 3, "parquet": 3})
    assert operator.get(f"{ROWS}?format=csv").status_code == 200
    refused = operator.get(f"{ROWS}?format=xlsx")
    assert refused.status_code == 413
    assert "Too many rows" in refused.text


def test_a_table_beyond_the_limit_has_one_row_more_than_it(office, monkeypatch):
    from esep.answers import open_warehouse, tables

    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with open_warehouse(office.settings) as connection:
        assert tables.arrow(connection, ("*",), "from range(9) order by 1").num_rows == 3
