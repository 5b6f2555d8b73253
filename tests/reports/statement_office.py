"""An office with what a statement has to bear: corrections, no prices, hostile texts, numbers that are none."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

from esep.config import Settings
from esep.warehouse import work
from warehouse.warehouse_office import MINER, OTHER_MINER, OTHER_POOL, Office, finding, moment, row, value_of

EARLY = date(2026, 2, 28)
"""Before the correction, the second version of prices and the re-examination."""
LATE = date(2026, 5, 31)
WRONG_NUMBER = "790107300600"
HOSTILE_NUMBER = "../../etc/=1+1"
HOSTILE_NAME = '=HYPERLINK("x") <script>alert(1)</script> \u202eетнамйам'
RATE = Decimal("500")
BTC, LATER_BTC = Decimal("40000.1234567"), Decimal("41000")
QUANTITY = Decimal("0.123456789012345678")
EXPECTED = {
    # (role, taxpayer) → income of 2025 in tenge as known early, by hand from the rows below
    ("miner", MINER): value_of(QUANTITY, BTC, RATE) + BTC * RATE,
    ("miner", OTHER_MINER): Decimal(0),
    ("miner", WRONG_NUMBER): 3 * BTC * RATE,
    ("miner", HOSTILE_NUMBER): 2 * BTC * RATE,
    ("miner", None): 4 * BTC * RATE,
    ("pool", "230640000008"): Decimal("0.01") * BTC * RATE,
    ("pool", OTHER_POOL): Decimal(0),
}


def first_filings(home: Path, empty_work: Path) -> Office:
    """What was known at EARLY."""
    settings = Settings(home=home)
    shutil.copytree(empty_work, work.folder(settings))
    office = Office(settings)
    rows = [
        row("2025-01-10", quantity=str(QUANTITY), reward="0.01"),
        row("2025-01-13", "ETH", "2.5", taxpayer=OTHER_MINER, name="«Тек ETH» ЖШС"),
        row("2025-01-14", quantity="3", taxpayer=WRONG_NUMBER, name="ИП Пример", state="wrong_check_digit"),
        row("2025-01-15", quantity="2", taxpayer=HOSTILE_NUMBER, name=HOSTILE_NAME, state="not_twelve_digits"),
        row("2025-01-16", quantity="4", state="error_cell") | {"taxpayer_id": None},
        row("2025-01-17", quantity=None, quantity_text="нақтыланады"),
    ]
    of_row = {"file": "1-ЦМ.xlsx", "sheet": "1-ЦМ", "row": 13, "column_no": "3"}
    office.file("2025-02-10 10:00", rows, findings=[finding("R-37") | of_row, finding("R-70")])
    office.file("2025-03-10 11:00", [row("2025-02-10", quantity="1")], period="2025-02-01", pool=OTHER_POOL)
    days = ("2025-01-10", "2025-01-14", "2025-01-15", "2025-01-16", "2025-02-10")
    office.prices(*(f"{day},BTC,{BTC},USD" for day in days))
    office.rates(f"2025-01-01,USD,{RATE}")
    office.refresh(moment("2026-02-01"))
    return office


def later_events(office: Office) -> None:
    """A correction, other prices from another source, and a re-examination, all after EARLY."""
    correction = [row("2025-02-10", quantity="7", reward="1")]
    office.file("2026-04-10 11:00", correction, period="2025-02-01", pool=OTHER_POOL)
    days = ("2025-01-10", "2025-01-14", "2025-01-15", "2025-01-16", "2025-02-10")
    lines = (f"{day},BTC,{LATER_BTC},USD,another source" for day in days)
    office.reference("price", "date,asset,price,currency,source", *lines)
    office.examine(
        "2025-000001",
        [row("2025-01-10", quantity="9")],
        examination_no=2,
        examined_at=moment("2026-04-20 12:00"),
        findings=[finding("R-56") | {"file": "1-ЦМ.xlsx", "sheet": "1-ЦМ", "row": 11, "column_no": "8"}],
    )
    office.refresh(moment("2026-04-25"))
