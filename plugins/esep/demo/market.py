"""Made-up prices and exchange rates, with the irregularities that real publications have."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from esep.demo import days_off

SOURCE = "made up for the demo, no real quotation"

_START = {
    "BTC": "42150.00",
    "LTC": "71.30",
    "DOGE": "0.0893",
    "DASH": "30.85",
    "BCH": "248.60",
    "ZEC": "27.94",
    "ETC": "22.17",
    "TRX": "0.1042",
    "XMR": "161.20",
    "ZEN": "4103.50",
    "SC": "0.007915",
}
"""First price of each asset, in dollars; ZEN in tenge, as a list may quote any currency."""

_KZT_ASSET = "ZEN"

NO_PRICE = {("BTC", date(2025, 3, 14)), ("LTC", date(2024, 7, 17)), ("TRX", date(2025, 10, 8))}
"""Working days without a price. 14 March 2025 is a Friday: the weekend after it has no price either."""

NO_RATE = {date(2024, 2, 14), date(2024, 11, 6), date(2025, 4, 16), date(2025, 4, 17)}
"""Working days without a rate: the last one published before is used."""


class Market(NamedTuple):
    """`prices` by (day, asset): price and currency. `rates` by day: tenge for one dollar."""

    prices: dict[tuple[date, str], tuple[Decimal, str]]
    rates: dict[date, Decimal]


def make_market(rng: random.Random) -> Market:
    """Prices of the eleven listed assets on working days and rates on all days but Sundays, 25.12.2023 - 31.01.2026.

    Some days off carry a price three times as high: whoever uses it instead of the working day's gets a wrong figure.
    """
    prices: dict[tuple[date, str], tuple[Decimal, str]] = {}
    rates: dict[date, Decimal] = {}
    current = {asset: Decimal(text) for asset, text in _START.items()}
    rate = Decimal("454.56")
    day = days_off.FIRST_DAY
    while day <= days_off.LAST_DAY:
        closed = days_off.is_day_off(day)
        for asset, start in _START.items():
            step = Decimal(start).as_tuple().exponent
            current[asset] = _walk(rng, current[asset], int(step), 30)
            currency = "KZT" if asset == _KZT_ASSET else "USD"
            if not closed and (asset, day) not in NO_PRICE:
                prices[day, asset] = (current[asset], currency)
            elif closed and day.day <= 8:
                prices[day, asset] = (current[asset] * 3, currency)
        rate = _walk(rng, rate, -2, 5)
        if day.weekday() != 6 and day not in NO_RATE:
            rates[day] = rate
        day += timedelta(days=1)
    return Market(prices, rates)


def _walk(rng: random.Random, value: Decimal, exponent: int, per_mille: int) -> Decimal:
    """The next value: up or down by at most `per_mille` thousandths, with the same number of decimals."""
    moved = value * (1000 + rng.randint(-per_mille, per_mille)) / 1000
    return moved.quantize(Decimal(1).scaleb(exponent))
