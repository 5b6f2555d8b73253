"""An office whose rows strain the arithmetic, with every kind of change that a figure can have."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from esep.office import events
from warehouse import reckoned_office
from warehouse.warehouse_office import MINER, OTHER_MINER, Office, finding, moment, row

PRICES = (
    "2025-04-01,BTC,61234567.123456789012,KZT",
    "2025-04-02,BTC,0.000000000001,KZT",
    "2025-04-03,BTC,99999.99,USD",
    "2025-04-01,LTC,41234.567890123456,USD",
    "2025-04-03,LTC,1,USD",
)
RATES = ("2025-04-01,USD,499.999999",)
EDGES = (
    *("0", "0.000000000000000001", "99999999999999.999999999999999999", "-99999999999999.999999999999999999"),
    *("100000000000000", "999999999999999.999999999999999999", "1000000000000000", "4503599627.370496000000000001"),
)
POOLS = ("230640000018", "230640000026", "230640000034", "230640000042")


def filled(home: Path, empty_work: Path) -> Office:
    """Corrections, examinations in other months, an overruled refusal, a month that nobody could read, later prices."""
    office = reckoned_office.filled(home, empty_work)
    for pool, rows in zip(POOLS, (edges(), drawn(1), drawn(2), absurd()), strict=True):
        office.file("2025-05-10", rows, pool=pool, period="2025-04-01")
    overruled = office.file(
        "2025-05-11", drawn(3)[:20], period="2025-05-01", verdict="refused", findings=[finding("C-45")]
    )
    at = moment("2025-05-12 09:00")
    events.append(office.folder(overruled), "refusal_overruled", at, "officer", {"reason": "the wallet is there"})
    again = office.file("2025-06-10", drawn(4)[:20], period="2025-06-01")
    examined_again(office, again, drawn(5)[:30], "2025-07-01", 2)
    examined_again(office, again, drawn(6)[:30], "2025-06-01", 3)
    office.file("2025-06-11", drawn(7)[:10], pool=None, period=None)
    office.prices(*PRICES, file="price.add")
    office.rates(*RATES, file="exchange_rate.add")
    return office


def examined_again(
    office: Office, number: str, rows: list[dict[str, object]], period: str, examination_no: int
) -> None:
    at = moment(f"2025-08-{examination_no:02d} 10:00")
    office.examine(number, rows, period=period, examination_no=examination_no, examined_at=at)


def edges() -> list[dict[str, object]]:
    return [row(f"2025-04-0{day}", "BTC", quantity, reward="0.5") for day in (1, 2, 3) for quantity in EDGES]


def drawn(seed: int) -> list[dict[str, object]]:
    """Quantities of every magnitude up to 10^14, with 18 decimals and fewer, some below zero."""
    draw = random.Random(seed)
    rows = []
    for _ in range(60):
        quantity = Decimal(draw.randrange(1, 10 ** draw.choice([6, 12, 20, 31]))).scaleb(-draw.choice([12, 18]))
        day = draw.choice(["2025-04-01", "2025-04-02", "2025-04-03", None])
        taxpayer = draw.choice([MINER, OTHER_MINER])
        asset = draw.choice(["BTC", "LTC"])
        plain = f"{quantity if draw.random() < 0.8 else quantity.copy_negate():f}"
        rows.append(row(day, asset, plain, taxpayer=taxpayer, reward=f"{quantity / 1000:.18f}", reward_asset="LTC"))
    return rows


def absurd() -> list[dict[str, object]]:
    """A filing worth too much: the largest rows are left without a value."""
    quantities = ("16000000", "15000000", "1", "0.5")
    return [row("2025-04-01", "BTC", quantity, reward="0") for quantity in quantities]
