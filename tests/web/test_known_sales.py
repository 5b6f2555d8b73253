"""Sales known to the office: on pages, in the command, in the statement, and masked for everybody."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from starlette.testclient import TestClient

from esep.cli.main import main
from esep.config import Settings
from esep.reports import statement as report
from esep.warehouse import masked, work
from warehouse.warehouse_office import MINER, OTHER_MINER, Office, moment, row
from web.page_text import text_of

D = Decimal
STRANGER = "061211600012"
REGISTER = (
    "sold_on,taxpayer_id,exchange,asset,quantity,trade_no,source",
    f"2025-03-01,{MINER},Биржа,BTC,0.25,TRADE-1,letter",
    f"2025-03-02,{OTHER_MINER},Биржа,BTC,9,TRADE-2,letter",
    f"2025-03-03,{STRANGER},Биржа,BTC,1,TRADE-3,letter",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_work: Path) -> Office:
    settings = Settings(home=tmp_path_factory.mktemp("sales") / "home")
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings, live=True)
    office.file("2025-02-10", [row("2025-01-06", "BTC", "1"), row("2025-01-06", "Мойкоин", "3")])
    office.file("2025-02-11", [row("2025-01-06", "BTC", "4", taxpayer=OTHER_MINER)], period="2024-12-01")
    office.refresh(moment("2025-02-20"))
    office.reference("sale", *REGISTER)
    office.refresh(moment("2025-04-01"))
    return office


def test_pages_show_it_beside_the_obligation_and_say_what_it_is_not(office: Office, pages: Callable[..., TestClient]):
    operator = pages(office.settings)
    for address in (f"/obligation/2025/miner/{MINER}", f"/income/2025/miner/{MINER}"):
        shown = text_of(operator.get(address).text)
        assert "The register never proves that more was not sold" in shown
        assert "BTC 0.75 0.25 0.5 0" in shown
        assert "class undecided" in shown
    doubted = text_of(operator.get(f"/obligation/2025/miner/{OTHER_MINER}").text)
    assert "BTC 3 9 0 6 more sold than ever distributed" in doubted
    year = text_of(operator.get("/obligation?year=2025").text)
    assert "Мойкоин 3 class undecided – – 1 unvalued" in year, "no obligation that could remain"
    # 3.75 to sell, 10.25 sold; open is the miner's half, beyond it 6 and the stranger's 1
    assert "BTC 3.75 10.25 0.5 7 2" in year
    table = operator.get("/obligation/sales/download?year=2025&format=csv").text
    assert "taxpayer in no filing" in table
    assert STRANGER in table
    viewer = pages(office.settings, operator=False)
    assert STRANGER not in viewer.get("/obligation/sales/download?year=2025&format=csv").text
    assert "known" not in text_of(operator.get("/obligation?year=2025&role=pool").text).split("Where the share")[0]


def test_the_orders_of_valuation_stand_wherever_tenge_stand(office: Office, pages: Callable[..., TestClient]):
    operator = pages(office.settings)
    of = f"/income/2025/miner/{MINER}"
    changes = f"/change?taxpayer={MINER}&year=2025&since=2025-01-01&until=2025-12-31"
    for address in ("/income?year=2025", of, f"{of}/rows", "/change?year=2025", changes, "/filing/2025-000001"):
        shown = text_of(operator.get(address).text)
        assert "Finance order № 172 of 29.03.2024" in shown, address
        assert "№ 531 of" not in shown, address


def test_the_share_is_not_confirmed_until_somebody_does(office: Office, pages: Callable[..., TestClient]):
    operator = pages(office.settings)
    for address in ("/obligation?year=2025", f"/obligation/2025/miner/{MINER}", f"/income/2025/miner/{MINER}"):
        assert "share by secondary source, not confirmed" in text_of(operator.get(address).text)
    shown = text_of(operator.get("/confirmation").text)
    assert "share to be sold miner, since 2025-01-01 Share: 75%" in shown
    assert "not confirmed" in shown
    assert "<form" not in pages(office.settings, operator=False).get("/confirmation").text.split("</header>")[1]


def test_the_command_shows_it(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESEP_HOME", str(office.settings.home))
    shown = CliRunner().invoke(main, ["income", MINER, "2025", "--language", "en"])
    assert shown.exit_code == 0, shown.output
    assert "sales known to the office" in shown.output
    assert "class undecided" in shown.output
    assert "share by secondary source, not confirmed" in shown.output
    assert "Finance order № 172" in shown.output


def test_a_statement_knows_the_register_of_its_day(office: Office):
    early = report.write(office.settings, 2025, date(2025, 3, 31), languages=("en",)).folder
    late = report.write(office.settings, 2025, date(2025, 4, 30), languages=("en",)).folder
    before, after = (_words(folder / "taxpayer" / f"{MINER}.en.pdf") for folder in (early, late))
    assert "No register of sales is loaded" in before
    assert "0.75 0.25 0.5 0" in after
    assert "share by secondary source, not confirmed" in after
    assert "Finance order № 172 of 29.03.2024" in after
    head = after.partition("Income by asset")[0]
    assert "Finance order № 172" in head
    assert "not confirmed" in head
    assert "Мойкоин class undecided 3" in after
    assert STRANGER in _words(late / "totals.en.pdf")


def test_the_masked_snapshot_hides_taxpayer_and_trade(office: Office):
    masked.publish(office.settings)
    with duckdb.connect(str(office.settings.masked_snapshot), read_only=True) as connection:
        rows = connection.execute(
            "select taxpayer_id, exchange, trade_no, source from sale order by quantity"
        ).fetchall()
        assert connection.execute("select sum(sold) from sale_balance").fetchone() == (D("10.25"),)
    assert not {STRANGER, "Биржа", "TRADE-1", "letter"} & {cell for row in rows for cell in row}
    assert rows[0][0] == MINER


def _words(path: Path) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages))
