"""An office by chance: pools, months, filings of every fate, prices with gaps and later versions, drawn from a seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from esep.office import events
from warehouse import reckoned_office
from warehouse.warehouse_office import Office, finding, moment, row

POOLS = ("230640000059", "230640000067", "230640000075")
MINERS = ("940140000385", "990140004654", "850101300017", "12345")
ASSETS = ("BTC", "LTC", "ETC", "DOGE", "Мойкоин")
MONTHS = tuple(date(2024, 10, 1) + timedelta(days=31 * n) for n in range(8))
FATES = ("accepted",) * 6 + ("refused", "overruled", "re-examined", "moved")


def filled(home: Path, empty_work: Path, seed: int) -> Office:
    """What every office has, and forty filings of which each is accepted, refused, overruled or examined again."""
    draw = random.Random(seed)
    office = reckoned_office.filled(home, empty_work)
    days = [date(2024, 9, 20) + timedelta(days=n) for n in range(300) if draw.random() < 0.8]
    office.prices(*(_price(draw, day, asset) for day in days for asset in ASSETS[:4]), file="price.add-replace")
    rates = [f"{day},{currency},{_amount(draw, 3, 6)}" for day in days for currency in ("USD", "EUR")]
    office.rates(*rates, file="exchange_rate.add-replace")
    received = moment("2025-05-01 09:00")
    for _ in range(40):
        received += timedelta(hours=draw.randrange(1, 90))
        _file(draw, office, f"{received:%Y-%m-%d %H:%M}")
    return office


def later_prices(office: Office, seed: int) -> None:
    """Another version of some prices, by which figures known before are other than those of now."""
    draw = random.Random(seed)
    days = [date(2024, 10, 1) + timedelta(days=draw.randrange(200)) for _ in range(30)]
    office.prices(*{day: _price(draw, day, draw.choice(ASSETS[:4])) for day in days}.values(), file="price.add-replace")


def _file(draw: random.Random, office: Office, received: str) -> None:
    pool, period, fate = draw.choice(POOLS), draw.choice(MONTHS).replace(day=1), draw.choice(FATES)
    facts = {"pool": pool, "period": f"{period}"}
    if draw.random() < 0.05:
        facts = {"pool": None, "period": None}
    is_refused = fate in ("refused", "overruled")
    number = office.file(
        received,
        _rows(draw, period),
        verdict="refused" if is_refused else "accepted",
        findings=[finding("C-45", lane="completeness")] if is_refused else [],
        **facts,
    )
    after = moment(received) + timedelta(days=draw.randrange(1, 30))
    if fate == "overruled" and facts["pool"]:
        events.append(office.folder(number), "refusal_overruled", after, "officer", {"reason": "the wallet is there"})
    if fate in ("re-examined", "moved"):
        moved = draw.choice(MONTHS).replace(day=1) if fate == "moved" else period
        examined_at = moment("2026-02-01 10:00") + timedelta(hours=draw.randrange(200))
        facts["period"] = f"{moved}"
        office.examine(number, _rows(draw, moved), examination_no=2, examined_at=examined_at, **facts)


def _rows(draw: random.Random, period: date) -> list[dict[str, object]]:
    rows = []
    for _ in range(draw.randrange(1, 40)):
        day = period + timedelta(days=draw.randrange(-2, 31))
        unread = draw.random() < 0.03
        quantity = _amount(draw, draw.choice([1, 3, 9, 14]), draw.choice([0, 8, 18]))
        rows.append(
            row(
                None if draw.random() < 0.04 else f"{day}",
                draw.choice(ASSETS),
                None if unread else quantity,
                quantity_text="?" if unread else None,
                taxpayer=draw.choice(MINERS),
                state="ok" if draw.random() < 0.9 else "wrong_check_digit",
                name=draw.choice(["ТОО «Терек»", "«Ертіс» ЖШС"]),
                reward=draw.choice(["0", None, _amount(draw, 2, 18)]),
                reward_asset=draw.choice(ASSETS),
            )
        )
    return rows


def _price(draw: random.Random, day: date, asset: str) -> str:
    price = _amount(draw, draw.choice([1, 5, 8]), draw.choice([2, 12]))
    return f"{day},{asset},{price},{draw.choice(['USD', 'KZT', 'EUR'])}"


def _amount(draw: random.Random, digits: int, decimals: int) -> str:
    """Above zero, with at most so many digits before the point and decimals after it."""
    return f"{Decimal(draw.randrange(1, 10 ** (digits + decimals))).scaleb(-decimals):f}"
