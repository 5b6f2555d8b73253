"""The demo's own list of days off and the library's calendar were written apart; they must tell the same."""

from datetime import date, timedelta

import pytest

from esep.clock import months
from esep.demo import market
from esep.demo.ledger import due_effective_on
from esep.law import calendar
from esep.law.calendar import working_calendar


def all_days():
    day = market.FIRST_DAY
    while day <= market.LAST_DAY:
        yield day
        day += timedelta(days=1)


def test_agrees_with_the_calendar_on_every_day():
    calendar = working_calendar()
    assert [day for day in all_days() if market.is_day_off(day) == calendar.is_working(day)] == []


@pytest.mark.parametrize(
    ("day", "price_day"),
    [
        (date(2025, 1, 5), date(2025, 1, 5)),
        (date(2024, 5, 8), date(2024, 5, 6)),
        (date(2024, 1, 1), date(2023, 12, 29)),
    ],
)
def test_price_days_of_the_law(day, price_day):
    assert market.working_day_before_or_on(day) == price_day


def test_terms_agree_for_every_month():
    for period in months(date(2024, 1, 1), date(2025, 12, 1)):
        assert due_effective_on(period) == calendar.due_effective_on(period)
    assert due_effective_on(date(2025, 9, 1)) == date(2025, 10, 28)


def test_days_outside_of_the_list_are_an_error():
    with pytest.raises(ValueError, match="2023-12-24"):
        market.is_day_off(date(2023, 12, 24))
