"""Only what is on the price list of its day has a value: by day of receipt, in SQL, in Python and at the desk."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esep.law import assets
from esep.law.calendar import working_calendar
from esep.warehouse.reference_proposal import Mode, propose
from esep.warehouse.reference_spec import Fault

FIRST = date(2025, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(60)]
edges = st.sampled_from(DAYS)


@given(edges=st.lists(edges, min_size=2, max_size=4, unique=True), is_open=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_price_counts_on_days_of_receipt_on_which_the_asset_is_listed(empty_warehouse, edges, is_open):
    """Every day has a price of its own; on a day off it is that of the working day before, if the day off is listed."""
    edges = sorted(edges)
    spans = [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=False)]
    if is_open or not spans:
        spans.append((edges[-1] + timedelta(days=1), None))
    empty_warehouse.begin()
    try:
        empty_warehouse.execute("delete from price_list where ticker = 'LTC'")
        empty_warehouse.executemany(
            "insert into price_list values ('LTC', ?, ?, 'test')", [list(span) for span in spans]
        )
        empty_warehouse.executemany(
            "insert into price_history values (?, 'LTC', ?, 'KZT', internal.first_moment(), internal.last_moment())",
            [[day, day.toordinal()] for day in DAYS],
        )
        reported = dict(
            empty_warehouse.execute(
                "select day, price from internal.daily_asset_due where asset = 'LTC' and day between ? and ?",
                [DAYS[0], DAYS[-1]],
            ).fetchall()
        )
    finally:
        empty_warehouse.rollback()
    for day in DAYS[1:]:  # the price of 1 January, a day off, is of the year before
        listed = any(first <= day and (last is None or day <= last) for first, last in spans)
        before = working_calendar().working_day_on_or_before(day)
        assert reported[day] == (Decimal(before.toordinal()) if listed and before >= FIRST else None), day


def test_sql_and_python_know_the_same_list(empty_warehouse):
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2025, 3, 5), date(9999, 12, 31)]
    for ticker in [*(asset.ticker for asset in assets.assets()), "USDT", ""]:
        for day in days:
            (reported,) = empty_warehouse.execute("select internal.on_price_list(?, ?::date)", [ticker, day]).fetchone()
            assert reported is assets.on_price_list(ticker, day), (ticker, day)


def test_the_desk_warns_of_days_that_cannot_be_used(monkeypatch):
    """LTC is on the list from Saturday the 11th to Tuesday the 14th: the price of Friday is used on the weekend."""
    listed = {"LTC": [{"valid_from": date(2025, 1, 11), "valid_to": date(2025, 1, 14)}]}
    monkeypatch.setattr(assets, "_on_price_list", lambda: listed)
    lines = [f"2025-01-{day:02d},{asset},1,USD" for asset in ("LTC", "ETH") for day in range(9, 18)]
    proposal = propose("price", "\n".join(["date,asset,price,currency", *lines, ""]).encode(), Mode.WHOLE)
    assert proposal.problems == ()
    assert [(w.fault, w.found, w.count, w.expected) for w in proposal.warnings] == [
        (Fault.NOT_ON_PRICE_LIST, "ETH", 9, "2025-01-09 … 2025-01-17"),
        (Fault.NOT_ON_PRICE_LIST, "LTC", 4, "2025-01-09, 2025-01-15 … 2025-01-17"),
    ]
