"""Kazakhstan's days off, and made-up prices and exchange rates with the irregularities that real publications have.

The demo's expected figures must not depend on `esep.law.calendar`, which they check; hence a second, literal list of
the days from 25 December 2023 to 31 January 2026 (public holidays of Law № 267-II, Labour Code Art. 85 for the moved
days off, and the yearly transfer acts).
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

FIRST_DAY = date(2023, 12, 25)
LAST_DAY = date(2026, 1, 31)

_DAYS_OFF = (
    "2024-01-01 2024-01-02 2024-03-08 2024-03-21 2024-03-22 2024-05-01 2024-05-07 2024-05-09 2024-08-30 2024-10-25",
    "2024-03-25 2024-07-08",  # for Saturdays 23 March and 6 July
    "2024-05-08",  # moved to Saturday 4 May
    "2024-12-16 2025-01-01 2025-01-02 2025-01-07 2025-03-21 2025-05-01 2025-05-07 2025-05-09 2025-06-06 2025-12-16",
    "2025-01-03",  # moved to Sunday 5 January
    "2025-03-10 2025-03-24 2025-09-01 2025-10-27",  # for Saturdays 8 and 22 March, 30 August, 25 October
    "2025-03-25 2025-07-07",  # for Sundays 23 March and 6 July
    "2026-01-01 2026-01-02 2026-01-07",
)
WEEKDAYS_OFF = frozenset(date.fromisoformat(day) for line in _DAYS_OFF for day in line.split())
WORKED_WEEKENDS = frozenset({date(2024, 5, 4), date(2025, 1, 5)})

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
    day = FIRST_DAY
    while day <= LAST_DAY:
        closed = is_day_off(day)
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


def is_day_off(day: date) -> bool:
    """Whether nobody works on that day; raises ValueError outside of the list's range."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{day}: the demo's days off are listed from {FIRST_DAY} to {LAST_DAY}")
    if day.weekday() >= 5:
        return day not in WORKED_WEEKENDS
    return day in WEEKDAYS_OFF


def working_day_before_or_on(day: date) -> date:
    """The day itself if it is worked, else the last worked day before it."""
    while is_day_off(day):
        day -= timedelta(days=1)
    return day


def working_day_after_or_on(day: date) -> date:
    """The day itself if it is worked, else the first worked day after it."""
    while is_day_off(day):
        day += timedelta(days=1)
    return day
